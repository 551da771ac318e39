"""Hypothesis strategies for clean records, and one corruptor for each defect: for testing checks, and cleaners of your own.

    from hypothesis import given
    from corpusgate.strategies import damaged, records

    @given(records())
    def test_my_cleaner_leaves_clean_records_alone(record):
        assert clean(record) == record

    @given(damaged("encoding/mojibake"))
    def test_my_cleaner_mends_mojibake(records):
        assert not [f for f in corpusgate.inspect(clean(records[0])) if f.check == "encoding/mojibake"]

Clean records have no finding at level fail or warn; damaged ones have at least one of the check they are named for.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from corpusgate.errors import Problem, nearest
from corpusgate.strategies import date_corruptors as date_corruptors
from corpusgate.strategies import encoding_corruptors as encoding_corruptors
from corpusgate.strategies import furniture_corruptors as furniture_corruptors
from corpusgate.strategies.clean import LANGUAGES, Record
from corpusgate.strategies.corruptors import CORRUPTORS, Corruptor

__all__ = ["CORRUPTORS", "LANGUAGES", "Corruptor", "Record", "any_text", "corpora", "corrupt", "damaged", "records"]

_INSTALL = "Install it: pip install 'corpusgate[test]'"

if TYPE_CHECKING:
    from corpusgate.strategies.drawn import any_text, corpora, damaged, records
else:

    def __getattr__(name):
        # What draws needs Hypothesis, which tests have; corruptors do without.
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            from corpusgate.strategies import drawn
        except ModuleNotFoundError as error:
            raise Problem(f"corpusgate.strategies.{name}", f"needs {error.name}, which is not installed", _INSTALL) from None
        return getattr(drawn, name)


def corrupt(check: str, clean: list[Record], random: Random) -> list[Record]:
    """Damaged copies of clean records, in which a check must find something.

    Args:
        check: such as `encoding/mojibake`.
        clean: at least as many records as `CORRUPTORS[check].records`.
        random: where chance comes from.

    Raises:
        Problem: there is no corruptor for the check, or too few records.
    """
    if check not in CORRUPTORS:
        raise Problem(check, "there is no corruptor for this check", nearest(check, CORRUPTORS))
    found = CORRUPTORS[check]
    if len(clean) < found.records:
        raise Problem(check, f"{len(clean)} records are too few for this defect", f"Give at least {found.records}")
    return found.apply(clean, random)

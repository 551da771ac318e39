"""Great Expectations judges the table of slices, never the texts. It is imported late, and nowhere else but in `gx`.

A gate must not pass by accident, so everything that stock suites swallow is an error here: an unknown type or
severity (both would be skipped in silence), a doubled expectation, a missing column, an exception, nothing checked.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from corpusgate.errors import Problem
from corpusgate.later import load_later, uncollected

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The columns of a table of slices, by name.
Table = Mapping[str, "NDArray[Any]"]

#: What judges a table of slices, as `evaluate` does.
Evaluate = Callable[[Table, Sequence[Mapping[str, Any]]], dict[str, bool]]

#: Severities as Great Expectations spells them.
SEVERITY = {"fail": "critical", "warn": "warning", "info": "info"}


def load_strictly(configurations: Sequence[Mapping[str, Any]]) -> Any:
    """Build a suite of expectations, one by one, refusing what `ExpectationSuite(expectations=[…])` would skip.

    Raises:
        Problem: a type or severity is unknown, or an expectation stands twice.
    """
    gx = load()
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    taken = []
    seen: set[str] = set()
    for configuration in configurations:
        where = f"expectation on '{configuration.get('kwargs', {}).get('column', '?')}'"
        key = repr(sorted(configuration.items(), key=lambda item: item[0]))
        if key in seen:
            raise Problem(where, "stands twice", "Remove one of them")
        seen.add(key)
        if configuration.get("severity") not in SEVERITY.values():
            raise Problem(where, f"unknown severity '{configuration.get('severity')}'", f"Known are: {', '.join(SEVERITY.values())}")
        try:
            built = ExpectationConfiguration(**configuration).to_domain_obj()
        except Exception as error:  # Great Expectations raises many types here, all meaning that the entry is not right.
            raise Problem(where, f"cannot be built ({str(error).splitlines()[0]})", "Check its type and its arguments") from None
        taken.append(built)
    suite = gx.ExpectationSuite(name="corpusgate", expectations=taken)
    if len(suite.expectations) != len(configurations) or not configurations:
        raise Problem("suite", f"{len(suite.expectations)} of {len(configurations)} expectations were taken", "Nothing may be left out")
    return suite


def evaluate(table: Table, configurations: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Judge the slice table.

    Returns:
        For each column whether the expectations on it held.

    Raises:
        Problem: a column is missing, an expectation raised, or the corpus's own row is not there.
    """
    if not int(table["records"][table["kind"] == "corpus"].sum()):
        raise Problem("corpus", "no record was checked", "Nothing checked is no judgement: look at quarantine.jsonl")
    for configuration in configurations:
        if configuration["kwargs"]["column"] not in table:
            raise Problem(
                "slice table",
                f"there is no column '{configuration['kwargs']['column']}'",
                "The signals do not fit the suite: run the check again",
            )
    with _quietly():
        result = _validated(table, configurations)
    if len(result.results) != len(configurations):
        raise Problem("suite", f"{len(result.results)} of {len(configurations)} expectations were judged", "Nothing may be left out")
    held: dict[str, bool] = {}
    for single in result.results:
        column = single.expectation_config.kwargs["column"]
        if _raised(single.exception_info):
            raise Problem(
                f"expectation on '{column}'", "could not be judged: it raised an exception", "Please report it with the suite file"
            )
        held[column] = held.get(column, True) and bool(single.success)
    return held


def _validated(table: Table, configurations: Sequence[Mapping[str, Any]]) -> Any:
    import pandas as pd

    gx, suite = load(), load_strictly(configurations)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("slices").add_dataframe_asset("slices")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": pd.DataFrame(dict(table))})
    return batch.validate(suite, result_format={"result_format": "BOOLEAN_ONLY"})


def _raised(info: Any) -> bool:
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(_raised(inner) for inner in info.values() if isinstance(inner, Mapping))


@contextmanager
def _quietly() -> Iterator[None]:
    """Deprecations inside its own dependencies are not the user's business, and it makes many objects that stay."""
    with warnings.catch_warnings(), uncollected():
        warnings.simplefilter("ignore")
        yield


def load() -> Any:
    """Import Great Expectations, without what is for one expectation on distributions: half of its time and memory."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with _quietly():
        load_later("scipy.stats", "altair")
        import great_expectations as gx
    return gx

"""The expectations. Each holds the built-in checks of `kinds` to the values of a column, with the rules that all have in common.

* A value is unexpected where `corpusgate check` would find a record with it to break one of the checks; `mostly` says
  which share of the values (of rows, where there are several columns) must hold.
* Null is missing, and neither expected nor unexpected; a batch without a value passes, as it does for all of Great Expectations.
* Results and Data Docs show evidence in its surroundings, `…before «evidence» after…`, and never whole values.
* They run on pandas, and on Spark (with Arrow, and corpusgate installed on the executors) where nothing else is said; not in SQL.

In a suite file the type is the name in snake case; corpusgate.gx must be imported before the file is loaded, or Great Expectations
leaves them out without an error.
"""

from __future__ import annotations

from typing import ClassVar

from great_expectations.compatibility import pydantic
from great_expectations.expectations.expectation import ColumnMapExpectation, MulticolumnMapExpectation

from corpusgate.gx import kinds
from corpusgate.gx.kinds import Kind
from corpusgate.gx.showing import Shown
from corpusgate.rows import day_of


class ExpectColumnValuesToHaveNoMojibake(Shown, ColumnMapExpectation):
    """Expect text of a column not to have been decoded with a wrong character set (ENC002, ENC003).

    >>> import pandas as pd
    >>> from corpusgate import gx
    >>> table = pd.DataFrame({"body": ["The cafe reopens.", "The caf\\u00c3\\u00a9 reopens."]})
    >>> result = gx.validate(table, gx.ExpectColumnValuesToHaveNoMojibake(column="body"))
    >>> result.success, result.result["unexpected_count"]
    (False, 1)
    """

    kind: ClassVar[Kind] = kinds.MOJIBAKE
    map_metric: ClassVar[str] = kind.metric


class ExpectColumnValuesToBeFreeOfBoilerplate(Shown, ColumnMapExpectation):
    """Expect text of a column to be free of the furniture of pages: forms, notices, menus, tickers, footers (BLP001 to BLP014).

    Lines that a source repeats on its pages are told by comparing records, which `corpusgate check` does and this does not.

    >>> import pandas as pd
    >>> from corpusgate import gx
    >>> table = pd.DataFrame({"body": ["The ferry sails again.", "The ferry sails again.\\nLeave a comment\\nYour email address"]})
    >>> gx.validate(table, gx.ExpectColumnValuesToBeFreeOfBoilerplate(column="body", mostly=0.5)).success
    True
    """

    kind: ClassVar[Kind] = kinds.BOILERPLATE
    map_metric: ClassVar[str] = kind.metric


class ExpectColumnValuesToHaveNoReplacementCharacters(Shown, ColumnMapExpectation):
    """Expect text of a column to have no U+FFFD in it, which stands where a character was lost (ENC001).

    >>> import pandas as pd
    >>> from corpusgate import gx
    >>> table = pd.DataFrame({"body": ["Th\\ufffd ferry sails again.", None]})
    >>> gx.validate(table, gx.ExpectColumnValuesToHaveNoReplacementCharacters(column="body")).result["unexpected_percent"]
    100.0
    """

    kind: ClassVar[Kind] = kinds.REPLACEMENT
    map_metric: ClassVar[str] = kind.metric


class ExpectColumnValuesToHaveNoMarkup(Shown, ColumnMapExpectation):
    """Expect text of a column to have no tags, scripts and entities left in it (BLP008, ENC005).

    >>> import pandas as pd
    >>> from corpusgate import gx
    >>> table = pd.DataFrame({"body": ["Fish &amp; chips are back.", "1 < 2 & 3 > 2"]})
    >>> result = gx.validate(table, gx.ExpectColumnValuesToHaveNoMarkup(column="body"))
    >>> result.result["unexpected_count"]
    1
    """

    kind: ClassVar[Kind] = kinds.MARKUP
    map_metric: ClassVar[str] = kind.metric


class ExpectColumnValuesToBeSanePublicationDates(Shown, ColumnMapExpectation):
    """Expect values to be dates on which something can have been published (DAT001 to DAT004, DAT006, DAT007, DAT011).

    Not so are dates in the future, 1970-01-01 and its like, "2 hours ago", what is no date, and a date that its own weekday or
    month contradicts. Strings are read as strictly as in `corpusgate check`; dates and timestamps are fine.

    Args:
        today: the day that dates are held against, in ISO form; without it the day it is in UTC.

    >>> import pandas as pd
    >>> from corpusgate import gx
    >>> table = pd.DataFrame({"published": ["2026-03-01", "3 March 2026", "1970-01-01", "2031-01-01", "soon"]})
    >>> result = gx.validate(table, gx.ExpectColumnValuesToBeSanePublicationDates(column="published", today="2026-11-25"))
    >>> result.result["unexpected_count"]
    3
    """

    today: str | None = None
    kind: ClassVar[Kind] = kinds.DATES
    map_metric: ClassVar[str] = kind.metric
    success_keys: ClassVar[tuple[str, ...]] = ("today", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "today")

    @pydantic.validator("today")
    def _is_a_day(cls, value: str | None) -> str | None:  # noqa: N805 - a class method, by Pydantic's first version.
        day_of(value)
        return value


class ExpectHeadlinesToBeUniqueWithinSource(Shown, MulticolumnMapExpectation):
    """Expect no headline to stand on several records of its source over the same story (HDL001, HDL008). On pandas alone.

    Args:
        column_list: the columns with source, headline and text, in this order. Without the text any headline that a source has
            twice is unexpected, a regular column's name too.

    All records of the batch are compared with each other: batches of one day find what is doubled on that day.

    >>> import pandas as pd
    >>> from corpusgate import gx
    >>> table = pd.DataFrame({"site": ["skarn.example"] * 2, "title": ["Ferry sails again", "FERRY sails  again"]})
    >>> gx.validate(table, gx.ExpectHeadlinesToBeUniqueWithinSource(column_list=["site", "title"])).result["unexpected_count"]
    2
    """

    kind: ClassVar[Kind] = kinds.UNIQUE
    map_metric: ClassVar[str] = kind.metric

    @pydantic.validator("column_list")
    def _is_source_headline_text(cls, value: list[str]) -> list[str]:  # noqa: N805
        return _columns(value, cls.kind)


class ExpectHeadlineNotRepeatedInText(Shown, MulticolumnMapExpectation):
    """Expect no headline to stand again and again in its own text (HDL003). Once it may, at the beginning for one.

    Args:
        column_list: the columns with headline and text, in this order.

    >>> import pandas as pd
    >>> from corpusgate import gx
    >>> title = "Ferry sails again to Skarn"
    >>> table = pd.DataFrame({"title": [title, title], "body": [f"{title}\\nIt is back.", f"{title}\\nIt is back.\\n{title}"]})
    >>> gx.validate(table, gx.ExpectHeadlineNotRepeatedInText(column_list=["title", "body"])).result["unexpected_count"]
    1
    """

    kind: ClassVar[Kind] = kinds.REPEATED
    map_metric: ClassVar[str] = kind.metric

    @pydantic.validator("column_list")
    def _is_headline_text(cls, value: list[str]) -> list[str]:  # noqa: N805
        return _columns(value, cls.kind)


def _columns(value: list[str], kind: Kind) -> list[str]:
    if len(value) > len(kind.fields) or len(set(value)) < len(value):
        raise ValueError(f"column_list must name different columns for {', '.join(kind.fields)}, in this order")
    return value

"""Signals across records: hashes go into small tables block by block, and one query over all of them finds the damage.

The queries keep to SQL that DuckDB and Spark SQL both speak. Their tables hold hashes and offsets, never text:

* `records(ordinal, source, body)`: one row a record; `body` is the hash of the folded text, null for an empty one.
* `headlines(ordinal, source, folded, letters, written, start_at, end_at)`: hashes of the headline as folded and as written.
* `ends(ordinal, source, hash, start_at, end_at)`: what stands before the first or after the last separator of a headline.
* `lines(ordinal, source, body, hash, letters, start_at, end_at)`: one row a line of text.
* `stamps(ordinal, source, day, second, written, start_at, end_at)`: the publication date, as days and seconds since 1970.

`ordinal` is the record's place in the corpus, `source` the hash of its name, `start_at` and `end_at` are code points of
the evidence; `hash` and `written` are hashes of exactly what stands there, so that equal hashes mean equal evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from corpusgate.errors import Problem
from corpusgate.signals.base import REGISTRY, Family, Signal


@dataclass(frozen=True, slots=True)
class Query:
    """How to resolve a signal across records.

    Attributes:
        findings: SQL giving `ordinal, start_at, end_at, hash, detail`; offsets are null for a whole field.
        note: what to say of each finding; `{detail}` is the number from the query.
        facts: SQL over the view `found` (the findings) and the tables: one row of numbers worth knowing, by name.
    """

    findings: str
    note: str = ""
    facts: str = ""


@dataclass(frozen=True)
class AcrossSignal(Signal):
    """A signal that only the whole corpus shows.

    Attributes:
        tables: the hash tables its query reads.
        field: the field its findings lie in.
    """

    tables: tuple[str, ...] = ()
    field: str = "text"

    def query(self, parameters: dict[str, Any]) -> Query:
        """The query for these parameters."""
        return self.scan(**parameters)  # type: ignore[return-value]


QueryFunction = Callable[..., Query]


def across(family: Family, *, tables: tuple[str, ...], field: str) -> Callable[[QueryFunction], QueryFunction]:
    """Register a function that gives a query as the signal of its own name."""

    def register(function: QueryFunction) -> QueryFunction:
        name = function.__name__
        if name in REGISTRY:
            raise Problem(name, "this signal is registered twice", "Rename one of them")
        REGISTRY[name] = AcrossSignal(name, family, function, across=True, tables=tables, field=field)  # type: ignore[arg-type]
        return function

    return register

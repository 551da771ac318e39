"""Signals across records: hashes go into small tables block by block, and one query over all of them finds the damage.

A query names *groups* of rows by their key, such as a source and the hash of a line; the findings are the rows of one
table whose key is that of a group. So only the grouping has to see the whole corpus, and every part finds its own rows.

The queries keep to SQL that DuckDB and Spark SQL both speak. Their tables hold hashes and offsets, never text:

* `records(ordinal, source, body, page)`: one row a record; `body` is the hash of the folded text, null for an empty one, `page`
  that of the address, null where there is none.
* `headlines(ordinal, source, folded, letters, written, start_at, end_at)`: hashes of the headline as folded and as written.
* `ends(ordinal, source, hash, start_at, end_at)`: what stands before the first or after the last separator of a headline.
* `lines(ordinal, source, hash, letters, prose, start_at, end_at)`: one row a line of text; `prose` tells whether it ends as a sentence.
* `shingles(ordinal, source, hash)`: one row a sampled shingle of a text.
* `stamps(ordinal, source, day, second, written, start_at, end_at, ...)`: the publication date, as days and seconds since 1970,
  with its parts; of a date that can be read in two orders both days.
* `habits(ordinal, source, kind, value, other, n)`: how many dates of a source in a block do what; see `date_tables`.
* `strays(ordinal, source, hash, score, start_at, end_at)`: lines that may be furniture of the page and may not.
* `named(ordinal, source, far, written, start_at, end_at)`: headlines with a whole date.

All have `story` too, the smallest ordinal among the records that tell the same story, null without a text, and `silent`,
which is 1 without a text and null with one.

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
        table: the table whose rows are the findings, if a group has their key.
        keys: the columns that make the key: integers, never null in a group.
        groups: SQL giving the key columns and `detail`, a number: one row a group. Of `table` a group may ask for nothing but
            the rows that have its key, so that the rows of some keys can be grouped without the others.
        evidence: the column of `table` with the hash of exactly what stands at `[start_at, end_at)`.
        least: how often its key stands in `table` for a group at least: `groups` and `facts` need not be shown rows whose key stands
            less often. 1 if a group may be of any rows, 0 if `groups` asks for none but those of other tables.
        sieved: the columns that make the key by which rows are sieved and grouped together, if it is a smaller one than `keys`; then a
            group may ask for all rows that have it, and `least` counts those.
        note: what to say of each finding; `{detail}` is the number of its group.
        listed: whether the largest groups are worth a list of their own, ranked by `detail`.
        weight: how many times as much memory a row takes to group as two numbers do; many rows are grouped in more passes for it.
        facts: SQL over the view `grouped` (the groups) and the tables: one row of numbers worth knowing, by name.
    """

    table: str
    keys: tuple[str, ...]
    groups: str
    evidence: str = "hash"
    least: int = 1
    sieved: tuple[str, ...] = ()
    note: str = ""
    listed: bool = False
    facts: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Repeats:
    """A signal whose findings are the records that repeat the text of an earlier one, as a whole.

    Attributes:
        elsewhere: whether the earlier record is of another source, or of the same.
    """

    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """A signal whose findings are the records with nearly the headline of another one over the same story, as a whole.

    Attributes:
        elsewhere: whether the other record is of another source, or of the same; of either where headlines were cut.
        cut: whether the headline must be the other one cut off, or must not.
    """

    elsewhere: bool = False
    cut: bool = False


@dataclass(frozen=True)
class AcrossSignal(Signal):
    """A signal that only the whole corpus shows.

    Attributes:
        tables: the hash tables its query reads.
        field: the field its findings lie in.
    """

    tables: tuple[str, ...] = ()
    field: str = "text"

    def query(self, parameters: dict[str, Any]) -> Query | Repeats | Alike:
        """The query for these parameters."""
        return self.scan(**parameters)  # type: ignore[return-value]


QueryFunction = Callable[..., Query] | Callable[..., Repeats] | Callable[..., Alike]


def across(family: Family, *, tables: tuple[str, ...], field: str) -> Callable[[QueryFunction], QueryFunction]:
    """Register a function that gives a query as the signal of its own name."""

    def register(function: QueryFunction) -> QueryFunction:
        name = function.__name__
        if name in REGISTRY:
            raise Problem(name, "this signal is registered twice", "Rename one of them")
        REGISTRY[name] = AcrossSignal(name, family, function, across=True, tables=tables, field=field)  # type: ignore[arg-type]
        return function

    return register

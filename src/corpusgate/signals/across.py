"""Signals across records: hashes go into small tables block by block, and one query over all of them finds the damage.

A query names *groups* of rows by their key, such as a source and the hash of a line; the findings are the rows of one
table whose key is that of a group. So only the grouping has to see the whole corpus, and every part finds its own rows.

The queries keep to SQL that DuckDB and Spark SQL both speak. What they see holds hashes and numbers, never text. Of rows whose
columns are the same there is one, with their number `n`; many rows may come as several such tables one after the other, so that
queries sum `n` and never count rows.

* `headlines(source, folded, letters, written, n)`: hashes of the headline as folded and as written.
* `ends(source, hash, n)`: what stands before the first or after the last separator of a headline.
* `lines(source, hash, letters, prose, n)`: lines of text; `prose` is 1 where one ends as a sentence.
* `stamps(source, day, second, written, ..., n)`: the publication date, as days and seconds since 1970, with its parts; of a date
  that can be read in two orders both days.
* `habits(source, kind, value, other, n)`: how many dates of a source do what; see `date_tables`.
* `strays(source, hash, score, n)`: lines that may be furniture of the page and may not.
* `furnished(source, month, level, n)`: texts by month, such as 202403 and null where the day is not known, and by how much furniture is
  in them.
* `named(source, far, written, n)`: headlines with a whole date.
* `sums(source, kind, n, different, least, most, zero, late)`: of each source and kind in `habits` the sum of `n`, how many
  different values, the smallest and the largest one, and the sum of `n` where `value` is 0, and where it is a time after noon without
  a zone.
* `sources(source, records, stories)`: how many records each source has, and how many different stories; always there.

All but `habits`, `sums` and `sources` have of their record too:

* `story`, the smallest ordinal among the records that tell the same story, negative where no other record tells it and null without a text;
* `silent`, which is 1 without a text and null with one;
* `title`, the headline without the outlet's name, null where no other record has it;
* `file` and `series`, the number of its file among those that follow each other and that of the first file of its series, null where it is
  of none (`corpora/series.py`).

Of all but `habits` `n` counts records: what stands twice in one counts once.

Measured parts have a row for each of these beside the place of the evidence, `start_at` and `end_at` in code points. `source` is the
hash of its name; `hash` and `written` are hashes of exactly what stands there, so that equal hashes mean equal evidence. They
have `records(row, source, body, page)` and `shingles(row, hash)` too: `body` is the hash of the folded text, null for an empty one,
`page` that of the address, null where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corpusgate.errors import Problem
from corpusgate.signals.base import REGISTRY, Family, Ints, Signal

#: The story of a record that no other one tells.
ALONE = -2

#: A number about groups, from their keys and their `detail`.
Count = Callable[[Mapping[str, Ints]], int]

#: Groups that are left of some: their keys and their `detail`.
Left = Callable[[Mapping[str, Ints], int], dict[str, Ints]]


def groups(found: Mapping[str, Ints]) -> int:
    """How many groups there are."""
    return len(found["detail"])


def surplus(found: Mapping[str, Ints]) -> int:
    """How many records are in groups beside the first of each."""
    return int(found["detail"].sum()) - len(found["detail"])


def different(key: str) -> Count:
    """How many different values a key has."""
    return lambda found: len(np.unique(found[key]))


@dataclass(frozen=True, slots=True)
class Query:
    """How to resolve a signal across records.

    Attributes:
        table: the table whose rows are the findings, if a group has their key.
        keys: the columns that make the key: integers, never null in a group.
        groups: SQL giving the key columns and `detail`, a number: one row a group, from `rows`, `sources` and `sums`. Of `rows` a group may
            ask for nothing but what has its key, so that some keys can be grouped without the others.
        left: which of the groups that SQL gives are damage, and with which `detail`, where that is no work for SQL: a function of the
            groups and of the number of sources.
        rows: the table that `groups` reads, if it is not `table`.
        evidence: the column of `table` with the hash of exactly what stands at `[start_at, end_at)`.
        least: how often its key stands in `rows` for a group at least: rows whose key stands less often need not be shown.
        share: part of the stories of its source that these are at least; 0 says nothing. Then `source` must be part of the key.
        sieved: the columns that make the key by which rows are sieved and grouped together, if it is a smaller one than `keys`; then a
            group may ask for all rows that have it, and `least` counts those.
        when: a condition on rows of `sums` that one of them must meet for there to be any group: else it is not asked.
        note: what to say of each finding; `{detail}` is the number of its group, `{year}` and `{month}` those of one such as 202403, and
            `{file}` the name of the file that it is the number of.
        listed: whether the largest groups are worth a list of their own, ranked by `detail`.
        weight: how many times as much memory a row takes to group as two numbers do; many rows are grouped in more passes for it.
        counts: numbers worth knowing about the groups, by name.
        facts: numbers worth knowing about the rows, by name: SQL that gives one number.
    """

    table: str
    keys: tuple[str, ...]
    groups: str
    left: Left | None = None
    rows: str = ""
    evidence: str = "hash"
    least: int = 1
    share: float = 0.0
    sieved: tuple[str, ...] = ()
    when: str = ""
    note: str = ""
    listed: bool = False
    weight: int = 1
    counts: Mapping[str, Count] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def told(self, detail: int, files: Sequence[str]) -> str:
        """What to say of a finding of a group with this number; `files` are names of those that follow each other, in their order."""
        file = files[detail] if "{file}" in self.note else ""
        return self.note.format(detail=detail, year=detail // 100, month=detail % 100, file=file)


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

    def queries(self, parameters: dict[str, Any]) -> tuple[Query | Repeats | Alike, ...]:
        """The queries for these parameters; what one says of a record those after it do not say again."""
        given: Any = self.scan(**parameters)
        return given if isinstance(given, tuple) else (given,)


QueryFunction = Callable[..., Query] | Callable[..., tuple[Query, ...]] | Callable[..., Repeats] | Callable[..., Alike]


def across(family: Family, *, tables: tuple[str, ...], field: str, needs: tuple[str, ...] = ()) -> Callable[[QueryFunction], QueryFunction]:
    """Register a function that gives a query, or several, as the signal of its own name."""

    def register(function: QueryFunction) -> QueryFunction:
        name = function.__name__
        if name in REGISTRY:
            raise Problem(name, "this signal is registered twice", "Rename one of them")
        REGISTRY[name] = AcrossSignal(name, family, function, across=True, needs=needs, tables=tables, field=field)  # type: ignore[arg-type]
        return function

    return register

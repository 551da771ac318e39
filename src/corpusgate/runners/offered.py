"""Rows of hash tables as they are offered to SQL: those that may be of a group, and of alike ones one with their number.

A row whose key stands too seldom can be of no group, and most keys stand once: they are sieved out. What is left repeats itself,
so that it is counted here, eight bytes a key, and a table of many millions of rows comes to DuckDB as some thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels import tally
from corpusgate.kernels.kin import once
from corpusgate.kernels.lookup import find, index
from corpusgate.kernels.sieve import Buckets, add, pass_each, pass_through, sieve
from corpusgate.kernels.tally import Tally
from corpusgate.runners.hash_tables import Rows, key_of, stretches_of
from corpusgate.runners.part_tables import batches
from corpusgate.runners.work import PartResult
from corpusgate.signals.across import ALONE, Query

Ints = NDArray[np.int64]
Short = NDArray[np.int32]

#: What a query is never shown: where the evidence stands.
_PLACES = ("row", "start_at", "end_at")

#: Keys held from counting them to looking them up, in a table of fewer rows; of larger tables they are made twice.
HELD = 2_000_000

#: A share of a source is of whole records, and what a product of floating-point numbers is beyond them is no record.
_ROUNDING = 1e-6


class Known(NamedTuple):
    """A part with what is known of its records.

    Attributes:
        part: the part.
        stories: int32 (records,): the smallest ordinal among those that tell the same story, `ALONE` where no other does, -1 without a text.
        titles: int64 (records,): the headline of each that others have too, else 0.
        size: int32 (records,): stories of each one's source.
    """

    part: PartResult
    stories: Short
    titles: Ints
    size: Short

    def stretches(self, name: str) -> Iterator[Rows]:
        """The rows of a hash table."""
        return stretches_of(self.part.folder, name, self.stories, self.titles)


class Wanted(NamedTuple):
    """Rows of a table: those whose key, of some columns, stands as often as a query asks."""

    table: str
    keys: tuple[str, ...]
    least: int
    share: float

    @classmethod
    def by(cls, query: Query) -> Wanted:
        """What a query wants to see."""
        return cls(query.rows or query.table, query.sieved or query.keys, query.least, query.share)


def knowledge(parts: Sequence[PartResult], starts: Sequence[int], stories: Short, titles: Ints) -> tuple[list[Known], pa.Table]:
    """What queries are told of records, and of sources: `source`, `records` and `stories`, how many different ones, a row each.

    Args:
        parts: all parts in order.
        starts: first ordinal of each.
        stories: int32 (records,): the smallest ordinal among those that tell the same story, -1 without a text.
        titles: int64 (records,): the headline of each that others have too, else 0.
    """
    counts = np.bincount(stories[stories >= 0], minlength=len(stories))
    told = np.where((stories >= 0) & (counts[np.maximum(stories, 0)] == 1), np.int32(ALONE), stories)
    del counts
    sources, size = Tally(), np.empty(len(stories), np.int32)
    for _, source in _sources(parts, starts):
        sources.add(source, np.ones(len(source), np.int64))
    slots, several = index(sources.keys), np.zeros(sources.held, np.int64)
    shared: list[Ints] = [np.zeros(0, np.int64)]
    for start, source in _sources(parts, starts):
        here = slice(start, start + len(source))
        _, place = find(slots, sources.keys, source)
        size[here] = place
        several += np.bincount(place[told[here] == ALONE], minlength=len(several))
        others = told[here] >= 0
        shared.append(place[others] << 32 | told[here][others])
    pairs = np.sort(np.concatenate(shared))
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    several += np.bincount(pairs >> 32, minlength=len(several))
    size = several[size].astype(np.int32)
    known = [
        Known(part, told[start:end], titles[start:end], size[start:end])
        for part, start in zip(parts, starts, strict=True)
        for end in (start + part.measurement.records,)
    ]
    return known, pa.table({"source": sources.keys, "records": sources.counts, "stories": several})


def _sources(parts: Sequence[PartResult], starts: Sequence[int]) -> Iterator[tuple[int, Ints]]:
    for part, start in zip(parts, starts, strict=True):
        at = start
        for batch in batches(part.folder, "records"):
            yield at, np.asarray(batch.column("source").to_numpy(), np.int64)
            at += len(batch)


def offered(parts: Sequence[Known], wanted: Wanted, sql: str) -> Iterator[pa.Table]:
    """The rows that may be of a group: all that are, and few others; of their columns those that some SQL names, and `n`: of how many
    records they stand for, or what the table itself has under that name, summed. Alike rows may come in several tables."""
    counted, names, held = Tally(), list[str](), list[list[pa.Array]]()
    for rows, keys, chosen in _chosen(parts, wanted):
        names = [name for name in rows.names if name not in _PLACES and name != "n" and name in sql]
        whole = key_of([keys, *(_sure(*rows.values(name, chosen)) for name in names if name not in wanted.keys)])
        if counted.held + len(keys) > tally.MOST and counted.held:
            yield _table(names, held, counted)
            counted, held = Tally(), []
        weights = rows.ints("n", chosen) if "n" in rows.names else np.ones(len(chosen), np.int64)
        new = chosen[counted.add(whole, weights)]
        if len(new):
            held.append([rows.column(name, new) for name in names])
    if held:
        yield _table(names, held, counted)


def _table(names: Sequence[str], held: Sequence[Sequence[pa.Array]], counted: Tally) -> pa.Table:
    columns = {name: pa.chunked_array(list(pieces)) for name, pieces in zip(names, zip(*held, strict=True), strict=True)}
    return pa.table({**columns, "n": counted.counts})


def _sure(values: Ints, null: NDArray[np.bool_] | None) -> Ints:
    return values if null is None else np.where(null, np.iinfo(np.int64).min, values)


def _chosen(parts: Sequence[Known], wanted: Wanted) -> Iterator[tuple[Rows, Ints, Ints]]:
    """Stretch by stretch the rows that a sieve lets through, of those of one record with one key the first: their keys, and indices."""
    total = sum(len(batch) for known in parts for batch in batches(known.part.folder, wanted.table))
    buckets: Buckets | None = None
    keyed: Iterator[tuple[Known, Rows, Ints, Ints]] = _keyed(parts, wanted.table, wanted.keys)
    if wanted.least > 1:
        buckets = sieve(total)
        held = list[tuple[Known, Rows, Ints, Ints]]()
        for row in keyed:
            add(buckets, row[2])
            if total <= HELD:
                held.append(row)
        keyed = iter(held) if total <= HELD else _keyed(parts, wanted.table, wanted.keys)
    for known, rows, keys, valid in keyed:
        if buckets is not None:
            least = _least(known, rows, valid, wanted) if wanted.share else None
            some = pass_through(buckets, keys, wanted.least) if least is None else pass_each(buckets, keys, least)
            keys, valid = keys[some], valid[some]
        if "n" not in rows.names:
            some = once(rows.record[valid], keys)
            keys, valid = keys[some], valid[some]
        if len(keys):
            yield rows, keys, valid


def _keyed(parts: Sequence[Known], table: str, names: tuple[str, ...]) -> Iterator[tuple[Known, Rows, Ints, Ints]]:
    for known in parts:
        for rows in known.stretches(table):
            keys, valid = rows.keys(names)
            yield known, rows, keys, np.arange(len(keys)) if valid is None else valid


def _least(known: Known, rows: Rows, chosen: Ints, wanted: Wanted) -> NDArray[np.uint8]:
    """How often the key of each row must stand, by the size of its source."""
    size = known.size[rows.first : rows.first + len(rows.records)]
    least = np.maximum(np.ceil(wanted.share * size - _ROUNDING), wanted.least)
    return np.minimum(least, 255).astype(np.uint8)[rows.record[chosen]]

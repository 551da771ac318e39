"""Rows of hash tables as they are offered to SQL: those that may be of a group, and of alike ones one with their number.

A row whose key stands too seldom can be of no group, and most keys stand once: they are sieved out. What is left repeats itself,
so that it is counted here, a few bytes a key, and a table of many millions of rows comes to DuckDB as some thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.series import Place
from corpusgate.kernels import tally
from corpusgate.kernels.kin import once
from corpusgate.kernels.lookup import find, index
from corpusgate.kernels.sieve import add, pass_each, sieve
from corpusgate.kernels.tally import Tally
from corpusgate.runners.hash_tables import Rows, key_of
from corpusgate.runners.part_tables import batches
from corpusgate.runners.work import PartResult
from corpusgate.signals.across import ALONE, Query

Ints = NDArray[np.int64]
Short = NDArray[np.int32]

#: What a query is never shown: where the evidence stands.
_PLACES = ("row", "start_at", "end_at")

#: Rows whose keys are held from counting them to looking them up; of larger tables they are made twice.
HELD = 300_000

#: Part of the room of a sieve that is enough here: what passes it without cause is counted and seen to be rare.
_SPARED = 2

#: A share of a source is of whole records, and what a product of floating-point numbers is beyond them is no record.
_ROUNDING = 1e-6


class Known(NamedTuple):
    """A part with what is known of its records.

    Attributes:
        part: the part.
        sources: int64 (records,): hash of each one's source.
        sizes: int32 (records,): how many stories that has.
        stories: int32 (records,): the smallest ordinal among those that tell the same story; `ALONE` where no other does, -1 without
            a text.
        titles: int64 (records,): the headline of each that others have too, else 0.
        place: where its file stands among those that follow each other.
    """

    part: PartResult
    sources: Ints
    sizes: Short
    stories: Short
    titles: Ints
    place: Place

    def stretches(self, name: str) -> Iterator[Rows]:
        """The rows of a hash table."""
        first = 0
        for own, size in zip(batches(self.part.folder, name), self.part.measurement.stretches, strict=False):
            here = slice(first, first + size)
            yield Rows(first, own, self.sources[here], self.stories[here], self.titles[here], self.place)
            first += size


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


def knowledge(
    parts: Sequence[PartResult], starts: Sequence[int], stories: Short, titles: Ints, places: Sequence[Place]
) -> tuple[list[Known], pa.Table]:
    """What queries are told of records, and of sources: `source`, `records` and `stories`, how many different ones, a row each.

    Args:
        parts: all parts in order.
        starts: first ordinal of each.
        stories: int32 (records,): the smallest ordinal among those that tell the same story, -1 without a text.
        titles: int64 (records,): the headline of each that others have too, else 0.
        places: where the file of each part stands among those that follow each other.
    """
    counts = np.bincount(stories[stories >= 0], minlength=len(stories))
    told = np.where((stories >= 0) & (counts[np.maximum(stories, 0)] == 1), np.int32(ALONE), stories)
    del counts
    source = np.concatenate([batch.column("source").to_numpy() for part in parts for batch in batches(part.folder, "records")])
    ends = [start + part.measurement.records for part, start in zip(parts, starts, strict=True)]
    sources = Tally()
    for start, end in zip(starts, ends, strict=True):
        sources.add(source[start:end], np.ones(end - start, np.int64))
    _, place = find(index(sources.keys), sources.keys, source)
    shared = np.flatnonzero(told >= 0)
    pairs = np.sort(place[shared] << 32 | told[shared])
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    several = np.bincount(place[told == ALONE], minlength=sources.held) + np.bincount(pairs >> 32, minlength=sources.held)
    sizes = several[place].astype(np.int32)
    known = [
        Known(part, source[start:end], sizes[start:end], told[start:end], titles[start:end], place)
        for part, start, end, place in zip(parts, starts, ends, places, strict=True)
    ]
    return known, pa.table({"source": sources.keys, "records": sources.counts, "stories": several})


def offered(parts: Sequence[Known], wanted: Wanted, sql: str) -> Iterator[pa.Table]:
    """The rows that may be of a group: all that are, and few others; of their columns those that some SQL names, and `n`: how many
    records they stand for, or what the table itself has under that name, summed. Alike rows may come in several tables."""
    counted, names, held = Tally(), list[str](), list[list[pa.Array]]()
    for rows, keys, chosen in _chosen(parts, wanted):
        names = columns(rows, sql)
        whole = key_of([keys, *(_sure(*rows.values(name, chosen)) for name in names if name not in wanted.keys)])
        if counted.held + len(keys) > tally.MOST and counted.held:
            yield _table(names, held, counted)
            counted, held = Tally(), []
        new = chosen[counted.add(whole, rows.ints("n", chosen) if "n" in rows.names else np.ones(len(chosen), np.int64))]
        if len(new):
            held.append([rows.column(name, new) for name in names])
    if held:
        yield _table(names, held, counted)


def columns(rows: Rows, sql: str) -> list[str]:
    """The columns of rows that some SQL may name, beside `n`."""
    return [name for name in rows.names if name not in _PLACES and name != "n" and name in sql]


def _table(names: Sequence[str], held: Sequence[Sequence[pa.Array]], counted: Tally) -> pa.Table:
    columns = {name: pa.chunked_array(list(pieces)) for name, pieces in zip(names, zip(*held, strict=True), strict=True)}
    return pa.table({**columns, "n": counted.counts})


def _sure(values: Ints, null: NDArray[np.bool_] | None) -> Ints:
    return values if null is None else np.where(null, np.iinfo(np.int64).min, values)


def _chosen(parts: Sequence[Known], wanted: Wanted) -> Iterator[tuple[Rows, Ints, Ints]]:
    """Stretch by stretch the rows that a sieve lets through, of those of one record with one key the first: their keys, and indices."""
    sieved = _keyed(parts, wanted) if wanted.least == 1 else _sieved(parts, wanted)
    for rows, keys, chosen in sieved:
        if "n" not in rows.names:
            some = once(rows.record[chosen], keys)
            keys, chosen = keys[some], chosen[some]
        if len(keys):
            yield rows, keys, chosen


def _sieved(parts: Sequence[Known], wanted: Wanted) -> Iterator[tuple[Rows, Ints, Ints]]:
    total, held = 0, list[tuple[Rows, Ints, Ints, NDArray[np.uint8]]]()
    for row in _measured(parts, wanted):
        total += len(row[1])
        if total > HELD:
            held.clear()
            total = sum(len(batch) for known in parts for batch in batches(known.part.folder, wanted.table))
            break
        held.append(row)
    buckets = sieve(total // _SPARED)
    for _, keys, _, _ in held or _measured(parts, wanted):
        add(buckets, keys)
    for rows, keys, chosen, least in held or _measured(parts, wanted):
        some = pass_each(buckets, keys, rows.record[chosen], least)
        yield rows, keys[some], chosen[some]


def _measured(parts: Sequence[Known], wanted: Wanted) -> Iterator[tuple[Rows, Ints, Ints, NDArray[np.uint8]]]:
    """Stretch by stretch rows, their keys and indices, and how often the keys of each record must stand, by the size of its source."""
    for known in parts:
        least = np.maximum(np.ceil(wanted.share * known.sizes - _ROUNDING), wanted.least)
        least = np.minimum(least, 255).astype(np.uint8)
        for rows, keys, chosen in _keyed([known], wanted):
            yield rows, keys, chosen, least[rows.first : rows.first + len(rows.sources)]


def _keyed(parts: Sequence[Known], wanted: Wanted) -> Iterator[tuple[Rows, Ints, Ints]]:
    for known in parts:
        for rows in known.stretches(wanted.table):
            keys, valid = rows.keys(wanted.keys)
            yield rows, keys, np.arange(len(keys)) if valid is None else valid

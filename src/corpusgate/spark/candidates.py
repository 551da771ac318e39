"""Candidates for copies among more records than one machine looks at: sampled shingles are shuffled by shares of their keys, and each
share is one task, with the same loops as on one machine.

All rows of a key come together, wherever the records lie, so that a source with half of the records makes no share larger than the
others. Keys that stand nearly everywhere would: they have shares of their own, by ranges of records out of which no link leads. Where
there are several shares, the rows of a record come together in between, so that of its keys that stand in many records only the rarest
few are looked at. It does not matter how many shares there are: pairs are the same. Their sums are held against all sampled shingles of
both in Spark SQL; the driver gets those that are worth reading, as numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.overlaps import in_common
from corpusgate.kernels.telling import rare
from corpusgate.runners import sampled
from corpusgate.runners.candidates import Pairs, by_headlines, likely
from corpusgate.runners.sampled import MOST, PART, About, counted, linked, ranked, shingles_of
from corpusgate.runners.titles import Known
from corpusgate.runners.work import PartResult
from corpusgate.spark.failures import asked
from corpusgate.spark.tasks import Mapped, items_of

Ints = NDArray[np.int64]

#: Of so many records one is looked at to tell which keys would fill half a share.
SAMPLE = 256

#: How many sampled shingles there are, the keys that stand nearly everywhere, and how many shingles of the records looked at are of these.
_COUNTED = """
    SELECT sum(n) AS total, collect_list(CASE WHEN n > {often} THEN key END) AS keys,
        sum(CASE WHEN n > {often} AND key IS NOT NULL THEN n END) AS heavy
    FROM (SELECT CASE WHEN ordinal % {sample} = 0 THEN key END AS key, count(*) AS n FROM shingles GROUP BY 1)
"""

#: What tasks give: sampled shingles, each with its record and how many that has; pairs; and the upper halves of all that a record has.
_SHINGLES = pa.schema([("share", pa.int32()), ("ordinal", pa.int64()), ("key", pa.int64()), ("size", pa.int32())])
_TOLD = pa.schema([*_SHINGLES, ("often", pa.int32()), ("rich", pa.int32())])
_LINKS = pa.schema([(name, pa.int64()) for name in ("first", "second", "shared", "counted", "size")])
_SETS = pa.schema([("ordinal", pa.int64()), ("keys", pa.binary())])
_PAIRS = pa.schema([("first", pa.int64()), ("second", pa.int64()), ("titled", pa.bool_())])

_DDL = {pa.int32(): "int", pa.int64(): "bigint", pa.binary(): "binary", pa.bool_(): "boolean"}

#: Pairs that share enough, all shares together; those under one headline need none.
_ENOUGH = f"""
    SELECT first, second, false AS titled FROM links GROUP BY first, second
    HAVING sum(counted) * {PART} >= min(size) AND (sum(shared) > 1 OR sum(counted) = 1)
"""
_BOTH = f"SELECT first, second, max(titled) AS titled FROM ({_ENOUGH} UNION ALL SELECT * FROM titled) GROUP BY first, second"

#: Each with what both records have.
_WITH_SETS = f"""
    SELECT pairs.*, one.keys AS left_keys, other.keys AS right_keys FROM ({_BOTH}) AS pairs
    JOIN sets AS one ON one.ordinal = first JOIN sets AS other ON other.ordinal = second
"""

#: Lays items down for executors: gives the number they are known by, and a frame of their places.
Laid = Callable[[Iterable[Any]], tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class _Shares:
    """How sampled shingles are shared out.

    Attributes:
        keys: shares by keys, a power of two.
        heavy: int64 (n,): keys that stand nearly everywhere, rising.
        span: records of a share of these, a multiple of `sampled.WITHIN`.
    """

    keys: int = 1
    heavy: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    span: int = sampled.WITHIN

    @classmethod
    def of(cls, total: int, at_once: int) -> _Shares:
        """So many shingles in shares of so many at most, about."""
        return cls(1 << max(0, -(-total // at_once) - 1).bit_length())

    def number(self, records: int) -> int:
        """How many there are."""
        return self.keys + (-(-records // self.span) if len(self.heavy) else 0)

    def share(self, keys: Ints, ordinals: Ints) -> NDArray[np.int32]:
        """Which one each shingle falls in: by bits of its key that no sieve looks at, or by its record."""
        bits = keys.view(np.uint64)
        mixed = bits >> np.uint64(56) | (bits >> np.uint64(48) & np.uint64(255)) << np.uint64(8)
        share = (mixed & np.uint64(self.keys - 1)).astype(np.int32)
        if not len(self.heavy):
            return share
        is_heavy = self.heavy[np.minimum(np.searchsorted(self.heavy, keys), len(self.heavy) - 1)] == keys
        return np.where(is_heavy, self.keys + (ordinals // self.span).astype(np.int32), share)


def pairs(
    session: Any, lay: Laid, folder: Path, parts: Sequence[PartResult], starts: Sequence[int], first: NDArray[np.int32], headlines: Known
) -> Pairs:
    """All pairs worth reading, as `runners.candidates.pairs` finds them.

    Args:
        session: of Spark, whose temporary views are of this run alone.
        lay: lays items down.
        folder: of the run, which all machines share.
        parts: all parts in order.
        starts: first ordinal of each.
        first: int32 (records,): the first record with the same text, -1 without one.
        headlines: of all records.
    """
    np.save(folder / "first.npy", first)
    number, places = lay((part, start) for part, start in zip(parts, starts, strict=True) if part.measurement.records)
    places.mapInArrow(_rows(folder, number, _Shares()), _ddl(_SHINGLES)).createOrReplaceTempView("shingles")
    at_once = sampled.AT_ONCE
    # Of a key that stands in 255 records or more nobody need know in how many.
    often = max(at_once // 2 // SAMPLE, 255)
    (counted,) = asked(session.sql(_COUNTED.format(often=often, sample=SAMPLE)).collect)
    shares = _Shares.of(counted["total"] or 0, at_once)
    if shares.keys > 1 and counted["keys"]:
        # A range has about as many shingles of such keys as a share has of others.
        ranges = -(-(counted["heavy"] or 0) * SAMPLE // at_once)
        span = sampled.WITHIN * -(-len(first) // (ranges * sampled.WITHIN))
        shares = _Shares(shares.keys, np.sort(np.array(counted["keys"], np.int64)), span)
    shingles = places.mapInArrow(_rows(folder, number, shares), _ddl(_SHINGLES))
    views = {
        "links": _linked(shingles, shares, len(first)),
        "titled": session.createDataFrame(_titled(headlines, first)),
        "sets": places.mapInArrow(_sets(folder, number), _ddl(_SETS)),
    }
    for name, frame in views.items():
        frame.createOrReplaceTempView(name)
    found = asked(session.sql(_WITH_SETS).mapInArrow(_likely, _ddl(_PAIRS)).toArrow)
    for name in ("shingles", *views):
        session.catalog.dropTempView(name)
    one, other, titled = (np.asarray(found[name].to_numpy()) for name in _PAIRS.names)
    order = np.lexsort((one, other))
    return Pairs(one[order].astype(np.int32), other[order].astype(np.int32), titled[order])


def _ddl(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {_DDL[field.type]}" for field in schema)


def _titled(headlines: Known, first: NDArray[np.int32]) -> pa.Table:
    both = by_headlines(headlines, first)
    return pa.table([both & 0x7FFFFFFF, both >> 32, np.ones(len(both), np.bool_)], schema=_PAIRS)


def _rows(folder: Path, number: int, shares: _Shares) -> Mapped:
    """Gives the sampled shingles of records whose text is the first one, with the share that each is of."""

    def each(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _, begin, rows, keys, wanted in _stretches(folder, number, numbers):
            mine = wanted[rows]
            rows, keys = rows[mine], keys[mine]
            size = np.bincount(rows, minlength=len(wanted))[rows]
            ordinals = rows + np.int64(begin)
            yield pa.record_batch([shares.share(keys, ordinals), ordinals, keys, size.astype(np.int32)], schema=_SHINGLES)

    return each


def _sets(folder: Path, number: int) -> Mapped:
    """Gives the upper halves of the sampled shingles of each such record, uint32, if there are any or none."""

    def each(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _, begin, rows, keys, wanted in _stretches(folder, number, numbers):
            records = np.flatnonzero(wanted)
            halves = (keys.view(np.uint64) >> np.uint64(32)).astype(np.uint32)
            bounds = np.searchsorted(rows, np.arange(len(wanted) + 1))
            values = [halves[bounds[record] : bounds[record + 1]].tobytes() for record in records.tolist()]
            yield pa.record_batch([records + begin, pa.array(values, pa.binary())], schema=_SETS)

    return each


def _stretches(folder: Path, number: int, numbers: Iterator[pa.RecordBatch]) -> Iterator[Any]:
    """Stretch by stretch the part, the first ordinal, the rows of shingles and their keys, and which records count."""
    first = np.load(folder / "first.npy", mmap_mode="r")
    for part, start in items_of(folder, number, numbers):
        for begin, end, rows, keys in shingles_of([part], [start]):
            yield part, begin, rows, keys, np.asarray(first[begin:end]) == np.arange(begin, end)


def _linked(shingles: Any, shares: _Shares, records: int) -> Any:
    """Pairs of records that share shingles: how many, for how many they count, and how many the smaller one has."""

    def shared(frame: Any) -> Any:
        return frame.repartition(shares.number(records), "share").sortWithinPartitions("share", "ordinal")

    if shares.keys == 1:
        return shared(shingles).mapInArrow(_whole, _ddl(_LINKS))
    told = shared(shingles).mapInArrow(_stands(shares), _ddl(_TOLD))
    ranks = told.repartition(shares.number(records), "ordinal").sortWithinPartitions("ordinal").mapInArrow(_ranks, _ddl(_TOLD))
    return shared(ranks).mapInArrow(_links, _ddl(_LINKS))


def _whole(shingles: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Links records by all shingles there are: pairs that share enough."""
    for rows in _by_share(shingles):
        records = _Records.of(rows)
        numbers, often = counted(records.keys)
        ranked(records.rows, records.keys, often, records.about)
        yield from records.pairs(numbers, often, PART)


def _stands(shares: _Shares) -> Mapped:
    """Gives of each share the shingles that stand in several records, and in how many."""

    def each(shingles: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for rows in _by_share(shingles):
            _, often = counted(rows["key"].to_numpy())
            if rows["share"][0].as_py() >= shares.keys:
                # In this range and in others.
                often[:] = 255
            column = pa.array(often, pa.int32())
            several = rows.append_column("often", column).append_column("rich", column).filter(pa.array(often > 1))
            yield from several.cast(_TOLD).to_batches(max_chunksize=1 << 16)

    return each


def _ranks(told: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Of each record the shingles that tell it apart, and the rarest few of those that stand in many records."""
    for rows in _whole_groups(told, "ordinal"):
        records, often = _Records.of(rows), rows["often"].to_numpy()
        ranked(records.rows, records.keys, often.astype(np.uint8), records.about)
        left = (often <= MOST) | rare(records.rows, records.keys, often.astype(np.uint8), records.about.rarest)
        rich = records.about.rich[records.rows].astype(np.int32)
        at = rows.schema.get_field_index("rich")
        yield from rows.set_column(at, "rich", pa.array(rich)).filter(pa.array(left)).cast(_TOLD).to_batches(max_chunksize=1 << 16)


def _links(told: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Links the records of each share."""
    for rows in _by_share(told):
        records = _Records.of(rows)
        records.about.rich[records.rows] = rows["rich"].to_numpy()
        yield from records.pairs(counted(records.keys)[0], rows["often"].to_numpy().astype(np.uint8), 0)


@dataclass(frozen=True, slots=True)
class _Records:
    """The records that some rows are of.

    Attributes:
        ordinals: int64 (records,), rising.
        rows: int32 (n,): index of each row's record.
        keys: int64 (n,).
        about: what is known of each record.
    """

    ordinals: Ints
    rows: NDArray[np.int32]
    keys: Ints
    about: About

    @classmethod
    def of(cls, table: pa.Table) -> _Records:
        """Rows in the order of records."""
        ordinals, keys, sizes = (table[name].to_numpy() for name in ("ordinal", "key", "size"))
        new = np.diff(ordinals, prepend=-1) != 0
        about = About.empty(int(np.count_nonzero(new)))
        about.sizes[:] = np.minimum(sizes[new], 65535)
        return cls(ordinals[new], (np.cumsum(new) - 1).astype(np.int32), keys, about)

    def pairs(self, numbers: NDArray[np.int32], often: NDArray[np.uint8], part: int) -> list[pa.RecordBatch]:
        """What they have in common."""
        ordinals = self.ordinals[self.rows].astype(np.int32)
        one, other, shared, counts = linked(self.rows, ordinals, self.keys, numbers, often, self.about, part)
        smaller = np.minimum(self.about.sizes[one], self.about.sizes[other]).astype(np.int64)
        columns = [self.ordinals[one], self.ordinals[other], shared.astype(np.int64), counts.astype(np.int64), smaller]
        batches: list[pa.RecordBatch] = pa.table(columns, schema=_LINKS).to_batches(max_chunksize=1 << 16)
        return batches


def _by_share(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Rows share by share."""
    for rows in _whole_groups(batches, "share"):
        begins = np.flatnonzero(np.diff(rows["share"].to_numpy(), prepend=-1) != 0).tolist()
        for begin, end in pairwise([*begins, len(rows)]):
            yield rows.slice(begin, end - begin)


def _whole_groups(batches: Iterator[pa.RecordBatch], name: str) -> Iterator[pa.Table]:
    """Rows that lie together by a column: some groups at a time, each of them whole."""
    held = list[pa.RecordBatch]()
    for batch in batches:
        values = batch.column(name).to_numpy()
        last = held[-1].column(name)[-1].as_py() if held else None
        # All before the last group of this batch is whole, and all that is held if that goes on.
        cut = int(np.searchsorted(values, values[-1])) if len(values) else 0
        if cut or (held and len(values) and values[0] != last):
            yield pa.Table.from_batches([*held, batch.slice(0, cut)])
            held = []
        if len(batch) > cut:
            held.append(batch.slice(cut))
    if held:
        yield pa.Table.from_batches(held)


def _likely(pairs: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The pairs that have about as much in common as a contained copy has."""
    for batch in pairs:
        which = np.arange(len(batch))
        sets = [np.frombuffer(value, np.uint32) for name in ("left_keys", "right_keys") for value in batch.column(name).to_pylist()]
        size = np.array([len(each) for each in sets], np.int64)
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(size)])
        common = in_common(np.concatenate([np.zeros(0, np.uint32), *sets]), bounds, which, which + len(batch))
        chosen = likely(common, np.minimum(size[: len(batch)], size[len(batch) :]))
        yield batch.select(_PAIRS.names).filter(pa.array(chosen)).cast(_PAIRS)

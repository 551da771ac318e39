"""Pairs of records whose texts may be the same story: worth reading again, and few.

Two ways lead to a pair. Sampled shingles: records that share at least a third of those of the smaller one. And headlines:
records with the same one. Both follow links from each record to a few before it (`kernels/kin.py`), so that their number grows
with the records, whatever stands in all of them. Of texts that are the same but for folding only the first is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.kin import count_keys, partners, telling, useful
from corpusgate.kernels.overlaps import in_common, of_records
from corpusgate.kernels.sieve import COUNTED, add, pass_through, sieve
from corpusgate.kernels.twice import add_twice, places, twice
from corpusgate.runners.hash_tables import stretches_of
from corpusgate.runners.part_tables import batches
from corpusgate.runners.titles import Known
from corpusgate.runners.work import PartResult
from corpusgate.signals.stories import CONTAINED

Ints = NDArray[np.int64]
Short = NDArray[np.int32]
Flags = NDArray[np.bool_]

#: Stretch by stretch its first ordinal and the one behind its last, and its shingles: records counted within it, and keys.
Shingles = Callable[[], Iterator[tuple[int, int, Short, Ints]]]

#: Links followed from a shingle or a headline to records before.
REACH = 8

#: Records in which a shingle may stand to be looked at always; of those that stand in more a record's rarest few are.
MOST, FEW = 50, 3

#: Part of the sampled shingles of the smaller record that must be shared: a third. Copies share half of them and more, on average.
PART = 3

#: Standard deviations that a sample may be below what copies have in common: of those that have just enough one in forty is further
#: off, of others hardly any.
DEVIATIONS = 2.0

#: Sampled shingles looked at in one go: what their sieve and links take bounds the memory.
AT_ONCE = 16_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records by their ordinals.

    Attributes:
        first: int32 (n,): the earlier one.
        second: int32 (n,): the later one; pairs are in its order, then in that of `first`.
        titled: bool (n,): whether both have the same headline.
    """

    first: Short
    second: Short
    titled: Flags


def representatives(parts: Sequence[PartResult], starts: Sequence[int], total: int) -> Short:
    """For each record the first one with the same folded text, itself where there is none before; -1 without a text: int32 (total,)."""
    found = np.full(total, -1, np.int32)
    for part, start in zip(parts, starts, strict=True):
        at = start
        for batch in batches(part.folder, "records"):
            valid = np.asarray(batch.column("body").is_valid())
            found[at : at + len(batch)] = np.where(valid, np.arange(at, at + len(batch)), -1)
            at += len(batch)
    keys, ordinals = _often(parts, starts)
    order = np.argsort(keys, kind="stable")
    keys, ordinals = keys[order], ordinals[order]
    new = np.diff(keys, prepend=~keys[:1]) != 0
    found[ordinals] = ordinals[np.flatnonzero(new)[np.cumsum(new) - 1]]
    return found


def _often(parts: Sequence[PartResult], starts: Sequence[int]) -> tuple[Ints, Ints]:
    """Hashes of texts that may stand more than once, and the ordinals of their records, in order."""
    buckets = sieve(sum(len(batch) for part in parts for batch in batches(part.folder, "records")))
    for _, found, _ in _bodies(parts, starts):
        add(buckets, found)
    held = []
    for start, found, rows in _bodies(parts, starts):
        chosen = pass_through(buckets, found, 2)
        held.append((found[chosen], rows[chosen] + start))
    return np.concatenate([key for key, _ in held]), np.concatenate([ordinal for _, ordinal in held])


def _bodies(parts: Sequence[PartResult], starts: Sequence[int]) -> Iterator[tuple[int, Ints, Ints]]:
    for part, start in zip(parts, starts, strict=True):
        for rows in stretches_of(part.folder, "records"):
            found, valid = rows.keys(("body",))
            record = rows.ints("row")
            yield start, found, record if valid is None else record[valid]


def pairs(work: Path, parts: Sequence[PartResult], starts: Sequence[int], first: Short, headlines: Known) -> Pairs:
    """All pairs worth reading.

    Args:
        work: a folder for what is not kept in memory.
        parts: all parts in order.
        starts: first ordinal of each.
        first: what `representatives` gave.
        headlines: of all records.
    """
    wanted = first == np.arange(len(first))
    alike = _by_shingles(work, partial(sampled, parts, starts), wanted)
    titled = by_headlines(headlines, first)
    both = merged(alike, titled)
    both = both[_likely(parts, starts, len(first), both)]
    return Pairs((both & 0x7FFFFFFF).astype(np.int32), (both >> 32).astype(np.int32), np.isin(both, titled, assume_unique=True))


def _likely(parts: Sequence[PartResult], starts: Sequence[int], total: int, both: Ints) -> Flags:
    """Which pairs may well have as much in common as a contained copy has, by all shingles that were sampled.

    Of few that were sampled chance may leave out many, so that the bound of `likely` is lower by `DEVIATIONS` of a binomial distribution.
    """
    place = np.zeros(total, np.int32)
    place[both & 0x7FFFFFFF] = place[both >> 32] = 1
    records = np.flatnonzero(place)
    place[records] = np.arange(len(records))
    sizes, held = [np.zeros(1, np.int64)], [np.zeros(0, np.uint32)]
    for start, end, rows, keys in sampled(parts, starts) if len(records) else ():
        low, high = np.searchsorted(records, (start, end))
        mine = records[low:high] - start
        wanted = np.zeros(end - start, np.bool_)
        wanted[mine] = True
        here = np.zeros(end - start, np.int64)
        held.append(of_records(rows, keys, wanted, here))
        sizes.append(here[mine])
    size = np.concatenate(sizes)
    bounds = np.cumsum(size)
    left, right = place[both & 0x7FFFFFFF].astype(np.int64), place[both >> 32].astype(np.int64)
    smaller = np.minimum(size[1:][left], size[1:][right])
    common = in_common(np.concatenate(held), bounds, left, right)
    return likely(common, smaller)


def likely(common: NDArray[np.integer], smaller: Ints) -> Flags:
    """Which pairs may well be copies by the sampled shingles that both have, and those of the one that has less."""
    return np.asarray(common >= CONTAINED * smaller - DEVIATIONS * np.sqrt(CONTAINED * (1 - CONTAINED) * smaller))


def merged(*columns: NDArray[Any]) -> NDArray[Any]:
    """All values of some columns, each once, rising. Sorting is several times as fast as the hash table of `np.unique`."""
    values: NDArray[Any] = np.sort(np.concatenate(columns))
    return np.asarray(values[np.diff(values, prepend=~values[:1]) != 0])


def _pair(one: NDArray[np.integer], other: NDArray[np.integer]) -> Ints:
    """Two ordinals in one number, the later one in its upper half."""
    pair: Ints = np.maximum(one, other).astype(np.int64) << 32 | np.minimum(one, other).astype(np.int64)
    return pair


def _by_shingles(work: Path, shingles: Shingles, wanted: Flags) -> Ints:
    total = sum(len(keys) for _, _, _, keys in shingles())
    sizes = np.zeros(len(wanted), np.uint16)
    counted = sizes
    if total > AT_ONCE:
        # What stands once is most, and would be passed over for each share again.
        shingles, total = _sifted(work, shingles, wanted, sizes, total)
        counted = np.zeros_like(sizes)
    shares = 1 << max(0, -(-total // AT_ONCE) - 1).bit_length()
    found: list[tuple[Ints, Short, Short]] = []
    for share in range(shares):
        records, keys, often = _telling(shingles, wanted, counted, total // shares, share, shares)
        one, other, shared, weight = linked(records, keys, often, sizes, shares == 1)
        found.append((_pair(one, other), shared, weight))
    if shares == 1:
        alike: Ints = np.sort(found[0][0])
        return alike
    return _summed(found, sizes)


def linked(
    records: Short, keys: Ints, often: NDArray[np.uint8], sizes: NDArray[np.uint16], whole: bool
) -> tuple[Short, Short, Short, Short]:
    """What `partners` gives for the rows of a share; of those that are all there is, pairs that share enough alone."""
    if whole:
        left = useful(records, keys, often, sizes, MOST, PART)
        records, keys, often = records[left], keys[left], often[left]
    found: tuple[Short, Short, Short, Short] = partners(records, keys, often, REACH, MOST, sizes, PART if whole else 0)
    return found


def telling_rows(rows: Short, keys: Ints, records: int, whole: bool) -> tuple[Ints, NDArray[np.uint8]]:
    """Which rows of a share, held as a whole, may tell of a pair: their indices, and in how many records their keys stand.

    Args:
        rows: int32 (n,): record of each, rising.
        keys: int64 (n,).
        records: how many there are.
        whole: whether these are all rows there are.
    """
    every, sizes = np.ones(records, np.bool_), np.zeros(records, np.uint16)
    some = np.arange(len(keys))
    if not whole:
        bits = places(len(keys))
        add_twice(bits, rows, keys, every)
        some = twice(bits, rows, keys, every, sizes)
    buckets = sieve(len(some), COUNTED)
    count_keys(buckets, rows[some], keys[some], every, 0, 1)
    chosen, often = telling(buckets, rows[some], keys[some], every, sizes, 0, 1, MOST, FEW)
    return some[chosen], often


def _sifted(work: Path, shingles: Shingles, wanted: Flags, sizes: NDArray[np.uint16], total: int) -> tuple[Shingles, int]:
    """The shingles that may stand in several records, from files, and how many they are; all of each record are added to `sizes`."""
    bits = places(total)
    for start, end, rows, keys in shingles():
        add_twice(bits, rows, keys, wanted[start:end])
    bounds, places_of = [0], list[tuple[int, int]]()
    paths = work / "sifted-rows", work / "sifted-keys"
    with paths[0].open("wb") as of_rows, paths[1].open("wb") as of_keys:
        for start, end, rows, keys in shingles():
            chosen = twice(bits, rows, keys, wanted[start:end], sizes[start:end])
            of_rows.write(rows[chosen].data)
            of_keys.write(keys[chosen].data)
            bounds.append(bounds[-1] + len(chosen))
            places_of.append((start, end))

    def read() -> Iterator[tuple[int, int, Short, Ints]]:
        if bounds[-1]:
            rows, keys = (np.asarray(np.memmap(path, kind, "r")) for path, kind in zip(paths, (np.int32, np.int64), strict=True))
            for (start, end), (low, high) in zip(places_of, pairwise(bounds), strict=True):
                yield start, end, rows[low:high], keys[low:high]

    return read, bounds[-1]


def _telling(
    shingles: Shingles, wanted: Flags, sizes: NDArray[np.uint16], about: int, share: int, shares: int
) -> tuple[Short, Ints, NDArray[np.uint8]]:
    """The rows of a share of all shingles that may tell of a pair: their records, their keys, and in how many records those stand."""
    buckets = sieve(about, COUNTED)
    held = [(np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.uint8))]
    for start, end, rows, keys in shingles():
        count_keys(buckets, rows, keys, wanted[start:end], share, shares)
    for start, end, rows, keys in shingles():
        chosen, often = telling(buckets, rows, keys, wanted[start:end], sizes[start:end], share, shares, MOST, FEW)
        held.append((rows[chosen] + np.int32(start), keys[chosen], often))
    records, keys, often = (np.concatenate(column) for column in zip(*held, strict=True))
    return records, keys, often


def sampled(parts: Sequence[PartResult], starts: Sequence[int]) -> Iterator[tuple[int, int, Short, Ints]]:
    """Stretch by stretch its first ordinal and the one behind its last, and its shingles: records counted within it, and keys."""
    for part, start in zip(parts, starts, strict=True):
        first = 0
        for batch, size in zip(batches(part.folder, "shingles"), part.measurement.stretches, strict=False):
            rows = np.asarray(batch.column("row").to_numpy(), np.int32)
            yield start + first, start + first + size, rows - np.int32(first) if first else rows, batch.column("hash").to_numpy()
            first += size


def _summed(found: Sequence[tuple[Ints, Short, Short]], sizes: NDArray[np.uint16]) -> Ints:
    """Pairs that share enough in all shares together."""
    keys, shared, counted = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins = np.flatnonzero(np.diff(keys, prepend=-1) != 0)
    if not len(begins):
        return keys
    keys, shared, counted = keys[begins], np.add.reduceat(shared[order], begins), np.add.reduceat(counted[order], begins)
    smaller = np.minimum(sizes[keys & 0x7FFFFFFF], sizes[keys >> 32])
    sure: Ints = keys[(counted * PART >= smaller) & ((shared > 1) | (counted == 1))]
    return sure


def by_headlines(headlines: Known, first: Short) -> Ints:
    """Pairs of different texts under one headline."""
    ordinals = np.flatnonzero(headlines.repeated & (headlines.first >= 0) & (first >= 0))
    keys = headlines.key[ordinals]
    seldom, sizes = np.zeros(len(keys), np.uint8), np.zeros(len(first), np.uint16)
    one, other, _, _ = partners(ordinals.astype(np.int32), keys, seldom, REACH, MOST, sizes, 0)
    one, other = first[one], first[other]
    return merged(_pair(one, other)[one != other])

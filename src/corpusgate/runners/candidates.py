"""Pairs of records whose texts may be the same story: worth reading again, and few.

Two ways lead to a pair. Sampled shingles: records that share at least a third of those of the smaller one. And headlines:
records with the same one. Both follow links from each record to a few before it (`kernels/kin.py`), so that their number grows
with the records, whatever stands in all of them. Of texts that are the same but for folding only the first is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.overlaps import in_common, of_records
from corpusgate.kernels.sieve import add, pass_through, sieve
from corpusgate.runners.hash_tables import stretches_of
from corpusgate.runners.memory import release
from corpusgate.runners.part_tables import batches
from corpusgate.runners.sampled import by_shingles, merged, pair, shingles_of, under_one_key
from corpusgate.runners.titles import Known
from corpusgate.runners.work import PartResult
from corpusgate.signals.stories import CONTAINED

Ints = NDArray[np.int64]
Short = NDArray[np.int32]
Flags = NDArray[np.bool_]

#: Standard deviations that a sample may be below what copies have in common: of those that have just enough one in forty is further
#: off, of others hardly any.
DEVIATIONS = 2.0

#: Records of a corpus from which on memory is given back between the steps of finding candidates: with fewer it is soon needed again.
MANY = 200_000


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


def pairs(work: Path, parts: Sequence[PartResult], starts: Sequence[int], first: Short, headlines: Known, threads: int = 1) -> Pairs:
    """All pairs worth reading.

    Args:
        work: a folder for what is not kept in memory.
        parts: all parts in order.
        starts: first ordinal of each.
        first: what `representatives` gave.
        headlines: of all records.
        threads: how many look for pairs side by side.
    """
    give_back = release if len(first) > MANY else lambda: None
    give_back()
    wanted = first == np.arange(len(first))
    alike = by_shingles(work, partial(shingles_of, parts, starts), wanted, threads)
    give_back()
    titled = by_headlines(headlines, first)
    both = merged(alike, titled)
    both = both[_likely(parts, starts, len(first), both)]
    give_back()
    return Pairs((both & 0x7FFFFFFF).astype(np.int32), (both >> 32).astype(np.int32), np.isin(both, titled, assume_unique=True))


def _likely(parts: Sequence[PartResult], starts: Sequence[int], total: int, both: Ints) -> Flags:
    """Which pairs may well have as much in common as a contained copy has, by all shingles that were sampled.

    Of few that were sampled chance may leave out many, so that the bound of `likely` is lower by `DEVIATIONS` of a binomial distribution.
    """
    place = np.zeros(total, np.int32)
    place[both & 0x7FFFFFFF] = place[both >> 32] = 1
    records = np.flatnonzero(place)
    place[records] = np.arange(len(records))
    sizes, n = [np.zeros(1, np.int64)], 0
    # Room that is not used is never made.
    held = np.empty(sum(len(batch) for part in parts for batch in batches(part.folder, "shingles")) if len(records) else 0, np.uint32)
    for start, end, rows, keys in shingles_of(parts, starts) if len(records) else ():
        low, high = np.searchsorted(records, (start, end))
        mine = records[low:high] - start
        wanted = np.zeros(end - start, np.bool_)
        wanted[mine] = True
        here = np.zeros(end - start, np.int64)
        found = of_records(rows, keys, wanted, here)
        held[n : n + len(found)] = found
        n += len(found)
        sizes.append(here[mine])
    size = np.concatenate(sizes)
    bounds = np.cumsum(size)
    left, right = place[both & 0x7FFFFFFF].astype(np.int64), place[both >> 32].astype(np.int64)
    smaller = np.minimum(size[1:][left], size[1:][right])
    common = in_common(held[:n], bounds, left, right)
    return likely(common, smaller)


def likely(common: NDArray[np.integer], smaller: Ints) -> Flags:
    """Which pairs may well be copies by the sampled shingles that both have, and those of the one that has less."""
    return np.asarray(common >= CONTAINED * smaller - DEVIATIONS * np.sqrt(CONTAINED * (1 - CONTAINED) * smaller))


def by_headlines(headlines: Known, first: Short) -> Ints:
    """Pairs of different texts under one headline."""
    ordinals = np.flatnonzero(headlines.repeated & (headlines.first >= 0) & (first >= 0))
    one, other = under_one_key(ordinals.astype(np.int32), headlines.key[ordinals])
    one, other = first[one], first[other]
    return merged(pair(one, other)[one != other])

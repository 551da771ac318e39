"""Which keys tell records apart: in how many records each stands, and which of a record's keys are the rarest.

All is told by the keys themselves and never by where they fell in a table, so that it does not matter by which shares of the keys it is
done.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Short = NDArray[np.int32]
Counts = NDArray[np.uint16]
Buckets = NDArray[np.uint8]
Bytes = NDArray[np.uint8]

#: Bits of a key that say where it is looked for: neither those that a sieve goes by, in which all that it lets through are alike, nor
#: those that shares go by.
_BELOW = 24


@njit(cache=True, nogil=True)
def numbered(buckets: Buckets, keys: Ints) -> tuple[Short, Bytes]:
    """What each key is known by, and in how many rows it stands.

    Args:
        buckets: a sieve that all keys were added to.
        keys: int64 (n,): hashes.

    Returns:
        Numbers from 0, one a key, and -1 for keys that stand once, int32 (n,); and how often each stands, 255 at most, uint8 (n,).
    """
    below = np.int64(len(buckets) - 1)
    numbers, several = np.empty(len(keys), np.int32), 0
    for i in range(len(keys)):
        numbers[i] = -1 if buckets[keys[i] & below] < 2 else 0
        several += numbers[i] + 1
    size = 16
    while size < 2 * several:
        size *= 2
    slots, mask = np.full(size, -1, np.int32), np.int64(size - 1)
    known, counts = np.empty(several, np.int64), np.zeros(several, np.int32)
    n = 0
    for i in range(len(keys)):
        if numbers[i] < 0:
            continue
        at = keys[i] >> _BELOW & mask
        while slots[at] >= 0 and known[slots[at]] != keys[i]:
            at = at + 1 & mask
        if slots[at] < 0:
            slots[at], known[n] = n, keys[i]
            n += 1
        numbers[i] = slots[at]
        counts[slots[at]] += 1
    often = np.ones(len(keys), np.uint8)
    for i in range(len(keys)):
        if numbers[i] >= 0:
            often[i] = min(counts[numbers[i]], 255)
            numbers[i] = numbers[i] if often[i] > 1 else -1
    return numbers, often


@njit(cache=True, nogil=True, inline="always")
def _rank(often: int, key: np.int64) -> np.uint32:
    """Smaller for a rarer key, and by its upper bits among those that are as rare."""
    return np.uint32(often) << np.uint32(24) | np.uint32(np.uint64(key) >> np.uint64(40))


@njit(cache=True, nogil=True)
def rank(records: Short, keys: Ints, often: Bytes, most: int, rich: Counts, rarest: NDArray[np.uint32]) -> None:
    """Take note of some keys of records, in any order.

    Args:
        records: int32 (n,): record of each.
        keys: int64 (n,).
        often: uint8 (n,): in how many records each key stands, 255 at most.
        most: keys that stand in more records tell little apart.
        rich: uint16, of each record: its keys are added that stand in several records, and in no more than that.
        rarest: uint32 (records, few), of each record: ranks of those of its keys that stand in more, the rarest first; changed.
    """
    few = rarest.shape[1]
    for i in range(len(keys)):
        record = records[i]
        rich[record] += np.uint16((often[i] > 1) & (often[i] <= most) & (rich[record] != 65535))
        if often[i] > most:
            mine = _rank(often[i], keys[i])
            if mine < rarest[record, few - 1]:
                place = few - 1
                while place > 0 and rarest[record, place - 1] > mine:
                    rarest[record, place] = rarest[record, place - 1]
                    place -= 1
                rarest[record, place] = mine


@njit(cache=True, nogil=True)
def rare(records: Short, keys: Ints, often: Bytes, rarest: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which keys are among the rarest few of their records, bool (n,): columns as for `rank`."""
    out = np.empty(len(keys), np.bool_)
    few = rarest.shape[1]
    for i in range(len(keys)):
        out[i] = _rank(often[i], keys[i]) <= rarest[records[i], few - 1]
    return out


@njit(cache=True, nogil=True)
def telling(
    records: Short,
    keys: Ints,
    numbers: Short,
    often: Bytes,
    most: int,
    rich: Counts,
    rarest: NDArray[np.uint32],
    sizes: Counts,
    part: int,
) -> Ints:
    """Indices of the rows that can lead to a pair with so much in common, int64 (m,).

    Of keys that stand in many records only a record's rarest few are left. A record is poor if its other keys are less than such a
    part of all that it has: what it has in common with another poor one can be enough by keys that stand in many. So its other rows
    are of use where a record that is not poor has their key.

    Args:
        records: as for `rank`, rising.
        keys: as there.
        numbers: int32 (n,): what each key is known by; -1 where no other row has it.
        often: as for `rank`.
        most: as there.
        rich: as `rank` left it, when it had seen all keys.
        rarest: likewise.
        sizes: uint16: how many keys each record has.
        part: such as 3 for a third.
    """
    marked = np.zeros(numbers.max() + 1 if len(numbers) else 0, np.bool_)
    few = rarest.shape[1]
    left = np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        record = records[i]
        # Written always and kept by counting on, since nobody could foretell the branch.
        left[n] = i
        kept = (numbers[i] >= 0) & ((often[i] <= most) | (_rank(often[i], keys[i]) <= rarest[record, few - 1]))
        n += np.int64(kept)
        if kept and rich[record] * part >= sizes[record]:
            marked[numbers[i]] = True
    m = 0
    for i in left[:n]:
        left[m] = i
        m += np.int64((often[i] > most) | marked[numbers[i]])
    return left[:m].copy()

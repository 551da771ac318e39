"""Records that may be kin: those that share rare keys, found without comparing all with all.

Rows are a record and a key, such as a sampled shingle, in the order of records. Each row is linked with the one before it that
has its key, and a record is compared with those that a few links lead back to: so the work grows with the rows, whatever
stands in every record, and of many copies each is still linked with the one before.
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

#: Partners of one record that are counted, the first that its keys lead to.
PARTNERS = 1 << 12
#: What a key counts for that stands in many records: of each record only the rarest of these are looked at.
HEAVY = 1 << 16


@njit(cache=True, nogil=True)
def once(rows: Ints, keys: Ints) -> Ints:
    """Indices of rows but for those that repeat a key of their record, rising; int64 (m,).

    Args:
        rows: int64 (n,): record of each, rising.
        keys: int64 (n,): hashes.
    """
    longest = run = 0
    for i in range(len(rows)):
        run = run + 1 if i > 0 and rows[i] == rows[i - 1] else 1
        longest = max(longest, run)
    size = 16
    while size < 2 * longest:
        size *= 2
    # What is left of the records before is free room.
    seen, of, mask = np.zeros(size, np.int64), np.full(size, -1, np.int64), np.int64(size - 1)
    out = np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        at = keys[i] & mask
        while of[at] == rows[i] and seen[at] != keys[i]:
            at = at + 1 & mask
        out[n] = i
        n += np.int64(of[at] != rows[i])
        seen[at], of[at] = keys[i], rows[i]
    return out[:n].copy()


@njit(cache=True, nogil=True)
def by_share(rows: Short, keys: Ints, start: int, shares: int) -> tuple[Ints, Ints]:
    """Records and keys by the share of all keys that a key falls in: by bits that no sieve looks at.

    Args:
        rows: int32 (n,): record of each, counted from `start`.
        keys: int64 (n,): hashes.
        start: a number that is added to each record's.
        shares: how many shares there are, a power of two, 256 at most.

    Returns:
        Record and key of each, int64 (n, 2), in the order of rows within each share; and where each share begins, and the end,
        int64 (shares + 1,).
    """
    bounds, mask = np.zeros(shares + 1, np.int64), np.uint64(shares - 1)
    for i in range(len(keys)):
        bounds[1 + np.int64(np.uint64(keys[i]) >> np.uint64(56) & mask)] += 1
    for share in range(shares):
        bounds[share + 1] += bounds[share]
    filled, out = bounds.copy(), np.empty((len(keys), 2), np.int64)
    for i in range(len(keys)):
        share = np.int64(np.uint64(keys[i]) >> np.uint64(56) & mask)
        at = filled[share]
        out[at, 0], out[at, 1] = start + rows[i], keys[i]
        filled[share] = at + 1
    return out, bounds


@njit(cache=True, nogil=True, inline="always")
def _rank(often: int, key: np.int64) -> np.uint32:
    """Smaller for a rarer key, and by its upper bits among those that are as rare."""
    return np.uint32(often) << np.uint32(24) | np.uint32(np.uint64(key) >> np.uint64(40))


@njit(cache=True, nogil=True)
def stands(buckets: Buckets, keys: Ints) -> Bytes:
    """In about how many records each key stands, uint8 (n,): what a sieve counted that they were added to."""
    mask = np.int64(len(buckets) - 1)
    often = np.empty(len(keys), np.uint8)
    for i in range(len(keys)):
        often[i] = buckets[keys[i] & mask]
    return often


@njit(cache=True, nogil=True)
def rank(records: Short, keys: Ints, often: Bytes, most: int, rich: Counts, rarest: NDArray[np.uint32]) -> None:
    """Take note of some keys of records, in any order.

    Args:
        records: int32 (n,): record of each.
        keys: int64 (n,).
        often: uint8 (n,): in about how many records each key stands.
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
    records: Short, keys: Ints, often: Bytes, most: int, rich: Counts, rarest: NDArray[np.uint32], sizes: Counts, part: int
) -> Ints:
    """Indices of the rows that can lead to a pair with so much in common, int64 (m,).

    Of keys that stand in many records only a record's rarest few are left. A record is poor if its other keys are less than such a
    part of all that it has: what it has in common with another poor one can be enough by keys that stand in many. So its other rows
    are of use where a record that is not poor may have their key.

    Args:
        records: as for `rank`, rising.
        keys: as there.
        often: as there.
        most: as there.
        rich: as `rank` left it, when it had seen all keys.
        rarest: likewise.
        sizes: uint16: how many keys each record has.
        part: such as 3 for a third.
    """
    size = 64
    while size < 4 * len(keys):
        size *= 2
    marked, mask = np.zeros(size, np.bool_), np.int64(size - 1)
    few = rarest.shape[1]
    left = np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        record = records[i]
        # Written always and kept by counting on, since nobody could foretell the branch.
        left[n] = i
        kept = (often[i] > 1) & ((often[i] <= most) | (_rank(often[i], keys[i]) <= rarest[record, few - 1]))
        n += np.int64(kept)
        if kept and rich[record] * part >= sizes[record]:
            marked[keys[i] & mask] = True
    m = 0
    for i in left[:n]:
        left[m] = i
        m += np.int64((often[i] > most) | marked[keys[i] & mask])
    return left[:m].copy()


@njit(cache=True, nogil=True)
def partners(
    records: Short, keys: Ints, often: Bytes, reach: int, most: int, sizes: Counts, part: int
) -> tuple[Short, Short, Short, Short]:
    """Pairs of records that share keys, with what those keys count through which a few links lead from the later to the earlier one.

    Args:
        records: int32 (n,), rising.
        keys: int64 (n,).
        often: uint8 (n,): in about how many records each key stands.
        reach: how many links are followed from each row, and half as many where its key stands in more than twice as many records.
        most: of keys that stand in more records two are enough.
        sizes: uint16: how many keys each record has.
        part: left are pairs of which `enough` is true; 0 for all pairs.

    Returns:
        Earlier record, later record, number of shared keys, and for how many they count; int32 (m,) each, by the later one.
    """
    size = 16
    while size < 2 * len(keys):
        size *= 2
    slots = np.full(size, -1, np.int32)
    mask = np.int64(size - 1)
    before = np.empty(len(keys), np.int32)
    owner, other_of, count_of = np.full(2 * PARTNERS, -1, np.int32), np.empty(2 * PARTNERS, np.int32), np.empty(2 * PARTNERS, np.int32)
    met = np.empty(PARTNERS, np.int32)
    weight_of = np.empty(2 * PARTNERS, np.int32)
    first, second, shared, counted = np.empty(64, np.int32), np.empty(64, np.int32), np.empty(64, np.int32), np.empty(64, np.int32)
    n = partners = 0
    for i in range(len(keys)):
        record = records[i]
        at = keys[i] & mask
        while slots[at] >= 0 and keys[slots[at]] != keys[i]:
            at = at + 1 & mask
        row = slots[at]
        before[i] = row
        slots[at] = i
        steps = reach if often[i] <= 2 * reach else reach // 2
        weight = np.int32(1 if often[i] <= most else HEAVY)
        while row >= 0 and steps > 0:
            other = records[row]
            spot = np.int64(other) & np.int64(2 * PARTNERS - 1)
            while owner[spot] == record and other_of[spot] != other:
                spot = spot + 1 & np.int64(2 * PARTNERS - 1)
            if owner[spot] == record:
                count_of[spot] += 1
                weight_of[spot] += weight
            elif other != record and partners < PARTNERS:
                owner[spot], other_of[spot], count_of[spot], weight_of[spot] = record, other, 1, weight
                met[partners] = spot
                partners += 1
            row = before[row]
            steps -= 1
        if i + 1 == len(keys) or records[i + 1] != record:
            if n + partners > len(first):
                room = 2 * (n + partners)
                first, second = _grown(first, n, room), _grown(second, n, room)
                shared, counted = _grown(shared, n, room), _grown(counted, n, room)
            for k in range(partners):
                other = other_of[met[k]]
                first[n], second[n], shared[n], counted[n] = other, record, count_of[met[k]], weight_of[met[k]]
                n += np.int64(part == 0 or enough(shared[n], counted[n], min(sizes[record], sizes[other]), part))
            partners = 0
    return first[:n].copy(), second[:n].copy(), shared[:n].copy(), counted[:n].copy()


@njit(cache=True, nogil=True, inline="always")
def enough(shared: int, counted: int, size: int, part: int) -> bool:
    """Whether shared keys count for such a part of all that a record has, as 3 for a third; one that many have says nothing alone."""
    return counted * part >= size and (shared > 1 or counted == 1)


@njit(cache=True, nogil=True)
def add_up(pairs: Short, least: int, sizes: Counts, part: int) -> tuple[Short, Short]:
    """Pairs that share enough by all their keys, where `partners` saw the keys share by share.

    Args:
        pairs: int32 (n, 4): what `partners` gave for each share of some records, in any order.
        least: the smallest of the later records.
        sizes: uint16: how many keys each record has.
        part: as for `partners`.

    Returns:
        Earlier and later record of each, int32 (m,).
    """
    n = len(pairs)
    last = np.int64(least)
    for i in range(n):
        last = max(last, pairs[i, 1])
    begins = np.zeros(last - least + 2, np.int64)
    for i in range(n):
        begins[pairs[i, 1] - least + 1] += 1
    longest = 0
    for k in range(len(begins) - 1):
        longest = max(longest, begins[k + 1])
        begins[k + 1] += begins[k]
    filled, order = begins.copy(), np.empty(n, np.int64)
    for i in range(n):
        k = pairs[i, 1] - least
        order[filled[k]] = i
        filled[k] += 1
    room = 16
    while room < 2 * longest:
        room *= 2
    mask = np.int64(room - 1)
    owner, met = np.full(room, -1, np.int64), np.empty(longest, np.int64)
    of, shared, counted = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int64)
    first, second = np.empty(n, np.int32), np.empty(n, np.int32)
    found = 0
    for k in range(len(begins) - 1):
        partners = 0
        for i in order[begins[k] : begins[k + 1]]:
            other = pairs[i, 0]
            at = np.int64(other) & mask
            while owner[at] == k and of[at] != other:
                at = at + 1 & mask
            if owner[at] != k:
                owner[at], of[at], shared[at], counted[at] = k, other, 0, 0
                met[partners] = at
                partners += 1
            shared[at] += pairs[i, 2]
            counted[at] += pairs[i, 3]
        record = least + k
        for at in met[:partners]:
            first[found], second[found] = of[at], record
            found += np.int64(enough(shared[at], counted[at], min(sizes[record], sizes[of[at]]), part))
    return first[:found].copy(), second[:found].copy()


@njit(cache=True, nogil=True)
def _grown(column: Short, filled: int, room: int) -> Short:
    larger = np.empty(room, np.int32)
    larger[:filled] = column[:filled]
    return larger

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
Bytes = NDArray[np.uint8]

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


@njit(cache=True, nogil=True)
def partners(
    records: Short, ordinals: Short, numbers: Short, often: Bytes, reach: int, most: int, within: int, sizes: Counts, part: int
) -> tuple[Short, Short, Short, Short]:
    """Pairs of records that share keys, with what those keys count through which a few links lead from the later to the earlier one.

    What is found depends on which rows have which key, and on no other row.

    Args:
        records: int32 (n,), rising.
        ordinals: int32 (n,): of each row's record in the corpus, rising.
        numbers: int32 (n,): what each row's key is known by; -1 where no other row has it.
        often: uint8 (n,): in how many records each key stands, 255 at most.
        reach: how many links are followed from each row, and half as many where its key stands in more than twice as many records.
        most: of keys that stand in more records two are enough.
        within: of keys that stand in 255 records or more links do not lead out of so many records, so that these can be looked at
            some records at a time.
        sizes: uint16: how many keys each record has.
        part: left are pairs of which `enough` is true; 0 for all pairs.

    Returns:
        Earlier record, later record, number of shared keys, and for how many they count; int32 (m,) each, by the later one.
    """
    last_of = np.full(numbers.max() + 1 if len(numbers) else 0, -1, np.int32)
    before = np.empty(len(numbers), np.int32)
    owner, other_of, count_of, weight_of = _room(64)
    met = np.empty(64, np.int32)
    first, second, shared, counted = np.empty(64, np.int32), np.empty(64, np.int32), np.empty(64, np.int32), np.empty(64, np.int32)
    n = begin = 0
    while begin < len(records):
        record, end = records[begin], begin
        while end < len(records) and records[end] == record:
            end += 1
        # As small as these rows allow, since it is looked into once a link.
        room = 64
        while room < 2 * min((end - begin) * reach, record - records[0]):
            room *= 2
        if room > len(owner):
            owner, other_of, count_of, weight_of = _room(room)
            met = np.empty(room, np.int32)
        mask = np.int64(room - 1)
        partners = 0
        for i in range(begin, end):
            if numbers[i] < 0:
                continue
            row = last_of[numbers[i]]
            before[i] = row
            last_of[numbers[i]] = i
            steps = reach if often[i] <= 2 * reach else reach // 2
            weight = np.int32(1 if often[i] <= most else HEAVY)
            least = ordinals[i] - ordinals[i] % within if often[i] == 255 else 0
            while row >= 0 and steps > 0 and ordinals[row] >= least:
                other = records[row]
                spot = np.int64(other) & mask
                while owner[spot] == record and other_of[spot] != other:
                    spot = spot + 1 & mask
                if owner[spot] == record:
                    count_of[spot] += 1
                    weight_of[spot] += weight
                elif other != record:
                    owner[spot], other_of[spot], count_of[spot], weight_of[spot] = record, other, 1, weight
                    met[partners] = spot
                    partners += 1
                row = before[row]
                steps -= 1
        if n + partners > len(first):
            longer = 2 * (n + partners)
            first, second = _grown(first, n, longer), _grown(second, n, longer)
            shared, counted = _grown(shared, n, longer), _grown(counted, n, longer)
        for k in range(partners):
            other = other_of[met[k]]
            first[n], second[n], shared[n], counted[n] = other, record, count_of[met[k]], weight_of[met[k]]
            n += np.int64(part == 0 or enough(shared[n], counted[n], min(sizes[record], sizes[other]), part))
        begin = end
    return first[:n].copy(), second[:n].copy(), shared[:n].copy(), counted[:n].copy()


@njit(cache=True, nogil=True)
def _room(size: int) -> tuple[Short, Short, Short, Short]:
    return np.full(size, -1, np.int32), np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32)


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

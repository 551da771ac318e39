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


@njit(cache=True, nogil=True, inline="always")
def _share(key: np.int64, shares: int) -> int:
    """Which of some shares of all keys, a power of two, a key falls in: by bits that no sieve looks at."""
    return int(np.uint64(key) >> np.uint64(56)) & (shares - 1)


@njit(cache=True, nogil=True)
def count_keys(buckets: Buckets, rows: Short, keys: Ints, wanted: NDArray[np.bool_], share: int, shares: int) -> None:
    """Count the keys of some records in the buckets of a sieve, as `sieve.add` does.

    Args:
        buckets: of the sieve.
        rows: int32 (n,): index of each row's record into `wanted`.
        keys: int64 (n,).
        wanted: bool: which records count.
        share: only keys of this share of all,
        shares: of so many.
    """
    mask = np.int64(len(buckets) - 1)
    for i in range(len(keys)):
        if _share(keys[i], shares) == share and wanted[rows[i]]:
            at = keys[i] & mask
            buckets[at] += np.uint8(buckets[at] != 255)


@njit(cache=True, nogil=True)
def telling(
    buckets: Buckets, rows: Short, keys: Ints, wanted: NDArray[np.bool_], sizes: Counts, share: int, shares: int, most: int, few: int
) -> tuple[Ints, Bytes]:
    """The rows whose keys tell records apart and stand in more than one: of keys that stand in more than `most` only the rarest.

    Args:
        buckets: of a sieve that `count_keys` filled.
        rows: as there, rising.
        keys: as there.
        wanted: as there.
        sizes: uint16, of each record: all its keys are added, those that are left out included.
        share: as there.
        shares: as there.
        most: as above.
        few: how many of each record's keys that stand in more than `most` records are left, the rarest, and of those the smallest.

    Returns:
        Their indices, by record, int64 (m,); in about how many records each key stands, uint8 (m,).
    """
    mask = np.int64(len(buckets) - 1)
    out, often = np.empty(len(keys) + few, np.int64), np.empty(len(keys) + few, np.uint8)
    rarest, ranks = np.empty(few + 1, np.int64), np.empty(few + 1, np.uint64)
    n = held = 0
    last = np.int32(-1)
    for i in range(len(keys)):
        record = rows[i]
        if not wanted[record] or _share(keys[i], shares) != share:
            continue
        if record != last:
            for k in range(held):
                out[n], often[n] = rarest[k], ranks[k] >> np.uint64(56)
                n += 1
            last, held = record, 0
        sizes[record] += np.uint16(sizes[record] != 65535)
        stands = buckets[keys[i] & mask]
        # Written always and kept by counting on, since nobody could foretell the branch.
        out[n], often[n] = i, stands
        n += np.int64((stands > 1) & (stands <= most))
        if stands > most:
            rank = np.uint64(stands) << np.uint64(56) | np.uint64(keys[i]) >> np.uint64(8)
            if held < few or rank < ranks[held - 1]:
                place = held
                while place > 0 and ranks[place - 1] > rank:
                    rarest[place], ranks[place] = rarest[place - 1], ranks[place - 1]
                    place -= 1
                rarest[place], ranks[place] = i, rank
                held = min(held + 1, few)
    for k in range(held):
        out[n], often[n] = rarest[k], ranks[k] >> np.uint64(56)
        n += 1
    return out[:n].copy(), often[:n].copy()


@njit(cache=True, nogil=True)
def useful(records: Short, keys: Ints, often: Bytes, sizes: Counts, most: int, part: int) -> Ints:
    """Indices of the rows that can lead to a pair with so much in common, int64 (m,).

    A record is poor if its keys that stand in at most `most` records are less than such a part of all that it has: what it has in
    common with another poor one can be enough by keys that stand in more. So its other rows are of use where a record that is not
    poor may have their key.

    Args:
        records: int32 (n,), rising.
        keys: int64 (n,).
        often: uint8 (n,): in about how many records each key stands.
        sizes: uint16: how many keys each record has.
        most: as above.
        part: as above, such as 3 for a third.
    """
    size = 64
    while size < 4 * len(keys):
        size *= 2
    marked, mask = np.zeros(size, np.bool_), np.int64(size - 1)
    rich = np.zeros(len(sizes), np.uint16)
    for i in range(len(keys)):
        rich[records[i]] += np.uint16(often[i] <= most)
    for i in range(len(keys)):
        if rich[records[i]] * part >= sizes[records[i]]:
            marked[keys[i] & mask] = True
    out = np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        out[n] = i
        n += np.int64((often[i] > most) | marked[keys[i] & mask])
    return out[:n].copy()


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
def _grown(column: Short, filled: int, room: int) -> Short:
    larger = np.empty(room, np.int32)
    larger[:filled] = column[:filled]
    return larger


@njit(cache=True, nogil=True, inline="always")
def root_of(least: Short, member: int) -> int:
    """The smallest member of a member's group, on whose way each step is halved."""
    while least[member] != member:
        least[member] = least[least[member]]
        member = least[member]
    return member


@njit(cache=True, nogil=True, inline="always")
def _join(least: Short, one: int, other: int) -> None:
    a, b = root_of(least, one), root_of(least, other)
    least[max(a, b)] = min(a, b)


@njit(cache=True, nogil=True)
def _settle(least: Short) -> None:
    # Nobody's parent is greater than themselves, so that one pass in order does.
    for i in range(len(least)):
        least[i] = least[least[i]]


@njit(cache=True, nogil=True)
def unite(least: Short, left: Short, right: Short) -> None:
    """Join groups: union-find with halved paths, where the smallest member stands for its group (Tarjan and van Leeuwen 1984).

    Args:
        least: int32 (members,): for each the smallest member of its group, at first itself; it is changed.
        left: int32 (n,): a member of each pair to join.
        right: int32 (n,): the other.
    """
    for i in range(len(left)):
        _join(least, left[i], right[i])
    _settle(least)


@njit(cache=True, nogil=True)
def unite_with_whole(least: Short, part: Short, whole: Short, run: Ints) -> None:
    """Join parts with the whole that holds them, unless that holds parts of several groups, such as a round-up of the day.

    Args:
        least: as for `unite`.
        part: int32 (n,): the smaller member of each pair.
        whole: int32 (n,): the larger one.
        run: int64 (m + 1,): where the pairs of each whole begin, and the end. Wholes that are parts of others must come before them.
    """
    for k in range(len(run) - 1):
        root = root_of(least, part[run[k]])
        same = True
        for i in range(run[k], run[k + 1]):
            same &= root_of(least, part[i]) == root
        if same:
            for i in range(run[k], run[k + 1]):
                _join(least, part[i], whole[i])
    _settle(least)

"""Numbers of records as sets: rising, each number once, those of one record after those of the one before."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import lean

Ints = NDArray[np.int64]
Numbers = NDArray[np.uint32]

#: Places that numbers are first put to, at most: as many as a set has numbers, so that few share one.
_PLACES = 1 << 16


@njit(cache=True, nogil=True)
def both_sets(records: int, one_of: Ints, one: Ints, other_of: Ints, other: Ints) -> tuple[Numbers, Ints]:
    """Two sets for each record, one after the other, of the upper halves of hashes.

    Args:
        records: how many there are.
        one_of: int64 (n,): record of each hash for the first sets, rising.
        one: int64 (n,): the hashes, whose upper halves are well mixed.
        other_of: int64 (m,): likewise for the second sets.
        other: int64 (m,).

    Returns:
        The numbers of all sets, rising in each, uint32; and how many each has, int64 (2 records,).
    """
    out, sizes = np.empty(len(one) + len(other), np.uint32), np.zeros(2 * records, np.int64)
    longest = max(_longest(one_of), _longest(other_of))
    held, counts = np.empty(longest, np.uint32), np.empty(_places(longest) + 1, np.int32)
    i = j = n = 0
    for record in range(records):
        begin = i
        while i < len(one) and one_of[i] == record:
            i += 1
        sizes[2 * record] = _sorted(one, begin, i, held, counts, out, n)
        n += sizes[2 * record]
        begin = j
        while j < len(other) and other_of[j] == record:
            j += 1
        sizes[2 * record + 1] = _sorted(other, begin, j, held, counts, out, n)
        n += sizes[2 * record + 1]
    return out[:n].copy(), sizes


@lean
def _longest(of: Ints) -> int:
    longest = run = 0
    for i in range(len(of)):
        run = run + 1 if i > 0 and of[i] == of[i - 1] else 1
        longest = max(longest, run)
    return longest


@lean
def _places(count: int) -> int:
    places = 1
    while places < count and places < _PLACES:
        places *= 2
    return places


@lean
def _sorted(hashes: Ints, begin: int, end: int, held: Numbers, counts: NDArray[np.int32], out: Numbers, n: int) -> int:
    """Write the upper halves of some hashes into `out` from the n-th on, rising and each once, and say how many.

    Mixed numbers are nearly in order once each is put to the place that its upper bits name, so that hardly any is moved again
    (a distributive partitioning sort, Dobosiewicz 1978).
    """
    if begin == end:
        return 0
    places = _places(end - begin)
    shift = np.uint64(64)
    while places >> (np.int64(64) - np.int64(shift)) > 1:
        shift -= np.uint64(1)
    for k in range(places + 1):
        counts[k] = 0
    for i in range(begin, end):
        counts[np.int64(np.uint64(hashes[i]) >> shift) + 1 if places > 1 else 1] += 1
    for k in range(places):
        counts[k + 1] += counts[k]
    for i in range(begin, end):
        k = np.int64(np.uint64(hashes[i]) >> shift) if places > 1 else 0
        held[counts[k]] = np.uint32(np.uint64(hashes[i]) >> np.uint64(32))
        counts[k] += 1
    found = n
    for i in range(end - begin):
        value = held[i]
        at = found
        while at > n and out[at - 1] > value:
            at -= 1
        if at > n and out[at - 1] == value:
            continue
        for k in range(found, at, -1):
            out[k] = out[k - 1]
        out[at] = value
        found += 1
    return found - n

"""Our own 64-bit hashes: the same on every machine and in every version, signed so that SQL engines take them.

FNV-1a over bytes or code points (Fowler, Noll, Vo), finished with the mixer of SplitMix64 (Steele et al. 2014),
whose output passes the avalanche test that bare FNV fails in its high bits.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import load8

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

BASIS = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)

#: An odd factor with bits in all its bytes, where more than one byte comes in at a time.
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True, inline="always")
def finish(h: np.uint64) -> np.int64:
    """Mix all bits of a running hash into all others."""
    h ^= h >> np.uint64(30)
    h *= np.uint64(0xBF58476D1CE4E5B9)
    h ^= h >> np.uint64(27)
    h *= np.uint64(0x94D049BB133111EB)
    h ^= h >> np.uint64(31)
    return np.int64(h)


@njit(cache=True, nogil=True)
def hash_ranges(data: Bytes, start: Ints, end: Ints) -> Ints:
    """Hash of each byte range, int64 (n,); white space is left out, so that re-flowed evidence keeps its hash."""
    out = np.empty(len(start), np.int64)
    for i in range(len(start)):
        h = BASIS
        for j in range(start[i], end[i]):
            b = data[j]
            if b > 32:
                h = (h ^ np.uint64(b)) * PRIME
        out[i] = finish(h)
    return out


@njit(cache=True, nogil=True)
def hash_bytes(data: Bytes, start: Ints, end: Ints) -> Ints:
    """Hash of each byte range as it stands, int64 (n,): eight bytes a step, and its length."""
    out = np.empty(len(start), np.int64)
    for i in range(len(start)):
        at, h = start[i], BASIS ^ np.uint64(end[i] - start[i])
        while at + 8 <= end[i]:
            h = (h ^ load8(data, at)) * _FACTOR
            h ^= h >> np.uint64(29)
            at += 8
        while at < end[i]:
            h = (h ^ np.uint64(data[at])) * PRIME
            at += 1
        out[i] = finish(h)
    return out


@njit(cache=True, nogil=True)
def hash_groups(groups: Ints, width: int, values: Ints, count: int) -> Ints:
    """Hash of the numbers of each group, in their order and with their place within it, int64 (count,).

    Args:
        groups: int64 (n,): `group * width + place` of each number.
        width: places of a group.
        values: int64 (n,): the numbers.
        count: how many groups there are.
    """
    out = np.full(count, np.int64(BASIS), np.int64)
    for i in range(len(groups)):
        group, place = groups[i] // width, groups[i] % width
        h = (np.uint64(out[group]) ^ np.uint64(place)) * PRIME ^ np.uint64(values[i])
        out[group] = np.int64(h * _FACTOR ^ h >> np.uint64(29))
    for i in range(count):
        out[i] = finish(np.uint64(out[i]))
    return out


@njit(cache=True, nogil=True)
def trim(data: Bytes, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Each byte range without the ASCII white space and no-break spaces at its ends, int64 (n,) both."""
    lows, highs = start.copy(), end.copy()
    for i in range(len(start)):
        low, high = start[i], end[i]
        while low < high:
            if data[low] <= 0x20:
                low += 1
            elif data[low] == 0xC2 and low + 1 < high and data[low + 1] == 0xA0:
                low += 2
            else:
                break
        while high > low:
            if data[high - 1] <= 0x20:
                high -= 1
            elif data[high - 1] == 0xA0 and high - 2 >= low and data[high - 2] == 0xC2:
                high -= 2
            else:
                break
        lows[i], highs[i] = low, high
    return lows, highs


@njit(cache=True, nogil=True)
def combine(left: Ints, right: Ints) -> Ints:
    """Hash of two hashes in their order, int64 (n,)."""
    out = np.empty(len(left), np.int64)
    for i in range(len(left)):
        out[i] = finish(((np.uint64(left[i]) ^ BASIS) * PRIME) ^ np.uint64(right[i]) * _FACTOR)
    return out


def hash_text(text: str) -> int:
    """`hash_ranges` of one string, as a signed 64-bit integer."""
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    return int(hash_ranges(data, np.zeros(1, np.int64), np.array([len(data)], np.int64))[0])

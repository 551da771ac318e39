"""The numbers in texts: what templates of weather and markets have for facts."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.hashing import BASIS, PRIME, finish

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: What no digit has for its value.
NO_DIGIT = 255


@lru_cache(maxsize=1)
def digits() -> Bytes:
    """The value of each decimal digit of the plane, in whatever script; `NO_DIGIT` for all other code points: uint8 (65536,)."""
    return np.array([unicodedata.decimal(chr(point), NO_DIGIT) for point in range(0x10000)], np.uint8)


@njit(cache=True, nogil=True)
def numbers_of(data: Bytes, starts: Ints, ends: Ints, values: Bytes) -> tuple[Ints, Ints]:
    """The runs of digits of byte ranges: the range each stands in, and a hash of its digits; int64 (n,) both.

    Args:
        data: uint8: UTF-8.
        starts: int64 (m,): first byte of each range.
        ends: int64 (m,): byte after its last.
        values: what `digits` gives.
    """
    room = 64
    for i in range(len(starts)):
        room += (ends[i] - starts[i]) // 2 + 1
    which, hashes = np.empty(room, np.int64), np.empty(room, np.int64)
    n = 0
    for i in range(len(starts)):
        at, h, inside = starts[i], BASIS, False
        while at < ends[i]:
            point, width = decode(data, at)
            value = values[point] if point < 0x10000 else np.uint8(NO_DIGIT)
            if value != NO_DIGIT:
                h = (h ^ np.uint64(value + np.uint8(1))) * PRIME
                inside = True
            elif inside:
                which[n], hashes[n] = i, finish(h)
                n += 1
                h, inside = BASIS, False
            at += width
        if inside:
            which[n], hashes[n] = i, finish(h)
            n += 1
    return which[:n].copy(), hashes[:n].copy()

"""Keys that stand more than once among very many, told by two bits each: what stands once need not be looked at again.

A counting Bloom filter as `sieve.py` has, which counts to two alone and so has room for four times as many keys.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Short = NDArray[np.int32]
Flags = NDArray[np.bool_]
Bits = NDArray[np.uint8]

#: Bytes at most, and places for each key, if there is room.
MOST, ROOM = 1 << 26, 4

#: Bits of a key that others go by: a sieve looks at the lowest ones, and would let through what this did without cause.
_BELOW = 20


def places(keys: int) -> Bits:
    """Room for about so many keys."""
    return np.zeros(min(max(1 << (keys * ROOM // 4).bit_length(), 16), MOST), np.uint8)


@njit(cache=True, nogil=True, inline="always")
def _place(key: np.int64, mask: np.int64) -> tuple[np.int64, np.uint8]:
    at = key >> _BELOW & mask
    return at >> 2, np.uint8(2 * (at & 3))


@njit(cache=True, nogil=True)
def add_twice(bits: Bits, rows: Short, keys: Ints, wanted: Flags) -> None:
    """Count keys of some records: none, one, several.

    Args:
        bits: what `places` gave.
        rows: int32 (n,): index of each row's record into `wanted`.
        keys: int64 (n,).
        wanted: bool: which records count.
    """
    mask = np.int64(4 * len(bits) - 1)
    for i in range(len(keys)):
        if wanted[rows[i]]:
            at, shift = _place(keys[i], mask)
            stands = bits[at] >> shift & np.uint8(3)
            bits[at] += np.uint8(stands < 2) << shift


@njit(cache=True, nogil=True)
def twice(bits: Bits, rows: Short, keys: Ints, wanted: Flags, sizes: NDArray[np.uint16]) -> Ints:
    """Indices of the rows whose keys may stand in several records: all that do, and few others; int64 (m,), rising.

    Args:
        bits: what `add_twice` filled.
        rows: as there.
        keys: as there.
        wanted: as there.
        sizes: uint16, of each record: all its keys are added.
    """
    mask = np.int64(4 * len(bits) - 1)
    out = np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        if wanted[rows[i]]:
            sizes[rows[i]] += np.uint16(sizes[rows[i]] != 65535)
            at, shift = _place(keys[i], mask)
            out[n] = i
            n += np.int64(bits[at] >> shift & np.uint8(3) > 1)
    return out[:n].copy()

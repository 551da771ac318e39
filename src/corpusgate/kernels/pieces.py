"""Pieces of text that are the same, byte for byte, found by hashes that need not tell all of them apart."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


@njit(cache=True, nogil=True, inline="always")
def _same(data: Bytes, one: int, other: int, size: int) -> bool:
    # All bytes are looked at, many at a time: most pieces that come here are the same.
    differ = np.uint8(0)
    for k in range(size):
        differ |= data[one + k] ^ data[other + k]
    return bool(differ == 0)


@njit(cache=True, nogil=True)
def distinct_pieces(keys: Ints, data: Bytes, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The index of the first of each distinct piece, in their order, and for each piece which of them it is; int64.

    Args:
        keys: int64 (n,): hashes, the same for the same bytes, and for few others.
        data: uint8: what the pieces are of.
        start: int64 (n,): first byte of each.
        end: int64 (n,): byte after its last.
    """
    size = 16
    while size < 2 * len(keys):
        size *= 2
    slots, mask = np.full(size, -1, np.int32), np.int64(size - 1)
    first, which = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        at, length = keys[i] & mask, end[i] - start[i]
        while slots[at] >= 0:
            known = first[slots[at]]
            if keys[known] == keys[i] and end[known] - start[known] == length and _same(data, start[known], start[i], length):
                break
            at = at + 1 & mask
        if slots[at] < 0:
            slots[at] = n
            first[n] = i
            n += 1
        which[i] = slots[at]
    return first[:n].copy(), which

"""Where chunks of text stand, the bytes from white space to white space, and a key for each.

White space is found 64 bytes at a time, as bits of one word (Langdale and Lemire 2019 find structure in JSON so), and
nothing waits for the end of the chunk before: a processor works on several of them at once.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import lean, least64, load8, ones, prefetch, product, zeros

Bytes = NDArray[np.uint8]
Points = NDArray[np.int32]
Words = NDArray[np.uint64]

#: Numbers that are kept of a chunk, the first of which is its key.
WIDTH = 4
#: Rows that must be there beyond those that are filled.
SPARE = 4

_ZERO, _ONE, _LAST, _SLOT_AT = np.uint64(0), np.uint64(1), np.uint64(63), np.uint64(20)
_A, _B, _D = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB), np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True, inline="always")
def key_of(data: Bytes, begin: int, end: int) -> np.uint64:
    """A hash of the bytes of a chunk, of which there is at least one; it is not 0.

    Up to 16 bytes, which most chunks have, are taken with two loads that overlap, without branches on their number.
    """
    length = end - begin
    # Of less than eight bytes both loads are the same, and what stands behind the chunk is shifted out.
    out = np.uint64(max(8 - length, 0) << 3)
    last = begin + max(length - 8, 0)
    h = product(load8(data, begin) << out ^ _A, load8(data, last) << out ^ _B ^ np.uint64(length))
    at = begin + 8
    while at + 8 < last:
        h = product(h ^ load8(data, at), _A)
        at += 8
    if at < last:
        h = product(h ^ load8(data, last - 8), _B)
    return h * _D | _ONE


@njit(cache=True, nogil=True, inline="always")
def slot_of(key: np.uint64, known: Words) -> np.uint64:
    """The first of the `WIDTH` numbers that are known of a chunk, if it is."""
    return key >> _SLOT_AT & np.uint64(len(known) - WIDTH)


@lean
def chunks(data: Bytes, start: int, size: int, begins: Points, ends: Points, keys: Words, known: Words) -> int:
    """Find the chunks of a segment, at whose end a blank stands, and say how many there are.

    Args:
        data: the haystack's bytes.
        start: first byte of the segment.
        size: how many bytes it has.
        begins: room for the first byte of each, counted from `start`; a chunk takes two bytes at least.
        ends: room for the byte after its last.
        keys: room for `key_of` each.
        known: what is known of chunks, by `slot_of` their keys; it is brought near.
    """
    n = ended = at = 0
    before = _ZERO
    while at < size:
        solid = least64(data, start + at, 33)
        if size - at < 64:
            solid &= (_ONE << np.uint64(size - at)) - _ONE
        shifted = solid << _ONE | before
        before = solid >> _LAST
        first, last = solid & ~shifted, shifted & ~solid
        # Four at a time, since how many there are nobody can foretell; those too many are written over.
        i = n
        n += ones(first)
        while first:
            for _ in range(4):
                begins[i] = at + zeros(first)
                first &= first - _ONE
                i += 1
        i = ended
        ended += ones(last)
        while last:
            for _ in range(4):
                ends[i] = at + zeros(last)
                last &= last - _ONE
                i += 1
        at += 64
    if ended < n:
        ends[ended] = size
    for i in range(n):
        key = key_of(data, start + begins[i], start + ends[i])
        keys[i] = key
        prefetch(known, slot_of(key, known))
    return n

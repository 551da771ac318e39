"""Yeh and kaf, which Arabic and Persian write with code points of their own that look alike within a word."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import same64, zeros

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

# Second bytes of UTF-8: U+064A and U+0643 behind D9, U+06CC and U+06A9 behind DB and DA.
_YEH, _KAF, _PERSIAN_YEH, _KEHEH = 0x8A, 0x83, 0x8C, 0xA9
_ARABIC_LEAD, _YEH_LEAD, _KAF_LEAD = 0xD9, 0xDB, 0xDA


@njit(cache=True, nogil=True)
def of_the_other(data: Bytes, starts: Ints, ends: Ints, persian: bool) -> Ints:
    """The first word of each line with a yeh or kaf of the other language: int64 (n, 3) of segment, first byte, byte after.

    A word is what stands between bytes below 0x80.

    Args:
        data: haystack bytes, `machine.PADDING` readable ones behind the last segment.
        starts: int64 (segments,): first byte of each segment.
        ends: int64 (segments,): byte after each.
        persian: whether the text is Persian, and the letters looked for are those of Arabic.
    """
    # Room for the most there can be, which costs nothing until it is written to; an array that grows would be slow to use.
    found = np.empty(((ends - starts).sum() // 3 + len(starts), 3), np.int64)
    rare = (_YEH, _KAF) if persian else (_YEH_LEAD, _KAF_LEAD)
    n = 0
    for segment in range(len(starts)):
        low, end = int(starts[segment]), int(ends[segment])
        at = low
        while at < end:
            # In the text of one language, bytes of the other are rare: those that do not occur are passed 64 at a time.
            bits = same64(data, at, rare[0]) | same64(data, at, rare[1])
            next_at = at + 64
            while bits != np.uint64(0):
                place = at + zeros(bits)
                bits &= bits - np.uint64(1)
                if place >= end:
                    break
                if persian:
                    hit = place > low and data[place - 1] == _ARABIC_LEAD
                else:
                    second = int(data[place + 1]) if place + 1 < end else 0
                    hit = second == (_PERSIAN_YEH if data[place] == _YEH_LEAD else _KEHEH)
                if hit:
                    first = last = place
                    while first > low and data[first - 1] >= 0x80:
                        first -= 1
                    while last < end and data[last] >= 0x80:
                        last += 1
                    found[n, 0], found[n, 1], found[n, 2] = segment, first, last
                    n += 1
                    while last < end and data[last] != 10:
                        last += 1
                    next_at = last
                    break
            at = next_at
    return found[:n]

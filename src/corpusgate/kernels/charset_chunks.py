"""Where the pieces of a text begin and end that are looked at together for a wrong character set, and what is around them.

A *chunk* is what stands between two pieces of white space and holds a character beyond ASCII, at most `LONGEST`
code points of it.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.charset_text import is_white
from corpusgate.kernels.chunk_marks import SCRIPT_SHIFT

Bytes = NDArray[np.uint8]

#: Longest chunk in code points; scripts without spaces are cut into pieces of this size.
LONGEST = 240
#: Bytes within which the letters around a chunk are looked for.
_NEAR = 48


@njit(cache=True, nogil=True, inline="always")
def _is_far_eastern(point: int) -> bool:
    """Whether a code point is Han, kana, Hangul or their punctuation, which are written without spaces."""
    return 0x2E80 <= point < 0xD800 or 0xF900 <= point < 0xFB00 or 0xFF01 <= point < 0xFFE7


@njit(cache=True, nogil=True, inline="always")
def _is_western(point: int) -> bool:
    """Whether a code point is a letter or sign of Latin-1, of which double-byte text read as windows-1252 is made."""
    return 0xA1 <= point <= 0xFF or point == 0x201A or point == 0x0192 or point == 0x02C6


@njit(cache=True, nogil=True)
def _western_run(data: Bytes, at: int, end: int) -> bool:
    """Whether such a character begins here and another follows it, or the one after."""
    point, size = decode(data, at)
    if not _is_western(point):
        return False
    i = at + size
    for _ in range(2):
        if i >= end:
            return False
        point, size = decode(data, i)
        if _is_western(point):
            return True
        i += size
    return False


@njit(cache=True, nogil=True)
def next_chunk(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """The next chunk of `data[at:end]`: its first byte and the byte after it, (end, end) if there is none.

    Between characters of the Far East, which are written without spaces, Western ones are a chunk of their own.
    """
    i = at
    while i < end:
        if data[i] < 0x80:
            i += 1
        elif is_white(decode(data, i)[0]):
            i += 3
        else:
            break
    if i >= end:
        return end, end
    start = i
    while start > at and i - start < 64 and 32 < data[start - 1] < 0x80:
        start -= 1
    count = i - start
    far = western = False
    while i < end and count < LONGEST:
        point, size = decode(data, i)
        if is_white(point):
            break
        if _is_far_eastern(point):
            if western:
                break
            far = True
        elif point >= 0x80 and (far or not western) and _western_run(data, i, end):
            if far:
                break
            western = True
        i += size
        count += 1
    return start, i


@njit(cache=True, nogil=True)
def surroundings(data: Bytes, low: int, high: int, start: int, stop: int, codes: NDArray[np.uint16]) -> int:
    """The script of the nearest letters before and after a chunk, 0 where there are none or two different ones."""
    left = right = 0
    i = start - 1
    while i >= low and start - i < _NEAR and left == 0:
        if data[i] & 0xC0 != 0x80:
            point = decode(data, i)[0]
            left = int(codes[point]) >> SCRIPT_SHIFT & 7 if point < 0x10000 else 0
        i -= 1
    i = stop
    while i < high and i - stop < _NEAR and right == 0:
        point, size = decode(data, i)
        right = int(codes[point]) >> SCRIPT_SHIFT & 7 if point < 0x10000 else 0
        i += size
    if left and right and left != right:
        return 0
    return left or right


@njit(cache=True, nogil=True, inline="always")
def is_cut(data: Bytes, at: int, end: int) -> bool:
    """Whether a segment ends here or white space follows."""
    return at >= end or is_white(decode(data, at)[0])


@njit(cache=True, nogil=True)
def token_around(data: Bytes, low: int, end: int, at: int) -> tuple[int, int]:
    """The piece between white space around a byte position, at most `LONGEST` code points of it, as `next_chunk` cuts it."""
    western = _western_run(data, at, end)
    start = at
    count = 0
    while start > low and count < LONGEST // 2:
        i = start - 1
        while i > low and data[i] & 0xC0 == 0x80:
            i -= 1
        point = decode(data, i)[0]
        if is_white(point) or (western and _is_far_eastern(point)):
            break
        start = i
        count += 1
    stop = at
    while stop < end and count < LONGEST:
        point, size = decode(data, stop)
        if is_white(point) or (western and _is_far_eastern(point)):
            break
        stop += size
        count += 1
    return start, stop

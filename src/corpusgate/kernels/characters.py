"""Tables over the Basic Multilingual Plane that kernels look characters up in, made once a process.

`WORD` follows general categories L, M and N. Scripts written without spaces are left out of it, since
a phrase may stand inside a run of their letters (UAX #29 asks for a dictionary there).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

BMP = 0x10000
LETTER_OR_DIGIT = 1
WORD = 2
MARK = 4
SENTENCE = 8
ARABIC = 16

#: Ranges written without spaces, or with particles glued on: Thai, Lao, Burmese, Hangul Jamo, Khmer, kana, Han, Hangul.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1100, 0x11FF),
    (0x1780, 0x17FF),
    (0x2E80, 0x9FFF),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
)
_SENTENCE_MARKS = (
    ".!?;:,|"
    + "\N{ARABIC COMMA}\N{ARABIC SEMICOLON}\N{ARABIC QUESTION MARK}"
    + (
        "\N{IDEOGRAPHIC FULL STOP}\N{IDEOGRAPHIC COMMA}\N{FULLWIDTH COMMA}\N{FULLWIDTH FULL STOP}\N{FULLWIDTH EXCLAMATION MARK}"
        "\N{FULLWIDTH QUESTION MARK}\N{FULLWIDTH SEMICOLON}\N{FULLWIDTH COLON}\N{HORIZONTAL ELLIPSIS}\N{DEVANAGARI DANDA}"
        "\N{ARABIC FULL STOP}"
    )
)


@lru_cache(maxsize=1)
def classes() -> Bytes:
    """One byte of flags for each code point of the plane, shape (65536,)."""
    table = np.zeros(BMP, np.uint8)
    for point in range(BMP):
        category = unicodedata.category(chr(point))[0]
        if category in "LN":
            table[point] = LETTER_OR_DIGIT | WORD
        elif category == "M":
            table[point] = WORD | MARK
    for low, high in _UNSPACED:
        table[low : high + 1] &= ~np.uint8(WORD)
    for mark in _SENTENCE_MARKS:
        table[ord(mark)] |= SENTENCE
    for low, high in ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF)):
        table[low : high + 1] |= ARABIC
    return table


@njit(cache=True, nogil=True, inline="always")
def decode(data: Bytes, at: int) -> tuple[int, int]:
    """The code point at a byte position of valid UTF-8, and the bytes it takes."""
    b = data[at]
    if b < 0x80:
        return int(b), 1
    if b < 0xE0:
        return (int(b) & 0x1F) << 6 | int(data[at + 1]) & 0x3F, 2
    if b < 0xF0:
        return (int(b) & 0x0F) << 12 | (int(data[at + 1]) & 0x3F) << 6 | int(data[at + 2]) & 0x3F, 3
    return (int(b) & 0x07) << 18 | (int(data[at + 1]) & 0x3F) << 12 | (int(data[at + 2]) & 0x3F) << 6 | int(data[at + 3]) & 0x3F, 4


@njit(cache=True, nogil=True, inline="always")
def before(data: Bytes, at: int, low: int) -> int:
    """The code point that ends at a byte position, or -1 at the start of the segment `low`."""
    if at <= low:
        return -1
    i = at - 1
    while i > low and data[i] & 0xC0 == 0x80:
        i -= 1
    return decode(data, i)[0]


@njit(cache=True, nogil=True, inline="always")
def flags(table: Bytes, point: int) -> int:
    """Flags of a code point; those beyond the plane count as letters (mostly ideographs and old scripts)."""
    if point < 0:
        return 0
    return int(table[point]) if point < 0x10000 else 1


@njit(cache=True, nogil=True)
def whole_words(data: Bytes, table: Bytes, lows: Ints, highs: Ints, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Which ranges begin and end at word borders, so that «comments» is not found in «commentsection».

    Args:
        data: haystack bytes.
        table: `classes()`.
        lows: int64 (n,): first byte of the segment of each range.
        highs: int64 (n,): byte after that segment.
        start: int64 (n,): first byte of each range.
        end: int64 (n,): byte after each range.
    """
    out = np.empty(len(start), np.bool_)
    for i in range(len(start)):
        first = flags(table, decode(data, start[i])[0])
        last = flags(table, before(data, end[i], lows[i]))
        left = flags(table, before(data, start[i], lows[i]))
        right = flags(table, decode(data, end[i])[0]) if end[i] < highs[i] else 0
        out[i] = not (first & 2 and left & 2) and not (last & 2 and right & 2)
    return out


@njit(cache=True, nogil=True)
def neighbours(data: Bytes, lows: Ints, highs: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The code points before and behind each range, int64 (n,) both, -1 where its segment begins or ends.

    Args:
        data: haystack bytes.
        lows: int64 (n,): first byte of the segment of each range.
        highs: int64 (n,): byte after that segment.
        start: int64 (n,): first byte of each range.
        end: int64 (n,): byte after each range.
    """
    left, right = np.empty(len(start), np.int64), np.empty(len(start), np.int64)
    for i in range(len(start)):
        left[i] = before(data, start[i], lows[i])
        right[i] = decode(data, end[i])[0] if end[i] < highs[i] else -1
    return left, right


@njit(cache=True, nogil=True)
def count_class(data: Bytes, table: Bytes, start: Ints, end: Ints, flag: int) -> Ints:
    """How many code points of a class each byte range holds, int64 (n,)."""
    out = np.zeros(len(start), np.int64)
    for i in range(len(start)):
        at = start[i]
        while at < end[i]:
            point, size = decode(data, at)
            if flags(table, point) & flag:
                out[i] += 1
            at += size
    return out


@njit(cache=True, nogil=True)
def holds_class(data: Bytes, table: Bytes, start: Ints, end: Ints, flag: int) -> NDArray[np.bool_]:
    """Whether each byte range holds a code point of a class, bool (n,); its last one, where sentences end, is looked at first."""
    out = np.zeros(len(start), np.bool_)
    for i in range(len(start)):
        at = start[i]
        out[i] = flags(table, before(data, end[i], start[i])) & flag != 0
        while at < end[i] and not out[i]:
            point, size = decode(data, at)
            out[i] = flags(table, point) & flag != 0
            at += size
    return out

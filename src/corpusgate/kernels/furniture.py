"""Lines that records of a source share though each has an article of its own: the frame around texts, told without a list.

Copies of one story share lines too, but have none of their own. So a line is counted only in records with a fair part that
stands nowhere else. Counts are those of a sieve (`kernels/sieve.py`): never too small, and seldom too large.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.sieve import Buckets

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: What ends a sentence, and what may stand behind that.
_ENDS = (
    ".!?\N{HORIZONTAL ELLIPSIS}\N{ARABIC QUESTION MARK}\N{ARABIC FULL STOP}\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH EXCLAMATION MARK}"
    "\N{FULLWIDTH QUESTION MARK}\N{DEVANAGARI DANDA}"
)
_CLOSING = (
    "\"')]\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{RIGHT CORNER BRACKET}"
)
_ENDING, _CLOSED = np.uint8(1), np.uint8(2)


@lru_cache(maxsize=1)
def sentence_ends() -> Bytes:
    """What a code point of the plane says at the end of a line, for `ends_sentence`: uint8 (65536,)."""
    table = np.zeros(0x10000, np.uint8)
    table[[ord(mark) for mark in _ENDS]] = _ENDING
    table[[ord(mark) for mark in _CLOSING]] = _CLOSED
    return table


@njit(cache=True, nogil=True)
def add_own(buckets: Buckets, rows: Ints, keys: Ints, letters: Ints, own: Ints) -> None:
    """Add up the letters of lines that stand in no other place.

    Args:
        buckets: a sieve that all keys were added to.
        rows: int64 (n,): record of each line.
        keys: int64 (n,): hash of its source and of the line.
        letters: int64 (n,): letters and digits in it.
        own: int64 (records,): the sums, changed.
    """
    mask = np.int64(len(buckets) - 1)
    for i in range(len(keys)):
        own[rows[i]] += letters[i] * np.int64(buckets[keys[i] & mask] == 1)


@njit(cache=True, nogil=True)
def standing(buckets: Buckets, keys: Ints, least: int) -> Flags:
    """Which keys may stand at least so often: bool (n,); arguments as for `sieve.pass_through`."""
    mask = np.int64(len(buckets) - 1)
    out = np.empty(len(keys), np.bool_)
    for i in range(len(keys)):
        out[i] = buckets[keys[i] & mask] >= least
    return out


@njit(cache=True, nogil=True)
def ends_sentence(data: Bytes, starts: Ints, ends: Ints, table: Bytes) -> Flags:
    """Which byte ranges end as sentences do, with or without a closing quotation mark or bracket: bool (n,).

    Args:
        data: uint8: UTF-8.
        starts: int64 (n,): first byte of each range.
        ends: int64 (n,): byte after its last, which is no white space.
        table: of `sentence_ends`.
    """
    out = np.zeros(len(ends), np.bool_)
    for i in range(len(ends)):
        at, kind = ends[i], _CLOSED
        for _ in range(2):
            if kind == _CLOSED and at > starts[i]:
                at -= 1
                while data[at] & 0xC0 == 0x80:
                    at -= 1
                point = np.int64(data[at])
                if point >= 0x80:
                    point, _ = decode(data, at)
                kind = table[point] if point < 0x10000 else np.uint8(0)
        out[i] = kind == _ENDING
    return out

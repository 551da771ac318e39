"""Lines that records of a source share though each has an article of its own: the frame around texts, told without a list.

Copies of one story share lines too, but have none of their own. So a line is counted only in records with a fair part that
stands nowhere else. Counts are those of a sieve (`kernels/sieve.py`): never too small, and seldom too large.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import before
from corpusgate.kernels.sieve import Buckets

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: What ends a sentence, and what may stand behind that.
_ENDS = np.array(
    sorted(
        map(
            ord,
            ".!?\N{HORIZONTAL ELLIPSIS}\N{ARABIC QUESTION MARK}\N{ARABIC FULL STOP}\N{IDEOGRAPHIC FULL STOP}"
            "\N{FULLWIDTH EXCLAMATION MARK}\N{FULLWIDTH QUESTION MARK}\N{DEVANAGARI DANDA}",
        )
    ),
    np.int64,
)
_CLOSING = np.array(
    sorted(
        map(
            ord,
            "\"')]\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
            "\N{RIGHT SINGLE QUOTATION MARK}\N{RIGHT CORNER BRACKET}",
        )
    ),
    np.int64,
)


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


@njit(cache=True, nogil=True, inline="always")
def _is_one(points: Ints, point: int) -> bool:
    found = False
    for known in points:
        found |= point == known
    return found


@njit(cache=True, nogil=True)
def ends_sentence(data: Bytes, starts: Ints, ends: Ints) -> Flags:
    """Which byte ranges end as sentences do, with or without a closing quotation mark or bracket: bool (n,).

    Args:
        data: uint8: UTF-8.
        starts: int64 (n,): first byte of each range.
        ends: int64 (n,): byte after its last, which is no white space.
    """
    out = np.zeros(len(ends), np.bool_)
    for i in range(len(ends)):
        at = ends[i]
        point = before(data, at, starts[i])
        if _is_one(_CLOSING, point):
            at -= 1
            while data[at] & 0xC0 == 0x80:
                at -= 1
            point = before(data, at, starts[i])
        out[i] = _is_one(_ENDS, point)
    return out

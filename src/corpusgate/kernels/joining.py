"""Words of a line, and those among them that join others: "and" in several languages, whole or glued on in front.

A word is a run of letters, digits and underscores; marks end it, as they end what Python's `re` calls a word.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import LETTER_OR_DIGIT, decode, flags
from corpusgate.kernels.hashing import BASIS, PRIME, finish

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


class Joining(NamedTuple):
    """Which words join.

    Attributes:
        words: int64, rising: hashes of words that do.
        prefix: the letter that joins what it is glued on to: that and two more make a word that joins.
        stems: int64, rising: hashes of beginnings of words that have that letter for their own.
        others: int64, rising: hashes of whole words that do.
        longest: letters of the longest stem.
    """

    words: Ints
    prefix: int
    stems: Ints
    others: Ints
    longest: int


@njit(cache=True, nogil=True, inline="always")
def _among(known: Ints, key: int) -> bool:
    at = np.searchsorted(known, key)
    return bool(at < len(known) and known[at] == key)


@njit(cache=True, nogil=True)
def count_joining(data: Bytes, table: Bytes, start: Ints, end: Ints, joining: Joining) -> tuple[Ints, Ints]:
    """How many words each byte range has, and how many of them join: int64 (n,) both.

    Args:
        data: haystack bytes.
        table: `characters.classes()`.
        start: int64 (n,): first byte of each range.
        end: int64 (n,): byte after it.
        joining: which words join, in lower case.
    """
    known, prefix, stems, others, longest = joining.words, joining.prefix, joining.stems, joining.others, joining.longest
    words, joined = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
    for i in range(len(start)):
        at, h, length, glued = start[i], BASIS, 0, False
        while at <= end[i]:
            point, size = decode(data, at) if at < end[i] else (32, 1)
            at += size
            if point == 95 or flags(table, point) & LETTER_OR_DIGIT:
                # Lower case for the capitals of ASCII and Cyrillic is a fixed step.
                if 65 <= point <= 90 or 0x410 <= point <= 0x42F:
                    point += 32
                h = (h ^ np.uint64(point)) * PRIME
                length += 1
                if length == 1:
                    glued = point == prefix
                elif glued and length <= longest and _among(stems, finish(h)):
                    glued = False
            elif length:
                words[i] += 1
                key = finish(h)
                if _among(known, key) or (glued and length > 2 and not _among(others, key)):
                    joined[i] += 1
                h, length = BASIS, 0
    return words, joined

"""Which language a text is in, by script and function words: enough to sort records into slices.

Counts over the first bytes of each text; the policy (which count wins) is in `signals/language.py`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode, flags
from corpusgate.kernels.hashing import BASIS, PRIME, finish
from corpusgate.kernels.lookup import Slots, place
from corpusgate.kernels.machine import zeros

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def count_words(
    data: Bytes,
    table: Bytes,
    start: Ints,
    end: Ints,
    slots: Slots,
    keys: Ints,
    values: Ints,
    languages: int,
    blocks: Ints,
    scripts: int,
    sure: int,
) -> tuple[Ints, Ints]:
    """Count function words by language and letters by script, as far into each text as it takes to be sure.

    Args:
        data: haystack bytes.
        table: `characters.classes()`.
        start: int64 (n,): first byte of each text.
        end: int64 (n,): byte where counting stops.
        slots: `lookup.index(keys)`.
        keys: int64 (k,): hashes of function words.
        values: int64 (k,): a bit set of the languages each belongs to.
        languages: how many languages there are, at most 62.
        blocks: int64 (512,): script number of each run of 128 code points of the plane.
        scripts: how many scripts there are.
        sure: words of one language, and twice those of any other, after which no more are counted.

    Returns:
        int64 (n, languages) and int64 (n, scripts).
    """
    words = np.zeros((len(start), languages), np.int64)
    letters = np.zeros((len(start), scripts), np.int64)
    for i in range(len(start)):
        at, h, length, open_ = start[i], BASIS, 0, True
        first, best, second = -1, 0, 0
        while at <= end[i] and open_:
            if at < end[i]:
                point, size = decode(data, at)
            else:
                point, size = 32, 1
            if flags(table, point) & 3:
                if point < 0x10000:
                    letters[i, blocks[point >> 7]] += 1
                # Lower case for ASCII, Latin-1, Greek and Cyrillic capitals is one bit or a fixed step; lists are lower case.
                if 65 <= point <= 90 or 0xC0 <= point <= 0xDE or 0x391 <= point <= 0x3A9 or 0x410 <= point <= 0x42F:
                    point += 32
                h = (h ^ np.uint64(point)) * PRIME
                length += 1
            elif length:
                k = np.int64(place(slots, keys, finish(h)))
                if k >= 0:
                    bits = np.uint64(values[k])
                    while bits:
                        j = zeros(bits)
                        bits &= bits - np.uint64(1)
                        words[i, j] += 1
                        if j == first:
                            best = words[i, j]
                        elif words[i, j] > best:
                            first, second, best = j, best, words[i, j]
                        else:
                            second = max(second, words[i, j])
                    open_ = best < sure or best < 2 * second
                h, length = BASIS, 0
            at += size
    return words, letters


@njit(cache=True, nogil=True)
def hash_points(points: Ints) -> int:
    """The hash `count_words` gives a word of these code points."""
    h = BASIS
    for point in points:
        h = (h ^ np.uint64(point)) * PRIME
    return finish(h)

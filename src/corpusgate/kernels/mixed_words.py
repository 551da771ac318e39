"""Words in which letters of one script stand for those of another that look alike.

Letters that only look alike are told by hand, as far as Latin, Cyrillic and Greek share them in print (UTS 39 lists many
more, of scripts and signs that no newspaper mixes).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import BMP, decode

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

LATIN, CYRILLIC, GREEK = 1, 2, 3
#: Letters of each script that pass for letters of another one.
ALIKE = {
    (LATIN, CYRILLIC): "aceopxyijsABCEHIJKMOPSTXY",
    (CYRILLIC, LATIN): (
        "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455\u0501\u051b\u051d\u04bb\u04cf"
        "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423"
    ),
    (LATIN, GREEK): "ovABEZHIKMNOPTYX",
    (GREEK, LATIN): "\u03bf\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
}
#: A shorter word is no word to be disguised: units, formulas, plurals of abbreviations.
LEAST = 3


@lru_cache(maxsize=1)
def letters() -> Bytes:
    """For each code point of the plane its script, and 4 more for each script that it passes for: uint8 (65536,)."""
    table = np.zeros(BMP, np.uint8)
    for script, low, high in ((LATIN, 0x41, 0x24F), (CYRILLIC, 0x400, 0x52F), (GREEK, 0x386, 0x3E1)):
        table[[point for point in range(low, high + 1) if chr(point).isalpha()]] = script
    # Signs that are letters to Unicode: they stand in words of any script.
    table[[0xAA, 0xB5, 0xBA, 0x3BC]] = 0
    for (script, other), characters in ALIKE.items():
        for character in characters:
            table[ord(character)] = script | table[ord(character)] | 4 << (other - 1)
    return table


@njit(cache=True, nogil=True)
def mixed_words(data: Bytes, starts: Ints, ends: Ints, table: Bytes) -> Ints:
    """Words of two scripts in which all letters of the rarer one look like letters of the other: int64 (n, 3).

    The columns are the index of the segment, the word's first byte and the byte after it. Endings that Russian and Greek
    put to foreign names are no disguise: there only what comes before a letter of the other script counts.

    Args:
        data: haystack bytes.
        starts: int64 (segments,): first byte of each segment.
        ends: int64 (segments,): byte after each.
        table: `letters()`.
    """
    # Room for the most there can be, which costs nothing until it is written to; an array that grows would be slow to use.
    found = np.empty(((ends - starts).sum() // (LEAST + 1) + len(starts), 3), np.int64)
    n = 0
    for segment in range(len(starts)):
        at, end = starts[segment], ends[segment]
        first = at
        seen = 0
        while at <= end:
            script, size = 0, 1
            if at < end:
                b = data[at]
                if b < 0x80:
                    script = int(table[b]) & 3
                else:
                    point, size = decode(data, at)
                    script = int(table[point]) & 3 if point < BMP else 0
            if script:
                if seen == 0:
                    first = at
                seen |= 1 << script
            elif seen:
                # One script alone, as nearly always, is a power of two.
                if seen & (seen - 1) and _disguised(data, first, at, table):
                    found[n, 0], found[n, 1], found[n, 2] = segment, first, at
                    n += 1
                seen = 0
            at += size
    return found[:n]


@njit(cache=True, nogil=True)
def _disguised(data: Bytes, start: int, end: int, table: Bytes) -> bool:
    """Whether the letters of the rarer of two scripts in a word pass for those of the other."""
    counts, alike = np.zeros(4, np.int64), np.zeros((4, 4), np.int64)
    at, last = start, 0
    while at < end:
        point, size = decode(data, at)
        traits = int(table[point])
        last = traits & 3
        counts[last] += 1
        for other in range(1, 4):
            alike[last, other] += traits >> (1 + other) & 1
        at += size
    main = int(np.argmax(counts))
    rest = counts.sum() - counts[main]
    if rest + counts[main] < LEAST:
        return False
    for other in range(1, 4):
        if other != main and counts[other] == rest:
            if rest < counts[main]:
                return alike[other, main] == rest and (other == LATIN or last == main)
            # Of two equal halves the one that could be Latin is disguised, where the Latin one could not be the other's.
            foreign = max(main, other)
            latin = min(main, other) == LATIN and last == LATIN
            return latin and alike[foreign, LATIN] == rest and alike[LATIN, foreign] < rest
    return False

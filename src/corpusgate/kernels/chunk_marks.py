"""What makes one chunk of text, from white space to white space, worth a closer look for a wrong character set.

It is a first test that never misses: whatever `charsets.suspicious` would score in a segment, this test has marked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.charset_text import LOWER_UPPER_BEYOND_ASCII, UPPER_UPPER
from corpusgate.kernels.machine import lean

Bytes = NDArray[np.uint8]

#: Pairs dearer than this add up; a chunk is strange where a run of them adds up to `STRANGE`.
USUAL, STRANGE = 32, 50
#: A code is `case << 12 | script << 9 | symbol`.
SYMBOL_BITS, SCRIPT_SHIFT, CASE_SHIFT = 0x1FF, 9, 12


class CharsetTables(NamedTuple):
    """What the first test looks characters up in, from `signals.charset_model`.

    Attributes:
        codes: uint16 (65536,): each code point as `case << 12 | script << 9 | symbol`.
        pairs: uint8 (symbols, symbols): what a symbol costs after a symbol.
        foreign: uint64 (512,): for each symbol a bit for each language that does not have this Latin letter.
    """

    codes: NDArray[np.uint16]
    pairs: Bytes
    foreign: NDArray[np.uint64]


@njit(cache=True, nogil=True, inline="always")
def three(data: Bytes, at: int) -> np.int64:
    """The code point of three bytes."""
    return (np.int64(data[at]) & 0x0F) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6 | np.int64(data[at + 2]) & 0x3F


@lean
def look_at(
    data: Bytes, start: int, end: int, codes: NDArray[np.uint16], pairs: Bytes, foreign: NDArray[np.uint64]
) -> tuple[bool, int, int, np.uint64]:
    """Look at one chunk; white space or the end of a segment is taken to stand on both sides of it.

    Returns:
        Whether it looks strange, or has more than one script beyond ASCII; the scripts of its first and last character there that
        has one, 0 if none has; and a bit for each language that does not have one of its letters.
    """
    before = before_case = run = 0
    strange = after = False
    first = last = 0
    odd = np.uint64(0)
    i = start
    while i <= end:
        # Characters of the script before them come in long runs: of three bytes each, Han and kana.
        while last != 0 and i < end and data[i] & 0xF0 == 0xE0:
            code = np.int64(codes[three(data, i)])
            if code & ~SYMBOL_BITS != last << SCRIPT_SHIFT or last == 1:
                break
            now = code & SYMBOL_BITS
            run += np.int64(pairs[before, now]) - USUAL
            strange |= run >= STRANGE
            run = max(run, 0) if now else 0
            before, before_case, after = now, 0, True
            i += 3
        b = int(data[i]) if i < end else 32
        if b < 0x80 and not after:
            code = np.int64(codes[b])
            before, before_case, run = code & SYMBOL_BITS, code >> CASE_SHIFT, 0
            i += 1
            continue
        if b < 0x80:
            code, size = np.int64(codes[b]), 1
            after = False
        elif b < 0xE0:
            code, size = np.int64(codes[(b & 0x1F) << 6 | int(data[i + 1]) & 0x3F]), 2
            after = True
        elif b < 0xF0:
            code, size = np.int64(codes[(b & 0x0F) << 12 | (int(data[i + 1]) & 0x3F) << 6 | int(data[i + 2]) & 0x3F]), 3
            after = True
        else:
            code, size = 0, 4
            after = True
        now, case = code & SYMBOL_BITS, code >> CASE_SHIFT
        run += int(pairs[before, now]) - USUAL
        if case == 2:
            run += LOWER_UPPER_BEYOND_ASCII if before_case == 1 else UPPER_UPPER if before_case == 2 else 0
        if run >= STRANGE:
            strange = True
        run = max(run, 0) if now else 0
        own = code >> SCRIPT_SHIFT & 7
        if size > 1 and own:
            if first == 0:
                first = own
            elif own != last:
                strange = True
            last = own
            if own == 1:
                odd |= foreign[now]
        before, before_case = now, case
        i += size
    return strange, first, last, odd

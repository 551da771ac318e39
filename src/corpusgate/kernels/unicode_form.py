"""A quick test for normal form C: only what could change under it is worth a slow look."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import BMP, decode

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


#: Second halves of composed letters that are no combining marks (Unicode, NFC_Quick_Check=Maybe).
_SECOND_HALVES = (
    *range(0x1161, 0x1176), *range(0x11A8, 0x11C3), 0x09BE, 0x09D7, 0x0B3E, 0x0B56, 0x0B57, 0x0BBE, 0x0BD7, 0x0CC2, 0x0CD5, 0x0CD6, 0x0D3E,
    0x0D57, 0x0DCF, 0x0DDF, 0x102E,
)  # fmt: skip


@njit(cache=True, nogil=True, inline="always")
def is_beyond(point: int) -> bool:
    """Whether a code point beyond the plane is in a block where normal form C may say otherwise."""
    return (
        0x10100 <= point < 0x12000
        or 0x16100 <= point < 0x17000
        or 0x1BC00 <= point < 0x1BD00
        or 0x1D100 <= point < 0x1D250
        or 0x1E000 <= point < 0x1EA00
        or 0x2F800 <= point < 0x2FA20
    )


@lru_cache(maxsize=1)
def combining_classes() -> Bytes:
    """Canonical combining class of each code point of the plane, uint8 (65536,)."""
    return np.array([unicodedata.combining(chr(point)) for point in range(BMP)], np.uint8)


@lru_cache(maxsize=1)
def may_join() -> Bytes:
    """1 for each code point of the plane that normal form C changes, or may join to the letter before it.

    A text in which none stands, and no mark after one of a higher combining class, is in normal form C (UAX #15, quick check).
    """
    table = np.zeros(BMP, np.uint8)
    seconds = set()
    for point in range(BMP):
        character = chr(point)
        if not 0xD800 <= point < 0xE000:
            table[point] = unicodedata.normalize("NFC", character) != character
            parts = unicodedata.decomposition(character).split()
            if len(parts) == 2 and not parts[0].startswith("<"):
                seconds.add(int(parts[1], 16))
    table[[*seconds, *_SECOND_HALVES]] = 1
    return table


@lru_cache(maxsize=1)
def may_change() -> Bytes:
    """1 for each code point of the plane that is a mark, or that normal form C changes or may join to its left."""
    table: Bytes = may_join() | (combining_classes() > 0).astype(np.uint8)
    return table


@njit(cache=True, nogil=True)
def mark_runs(data: Bytes, table: Bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Runs of such code points with the character before them: segment, start and end (bytes), int64 each."""
    segment, start, end = [0], [0], [0]
    for s in range(len(starts)):
        at, last, open_from = int(starts[s]), int(starts[s]), -1
        while at < ends[s]:
            b = data[at]
            if b < 0x80:
                if open_from >= 0:
                    segment.append(s)
                    start.append(open_from)
                    end.append(at)
                    open_from = -1
                last = at
                at += 1
                continue
            point, size = decode(data, at)
            # Beyond the plane a run is whatever may be one: blocks of letters, never emoji.
            if table[point] if point < BMP else is_beyond(point):
                if open_from < 0:
                    open_from = last
            else:
                if open_from >= 0:
                    segment.append(s)
                    start.append(open_from)
                    end.append(at)
                    open_from = -1
                last = at
            at += size
        if open_from >= 0:
            segment.append(s)
            start.append(open_from)
            end.append(int(ends[s]))
    return np.array(segment[1:], np.int64), np.array(start[1:], np.int64), np.array(end[1:], np.int64)

"""Lines of the haystack: where they begin and end without outer white space, and a hash of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import classes, count_class
from corpusgate.kernels.hashing import hash_bytes
from corpusgate.kernels.haystack import Haystack

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lines:
    """All non-empty lines, in the order of the haystack.

    Attributes:
        segment: int64 (n,): the segment a line lies in.
        start: int64 (n,): its first byte that is not white space.
        end: int64 (n,): the byte after its last one.
        hash: int64 (n,): equal for equal lines.
        letters: int64 (n,): letters and digits in it.
    """

    segment: Ints
    start: Ints
    end: Ints
    hash: Ints
    letters: Ints

    def at(self, position: Ints) -> Ints:
        """Index of the line that holds each byte position (which must lie in one)."""
        return np.searchsorted(self.start, position, side="right") - 1


@njit(cache=True, nogil=True, inline="always")
def _space(data: Bytes, at: int, end: int) -> int:
    """Bytes of the white space at a position: ASCII, no-break space, the general spaces and U+3000; 0 where there is none."""
    b = data[at]
    if b == 32 or 9 <= b <= 13:
        return 1
    if b == 0xC2 and at + 1 < end and data[at + 1] == 0xA0:
        return 2
    if b == 0xE2 and at + 2 < end and data[at + 1] == 0x80 and (data[at + 2] <= 0x8B or data[at + 2] == 0xAF):
        return 3
    if b == 0xE3 and at + 2 < end and data[at + 1] == 0x80 and data[at + 2] == 0x80:
        return 3
    return 0


@njit(cache=True, nogil=True)
def _split(data: Bytes, segments: Ints, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    total = 0
    for s in segments:
        total += 1
        for j in range(starts[s], ends[s]):
            if data[j] == 10:
                total += 1
    segment, start, end = np.empty(total, np.int64), np.empty(total, np.int64), np.empty(total, np.int64)
    n = 0
    for s in segments:
        at, stop = starts[s], ends[s]
        while at < stop:
            line_end = at
            while line_end < stop and data[line_end] != 10:
                line_end += 1
            low, high = at, line_end
            while low < high:
                size = _space(data, low, high)
                if size == 0:
                    break
                low += size
            while high > low:
                before = high - 1
                while before > low and data[before] & 0xC0 == 0x80:
                    before -= 1
                if _space(data, before, high) != high - before:
                    break
                high = before
            if low < high:
                segment[n], start[n], end[n] = s, low, high
                n += 1
            at = line_end + 1
    return segment[:n], start[:n], end[:n]


def split(haystack: Haystack, field: str) -> Lines:
    """Find the lines of one field of every record."""
    segment, start, end = _split(haystack.data, haystack.segment(field), haystack.starts, haystack.ends)
    letters = count_class(haystack.data, classes(), start, end, 1)
    return Lines(segment, start, end, hash_bytes(haystack.data, start, end), letters)

"""Lines with a year that is later than some other, beside a number that could be a day."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.date_shapes import digit_at

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Bytes between a year and the number of the day: the longest names of months in scripts of three bytes a letter.
NEAR = 64


@njit(cache=True, nogil=True)
def near_later_years(data: Bytes, starts: Ints, ends: Ints, limits: Ints, farthest: int) -> NDArray[np.bool_]:
    """Which lines have a number of four digits above a limit, and near it one of one or two digits.

    Args:
        data: bytes of all lines.
        starts: int64 (n,): first byte of each.
        ends: int64 (n,): byte after its last.
        limits: int64 (n,): the year that must be passed.
        farthest: years after it that are too late to be of interest.
    """
    found = np.zeros(len(starts), np.bool_)
    for i in range(len(starts)):
        at, end, limit = starts[i], ends[i], limits[i]
        # Ends of the last number of one or two digits, and of the last year that counts.
        day, year = -NEAR - 1, -NEAR - 1
        while at < end:
            value, size, _ = digit_at(data, at, end)
            if size == 0:
                at += 1
                continue
            begin, number, digits = at, 0, 0
            while size and digits <= 4:
                number, digits, at = number * 10 + value, digits + 1, at + size
                size = 0
                if at < end:
                    value, size, _ = digit_at(data, at, end)
            while size:
                digits, at = digits + 1, at + size
                size = 0
                if at < end:
                    value, size, _ = digit_at(data, at, end)
            if digits == 4 and limit < number <= limit + farthest:
                year = at
                found[i] |= begin - day <= NEAR
            elif digits <= 2:
                day = at
                found[i] |= begin - year <= NEAR
            if found[i]:
                break
    return found

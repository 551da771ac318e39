"""Years in bytes: beside a number that could be a day, in an address, and of days since 1970."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.date_shapes import digit_at

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Bytes between a year and the number of the day: the longest names of months in scripts of three bytes a letter.
NEAR = 64


#: Bytes with which a digit of any script known to `digit_at` begins.
_BEGINS_DIGIT = np.zeros(256, np.bool_)
_BEGINS_DIGIT[[*range(0x30, 0x3A), 0xD9, 0xDB, 0xE0, 0xEF]] = True


@njit(cache=True, nogil=True)
def near_later_years(data: Bytes, starts: Ints, ends: Ints, limits: Ints, lasts: Ints) -> NDArray[np.bool_]:
    """Which lines have a number of four digits above a limit, and near it one of one or two digits.

    Args:
        data: bytes of all lines.
        starts: int64 (n,): first byte of each.
        ends: int64 (n,): byte after its last.
        limits: int64 (n,): the year that must be passed.
        lasts: int64 (n,): the last year that is of interest.
    """
    found = np.zeros(len(starts), np.bool_)
    for i in range(len(starts)):
        at, end, limit, latest = starts[i], ends[i], limits[i], lasts[i]
        # Ends of the last number of one or two digits, and of the last year that counts.
        day, year = -NEAR - 1, -NEAR - 1
        while at < end:
            if not _BEGINS_DIGIT[data[at]]:
                at += 1
                continue
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
            if digits == 4 and limit < number <= latest:
                year = at
                found[i] |= begin - day <= NEAR
            elif digits <= 2:
                day = at
                found[i] |= begin - year <= NEAR
            if found[i]:
                break
    return found


@njit(cache=True, nogil=True)
def hold_years(data: Bytes, offsets: Ints) -> NDArray[np.bool_]:
    """Which values have a year of two centuries behind a slash or an equals sign, and behind it a slash, a hyphen or a digit.

    So have `/2024/`, `/2024-`, `/20240517/` and `?date=2024-05-17`.

    Args:
        data: bytes of all values.
        offsets: int64 (n + 1,): where each begins and ends.
    """
    found = np.zeros(len(offsets) - 1, np.bool_)
    for i in range(len(found)):
        for at in range(offsets[i], offsets[i + 1] - 5):
            if data[at] != 47 and data[at] != 61:
                continue
            first, second, last = data[at + 1], data[at + 2], data[at + 5]
            if ((first == 50 and second == 48) or (first == 49 and second == 57)) and (last == 47 or last == 45 or 48 <= last <= 57):
                found[i] = True
                break
    return found


@njit(cache=True, nogil=True)
def civil(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of the month of days since 1970-01-01 (Hinnant, as in `iso_dates`): int64 (n,) each."""
    year, month, day = np.empty(len(days), np.int64), np.empty(len(days), np.int64), np.empty(len(days), np.int64)
    for i in range(len(days)):
        z = days[i] + 719_468
        era = z // 146_097
        of_era = z - era * 146_097
        years = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
        of_year = of_era - (365 * years + years // 4 - years // 100)
        part = (5 * of_year + 2) // 153
        number = part + 3 if part < 10 else part - 9
        year[i] = years + era * 400 + (1 if number <= 2 else 0)
        month[i], day[i] = number, of_year - (153 * part + 2) // 5 + 1
    return year, month, day

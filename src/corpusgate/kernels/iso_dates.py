"""Dates as machines write them, for whole columns: `2026-03-01` with a time of day and a zone or without, digits alone, epochs."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Stands where there is no day or no second: before any that can be written.
NONE = -(1 << 62)


@njit(cache=True, nogil=True)
def _number(data: Bytes, at: int, digits: int) -> int:
    value = 0
    for i in range(at, at + digits):
        if not 48 <= data[i] <= 57:
            return -1
        value = value * 10 + data[i] - 48
    return value


@njit(cache=True, nogil=True)
def days_since_epoch(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms")."""
    y = year - 1 if month <= 2 else year
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@njit(cache=True, nogil=True)
def _length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@njit(cache=True, nogil=True)
def _digits(data: Bytes, at: int, size: int) -> tuple[int, int, int]:
    """Day, second of the day and offset of a value of digits alone: 20240517 and 20240517101530, seconds since 1970 and parts of them."""
    value = _number(data, at, min(size, 14))
    if value < 0 or (size > 14 and _number(data, at + 14, size - 14) < 0):
        return NONE, NONE, NONE
    if size == 8 or size == 14:
        year, month, day = _number(data, at, 4), _number(data, at + 4, 2), _number(data, at + 6, 2)
        if not (1900 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= _length(year, month)):
            return NONE, NONE, NONE
        if size == 8:
            return days_since_epoch(year, month, day), NONE, NONE
        hour, minute, second = _number(data, at + 8, 2), _number(data, at + 10, 2), _number(data, at + 12, 2)
        if hour > 23 or minute > 59 or second > 59:
            return NONE, NONE, NONE
        return days_since_epoch(year, month, day), hour * 3600 + minute * 60 + second, NONE
    if size == 10:
        # Ten digits could be a day and an hour as well, of which nobody can say more.
        year, month, day = value // 1_000_000, value // 10_000 % 100, value // 100 % 100
        if 1900 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= _length(year, month) and value % 100 <= 24:
            return NONE, NONE, NONE
    seconds = _number(data, at, 10)
    return seconds // 86_400, seconds % 86_400, 0


@njit(cache=True, nogil=True)
def parse(data: Bytes, offsets: Ints) -> tuple[NDArray[np.bool_], Ints, Ints, Ints]:
    """Read what is in such a form and no other.

    Args:
        data: bytes of all values.
        offsets: int64 (n + 1,): where each value begins and ends.

    Returns:
        bool (n,): which were read; int64 (n,): days since 1970-01-01; int64 (n,): seconds since midnight as written; int64 (n,):
        seconds east of UTC of the zone. `NONE` for what is not written.
    """
    n = len(offsets) - 1
    known = np.zeros(n, np.bool_)
    day_of, clock_of, zone_of = np.full(n, NONE, np.int64), np.full(n, NONE, np.int64), np.full(n, NONE, np.int64)
    for i in range(n):
        at, end = offsets[i], offsets[i + 1]
        size = end - at
        if not 8 <= size <= 40:
            continue
        if size == 8 or (data[at + 4] != 45 and (size == 10 or size == 13 or size == 14 or size == 16 or size == 19)):
            day_of[i], clock_of[i], zone_of[i] = _digits(data, at, size)
            known[i] = day_of[i] != NONE
            continue
        if size < 10 or data[at + 4] != 45 or data[at + 7] != 45:
            continue
        year, month, day = _number(data, at, 4), _number(data, at + 5, 2), _number(data, at + 8, 2)
        # Of years from 1300 to 1499 it is not known whose calendar they are of.
        if year < 1500 or not 1 <= month <= 12 or day < 1 or day > _length(year, month):
            continue
        days = days_since_epoch(year, month, day)
        if size == 10:
            known[i], day_of[i] = True, days
            continue
        if size < 16 or (data[at + 10] != 84 and data[at + 10] != 32) or data[at + 13] != 58:
            continue
        hour, minute, second = _number(data, at + 11, 2), _number(data, at + 14, 2), 0
        at += 16
        if at + 3 <= end and data[at] == 58:
            second = _number(data, at + 1, 2)
            at += 3
            if at < end and data[at] == 46:
                begun = at + 1
                at = begun
                while at < end and 48 <= data[at] <= 57:
                    at += 1
                if not 1 <= at - begun <= 6:
                    continue
        if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
            continue
        offset = NONE
        if at < end:
            if data[at] == 90 and at + 1 == end:
                offset = 0
            elif (data[at] == 43 or data[at] == 45) and at + 6 == end and data[at + 3] == 58:
                hours, minutes = _number(data, at + 1, 2), _number(data, at + 4, 2)
                if not (0 <= hours <= 23 and 0 <= minutes <= 59):
                    continue
                offset = (hours * 60 + minutes) * 60 * (1 if data[at] == 43 else -1)
            else:
                continue
        known[i], day_of[i] = True, days
        clock_of[i], zone_of[i] = hour * 3600 + minute * 60 + second, offset
    return known, day_of, clock_of, zone_of

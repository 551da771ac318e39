"""Shapes of written dates: what is left of a value when its numbers are taken out, and days made from the numbers again.

Two values of one shape differ in numbers only, and each number of the one is of the same class as its fellow in the other:
a reader that looks at classes alone does the same with both. Which parts of a shape are day, month and year is for the
caller to find out once; the rest is arithmetic.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.iso_dates import NONE

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Most numbers of a shape, and bytes of a value; what has more has no shape.
RUNS = 8
LONGEST = 160

#: Columns of a recipe: what to make of the numbers of a shape.
(MODE, CALENDAR, YEAR, YEAR_ADD, MONTH, MONTH_IS, DAY, CLOCK, CLOCK_PARTS, HALF, ZONE, REASON, ORDER, CHOSEN, FIXED, VALUES) = range(16)
WIDTH = VALUES + RUNS

#: Modes: not by recipe; a day; no day, whatever the numbers; a day that the numbers alone leave open.
SLOW, ONE_DAY, NO_DAY, EITHER = range(4)

#: Columns of what is made: day of the order chosen, clock, zone, reason, order, days by either order, and whether it was made.
MADE_DAY, MADE_CLOCK, MADE_ZONE, MADE_REASON, MADE_ORDER, MADE_FIRST, MADE_SECOND, MADE = range(8)

#: Where classes of numbers of one or two digits begin: months and halves of the day, hours, days, minutes, the pivot of short years.
_EDGES = np.array([0, 1, 13, 24, 25, 32, 39, 60, 61, 69], np.int64)
#: The same behind a hyphen or a character beyond ASCII, such as a dash, where a number may be a zone.
_ZONES = np.array([0, 1, 13, 15, 24, 25, 32, 39, 60, 61, 69], np.int64)
#: The same of an hour, and of a minute or second behind it.
_HOURS = np.array([0, 1, 13, 25, 32, 69], np.int64)
_MINUTES = np.array([0, 60, 61], np.int64)
#: The same of four digits; up to the first, each year is a class by itself, since calendars meet there.
_YEARS = np.array([1500, 1900, 2000, 2200, 2400, 2700], np.int64)

_PLUS, _HYPHEN, _COLON = 43, 45, 58


@njit(cache=True, nogil=True)
def _mixed(state: int, value: int) -> int:
    state = (state ^ value) * 0x5851F42D4C957F2D
    return state ^ (state >> 29)


@njit(cache=True, nogil=True)
def _place(edges: Ints, value: int) -> int:
    place = 0
    while place < len(edges) and edges[place] <= value:
        place += 1
    return place


@njit(cache=True, nogil=True)
def _class(value: int, digits: int, before: int, after: int, timed: bool) -> int:
    """The class of a number between two bytes; `timed` behind a colon and the hour or minute before it."""
    if before == _PLUS or digits == 3 or (digits == 4 and value < _YEARS[0]):
        # Behind a plus stands a zone, which counts as written.
        return 1000 * digits + 64 + value
    if digits == 4:
        return 48 + _place(_YEARS, value)
    if timed:
        return 16 + _place(_MINUTES, value)
    if before == _HYPHEN or before >= 128:
        return 64 + 2 * _place(_ZONES, value) + digits
    if after == _COLON:
        return 24 + 4 * _place(_HOURS, value) + digits
    return 100 + 2 * _place(_EDGES, value) + digits


@njit(cache=True, nogil=True)
def digit_at(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """Value, length in bytes and script of the digit at a place; length 0 where there is none."""
    byte = data[at]
    if byte < 128:
        return (byte - 48, 1, 1) if 48 <= byte <= 57 else (0, 0, 0)
    if at + 1 < end:
        following = data[at + 1]
        if byte == 0xD9 and 0xA0 <= following <= 0xA9:
            return following - 0xA0, 2, 2
        if byte == 0xDB and 0xB0 <= following <= 0xB9:
            return following - 0xB0, 2, 3
        if at + 2 < end:
            last = data[at + 2]
            if byte == 0xE0 and (following == 0xA5 or following == 0xA7) and 0xA6 <= last <= 0xAF:
                return last - 0xA6, 3, 4 if following == 0xA5 else 5
            if byte == 0xEF and following == 0xBC and 0x90 <= last <= 0x99:
                return last - 0x90, 3, 6
    return 0, 0, 0


@njit(cache=True, nogil=True)
def shapes(data: Bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The shape of each value, and its numbers.

    Args:
        data: bytes of all values.
        starts: int64 (n,): first byte of each.
        ends: int64 (n,): byte after its last.

    Returns:
        int64 (n,): hash of the shape, 0 where there is none; int64 (n, RUNS): its numbers in order.
    """
    n = len(starts)
    keys, numbers = np.zeros(n, np.int64), np.zeros((n, RUNS), np.int64)
    for i in range(n):
        at, end = starts[i], ends[i]
        if end - at > LONGEST:
            continue
        # `timed`: the last number was an hour or a minute, and a colon may lead to the next.
        state, runs, before, timed, run_end = 1, 0, 0, False, -1
        while at < end:
            digit, size, script = digit_at(data, at, end)
            if size == 0:
                state = _mixed(state, data[at])
                before = data[at]
                at += 1
                continue
            timed = timed and before == _COLON and at == run_end + 1
            value, digits, written = 0, 0, script
            while size and script == written and digits <= 4:
                value, digits, at = value * 10 + digit, digits + 1, at + size
                size = 0
                if at < end:
                    digit, size, script = digit_at(data, at, end)
            if size or runs == RUNS or digits > 4:
                runs = -1
                break
            kind = _class(value, digits, before, data[at] if at < end else 0, timed and digits == 2)
            state = _mixed(state, 256 + 8 * kind + written)
            # What is no hour or minute begins no time of day: the next number may be the hour.
            timed = digits <= 2 and (value <= 59 if timed else before != _COLON and value <= 24)
            numbers[i, runs] = value
            runs, before, run_end = runs + 1, 0, at
        if runs >= 0:
            keys[i] = state if state != 0 else 1
    return keys, numbers


@njit(cache=True, nogil=True)
def _day(starts: Ints, first: int, last: int, year: int, month: int, day: int, begin: int) -> int:
    at = first + 12 * (year - begin) + month - 1
    if month < 1 or month > 12 or year < begin or at + 1 >= last or day < 1 or day > starts[at + 1] - starts[at]:
        return NONE
    return starts[at] + day - 1


@njit(cache=True, nogil=True)
def make(numbers: Ints, which: Ints, recipes: Ints, starts: Ints, tables: Ints) -> Ints:
    """Make days and times of day by recipe.

    Args:
        numbers: int64 (n, RUNS): the numbers of each value.
        which: int64 (n,): the recipe of each, -1 for none.
        recipes: int64 (recipes, WIDTH).
        starts: int64: first days of the months of all calendars, one table after the other.
        tables: int64 (calendars, 3): first entry of each table, entry after its last, first year.

    Returns:
        int64 (n, MADE + 1): what was made; `NONE` for what there is not. Rows without a 1 in `MADE` are for a slower reader.
    """
    made = np.full((len(which), MADE + 1), NONE, np.int64)
    for i in range(len(which)):
        made[i, MADE] = 0
        if which[i] < 0 or recipes[which[i], MODE] == SLOW:
            continue
        recipe = recipes[which[i]]
        fits = True
        for run in range(RUNS):
            if recipe[FIXED] >> run & 1 and numbers[i, run] != recipe[VALUES + run]:
                fits = False
        if not fits:
            continue
        made[i, MADE_REASON], made[i, MADE_ORDER] = recipe[REASON], recipe[ORDER]
        if recipe[MODE] == NO_DAY:
            made[i, MADE] = 1
            continue
        low, high, begin = tables[recipe[CALENDAR], 0], tables[recipe[CALENDAR], 1], tables[recipe[CALENDAR], 2]
        year, one = numbers[i, recipe[YEAR]] + recipe[YEAR_ADD], numbers[i, recipe[DAY]]
        two = numbers[i, recipe[MONTH]] if recipe[MONTH] >= 0 else recipe[MONTH_IS]
        first = _day(starts, low, high, year, two, one, begin)
        if first == NONE:
            continue
        chosen = first
        if recipe[MODE] == EITHER and one != two:
            second = _day(starts, low, high, year, one, two, begin)
            if second == NONE:
                continue
            made[i, MADE_FIRST], made[i, MADE_SECOND] = first, second
            chosen = first if recipe[CHOSEN] == 1 else second if recipe[CHOSEN] == 2 else NONE
        elif recipe[MODE] == EITHER:
            made[i, MADE_REASON] = 0
        made[i, MADE_DAY] = chosen
        if recipe[CLOCK] >= 0 and chosen != NONE:
            hour = numbers[i, recipe[CLOCK]]
            if recipe[HALF] > 0:
                hour = hour % 12 + (12 if recipe[HALF] == 2 else 0)
            seconds = hour * 3600
            for part in range(1, recipe[CLOCK_PARTS]):
                seconds += numbers[i, recipe[CLOCK] + part] * (60 if part == 1 else 1)
            made[i, MADE_CLOCK], made[i, MADE_ZONE] = seconds, recipe[ZONE]
        made[i, MADE] = 1
    return made

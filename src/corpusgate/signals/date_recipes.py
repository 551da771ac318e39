"""What the numbers of a written date are: read once for each shape, so that the next of its kind is arithmetic.

The strict reader decides; a recipe says which number was the year, the month, the day and the time. Where the reading hangs
on more than the classes of the numbers (several dates, a weekday that settles the order, a name of two months), there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import product
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels import date_shapes as shape
from corpusgate.kernels.iso_dates import NONE
from corpusgate.signals.date_calendars import JALALI_YEARS, month_starts
from corpusgate.signals.date_items import NAME, TIME, Item
from corpusgate.signals.date_names import day_first
from corpusgate.signals.date_names_more import HIJRI, JALALI
from corpusgate.signals.date_phrases import Phrase
from corpusgate.signals.date_words import Reading, Reason, Words, read_words
from corpusgate.signals.written_dates import LONGEST, machine

Ints = NDArray[np.int64]
REASONS: tuple[Reason, ...] = get_args(Reason)
ORDERS = ("", "dmy", "mdy")

_EPOCH = date(1970, 1, 1).toordinal()

#: The digits that `kernels.date_shapes` knows.
_DIGITS = frozenset("0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯０１２３４５６７８９")

#: What may stand behind a date that begins with its year, with zeros for digits; and how many numbers of it are the time of day.
_BEHIND = {"": 0} | {
    f"{mark}{clock}{zone}": clock.count("0") // 2
    for mark, clock, zone in product("T ", ("00:00", "00:00:00"), ("", "Z", "+00:00", "-00:00", "+0000", "-0000"))
}
_ZEROS = str.maketrans("123456789", "000000000")

#: The calendars in the order of `tables`.
_CALENDARS = (0, JALALI, HIJRI)


@cache
def tables() -> tuple[Ints, Ints]:
    """The calendars as `date_shapes.make` takes them, in days since 1970-01-01."""
    starts, places, at = [], [], 0
    for calendar in _CALENDARS:
        year, first = month_starts(calendar)
        starts.append(first - _EPOCH)
        places.append((at, at + len(first), year))
        at += len(first)
    return np.concatenate(starts), np.array(places, np.int64)


def made_of(reading: Reading) -> list[int]:
    """A reading as the row that `date_shapes.make` would make."""

    def days(day: date | None) -> int:
        return NONE if day is None else day.toordinal() - _EPOCH

    first, second = reading.either or (None, None)
    return [
        days(reading.day), NONE if reading.clock is None else reading.clock, NONE if reading.zone is None else reading.zone,
        REASONS.index(reading.reason), ORDERS.index(reading.order), days(first), days(second), 1,
    ]  # fmt: skip


#: A recipe that says to read each value by itself.
_SLOW = [shape.SLOW if i == shape.MODE else 0 if i == shape.FIXED else -1 for i in range(shape.WIDTH)]


def recipes(values: Sequence[str], languages: Sequence[str], numbers: Ints) -> tuple[list[list[int] | None], Ints]:
    """How to read all values of some shapes, of each of which there is one.

    Args:
        values: one value of each shape.
        languages: of its page, with its country where that is known; or empty.
        numbers: int64 (n, RUNS): its numbers.

    Returns:
        WIDTH numbers each, mode `SLOW` where each value must be read by itself, None where this one cannot tell; and what these
        values say: int64 (n, MADE + 1).
    """
    rows, read = [], []
    for raw, language, found in zip(values, languages, numbers.tolist(), strict=True):
        row, reading = _recipe(raw, language, found)
        rows.append(row)
        read.append(made_of(reading))
    expected = np.array(read, np.int64).reshape(-1, shape.MADE + 1)
    tried = np.array([row or _SLOW for row in rows], np.int64).reshape(-1, shape.WIDTH)
    made = shape.make(numbers, np.arange(len(rows)), tried, *tables())
    # A recipe that does not lead to what it was made from is none.
    for i in np.flatnonzero((made != expected).any(axis=1)).tolist():
        if rows[i] is not None:
            rows[i] = _SLOW
    return rows, expected


def _recipe(raw: str, language: str, numbers: Sequence[int]) -> tuple[list[int] | None, Reading]:
    row = _SLOW.copy()
    text = raw.strip()[:LONGEST]
    runs = _runs(text)
    reading = machine(text)
    if reading is not None:
        _by_machine(row, text, reading, runs, numbers)
    else:
        words = read_words(text, language, "")
        reading = words.reading
        if _depends_on_equality(words):
            return None, reading
        _by_words(row, words, runs, numbers, language)
    row[shape.REASON], row[shape.ORDER] = REASONS.index(reading.reason), ORDERS.index(reading.order)
    return row, reading


def _runs(text: str) -> list[tuple[int, int]]:
    """Where numbers stand, as the kernel sees them."""
    places = [i for i, character in enumerate(text) if character in _DIGITS]
    starts = [i for i in places if i == 0 or text[i - 1] not in _DIGITS]
    ends = [i + 1 for i in places if i + 1 == len(text) or text[i + 1] not in _DIGITS]
    return list(zip(starts, ends, strict=True))


def _depends_on_equality(words: Words) -> bool:
    """Whether day and month are the same number: that such dates are clear says nothing of others of their shape."""
    if len(words.dates) != 1 or words.dates[0].month >= 0 or len(words.dates[0].days) != 1:
        return False
    day = words.dates[0].days[0]
    return day.day == day.month


def _by_machine(row: list[int], text: str, reading: Reading, runs: Sequence[tuple[int, int]], numbers: Sequence[int]) -> None:
    parts = _BEHIND.get(text[10:].translate(_ZEROS))
    if parts is None or reading.day is None or text[:8].isdigit():
        return
    _set(row, {shape.MODE: shape.ONE_DAY, shape.CALENDAR: 0, shape.YEAR: 0, shape.YEAR_ADD: 0, shape.MONTH: 1, shape.DAY: 2})
    if parts:
        _clock(row, 3, parts, "", reading.zone, len(runs), numbers)


def _set(row: list[int], values: Mapping[int, int]) -> None:
    for column, value in values.items():
        row[column] = value


def _clock(row: list[int], first: int, parts: int, half: str, zone: int | None, end: int, numbers: Sequence[int]) -> None:
    offset = NONE if zone is None else zone
    _set(row, {shape.CLOCK: first, shape.CLOCK_PARTS: parts, shape.HALF: " ap".index(half or " "), shape.ZONE: offset})
    # Fractions and zones are as they were, or the recipe does not fit.
    for run in range(first + parts, end):
        row[shape.FIXED] |= 1 << run
        row[shape.VALUES + run] = numbers[run]


def _by_words(row: list[int], words: Words, runs: Sequence[tuple[int, int]], numbers: Sequence[int], language: str) -> None:
    reading, found, dates = words
    if len(runs) > shape.RUNS or reading.reason == "impossible":
        return
    if reading.day is None and not reading.either:
        if all(phrase.kind == "partial" for phrase in dates):
            row[shape.MODE] = shape.NO_DAY
        return
    if len(dates) != 1 or not _is_plain(dates[0], found, reading, language):
        return
    places = {start: i for i, (start, _) in enumerate(runs)}
    parts = _parts(dates[0], found, reading)
    year, day = (places.get(found[i].start, -1) for i in (parts[0], parts[2]))
    month = next((i for i, (start, _) in enumerate(runs) if found[parts[1]].start <= start < found[parts[1]].end), -1)
    if year < 0 or day < 0:
        return
    phrase = dates[0]
    named = min(found[phrase.month].name.months) if phrase.month >= 0 and found[phrase.month].name else 0  # type: ignore[union-attr]
    islamic = named > HIJRI or (phrase.month < 0 and phrase.kind == "hijri")
    calendar = 2 if islamic else 1 if named > JALALI or (phrase.month < 0 and phrase.year in JALALI_YEARS) else 0
    shown = reading.day or reading.either[0]
    mode = shape.EITHER if reading.either else shape.ONE_DAY
    _set(row, {shape.MODE: mode, shape.CALENDAR: calendar, shape.YEAR: year, shape.MONTH: month, shape.DAY: day})
    row[shape.MONTH_IS] = named - (0, JALALI, HIJRI)[calendar]
    row[shape.YEAR_ADD] = 0 if calendar else shown.year - numbers[year]
    row[shape.CHOSEN] = 0 if reading.day is None else 1 + reading.either.index(reading.day) if reading.either else 0
    times = [item for item in found if item.kind == TIME]
    if times and times[0].clock is not None:
        first = places.get(times[0].start, -1)
        end = sum(start < times[0].end for start, _ in runs)
        if first < 0:
            row[shape.MODE] = shape.SLOW
            return
        _clock(row, first, times[0].clock.parts, times[0].clock.half, times[0].clock.offset, end, numbers)


def _is_plain(phrase: Phrase, found: Sequence[Item], reading: Reading, language: str) -> bool:
    """Whether the one date of a text is read in the same way whatever its numbers are."""
    weekdays = any(item.kind == NAME and item.name is not None and item.name.weekdays for item in found)
    if sum(item.kind == TIME for item in found) > 1 or (weekdays and phrase.kind != "date"):
        return False
    if phrase.month >= 0:
        name = found[phrase.month].name
        return name is not None and len(name.months) == 1
    # Years of two digits are clear by themselves in some cases only.
    return phrase.year > 0 or (bool(day_first(language)) and reading.day is not None)


def _parts(phrase: Phrase, found: Sequence[Item], reading: Reading) -> tuple[int, int, int]:
    """Indices of the items of year, month and day; of an open order as if the day stood first."""
    if phrase.month >= 0:
        year = phrase.last if phrase.last not in (phrase.month, phrase.day) else phrase.first
        return year, phrase.month, phrase.day
    first = phrase.first
    if found[first].unit == "y":
        return first, first + 1, first + 2
    if found[first].digits == 4:
        return first, first + 2, first + 4
    month_first = reading.day is not None and not reading.either and reading.day.day != found[first].value
    return (first + 4, first, first + 2) if month_first else (first + 4, first + 2, first)

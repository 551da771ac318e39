"""Reads dates as pages write them, and would rather say nothing than guess.

What decides: a part above twelve; full stops outside English (CLDR: no other locale puts the month first with them); an
order that the caller knows; the weekday beside. Two different dates in one string, a year of two digits, a day that
does not exist: nothing is read, and the reason says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from corpusgate.signals.date_calendars import JALALI_YEARS, day_of
from corpusgate.signals.date_items import TIME, Item, items
from corpusgate.signals.date_names import base
from corpusgate.signals.date_phrases import Order, Phrase, phrases
from corpusgate.signals.date_relative import is_relative
from corpusgate.signals.date_times import Clock

Reason = Literal["read", "empty", "unreadable", "ambiguous", "impossible", "relative"]

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400

#: Without a language, they say that a year such as 1403 is Iranian.
_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"

#: Longer strings are no dates: only so many characters are looked at.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """What a written date says.

    Attributes:
        day: the day as written, in its own zone; None unless read.
        reason: "read", or why not.
        second: seconds since 1970-01-01 UTC where a time of day is written, in UTC where no zone is; else None.
    """

    day: date | None
    reason: Reason
    second: int | None = None


def read(raw: str, language: str = "", numeric_order: Order = "") -> Reading:
    """Read a written date.

    Args:
        raw: a date as a page or a machine wrote it, with what stands around it.
        language: code of the page's language, or empty.
        numeric_order: "dmy" or "mdy" where it is known how the source writes dates in numbers.
    """
    # Cut before it is kept in mind: a field may hold a whole page.
    return _read(raw.strip()[:LONGEST], language, numeric_order)


@lru_cache(maxsize=16_384)
def _read(text: str, language: str, order: Order) -> Reading:
    quick = _machine(text)
    if quick is not None:
        return quick
    code = base(language) if language else "fa" if any(digit in text for digit in _PERSIAN_DIGITS) else ""
    if code:
        reading = _from_items(items(text, code, False), code, order)
        if reading.reason not in ("unreadable", "relative"):
            return reading
    return _from_items(items(text, code, True), code, order)


def _machine(text: str) -> Reading | None:
    """Forms that machines write; None if it is none of them."""
    if not text:
        return Reading(None, "empty")
    if len(text) >= 10 and text[4] == text[7] and text[4] in "-/. " and text.isascii() and (text[:4] + text[5:7] + text[8:10]).isdigit():
        return None if int(text[:4]) in JALALI_YEARS else _iso(f"{text[:4]}-{text[5:7]}-{text[8:]}")
    if len(text) >= 8 and text.isascii() and text[:8].isdigit():
        return _digits(text)
    return None


def _iso(text: str) -> Reading | None:
    try:
        if len(text) == 10:
            return Reading(date.fromisoformat(text), "read")
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = moment.utcoffset()
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second - (int(offset.total_seconds()) if offset else 0)
    return Reading(moment.date(), "read", (moment.toordinal() - _EPOCH) * _DAY + seconds)


def _digits(text: str) -> Reading | None:
    """Epoch seconds and milliseconds, 20240517 and 20240517101530."""
    number, _, fraction = text.partition(".")
    if number.isdigit() and (not fraction or fraction.isdigit()) and len(number) in (10, 13):
        second = int(number[:10])
        if len(number) == 10 and _is_day_and_hour(number):
            return Reading(None, "ambiguous")
        return Reading(date.fromordinal(_EPOCH + second // _DAY), "read", second)
    year = int(text[:4])
    rest = text[8:]
    if not 1900 <= year <= 2199 or (rest and rest[0] not in "T _-" and not (rest.isdigit() and len(rest) in (4, 6))):
        return None
    made = day_of(year, int(text[4:6]), int(text[6:8])) if 1 <= int(text[4:6]) <= 12 else None
    if made is None:
        return Reading(None, "unreadable")
    if not rest:
        return Reading(made, "read")
    return _iso(f"{made}T{rest.lstrip('T _-')}")


def _is_day_and_hour(number: str) -> bool:
    """Whether ten digits could be 2024051710 as well as the seconds of a day in 2034."""
    year, month, day, hour = int(number[:4]), int(number[4:6]), int(number[6:8]), int(number[8:])
    return 1900 <= year <= 2199 and 1 <= month <= 12 and day_of(year, month, day) is not None and hour <= 24


def _from_items(found: list[Item], language: str, order: Order) -> Reading:
    dates = phrases(found, language, order)
    kinds = {phrase.kind for phrase in dates}
    days = {phrase.days[0] for phrase in dates if phrase.kind == "date"}
    for phrase in dates:
        if phrase.kind == "ambiguous" and phrase.days:
            days |= _by_weekday(found, phrase, days)
            if not days & set(phrase.days):
                return Reading(None, "ambiguous")
    if len(days) > 1 or "clash" in kinds or any(phrase.kind == "ambiguous" and not phrase.days for phrase in dates):
        return Reading(None, "ambiguous")
    if len(days) == 1:
        if "impossible" in kinds:
            return Reading(None, "ambiguous")
        day = days.pop()
        if any(_is_another(found, phrase, day) for phrase in _apart(dates)):
            return Reading(None, "ambiguous")
        clocks = {item.clock for item in found if item.kind == TIME}
        return Reading(day, "read", _second(day, clocks.pop()) if len(clocks) == 1 else None)
    if "impossible" in kinds:
        return Reading(None, "impossible")
    if "hijri" in kinds:
        return Reading(None, "ambiguous")
    half = any(phrase.kind == "partial" and (phrase.day >= 0 or phrase.month < 0) for phrase in dates)
    return Reading(None, "relative" if not half and is_relative(found) else "unreadable")


def _apart(dates: list[Phrase]) -> list[Phrase]:
    """What stands apart from the dates that were read: "Sat" is no month in "Sat, 20 Dec 2025", whatever it is elsewhere."""
    taken = {i for phrase in dates if phrase.kind == "date" for i in range(phrase.first, phrase.last + 1)}
    return [phrase for phrase in dates if not taken & {phrase.month, phrase.day}]


def _is_another(found: list[Item], phrase: Phrase, day: date) -> bool:
    """Whether a day and a month without a year are those of another day: "13 February … since 10 February 2022"."""
    if phrase.kind != "partial" or phrase.day < 0:
        return False
    name = found[phrase.month].name if phrase.month >= 0 else None
    months = name.months if name else {found[phrase.day - 1].value}
    return day.day != found[phrase.day].value or day.month not in months


def _by_weekday(found: list[Item], phrase: Phrase, known: set[date]) -> set[date]:
    """The one reading that falls on the weekday beside, if there is just one."""
    near = [
        item.name.weekdays for item in found[max(0, phrase.first - 3) : phrase.last + 4] if item.name is not None and item.name.weekdays
    ]
    if known or len(near) != 1:
        return set()
    fitting = {day for day in phrase.days if day.weekday() in near[0]}
    return fitting if len(fitting) == 1 else set()


def _second(day: date, clock: Clock | None) -> int | None:
    return None if clock is None else (day.toordinal() - _EPOCH) * _DAY + clock.seconds - clock.offset

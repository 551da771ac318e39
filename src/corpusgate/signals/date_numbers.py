"""Dates of numbers alone: 2024-05-17, 17.05.2024, 05/17/2024, 17.05.24."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from corpusgate.signals.date_calendars import BUDDHIST, HIJRI_YEARS, JALALI_YEARS, day_of, hijri, jalali
from corpusgate.signals.date_items import POINT, Item, N

Order = Literal["", "dmy", "mdy"]

#: Years of two digits from here on are of the last century (the pivot of POSIX strptime).
PIVOT = 69

#: Marks between the parts. A dot outside English always has the day before it; the others stand for either order.
_MARKS = "-./:"
_POINTS = "\N{BULLET}\N{MIDDLE DOT}"

#: What stands behind a date of the Islamic year.
_ISLAMIC = frozenset(("ه", "هجري", "هجريه", "ah"))

#: First years of the eras of Japan, less one, by the letter before a date: R6.5.17.
_ERAS = {"r": 2018, "h": 1988, "s": 1925}


class Match(NamedTuple):
    """Five items that are a date, or look like one.

    Attributes:
        kind: "date", "ambiguous", "impossible" or "partial"; "hijri" for a date of the Islamic year.
        days: the readings.
        year: as written; 0 if it has two digits.
        either: the day with the day first and the day with the month first, where numbers alone allow both.
        order: the one order that numbers alone allow of the two.
    """

    kind: Literal["date", "ambiguous", "impossible", "partial", "hijri"]
    days: tuple[date, ...]
    year: int
    either: tuple[date, ...] = ()
    order: Order = ""


def full_year(number: int) -> int:
    """The year of two digits in full."""
    return number + (2000 if number < PIVOT else 1900)


def numeric(found: Sequence[Item], i: int, language: str, order: Order, own: str) -> Match | None:
    """The date that begins at `i` with number, mark, number, the same mark, number; None where it is something else.

    Args:
        found: the items.
        i: index of the first number.
        language: code of the language, or empty.
        order: how the source orders numbers; it counts before the language.
        own: the mark with which the language puts the day first, as `date_names.day_first` has it.
    """
    part = found[i : i + 5]
    if len(part) < 5 or part[2].kind != N or part[4].kind != N or part[1].kind != POINT or part[1].text not in _MARKS + _POINTS:
        return None
    one, mark, two, again, three = part
    if again.text != mark.text or two.digits > 2 or any(item.unit in ("y", "m") for item in (one, two, three)):
        return None
    if _longer(found, i, mark.text) or (mark.text == ":" and (one.digits != 4 or two.digits != 2 or three.digits != 2)):
        return None
    following = found[i + 5].text if i + 5 < len(found) else ""
    islamic = language == "ar" or following in _ISLAMIC
    if one.digits == 4 and three.digits <= 2 and one.value >= 1:
        if islamic and one.value in HIJRI_YEARS:
            return _islamic(one.value, two.value, three.value)
        return _year_first(found, i, one.value, two.value, three.value, language)
    if one.digits > 2 or mark.text == ":" or mark.text in _POINTS:
        return None
    if three.digits == 4 and islamic and three.value in HIJRI_YEARS:
        return _islamic(three.value, two.value, one.value)
    if three.digits == 4 and language in ("fa", "ps") and three.value in JALALI_YEARS:
        made = jalali(three.value, two.value, one.value)
        return Match("date" if made else "impossible", (made,) if made else (), three.value)
    if three.digits == 4 and language == "th" and 2400 <= three.value <= 2699:
        made = day_of(three.value - BUDDHIST, two.value, one.value) if 1 <= two.value <= 12 else None
        return Match("date" if made else "impossible", (made,) if made else (), three.value)
    if i and not one.gap and len(found[i - 1].text) == 1 and found[i - 1].text.isalpha():
        era = _ERAS.get(found[i - 1].text, 0) if language == "ja" and one.digits <= 2 else 0
        made = day_of(era + one.value, two.value, three.value) if era and 1 <= two.value <= 12 else None
        return Match("date", (made,), 0) if made else None
    if three.digits == 4:
        return _year_last(one.value, two.value, three.value, _settled(mark.text, language, order, own))
    if three.digits > 2:
        return None
    # Nobody who writes English puts a year of two digits before a slash.
    leads = not own and (language, mark.text) != ("en", "/")
    return _short_year(one, two.value, three, _settled(mark.text, language, order, own) if language or order else "", leads)


def _longer(found: Sequence[Item], i: int, mark: str) -> bool:
    """Whether there are more parts before or after: version numbers, addresses, law numbers."""
    if i >= 2 and found[i - 1].text == mark and found[i - 2].kind == N and not found[i].gap:
        return True
    before = found[i - 1] if i else None
    if before is not None and (before.text == "version" or (before.text in ("v", "n", "nr", "no") and not found[i].gap)):
        return True
    return i + 6 < len(found) and found[i + 5].text == mark and found[i + 6].kind == N and not found[i + 5].gap and not found[i + 6].gap


def _year_first(found: Sequence[Item], i: int, year: int, month: int, day: int, language: str) -> Match | None:
    if year in JALALI_YEARS and language in ("", "fa", "ps"):
        # Without a language, Persian digits must say that the year is Iranian; they fold like all others.
        made = jalali(year, month, day) if language else None
        if language:
            return Match("date" if made else "impossible", (made,) if made else (), year)
        return Match("ambiguous", (), year)
    negative = i == 1 and found[0].text == "-" and not found[1].gap
    if negative or not 1000 <= year <= 2199:
        return Match("partial", (), year)
    following = found[i + 5] if i + 5 < len(found) else None
    if following is not None and following.text in ("-", "/") and not following.gap and i + 6 < len(found):
        until = found[i + 6]
        if until.kind == N and until.digits <= 2 and not until.gap:
            return Match("ambiguous", (), year)
    made = day_of(year, month, day) if 1 <= month <= 12 else None
    return Match("date" if made else "impossible", (made,) if made else (), year)


def _islamic(year: int, month: int, day: int) -> Match:
    made = hijri(year, month, day)
    return Match("hijri" if made else "impossible", (made,) if made else (), year)


def _both(one: int, two: int, year: int) -> tuple[date | None, date | None]:
    """The day with the day first, and with the month first."""
    return day_of(year, two, one) if 1 <= two <= 12 else None, day_of(year, one, two) if 1 <= one <= 12 else None


def _settled(mark: str, language: str, order: Order, own: str) -> Order:
    """The order of numbers between marks: as the source has it, else as the language has it."""
    if order:
        return order
    if mark == ".":
        return "dmy" if own or language != "en" else ""
    return "dmy" if own in ("/", "-") else ""


def _year_last(one: int, two: int, year: int, settled: Order) -> Match:
    if not 1000 <= year <= 2199:
        return Match("partial", (), year)
    first, second = _both(one, two, year)
    if first is None or second is None:
        day = first or second
        voted: Order = "" if day is None else "dmy" if first else "mdy"
        return Match("date" if day else "impossible", (day,) if day else (), year, order=voted)
    if first == second:
        return Match("date", (first,), year)
    days = (first if settled == "dmy" else second,) if settled else (first, second)
    return Match("date" if settled else "ambiguous", days, year, (first, second))


def _short_year(one: Item, two: int, three: Item, settled: Order, leads: bool) -> Match:
    """A year of two digits stands last, or first where it may lead."""
    first, second = _both(one.value, two, full_year(three.value)) if three.digits == 2 else (None, None)
    if settled and first and second:
        return Match("date", (first if settled == "dmy" else second,), 0)
    leading = None
    if leads and one.digits == 2 and not settled and 1 <= two <= 12:
        leading = day_of(full_year(one.value), two, three.value)
    days = {day for day in (first, second, leading) if day is not None}
    if len(days) == 1:
        return Match("date", tuple(days), 0, order="" if leads or (first and second) else "dmy" if first else "mdy")
    either = (first, second) if first and second and leading is None and not leads else ()
    return Match("ambiguous" if days else "partial", tuple(sorted(days)), 0, either)

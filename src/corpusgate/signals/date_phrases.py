"""Which items of a text make up dates: numbers around a name of a month, numbers with units, and numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from corpusgate.signals.date_calendars import day_of, hijri, is_thai, length_of_month
from corpusgate.signals.date_items import FILLER, NAME, OTHER, POINT, TIME, Item
from corpusgate.signals.date_names_more import HIJRI
from corpusgate.signals.date_numbers import Order, full_year, numeric
from corpusgate.signals.date_times import ZONES

Kind = Literal["date", "ambiguous", "impossible", "clash", "partial", "hijri"]

#: Marks that may stand between the parts of one date.
_BETWEEN = frozenset(".,-/'")

#: Two digits from here on are years of the Buddhist era behind a month in Thai: 2550 to 2599, 2007 to 2056.
_THAI_YEARS = 50

#: Words that join two days: "5 and 6 May 2017" is no single date.
_AND = frozenset([
    "and", "und", "et", "y", "e", "och", "og", "i", "ja", "и", "та", "و", "ve", "en", "to", "bis", "au", "al", "a", "do",
    "до", "по", "to",
])  # fmt: skip


class Phrase(NamedTuple):
    """A date, or what looks like one.

    Attributes:
        kind: "date" (one day), "ambiguous" (several readings, or a range), "impossible" (no such day), "clash" (two
            different months as one), "partial" (no day or no year with four digits), "hijri" (a date of the Islamic year).
        days: the readings.
        first: index of its first item.
        last: index of its last item.
        month: index of the month's name, -1 where the month is a number.
        day: index of the day's number, -1 where there is none.
        year: the year as written, 0 where none is, or one of two digits.
        either: the day with the day first and with the month first, of numbers that alone allow both.
        order: the one order of the two that numbers alone allow.
    """

    kind: Kind
    days: tuple[date, ...]
    first: int
    last: int
    month: int = -1
    day: int = -1
    year: int = 0
    either: tuple[date, ...] = ()
    order: Order = ""


def phrases(found: Sequence[Item], language: str, order: Order = "", own: str = "") -> list[Phrase]:
    """All dates of a text, in order of the items that decide them.

    Args:
        found: the items of the text.
        language: code of its language, or empty.
        order: how the source orders dates of numbers, where that is known.
        own: the mark with which the language puts the day first, as `date_names.day_first` has it; empty to go by the numbers alone.
    """
    result: list[Phrase] = []
    i = 0
    while i < len(found):
        item = found[i]
        phrase = None
        if item.kind == "n":
            phrase = _units(found, i) or _numbers(found, i, language, order, own)
        elif item.kind == NAME and item.name is not None and item.name.months:
            phrase = _around(found, i, language)
        if phrase is not None:
            result.append(phrase)
            i = max(i, phrase.last if phrase.month < 0 else i)
        i += 1
    return result


def _numbers(found: Sequence[Item], i: int, language: str, order: Order, own: str) -> Phrase | None:
    match = numeric(found, i, language, order, own)
    return Phrase(match.kind, match.days, i, i + 4, year=match.year, either=match.either, order=match.order) if match else None


def _units(found: Sequence[Item], i: int) -> Phrase | None:
    """2024年5月17日, and 5月17日 as part of a date."""
    part = found[i : i + 3]
    units = "".join(item.unit or "-" for item in part)
    if units == "ymd":
        year, month, day = (item.value for item in part)
        made = day_of(year, month, day) if 1000 <= year <= 2199 else None
        return Phrase("date" if made else "impossible", (made,) if made else (), i, i + 2, year=year)
    if units[:2] == "md":
        return Phrase("partial", (), i, i + 1, day=i + 1)
    if units[:2] == "ym":
        return Phrase("partial", (), i, i + 1)
    return None


def is_year(found: Sequence[Item], i: int) -> bool:
    """Whether the item can be the year of a date with a named month."""
    item = found[i]
    if item.kind != "n" or item.digits != 4 or item.unit not in ("", "y") or not 1000 <= item.value <= 2699:
        return False
    following = found[i + 1] if i + 1 < len(found) else None
    return not (following is not None and item.value < 1900 and following.text in ZONES)


def _is_day(found: Sequence[Item], i: int) -> bool:
    item = found[i]
    if item.kind != "n" or item.digits > 2 or item.unit not in ("", "o", "d"):
        return False
    after = found[i + 1 : i + 3]
    if (
        len(after) == 2
        and after[0].text in (".", ",")
        and after[1].kind == "n"
        and after[1].digits <= 3
        and not (after[0].gap or after[1].gap)
    ):
        return False
    # Neither part of 1.5 or 10:30 is a day.
    return not (i > 1 and not item.gap and found[i - 1].text in (".", ":", ",") and found[i - 2].kind == "n" and not found[i - 1].gap)


def _ends_a_word(found: Sequence[Item], i: int) -> bool:
    """Whether a number belongs to the letters before it, like the one of "F1"."""
    return i > 0 and not found[i].gap and found[i - 1].kind == OTHER


def _next(found: Sequence[Item], i: int, step: int, extra: frozenset[str] = frozenset(), limit: int = 4) -> int:
    """Index of the next item that is more than a separator, or -1.

    Args:
        found: the items.
        i: where to begin.
        step: 1 or -1.
        extra: kinds of items that may stand between as well: TIME, NAME (weekdays only).
        limit: how many separators may stand between.
    """
    for _ in range(limit + 1):
        i += step
        if not 0 <= i < len(found):
            return -1
        item = found[i]
        if (item.kind == POINT and item.text in _BETWEEN) or item.kind == FILLER or (item.kind == TIME and TIME in extra):
            continue
        if NAME in extra and ((item.kind == NAME and item.name is not None and item.name.weekdays) or item.text in ("(", ")")):
            continue
        return i
    return -1


_WEEKDAY = frozenset((TIME, NAME))


def _around(found: Sequence[Item], i: int, language: str) -> Phrase | None:
    """The date around the name of a month at `i`."""
    left, right = _next(found, i, -1), _next(found, i, 1)
    left_day = left >= 0 and _is_day(found, left)
    right_day = right >= 0 and _is_day(found, right) and found[right].unit != "y"
    if right >= 0 and is_year(found, right):
        if left_day:
            return _made(found, i, left, right, language)
        if left >= 0 and found[left].kind == "n":
            return None
        return Phrase("partial", (), i, right, i)
    short = _short_year(found, i, right)
    if left_day and short:
        return _made(found, i, left, right, language, short)
    after = _next(found, right, 1, _WEEKDAY, 5) if right_day else -1
    if right_day and after >= 0:
        short = _short_year(found, right, after)
        if is_year(found, after) or short:
            # "3, May 17, 2024" is May 17; "3 May 17 2024" could be either.
            if left_day and not any(item.text == "," for item in found[left:i]) and not _ends_a_word(found, left):
                return Phrase("ambiguous", (), left, after, i)
            return _made(found, i, right, after, language, short)
    if left_day:
        before = _next(found, left, -1, _WEEKDAY, 5)
        if before >= 0 and is_year(found, before) and not right_day:
            return _made(found, i, left, before, language)
        return Phrase("partial", (), left, i, i, left)
    if right_day and left >= 0 and is_year(found, left):
        return _made(found, i, right, left, language)
    return Phrase("partial", (), i, right, i, right) if right_day else Phrase("partial", (), i, i, i)


def _short_year(found: Sequence[Item], before: int, i: int) -> int:
    """A year of two digits in full, with an apostrophe ('24) or joined as in 17-May-24; else 0."""
    if i >= 0 and found[i].kind == "n" and found[i].digits == 2 and found[i].value >= _THAI_YEARS and is_thai(found[before].text):
        return 2500 + found[i].value
    if i - 1 <= before or i < 0 or found[i].kind != "n" or found[i].digits != 2 or found[i].gap:
        return 0
    mark = found[i - 1]
    joined = i >= 4 and mark.text in ("-", "/") and found[i - 3].text == mark.text and not any(item.gap for item in found[i - 3 : i])
    return full_year(found[i].value) if mark.text == "'" or (joined and found[i - 2].kind == NAME) else 0


def _made(found: Sequence[Item], month: int, day: int, year: int, language: str, short: int = 0) -> Phrase:
    first, last = min(month, day, year), max(month, day, year)
    written = short or found[year].value
    number = found[day].value

    def phrase(kind: Kind, *days: date) -> Phrase:
        return Phrase(kind, days, first, last, month, day, written)

    if found[month].clash:
        return phrase("clash")
    name = found[month].name
    codes = name.months if name else frozenset[int]()
    if any(code > HIJRI for code in codes):
        made = hijri(written, min(codes) - HIJRI, number)
        return phrase("hijri", made) if made else phrase("hijri")
    if _range(found, day, month, year):
        return phrase("ambiguous")
    readings: list[date] = []
    lengths: list[int] = []
    for code in sorted(codes):
        made = day_of(written, code, number, language, found[month].text)
        lengths.append(length_of_month(written, code, language, found[month].text))
        if made is not None:
            readings.append(made)
    if len(set(readings)) == 1:
        return phrase("date", readings[0])
    if readings:
        return phrase("ambiguous", *readings)
    return phrase("impossible") if any(lengths) else phrase("partial")


def _range(found: Sequence[Item], day: int, month: int, year: int) -> bool:
    """Whether the day is the end of a range, or one of two: "5-7 May 2017", "5 May - 7 June 2017"."""
    if day >= 2 and day < month:
        join = found[day - 1]
        at = day - 3 if found[day - 2].text == "." else day - 2
        other = found[at]
        # A date that begins with its year has it on the left.
        joined = (join.kind == POINT and join.text in "-/&+") or join.text in _AND
        if joined and other.kind == "n" and other.digits <= 2 and at != year and not _part_of_numbers(found, at):
            return True
        if joined and other.kind == NAME and other.name is not None and other.name.months:
            return True
    if month >= 2 and found[month - 1].text in ("-", "/") and month < day:
        other = found[month - 2]
        return bool(other.kind == "n" and other.digits <= 2 and not _part_of_numbers(found, month - 2))
    return False


def _part_of_numbers(found: Sequence[Item], i: int) -> bool:
    return i >= 2 and found[i - 1].kind == POINT and not found[i].gap and not found[i - 1].gap and found[i - 2].kind == "n"

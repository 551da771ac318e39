"""Damages a written date so that it contradicts itself: another weekday, a second month, a day that does not exist.

Names of weekdays and months are those of CLDR (through babel) in the page's language and in English; Arabic has several
sets of month names. A date is left alone unless its names, its day and its year of four digits all stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError

Kind = Literal["weekday", "second_month", "impossible_day"]
KINDS: tuple[Kind, ...] = ("weekday", "second_month", "impossible_day")

#: Where Arabic months have names of their own: Egypt and the Gulf, the Levant, Morocco, Algeria, Mauritania.
ARABIC = ("ar", "ar_SY", "ar_MA", "ar_DZ", "ar_MR")
#: Carriers of hamza are written with it or without; the letters keep their number.
PLAIN = str.maketrans("أإآ", "ااا")
#: Shorter names are words too often, in ASCII and in other letters.
SHORTEST = (3, 2)
#: Most characters between the parts of a date.
NEAR = 4
NUMBER = re.compile(r"\d+")

#: A set of names: number (month, or weekday from Monday as 0) to name.
Names = dict[int, str]
#: First character of a part and the one after its last.
Place = tuple[int, int]


def planted(raw: str, language: str, day: date, kind: Kind) -> str | None:
    """The date with a contradiction in it; None where this one cannot be damaged so.

    Args:
        raw: the date as written.
        language: code of the page's language, or empty.
        day: the day that it means.
        kind: what to plant.
    """
    if [int(number) for number in NUMBER.findall(raw)].count(day.year) != 1:
        return None
    if kind == "weekday":
        return _replace(raw, _weekdays(language), day.weekday(), (day.toordinal() % 6 + 1 + day.weekday()) % 7)
    if kind == "second_month":
        return _second_month(raw, language, day)
    return _impossible(raw, language, day)


def _second_month(raw: str, language: str, day: date) -> str | None:
    """Of a date that names its month twice, in two sets of names, the second becomes another month."""
    found = {place: names for names, place in _places(raw, _months(language), day.month)}
    if len(found) != 2 or not _are_beside(*found):
        return None
    start, end = max(found)
    return raw[:start] + found[start, end][(day.month + day.day % 11) % 12 + 1] + raw[end:]


def _impossible(raw: str, language: str, day: date) -> str | None:
    """The day beside the month becomes the first that the month has in no year: 30 in February, else 31 or 32."""
    days = [match.span() for match in NUMBER.finditer(raw) if int(match[0]) == day.day]
    months = [place for _, place in _places(raw, _months(language), day.month)]
    if len(days) != 1 or not any(_are_beside(days[0], month) for month in months):
        return None
    none = 30 if day.month == 2 else 31 if day.month in (4, 6, 9, 11) else 32
    return raw[: days[0][0]] + str(none) + raw[days[0][1] :]


def _are_beside(one: Place, other: Place) -> bool:
    gap = max(one[0], other[0]) - min(one[1], other[1])
    return 0 <= gap <= NEAR


def _replace(raw: str, sets: tuple[Names, ...], old: int, new: int) -> str | None:
    """The one name that stands in a text becomes another of its set."""
    found = {place: names for names, place in _places(raw, sets, old)}
    if len(found) != 1:
        return None
    (start, end), names = found.popitem()
    name = names[new]
    return raw[:start] + (name[:1].upper() + name[1:] if raw[start].isupper() else name) + raw[end:]


def _places(raw: str, sets: tuple[Names, ...], number: int) -> Iterator[tuple[Names, Place]]:
    """Where the names of a number stand as whole words; of a name within a longer one only the longer."""
    places: dict[Place, Names] = {}
    for names in sets:
        name = names.get(number, "")
        if len(name) >= SHORTEST[not name.isascii()]:
            pattern = rf"(?<![^\W\d_]){re.escape(name.translate(PLAIN))}(?![^\W\d_])"
            for match in re.finditer(pattern, raw.translate(PLAIN), re.IGNORECASE):
                places.setdefault(match.span(), names)
    for span, names in places.items():
        if not any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in places):
            yield names, span


@cache
def _locales(language: str) -> tuple[Locale, ...]:
    found = []
    for code in dict.fromkeys((*(ARABIC if language == "ar" else (language,)), "en")):
        try:
            found.append(Locale.parse(code.replace("-", "_")))
        except (UnknownLocaleError, ValueError):
            continue
    return tuple(found)


@cache
def _weekdays(language: str) -> tuple[Names, ...]:
    return tuple(_sets(language, "days"))


@cache
def _months(language: str) -> tuple[Names, ...]:
    return tuple(_sets(language, "months"))


def _sets(language: str, what: str) -> Iterator[Names]:
    for locale in _locales(language):
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = getattr(locale, what)[form][width]
                # Full stops of abbreviations are left to the text.
                yield {number: name.rstrip(".") for number, name in names.items()}

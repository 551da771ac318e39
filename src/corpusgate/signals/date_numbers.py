"""Dates of numbers alone: 2024-05-17, 17.05.2024, 05/17/2024."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from corpusgate.signals.date_calendars import JALALI_YEARS, day_of, jalali
from corpusgate.signals.date_items import POINT, Item


class Match(NamedTuple):
    """Five items that are a date, or look like one.

    Attributes:
        kind: "date", "ambiguous", "impossible" or "partial" (a year of two digits).
        days: the readings.
        year: as written; 0 if it has two digits.
    """

    kind: Literal["date", "ambiguous", "impossible", "partial"]
    days: tuple[date, ...]
    year: int


def numeric(found: Sequence[Item], i: int, language: str, order: str) -> Match | None:
    """The date that begins at `i` with number, mark, number, the same mark, number; None where it is something else."""
    part = found[i : i + 5]
    if len(part) < 5 or part[2].kind != "n" or part[4].kind != "n" or part[1].kind != POINT or part[1].text not in "-./:":
        return None
    one, mark, two, again, three = part
    if again.text != mark.text or two.digits > 2 or any(item.unit in ("y", "m") for item in (one, two, three)):
        return None
    if _longer(found, i, mark.text) or (mark.text == ":" and (one.digits != 4 or two.digits != 2 or three.digits != 2)):
        return None
    if one.digits == 4 and three.digits <= 2 and one.value >= 1:
        return _year_first(found, i, one.value, two.value, three.value, language)
    if three.digits == 4 and one.digits <= 2:
        return _year_last(one.value, two.value, three.value, mark.text, language, order)
    return Match("partial", (), 0) if one.digits <= 2 and three.digits <= 2 and mark.text != ":" else None


def _longer(found: Sequence[Item], i: int, mark: str) -> bool:
    """Whether there are more parts before or after: version numbers, addresses, law numbers."""
    if i >= 2 and found[i - 1].text == mark and found[i - 2].kind == "n" and not found[i].gap:
        return True
    if i >= 1 and not found[i].gap and found[i - 1].kind in ("x", "f") and found[i - 1].text in ("v", "version", "n", "nr", "no"):
        return True
    return i + 6 < len(found) and found[i + 5].text == mark and found[i + 6].kind == "n" and not found[i + 5].gap and not found[i + 6].gap


def _year_first(found: Sequence[Item], i: int, year: int, month: int, day: int, language: str) -> Match | None:
    if year in JALALI_YEARS and language in ("", "fa", "ps"):
        # Without a language, Persian digits must say that the year is Iranian; they fold like all others.
        made = jalali(year, month, day) if language else None
        if language:
            return Match("date" if made else "impossible", (made,) if made else (), year)
        return Match("ambiguous", (), year)
    if not 1000 <= year <= 2199:
        return Match("partial", (), year)
    following = found[i + 5] if i + 5 < len(found) else None
    if following is not None and following.text in ("-", "/") and not following.gap and i + 6 < len(found):
        until = found[i + 6]
        if until.kind == "n" and until.digits <= 2 and not until.gap:
            return Match("ambiguous", (), year)
    made = day_of(year, month, day) if 1 <= month <= 12 else None
    return Match("date" if made else "impossible", (made,) if made else (), year)


def _year_last(one: int, two: int, year: int, mark: str, language: str, order: str) -> Match | None:
    if mark == ":":
        return None
    if not 1000 <= year <= 2199:
        return Match("partial", (), year)
    first = day_of(year, two, one) if 1 <= two <= 12 else None
    second = day_of(year, one, two) if 1 <= one <= 12 else None
    if first is None and second is None:
        return Match("impossible", (), year)
    if first is None or second is None or first == second:
        return Match("date", (first or second,), year)  # type: ignore[arg-type]
    if mark == "." and language and language != "en":
        return Match("date", (first,), year)
    if order:
        return Match("date", (first if order == "dmy" else second,), year)
    if mark == "." and not language:
        return Match("date", (first,), year)
    return Match("ambiguous", (first, second), year)

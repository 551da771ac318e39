"""Dates that contradict themselves: a weekday on another day, two months as one, a day that does not exist.

Only whole dates with a year of four digits are judged, one line at a time. A wrong alarm costs more than a miss, so
whatever could be a range, a list, a number of a law or of a version is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpusgate.signals.date_candidates import candidate_patterns
from corpusgate.signals.date_items import NAME, POINT, TIME, Item, N, items
from corpusgate.signals.date_names import base
from corpusgate.signals.date_phrases import Phrase, phrases

__all__ = ["Contradiction", "candidate_patterns", "contradictions", "whole_dates"]

Kind = Literal["weekday", "months", "impossible"]

#: Before, countries changed calendars at different times, and weekdays were copied from either.
FIRST_YEAR = 1900
LAST_YEAR = 2199

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: Words between a weekday and its date.
_LEADS = frozenset([
    "the", "den", "der", "dem", "le", "la", "el", "il", "de", "am", "an", "on", "this", "الموافق", "يوم", "لل", "ngay", "ที่",
    "что",
])  # fmt: skip

#: One character in brackets behind a date of China, Japan or Korea.
_BRACKETED = {day: i % 7 for days in ("月火水木金土日", "一二三四五六日", "월화수목금토일") for i, day in enumerate(days)}

#: Long lines are read around their years only, so many code points on either side: the year is what every judged date has.
_WINDOW = 80

#: Years as far apart as this are read one by one: their windows, with the way to white space, do not touch.
_FAR = 4 * _WINDOW + 4

_NOWHERE = np.zeros(0, np.int64)

#: Code points of a window that are read at once.
_PIECE = 4000

#: Short weekdays that are words as well: they need a comma or a full stop, or the beginning of the line.
_SHORT = 3
_NO_WORDS = frozenset(("mon", "tue", "thu", "fri"))

#: What a short weekday may stand behind on a page. Other words make a name of it ("The Sun, 17 May 2024"), or a word ("la mer").
_BEFORE_SHORT = frozenset([
    "on", "this", "next", "last", "published", "posted", "updated", "date", "am", "vom", "den", "le", "du", "el", "il",
])  # fmt: skip

#: Languages that put the weekday behind the date, with nothing between.
_BEHIND = frozenset(("tr", "az", "zh", "ja", "ko"))

#: Weekdays and months as mail and HTTP write them.
_MAIL = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAIL_MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A written date that cannot be right.

    Attributes:
        start: first code point in the text.
        end: code point after the last.
        kind: "weekday", "months" or "impossible".
        message: what is wrong, as a sentence.
    """

    start: int
    end: int
    kind: Kind
    message: str


def contradictions(text: str, language: str = "", near: Sequence[int] = ()) -> list[Contradiction]:
    """The dates in a text that contradict themselves, in order.

    Args:
        text: any text; a date must stand on one line.
        language: code of its language, or empty.
        near: code points near which there may be any, rising, where that is known.
    """
    code = base(language) if language else ""
    found: list[Contradiction] = []
    at, places = 0, np.array(near, np.int64)
    for line in text.split("\n"):
        here = places[slice(*np.searchsorted(places, (at, at + len(line) + 1)))] - at
        for window in _windows(line, near=here) if len(here) or not len(places) else ():
            if len(here) and not _any_within(here, window.start, window.end):
                continue
            hits = _in_window(line[window.start : window.end], at + window.start, code)
            found.extend(hit for hit in hits if window.low <= hit.start - at < window.high)
        at += len(line) + 1
    return found


def whole_dates(line: str, language: str = "", after: int = 0) -> list[tuple[int, int, date]]:
    """The dates of a line that have a day, a month and a year in full and can be read in one way only: first and last code point, day.

    Args:
        line: one line of any text.
        language: code of its language, or empty.
        after: the dates up to the end of this year may be left out.
    """
    code = base(language) if language else ""
    found = []
    for window in _windows(line, after):
        parts = items(line[window.start : window.end], code, True)
        for phrase in phrases(parts, code):
            start, end = window.start + parts[phrase.first].start, window.start + parts[phrase.last].end
            if not (phrase.kind == "date" and FIRST_YEAR <= phrase.year <= LAST_YEAR and _is_no_number(parts, phrase)):
                continue
            if window.low <= start < window.high:
                found.append((start, end, phrase.days[0]))
    return found


class _Window(NamedTuple):
    """A piece of a line that is read, `[start, end)`; what begins outside of `[low, high)` is another piece's to tell."""

    start: int
    end: int
    low: int
    high: int


def _windows(line: str, after: int = 0, near: NDArray[np.int64] = _NOWHERE) -> Iterator[_Window]:
    """Where a line is to be read: around its years, from white space to white space near by; of a long line around those `near` a place.

    Long windows are read in pieces, so that the work of each is bounded; pieces overlap, so that no date is cut in all.
    """
    years = _years(line)
    if after:
        years = np.array([at for at in years.tolist() if int(line[at : at + 4]) > after], np.int64)
    if len(line) < _FAR and len(years):
        yield _Window(0, len(line), 0, len(line))
        return
    if len(near):
        years = years[_any_within(near, years - _WINDOW, years + _WINDOW)]
    begins = years[np.diff(years, prepend=-_FAR) >= _FAR].tolist()
    ends = years[np.diff(years, append=years[-1:] + _FAR) >= _FAR].tolist()
    for first, last in zip(begins, ends, strict=True):
        start, end = max(0, first - _WINDOW), min(len(line), last + 4 + _WINDOW)
        start = max(start - _WINDOW, line.rfind(" ", max(0, start - _WINDOW), start), 0)
        space = line.find(" ", end, end + _WINDOW)
        end = space if space >= 0 else min(len(line), end + _WINDOW)
        low = start
        while end - start > _PIECE:
            yield _Window(start, start + _PIECE, low, start + _PIECE - _WINDOW)
            start += _PIECE - 2 * _WINDOW
            low = start + _WINDOW
        yield _Window(start, end, low, end)


def _any_within(places: NDArray[np.int64], first: NDArray[np.int64] | int, last: NDArray[np.int64] | int) -> Any:
    """Whether any of some rising places lies from a first to a last one."""
    return np.searchsorted(places, first) < np.searchsorted(places, last, "right")


def _years(line: str) -> NDArray[np.int64]:
    """Where four digits of any script stand in a row, int64 (n,), rising."""
    digit = np.strings.isdecimal(np.frombuffer(line.encode("utf-32-le", "surrogatepass"), "<U1"))
    return np.flatnonzero(digit[:-3] & digit[1:-2] & digit[2:-1] & digit[3:])


def _in_window(line: str, at: int, language: str) -> Iterator[Contradiction]:
    found = items(line, language, True)
    dates = phrases(found, language)
    lasts = {phrase.last for phrase in dates if phrase.kind == "date"}
    for phrase in dates:
        if phrase.kind == "clash":
            yield _months(line, found, phrase, at)
        elif not FIRST_YEAR <= _civil_year(phrase) <= LAST_YEAR:
            continue
        elif phrase.kind == "impossible" and _is_no_number(found, phrase):
            start, end = found[phrase.first].start, found[phrase.last].end
            yield Contradiction(at + start, at + end, "impossible", f"There is no such day as {line[start:end]}.")
        elif phrase.days:
            wrong = _weekday(found, phrase, lasts, language)
            if wrong is not None:
                start, end = min(found[wrong].start, found[phrase.first].start), max(found[wrong].end, found[phrase.last].end)
                yield Contradiction(at + start, at + end, "weekday", _fell(phrase.days))


def _civil_year(phrase: Phrase) -> int:
    """The Gregorian year of a date, also of one of the Iranian or the Thai year; as written where no day can be told."""
    return phrase.days[0].year if phrase.kind == "date" else phrase.year


def _fell(days: Sequence[date]) -> str:
    return " or ".join(f"{day} is a {_WEEKDAYS[day.weekday()]}" for day in days) + ", not the weekday beside it."


def _months(line: str, found: Sequence[Item], phrase: Phrase, at: int) -> Contradiction:
    month = found[phrase.month]
    start = min(month.start, found[phrase.day].start) if phrase.day >= 0 else month.start
    end = month.end
    return Contradiction(at + start, at + end, "months", f"{line[month.start : end]} names two different months.")


def _is_no_number(found: Sequence[Item], phrase: Phrase) -> bool:
    """Whether an impossible date looks like a date at all, and not like the number of a file or a law."""
    before = found[phrase.first - 1] if phrase.first else None
    after = found[phrase.last + 1 : phrase.last + 3]
    if after and not after[0].gap and (after[0].kind == N or (after[0].text in ("/", "-", "_") and after[-1].kind == N)):
        return False
    if phrase.month >= 0:
        return found[phrase.day].value <= 39 or before is None
    if before is not None and before.kind == POINT and before.text in "-/.#_+" and not found[phrase.first].gap:
        return False
    return all(item.value <= 39 or item.digits == 4 for item in found[phrase.first : phrase.last + 1] if item.kind == "n")


def _weekday(found: Sequence[Item], phrase: Phrase, lasts: set[int], language: str) -> int | None:
    """Index of a weekday beside the date that is none of its readings; None where all is well."""
    near = list(_beside(found, phrase, lasts, language))
    if len(near) != 1:
        return None
    index = near[0]
    said = _said(found[index])
    return None if any(day.weekday() in said for day in phrase.days) else index


def _beside(found: Sequence[Item], phrase: Phrase, lasts: set[int], language: str) -> Iterator[int]:
    for i in range(phrase.first + 1, phrase.last):
        if i != phrase.month and _is_weekday(found, i):
            yield i
    left = _left(found, phrase)
    if left is not None and not _shared(found, left, lasts):
        yield left
    right = _right(found, phrase, language)
    if right is not None:
        yield right


def _is_weekday(found: Sequence[Item], i: int) -> bool:
    return _named(found[i]) or found[i].text in _BRACKETED


def _named(item: Item) -> bool:
    return item.kind == NAME and item.name is not None and bool(item.name.weekdays)


def _as_in_mail(found: Sequence[Item], i: int, phrase: Phrase) -> bool:
    """Whether the date is of the form "Sat, 11 Oct 2020" (RFC 5322), which is English whatever the language of the page."""
    return found[i].text in _MAIL and found[i + 1].text == "," and phrase.month >= 0 and found[phrase.month].text in _MAIL_MONTHS


def _said(item: Item) -> frozenset[int]:
    """The weekdays that an item can mean."""
    if item.kind == NAME and item.name is not None and item.name.weekdays:
        return item.name.weekdays
    if item.text in _MAIL:
        return frozenset((_MAIL.index(item.text),))
    return frozenset((_BRACKETED[item.text],)) if item.text in _BRACKETED else frozenset()


def _left(found: Sequence[Item], phrase: Phrase) -> int | None:
    i, marks = phrase.first - 1, ""
    bracketed = _left_in_brackets(found, phrase)
    if bracketed is not None:
        return bracketed
    while i >= 0 and ((found[i].kind == POINT and found[i].text in ",.") or found[i].text in _LEADS):
        marks += found[i].text if found[i].kind == POINT else ""
        i -= 1
        if len(marks) > 2:
            return None
    if i < 0 or not (_is_weekday(found, i) or _as_in_mail(found, i, phrase)):
        return None
    short = len(found[i].text) <= _SHORT and found[i].text not in _NO_WORDS
    if short and not marks and i and found[i - 1].kind not in (POINT, TIME):
        return None
    if short and "." not in marks and i and found[i - 1].kind not in (POINT, TIME, N) and found[i - 1].text not in _BEFORE_SHORT:
        return None
    # "… on Monday. 5 May 2020 was …": a full stop ends the sentence unless the name is cut short.
    return None if "." in marks and len(found[i].text) > 4 else i


def _left_in_brackets(found: Sequence[Item], phrase: Phrase) -> int | None:
    """The weekday of "(Monday) 17 May 2024" and of "Monday (17 May 2024)"."""
    i = phrase.first - 1
    texts = [item.text for item in found[max(i - 2, 0) : i + 1]]
    if len(texts) == 3 and texts[0] == "(" and texts[2] == ")" and _is_weekday(found, i - 1):
        return i - 1
    closed = phrase.last + 1 < len(found) and found[phrase.last + 1].text == ")"
    if closed and texts[-1:] == ["("] and i and _named(found[i - 1]) and len(found[i - 1].text) > _SHORT:
        return i - 1
    return None


def _shared(found: Sequence[Item], i: int, lasts: set[int]) -> bool:
    """Whether the weekday may belong to something before it: another date, or a range of weekdays."""
    before = i - 1
    while before >= 0 and (
        found[before].kind == POINT or (found[before].kind != NAME and len(found[before].text) <= 3 and found[before].kind != "n")
    ):
        if i - before > 3:
            return False
        before -= 1
    return before >= 0 and (before in lasts or _is_weekday(found, before))


def _right(found: Sequence[Item], phrase: Phrase, language: str) -> int | None:
    i = phrase.last + 1
    if language in _BEHIND and i < len(found) and _named(found[i]) and len(found[i].text) >= _SHORT:
        return i
    if i < len(found) and found[i].text in (",", "(", "-"):
        i += 1
    if i >= len(found) or not _is_weekday(found, i):
        return None
    after = found[i + 1] if i + 1 < len(found) else None
    if found[i - 1].text == "(":
        return i if after is not None and after.text == ")" else None
    if len(found[i].text) < (_SHORT if found[i].text.isascii() else 2):
        return None
    return i if after is None or after.kind == TIME or (after.kind == POINT and after.text in ".,;|") else None

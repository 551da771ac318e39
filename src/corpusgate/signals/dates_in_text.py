"""Dates inside headlines and texts that contradict themselves, or the date of their record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from corpusgate.kernels.chunk_letters import HOLDS_YEAR
from corpusgate.kernels.haystack import byte_places
from corpusgate.kernels.iso_dates import NONE
from corpusgate.kernels.patterns import Pattern
from corpusgate.kernels.years import civil, near_later_years
from corpusgate.signals.base import Hits, Ints, View, signal
from corpusgate.signals.date_calendars import gregorian_days
from corpusgate.signals.date_columns import day_of, days, published, readings, shown
from corpusgate.signals.date_contradictions import Contradiction, candidate_patterns, contradictions, whole_dates
from corpusgate.signals.dates import WEB_BEGINS

#: Days by which a whole date in a text must be later than its publication: farther ahead, hardly any event has its day yet.
AHEAD = 730

#: Years ahead beyond which a date is a plan, a term or a story, not the present of whoever wrote the text.
FARTHEST = 40

#: Later than any day of which there is a calendar.
_FAR_AHEAD = 3_000_000

#: Lines of so many code points may come again, and are kept in mind.
_SHORT = 400


def _patterns() -> tuple[Pattern, ...]:
    return tuple(Pattern(expression, year=True) for expression in candidate_patterns())


def _contradictions(view: View, kind: str) -> Hits:
    """Look closely at the lines where a candidate stands."""
    if "contradictions" not in view.cache:
        view.cache["contradictions"] = list(_look(view))
    found: list[tuple[int, int, int, Contradiction]] = [hit for hit in view.cache["contradictions"] if hit[3].kind == kind]
    return _hits([hit[:3] for hit in found], [hit[3].message for hit in found])


def _hits(places: list[tuple[int, int, int]], notes: list[str]) -> Hits:
    columns = np.array(places, np.int64).reshape(-1, 3)
    return Hits(columns[:, 0], columns[:, 1], columns[:, 2], tuple(notes))


def _look(view: View) -> Iterator[tuple[int, int, int, Contradiction]]:
    matches = view.matches
    chosen, first = np.unique(matches.line, return_index=True)
    # Matches come in the order of the text, so those of one line stand together.
    of_lines = np.split(matches.start, first[1:]) if len(matches) else []
    for (segment, low, line, language), places in zip(_lines(view, chosen), of_lines, strict=True):
        if len(line) < _SHORT:
            hits = _in_line(line, language)
        else:
            # A long line is read where the patterns hit.
            begins = np.frombuffer(line.encode(), np.uint8) & 0xC0 != 0x80
            hits = contradictions(line, language, (np.cumsum(begins)[places - low] - 1).tolist())
        at = byte_places(line, (place for hit in hits for place in (hit.start, hit.end)))
        for hit in hits:
            yield segment, low + at[hit.start], low + at[hit.end], hit


# Sites print the same dateline on many pages.
_in_line = lru_cache(maxsize=4096)(contradictions)
_dates_of = lru_cache(maxsize=4096)(whole_dates)


def _lines(view: View, chosen: Ints) -> Iterator[tuple[int, int, str, str]]:
    """Segment, first byte, text and language of some lines of the survey."""
    lines, haystack = view.survey.lines, view.haystack
    for i in chosen.tolist():
        segment, low = int(lines.segment[i]), int(lines.start[i])
        yield segment, low, haystack.text(low, int(lines.end[i])), view.languages[segment // len(haystack.fields)]


@signal("dates", patterns=_patterns)
def weekday_contradiction(view: View) -> Hits:
    """A weekday beside a full date that falls on another weekday."""
    return _contradictions(view, "weekday")


@signal("dates", patterns=_patterns)
def month_contradiction(view: View) -> Hits:
    """Two month names joined as one that are different months."""
    return _contradictions(view, "months")


@signal("dates", patterns=_patterns)
def impossible_day(view: View) -> Hits:
    """A written day that no calendar has, such as the thirtieth of February."""
    return _contradictions(view, "impossible")


@signal("dates", needs=("published",))
def later_dates(view: View) -> Hits:
    """Whole dates in a text that lie more than two years after its publication, and not after its crawl where that is known."""
    found, crawl, lines = published(view), readings(view, "crawled"), view.survey.lines
    last = np.where(crawl.read, crawl.day, -NONE)
    asked = found.read & (found.day >= days(WEB_BEGINS)) & (last - found.day > AHEAD)
    marked = np.flatnonzero((lines.marks & HOLDS_YEAR != 0) & view.is_field(lines.segment, "text"))
    marked = marked[asked[view.record(lines.segment[marked])]]
    records = view.record(lines.segment[marked])
    limits = civil(found.day[records] + AHEAD + 1)[0] - 1
    lasts = np.minimum(civil(np.minimum(last[records], _FAR_AHEAD))[0], limits + FARTHEST)
    later = near_later_years(view.haystack.data, lines.start[marked], lines.end[marked], limits, lasts)
    places, notes = [], []
    for segment, low, line, language in _lines(view, marked[later]):
        record = segment // len(view.haystack.fields)
        day = int(found.day[record])
        dates = (_dates_of if len(line) < _SHORT else whole_dates)(line, language, day_of(day).year)
        at = byte_places(line, (place for start, end, _ in dates for place in (start, end)))
        for start, end, named in dates:
            number = int(days(named)[0])
            # Laws and terms begin with a month and end with one.
            if number - day > AHEAD and number <= last[record] and 1 != named.day != gregorian_days(named.year, named.month):
                places.append((segment, low + at[start], low + at[end]))
                notes.append(f"The text speaks of {named}, but its date is {shown(day)}.")
    return _hits(places, notes)

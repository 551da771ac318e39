"""Dates: missing, unreadable, impossible, and dates that contradict each other."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow.compute as pc

from corpusgate.kernels.haystack import Bytes
from corpusgate.kernels.patterns import Pattern
from corpusgate.signals.across import Query, across
from corpusgate.signals.base import Hits, View, signal
from corpusgate.signals.date_contradictions import Contradiction, candidate_patterns, contradictions
from corpusgate.signals.written_dates import Reading, read

#: The first news sites opened in 1995; earlier publication dates of web pages are archives or mistakes.
WEB_BEGINS = date(1995, 1, 1)

#: What databases and spreadsheets write where there is no date: Unix, .NET, SQL Server, Excel and "never".
SENTINELS = frozenset(
    {date(1970, 1, 1), date(1969, 12, 31), date(1, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(9999, 12, 31)}
)

#: Days by which clocks and time zones may put two dates of one page apart.
SLACK = timedelta(days=1)

#: Days by which the date in a url may differ from the publication date: drafts are filed under their first day.
URL_SLACK = timedelta(days=2)

_NOTHING = Reading(None, "empty", None)


def _readings(view: View, field: str) -> list[Reading]:
    key = f"readings of {field}"
    if key not in view.cache:
        raw = view.columns[field].to_pylist()
        view.cache[key] = [read(value, language) if value else _NOTHING for value, language in zip(raw, view.languages, strict=True)]
    return view.cache[key]  # type: ignore[no-any-return]


def published(view: View) -> list[Reading]:
    """The publication date of each record, as far as it can be read without guessing."""
    return _readings(view, "published")


def _hits(view: View, rows: list[int], notes: list[str]) -> Hits:
    segments = view.haystack.segment("published")[np.array(rows, np.int64)]
    return Hits.fields(view.haystack, segments, notes)


@signal("dates", needs=("published",))
def date_missing(view: View) -> Hits:
    """There is no publication date."""
    rows = [i for i, reading in enumerate(published(view)) if reading.reason == "empty"]
    return Hits.whole(view.haystack.segment("published")[np.array(rows, np.int64)])


@signal("dates", needs=("published",))
def date_unreadable(view: View) -> Hits:
    """There is something where the publication date should be, but no date can be read from it."""
    found = [(i, reading.reason) for i, reading in enumerate(published(view)) if reading.reason in ("unreadable", "impossible")]
    words = {"unreadable": "No date can be read from this.", "impossible": "This day does not exist."}
    return _hits(view, [i for i, _ in found], [words[reason] for _, reason in found])


@signal("dates", needs=("published",))
def date_in_future(view: View) -> Hits:
    """Published later than the page was crawled, or than this run where no crawl date is known."""
    rows, notes = [], []
    for i, (reading, crawl) in enumerate(zip(published(view), _readings(view, "crawled"), strict=True)):
        limit = crawl.day or view.today
        if reading.day is not None and reading.day not in SENTINELS and _beyond(reading.day, limit, SLACK):
            rows.append(i)
            notes.append(f"{reading.day} is after the {'crawl' if crawl.day else 'run'} of {limit}.")
    return _hits(view, rows, notes)


def _beyond(later: date, earlier: date, slack: timedelta) -> bool:
    return (later - earlier) > slack


@signal("dates", needs=("published",))
def date_sentinel(view: View) -> Hits:
    """A publication date before the web, or one that stands for "none"."""
    rows, notes = [], []
    for i, reading in enumerate(published(view)):
        if reading.day is not None and (reading.day in SENTINELS or reading.day < WEB_BEGINS):
            rows.append(i)
            notes.append(f"{reading.day} stands for no date." if reading.day in SENTINELS else f"{reading.day} is before the web.")
    return _hits(view, rows, notes)


@signal("dates", needs=("published", "modified"))
def date_order(view: View) -> Hits:
    """Published later than modified."""
    rows, notes = [], []
    for i, (reading, change) in enumerate(zip(published(view), _readings(view, "modified"), strict=True)):
        if reading.day is not None and change.day is not None and _beyond(reading.day, change.day, SLACK):
            rows.append(i)
            notes.append(f"Published {reading.day}, but modified {change.day}.")
    return _hits(view, rows, notes)


_URL_DATE = r"^[^?#]*?/(?P<year>19[0-9]{2}|20[0-9]{2})[/-](?P<month>0?[1-9]|1[0-2])[/-](?P<day>0?[1-9]|[12][0-9]|3[01])(?:[/_.-]|$)"


@signal("dates", needs=("published", "url"))
def url_date_contradiction(view: View) -> Hits:
    """The date in the url is another than the publication date."""
    parts = pc.extract_regex(view.columns["url"], _URL_DATE)
    rows, notes = [], []
    for i, (reading, part) in enumerate(zip(published(view), parts.to_pylist(), strict=True)):
        if reading.day is None or part is None or reading.day in SENTINELS:
            continue
        try:
            named = date(int(part["year"]), int(part["month"]), int(part["day"]))
        except ValueError:
            continue
        if abs(reading.day - named) > URL_SLACK:
            rows.append(i)
            notes.append(f"Published {reading.day}, but the url says {named}.")
    return _hits(view, rows, notes)


def _patterns() -> tuple[Pattern, ...]:
    return tuple(Pattern(expression, year=True) for expression in candidate_patterns())


def _contradictions(view: View, kind: str) -> Hits:
    """Look closely at the lines where a candidate stands."""
    if "contradictions" not in view.cache:
        view.cache["contradictions"] = _look(view)
    found: list[tuple[int, int, int, Contradiction]] = [hit for hit in view.cache["contradictions"] if hit[3].kind == kind]
    places = np.array([hit[:3] for hit in found], np.int64).reshape(-1, 3)
    return Hits(places[:, 0], places[:, 1], places[:, 2], tuple(hit[3].message for hit in found))


def _look(view: View) -> list[tuple[int, int, int, Contradiction]]:
    haystack = view.haystack
    found = []
    for segment, low, high in _candidate_lines(view):
        line = haystack.text(low, high)
        for hit in contradictions(line, view.languages[segment // len(haystack.fields)]):
            start = low + len(line[: hit.start].encode())
            found.append((segment, start, start + len(line[hit.start : hit.end].encode()), hit))
    return found


def _candidate_lines(view: View) -> list[tuple[int, int, int]]:
    """Segment, first byte and end of each line that a pattern hit, once each."""
    data, lines = view.haystack.data, {}
    for segment, start, end in zip(view.matches.segment.tolist(), view.matches.start.tolist(), view.matches.end.tolist(), strict=True):
        low = _line_start(data, start, int(view.haystack.starts[segment]))
        if low not in lines:
            lines[low] = (segment, low, _line_end(data, end, int(view.haystack.ends[segment])))
    return sorted(lines.values())


def _line_start(data: Bytes, at: int, low: int) -> int:
    found = data[low:at].tobytes().rfind(b"\n")
    return low + found + 1


def _line_end(data: Bytes, at: int, high: int) -> int:
    found = data[at:high].tobytes().find(b"\n")
    return high if found < 0 else at + found


@signal("dates", patterns=_patterns)
def weekday_contradiction(view: View) -> Hits:
    """A weekday beside a full date that falls on another weekday."""
    return _contradictions(view, "weekday")


@signal("dates", patterns=_patterns)
def month_contradiction(view: View) -> Hits:
    """Two month names joined as one that are different months."""
    return _contradictions(view, "months")


@across("dates", tables=("stamps", "records"), field="published")
def date_pile_up(*, min_records: int = 20, min_source: int = 40, min_share: float = 0.5) -> Query:
    """One second or one day on so many records of a source that it cannot be their publication date."""
    crowd = f"count(*) >= {min_records:d}"
    return Query(
        findings=f"""
            WITH sizes AS (SELECT source, count(*) AS records FROM records GROUP BY source),
            days AS (
                SELECT stamps.source, day, count(*) AS records FROM stamps JOIN sizes ON stamps.source = sizes.source
                WHERE sizes.records >= {min_source:d} GROUP BY stamps.source, day, sizes.records
                HAVING {crowd} AND count(*) >= {min_share!r} * sizes.records
            )
            SELECT stamps.ordinal, NULL AS start_at, NULL AS end_at, CAST(stamps.day AS BIGINT) AS hash, days.records AS detail
            FROM stamps JOIN days ON stamps.source = days.source AND stamps.day = days.day
        """,
        note="{detail:,} records of this source have this day.",
        facts="SELECT count(DISTINCT hash) AS days FROM found",
    )

"""Dates: missing, unreadable, impossible, and dates that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.kernels.haystack import byte_places
from corpusgate.kernels.iso_dates import NONE, parse
from corpusgate.kernels.patterns import Pattern
from corpusgate.signals.across import Query, across
from corpusgate.signals.base import Hits, Ints, View, signal
from corpusgate.signals.date_contradictions import Contradiction, candidate_patterns, contradictions
from corpusgate.signals.written_dates import Reason, read

#: The first news sites opened in 1995; earlier publication dates of web pages are archives or mistakes.
WEB_BEGINS = date(1995, 1, 1)

#: What databases and spreadsheets write where there is no date: Unix, .NET, SQL Server, Excel and "never".
SENTINELS = frozenset(
    {date(1970, 1, 1), date(1969, 12, 31), date(1, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(9999, 12, 31)}
)

#: Days by which clocks and time zones may put two dates of one page apart.
SLACK = 1

#: Days by which the date in a url may differ from the publication date: drafts are filed under their first day.
URL_SLACK = 2

_EPOCH = date(1970, 1, 1).toordinal()
_REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Readings:
    """What a column of written dates says, a row each.

    Attributes:
        day: int64 (n,): days since 1970-01-01; `NONE` where no day was read.
        second: int64 (n,): seconds since then; `NONE` where no time of day was written.
        reason: int64 (n,): index in the reasons of `written_dates.Reason`.
    """

    day: Ints
    second: Ints
    reason: Ints

    @property
    def read(self) -> NDArray[np.bool_]:
        """Whose day was read."""
        return np.not_equal(self.day, NONE)

    def because(self, *reasons: Reason) -> Ints:
        """Rows with one of some reasons."""
        return np.flatnonzero(np.isin(self.reason, [_REASONS.index(reason) for reason in reasons]))


def _days(*days: date) -> Ints:
    return np.array([day.toordinal() - _EPOCH for day in days], np.int64)


def _day(days: int) -> date:
    return date.fromordinal(days + _EPOCH)


def _readings(view: View, field: str) -> Readings:
    key = f"readings of {field}"
    if key not in view.cache:
        view.cache[key] = _read_column(view.columns[field], view.languages)
    return view.cache[key]  # type: ignore[no-any-return]


def _read_column(column: pa.Array, languages: Sequence[str]) -> Readings:
    filled = pc.fill_null(column, "").cast(pa.large_string())
    _, offsets, data = filled.buffers()
    ends = np.frombuffer(offsets, np.int64)[filled.offset : filled.offset + len(filled) + 1]
    known, day, second = parse(np.frombuffer(data or b"", np.uint8), ends)
    reason = np.full(len(filled), _REASONS.index("read"), np.int64)
    lengths = np.diff(ends)
    reason[lengths == 0] = _REASONS.index("empty")
    for i in np.flatnonzero(~known & (lengths > 0)).tolist():
        reading = read(column[i].as_py(), languages[i])
        reason[i] = _REASONS.index(reading.reason)
        day[i] = NONE if reading.day is None else reading.day.toordinal() - _EPOCH
        second[i] = NONE if reading.second is None else reading.second
    return Readings(day, second, reason)


def published(view: View) -> Readings:
    """The publication date of each record, as far as it can be read without guessing."""
    return _readings(view, "published")


def _hits(view: View, rows: Ints, notes: Iterable[str]) -> Hits:
    return Hits.fields(view.haystack, view.haystack.segment("published")[rows], tuple(notes))


@signal("dates", needs=("published",))
def date_missing(view: View) -> Hits:
    """There is no publication date."""
    return Hits.whole(view.haystack.segment("published")[published(view).because("empty")])


@signal("dates", needs=("published",))
def date_unreadable(view: View) -> Hits:
    """There is something where the publication date should be, but no date can be read from it."""
    readings = published(view)
    rows = readings.because("unreadable", "impossible")
    words = {"unreadable": "No date can be read from this.", "impossible": "This day does not exist."}
    return _hits(view, rows, (words[_REASONS[i]] for i in readings.reason[rows].tolist()))


@signal("dates", needs=("published",))
def date_in_future(view: View) -> Hits:
    """Published later than the page was crawled, or than this run where no crawl date is known."""
    readings, crawl = published(view), _readings(view, "crawled")
    limit = np.where(crawl.read, crawl.day, _days(view.today))
    rows = np.flatnonzero(readings.read & ~np.isin(readings.day, _days(*SENTINELS)) & (readings.day - limit > SLACK))
    words = zip(readings.day[rows].tolist(), crawl.read[rows].tolist(), limit[rows].tolist(), strict=True)
    return _hits(view, rows, (f"{_day(day)} is after the {'crawl' if known else 'run'} of {_day(by)}." for day, known, by in words))


@signal("dates", needs=("published",))
def date_sentinel(view: View) -> Hits:
    """A publication date before the web, or one that stands for "none"."""
    readings = published(view)
    sentinel = np.isin(readings.day, _days(*SENTINELS))
    rows = np.flatnonzero(readings.read & (sentinel | (readings.day < _days(WEB_BEGINS))))
    words = zip(readings.day[rows].tolist(), sentinel[rows].tolist(), strict=True)
    return _hits(view, rows, (f"{_day(day)} stands for no date." if none else f"{_day(day)} is before the web." for day, none in words))


@signal("dates", needs=("published", "modified"))
def date_order(view: View) -> Hits:
    """Published later than modified."""
    readings, changes = published(view), _readings(view, "modified")
    rows = np.flatnonzero(readings.read & changes.read & (readings.day - changes.day > SLACK))
    words = zip(readings.day[rows].tolist(), changes.day[rows].tolist(), strict=True)
    return _hits(view, rows, (f"Published {_day(day)}, but modified {_day(changed)}." for day, changed in words))


_URL_DATE = r"^[^?#]*?/(?P<year>19[0-9]{2}|20[0-9]{2})[/-](?P<month>0?[1-9]|1[0-2])[/-](?P<day>0?[1-9]|[12][0-9]|3[01])(?:[/_.-]|$)"


@signal("dates", needs=("published", "url"))
def url_date_contradiction(view: View) -> Hits:
    """The date in the url is another than the publication date."""
    readings, url = published(view), view.columns["url"]
    rows, notes = [], []
    century = pc.or_kleene(pc.match_substring(url, "/20"), pc.match_substring(url, "/19"))
    likely = np.asarray(pc.fill_null(century, False)) & readings.read & ~np.isin(readings.day, _days(*SENTINELS))
    chosen = np.flatnonzero(likely)
    for i, part in zip(chosen.tolist(), pc.extract_regex(url.take(pa.array(chosen)), _URL_DATE).to_pylist(), strict=True):
        if part is None:
            continue
        try:
            named = date(int(part["year"]), int(part["month"]), int(part["day"]))
        except ValueError:
            continue
        day = _day(int(readings.day[i]))
        if abs((day - named).days) > URL_SLACK:
            rows.append(i)
            notes.append(f"Published {day}, but the url says {named}.")
    return _hits(view, np.array(rows, np.int64), notes)


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
    haystack, lines = view.haystack, view.survey.lines
    found = []
    for line in np.unique(view.matches.line).tolist():
        segment, low = int(lines.segment[line]), int(lines.start[line])
        text = haystack.text(low, int(lines.end[line]))
        hits = contradictions(text, view.languages[segment // len(haystack.fields)])
        at = byte_places(text, (place for hit in hits for place in (hit.start, hit.end)))
        found += [(segment, low + at[hit.start], low + at[hit.end], hit) for hit in hits]
    return found


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


@across("dates", tables=("stamps", "records"), field="published")
def date_pile_up(*, min_records: int = 20, min_source: int = 40, min_share: float = 0.5) -> Query:
    """One second or one day on so many records of a source that it cannot be their publication date."""
    return Query(
        table="stamps",
        keys=("source", "day"),
        groups=f"""
            WITH sizes AS (SELECT source, count(*) AS records FROM records GROUP BY source)
            SELECT stamps.source, day, count(*) AS detail FROM stamps JOIN sizes ON stamps.source = sizes.source
            WHERE sizes.records >= {min_source:d} GROUP BY stamps.source, day, sizes.records
            HAVING count(*) >= {min_records:d} AND count(*) >= {min_share!r} * sizes.records
        """,
        evidence="written",
        least=min_records,
        note="{detail:,} records of this source have this day.",
        facts="SELECT count(DISTINCT day) AS days FROM grouped",
    )

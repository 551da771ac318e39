"""The hash tables about dates, for signals across records: what each record's date is, and what each source's dates are like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.chunk_letters import HOLDS_YEAR
from corpusgate.kernels.hashing import combine, hash_bytes
from corpusgate.kernels.iso_dates import NONE
from corpusgate.kernels.lookup import distinct
from corpusgate.kernels.years import civil, near_later_years
from corpusgate.signals.base import Ints, View
from corpusgate.signals.date_columns import Readings, days, published
from corpusgate.signals.date_contradictions import FIRST_YEAR, LAST_YEAR, whole_dates
from corpusgate.signals.table_columns import points, sources, written

#: What a row of `habits` counts, with its `value` and `other`.
#: ORDER: dates of numbers that allow one order; 1 with the day first, 2 with the month first.
#: OPEN, SAID: dates that allow both, the day by either order; in SAID the language has settled it.
#: CLOCK: times of day on whole and half hours, in seconds, -1 for all others; 1 where a zone east or west of UTC is written.
#: YEAR: years.
#: SURE: months of days after the twelfth, counted from the year 0.
#: TURNED: months of the other days, and the month that each would be in with day and month the other way round, counted likewise.
#: NAMED: dates in headlines: 0 near the publication, 1 far from it, 2 the publication with day and month the other way round.
ORDER, OPEN, SAID, CLOCK, YEAR, SURE, TURNED, NAMED_DAY = range(1, 9)

#: Days that a headline's date may be off for both to speak of one day: today, yesterday, tomorrow.
NEAR = 2


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of the days that were read: int64 (n,) each."""

    row: Ints
    year: Ints
    month: Ints
    day: Ints

    @property
    def months(self) -> Ints:
        """Months since January of the year 0."""
        return 12 * self.year + self.month - 1

    @property
    def turned(self) -> Ints:
        """The same with day and month the other way round; `NONE` where there is none or it makes no difference."""
        return np.where((self.day <= 12) & (self.day != self.month), 12 * self.year + self.day - 1, NONE)


def _parts(found: Readings) -> _Parts:
    rows = np.flatnonzero(found.read)
    return _Parts(rows, *civil(found.day[rows]))


def stamps(view: View) -> pa.Table:
    """One row a record whose publication date could be read, or could be one of two days."""
    found = published(view)
    rows = np.flatnonzero(found.read | (found.first != NONE))
    parts = _parts(found)
    open_ = ~found.read[rows]
    moment, clock = found.moment[rows], _on_the_hour(found)[rows]

    def of_parts(values: Ints) -> pa.Array:
        spread = np.full(len(found.day), NONE, np.int64)
        spread[parts.row] = values
        return _nullable(spread[rows])

    return pa.table(
        {
            "row": rows,
            "day": np.where(open_, found.first[rows], found.day[rows]).astype(np.int32),
            "second": _nullable(moment),
            "clock": _nullable(clock),
            "zoned": _is_zoned(found)[rows].astype(np.int8),
            "vote": found.order[rows].astype(np.int8),
            "open": open_.astype(np.int8),
            "day_first": _nullable(found.first[rows]),
            "month_first": _nullable(found.second[rows]),
            "year": of_parts(parts.year),
            "month": of_parts(parts.months),
            "turned": of_parts(parts.turned),
            **written(view, "published", rows),
        }
    )


def _nullable(values: Ints) -> pa.Array:
    return pa.array(values, mask=values == NONE)


def _on_the_hour(found: Readings) -> Ints:
    """Times of day on whole and half hours: int64 (n,); -1 for others, `NONE` without one."""
    return np.where(found.clock == NONE, NONE, np.where(found.clock % 1800 == 0, found.clock, -1))


def _is_zoned(found: Readings) -> NDArray[np.bool_]:
    zoned: NDArray[np.bool_] = (found.zone != NONE) & (found.zone != 0)
    return zoned


def habits(view: View) -> pa.Table:
    """How often the dates of each source do what: one row for each thing that they do, beside one of the records that do."""
    source, found = sources(view), published(view)
    pieces = [
        np.stack([rows, np.full(len(rows), kind, np.int64), value, other]) for kind, rows, value, other in _doings(view, found) if len(rows)
    ]
    row, kind, value, other = np.concatenate(pieces, axis=1) if pieces else np.zeros((4, 0), np.int64)
    first, which = distinct(combine(combine(source[row], kind), combine(value, other)))
    order = np.argsort(row[first], kind="stable")
    first, times = first[order], np.bincount(which, minlength=len(first))[order]
    return pa.table(
        {"row": row[first], "kind": kind[first].astype(np.int8), "value": value[first], "other": other[first], "n": times.astype(np.int32)}
    )


def _doings(view: View, found: Readings) -> Iterator[tuple[int, Ints, Ints, Ints]]:
    """Kind, rows, values and other values of what the dates of some records do."""
    parts = _parts(found)
    turned = parts.turned
    nothing = np.zeros(len(found.day), np.int64)
    voting = np.flatnonzero(found.order > 0)
    yield ORDER, voting, found.order[voting], nothing[voting]
    for kind, rows in ((OPEN, ~found.read), (SAID, found.read)):
        either = np.flatnonzero((found.first != NONE) & rows)
        yield kind, either, found.first[either], found.second[either]
    timed = np.flatnonzero(found.read & (found.clock != NONE))
    yield CLOCK, timed, _on_the_hour(found)[timed], _is_zoned(found)[timed].astype(np.int64)
    yield YEAR, parts.row, parts.year, nothing[: len(parts.row)]
    late = parts.day > 12
    yield SURE, parts.row[late], parts.months[late], nothing[: late.sum()]
    may_turn = turned != NONE
    yield TURNED, parts.row[may_turn], parts.months[may_turn], turned[may_turn]
    places = _named(view)
    yield NAMED_DAY, places[:, 0], places[:, 1], np.zeros(len(places), np.int64)


def named(view: View) -> pa.Table:
    """One row a headline with one whole date in it, of a record whose publication date could be read."""
    places = _named(view)
    segments = view.haystack.segment("headline")[places[:, 0]]
    start, end = places[:, 2].copy(), places[:, 3].copy()
    hashes = hash_bytes(view.haystack.data, start, end)
    return pa.table({"row": places[:, 0], "far": places[:, 1].astype(np.int8), "written": hashes, **points(view, segments, start, end)})


def _named(view: View) -> Ints:
    """Record, how its headline's date goes with its publication (see NAMED_DAY), first byte and end of that date: int64 (n, 4)."""
    if "named days" not in view.cache:
        view.cache["named days"] = np.array(list(_look(view)), np.int64).reshape(-1, 4)
    return view.cache["named days"]  # type: ignore[no-any-return]


def _look(view: View) -> Iterator[tuple[int, int, int, int]]:
    found, lines, haystack = published(view), view.survey.lines, view.haystack
    marked = np.flatnonzero((lines.marks & HOLDS_YEAR != 0) & view.is_field(lines.segment, "headline"))
    first, last = np.full(len(marked), FIRST_YEAR - 1, np.int64), np.full(len(marked), LAST_YEAR, np.int64)
    likely = near_later_years(haystack.data, lines.start[marked], lines.end[marked], first, last)
    for i in marked[likely].tolist():
        record, low = int(lines.segment[i]) // len(haystack.fields), int(lines.start[i])
        if not found.read[record]:
            continue
        line = haystack.text(low, int(lines.end[i]))
        dates = whole_dates(line, view.languages[record])
        if len(dates) != 1:
            continue
        start, end, day = dates[0]
        day_number, published_day = int(days(day)[0]), int(found.day[record])
        far = 0 if abs(day_number - published_day) <= NEAR else 1
        if far and day.day <= 12 and int(days(day.replace(month=day.day, day=day.month))[0]) == published_day:
            far = 2
        yield record, far, low + len(line[:start].encode()), low + len(line[:end].encode())

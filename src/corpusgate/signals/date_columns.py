"""Columns of written dates read at once: forms of machines and known shapes by compiled loops, the rest one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.kernels import date_shapes as shape
from corpusgate.kernels.hashing import hash_text
from corpusgate.kernels.iso_dates import NONE, parse
from corpusgate.signals.base import Ints, View
from corpusgate.signals.date_distances import distance
from corpusgate.signals.date_recipes import ORDERS, REASONS, made_of, recipes, tables
from corpusgate.signals.written_dates import Reason, read

EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400

#: Shapes kept; when there are more, all are learned anew: a corpus has hundreds, noise has as many as records.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Readings:
    """What a column of written dates says, a row each; `NONE` for what it does not say.

    Attributes:
        day: int64 (n,): days since 1970-01-01.
        clock: int64 (n,): seconds since midnight, as written.
        zone: int64 (n,): seconds east of UTC.
        reason: int64 (n,): index in `date_recipes.REASONS`.
        order: int64 (n,): index in `date_recipes.ORDERS` of the one order of day and month that the value allows.
        first: int64 (n,): the day with the day first, where numbers alone allow both orders.
        second: int64 (n,): the day with the month first, likewise.
    """

    day: Ints
    clock: Ints
    zone: Ints
    reason: Ints
    order: Ints
    first: Ints
    second: Ints

    @property
    def read(self) -> NDArray[np.bool_]:
        """Whose day was read."""
        return np.not_equal(self.day, NONE)

    @property
    def moment(self) -> Ints:
        """Seconds since 1970-01-01 UTC, in UTC where no zone is written; `NONE` without a time of day: int64 (n,)."""
        timed = self.read & (self.clock != NONE)
        return np.where(timed, self.day * _DAY + self.clock - np.where(self.zone == NONE, 0, self.zone), NONE)

    def because(self, *reasons: Reason) -> Ints:
        """Rows with one of some reasons."""
        return np.flatnonzero(np.isin(self.reason, [REASONS.index(reason) for reason in reasons]))


def days(*given: date) -> Ints:
    """Days since 1970-01-01: int64 (n,)."""
    return np.array([day.toordinal() - EPOCH for day in given], np.int64)


def day_of(number: int) -> date:
    """The day of so many days since 1970-01-01."""
    return date.fromordinal(number + EPOCH)


def shown(number: int) -> str:
    """A day in ISO form, also one that Python has no date for."""
    return str(np.datetime64(number, "D"))


def readings(view: View, field: str) -> Readings:
    """What a field of dates says: "published", "modified" or "crawled"."""
    key = f"readings of {field}"
    if key not in view.cache:
        found = read_column(view.columns[field], view.languages, view.columns["language"])
        view.cache[key] = found if field == "crawled" else _by_crawl(found, view, view.columns[field])
    return view.cache[key]  # type: ignore[no-any-return]


def _by_crawl(found: Readings, view: View, column: pa.Array) -> Readings:
    """The same with dates that are told by their distance, "3 days ago", where the record says when it was crawled."""
    rows = found.because("relative", "unreadable")
    if not len(rows):
        return found
    crawl = readings(view, "crawled")
    rows = rows[crawl.read[rows]]
    for row, text in zip(rows.tolist(), column.take(pa.array(rows)).to_pylist(), strict=True):
        back = distance(text)
        if back is None or (crawl.clock[row] == NONE and not back.by_day):
            continue
        clock = 0 if back.by_day else int(crawl.clock[row])
        found.day[row] = (int(crawl.day[row]) * _DAY + clock - back.seconds) // _DAY
        found.reason[row] = REASONS.index("read")
    return found


def published(view: View) -> Readings:
    """The publication date of each record, as far as it can be read without guessing."""
    return readings(view, "published")


def as_bytes(column: pa.Array) -> tuple[NDArray[np.uint8], Ints]:
    """Bytes of all values of a column of strings, and where each begins and ends: int64 (n + 1,); null is empty."""
    filled = pc.fill_null(column, "").cast(pa.large_string())
    _, offsets, data = filled.buffers()
    ends = np.frombuffer(offsets, np.int64)[filled.offset : filled.offset + len(filled) + 1]
    return np.frombuffer(data or b"", np.uint8), ends


def read_column(column: pa.Array, languages: Sequence[str], declared: pa.Array | None = None) -> Readings:
    """Read a column of written dates.

    Args:
        column: strings.
        languages: code of each record's language, or empty.
        declared: the records' own word for it, which may name the country as well; null where there is none.
    """
    raw, ends = as_bytes(column)
    known, day, clock, zone = parse(raw, ends)
    reason = np.zeros(len(column), np.int64)
    lengths = np.diff(ends)
    reason[lengths == 0] = REASONS.index("empty")
    nothing = np.full(len(column), NONE, np.int64)
    found = Readings(day, clock, zone, reason, np.zeros(len(column), np.int64), nothing, nothing.copy())
    rest = np.flatnonzero(~known & (lengths > 0))
    if not len(rest):
        return found
    made = _by_shape(raw, ends, rest, column, _tags(rest, languages, declared))
    for values, result in zip(
        (found.day, found.clock, found.zone, found.reason, found.order, found.first, found.second), made.T, strict=False
    ):
        values[rest] = result
    return found


def _tags(rows: Ints, languages: Sequence[str], declared: pa.Array | None) -> list[str]:
    """The language of some rows, with its country where the record says it."""
    if declared is None or declared.null_count == len(declared):
        return [languages[i] for i in rows.tolist()]
    named = declared.take(pa.array(rows)).to_pylist()
    return [
        said.strip().lower().replace("_", "-") if said and len(said) > 3 and said.strip().lower().startswith(languages[i]) else languages[i]
        for i, said in zip(rows.tolist(), named, strict=True)
    ]


class _Learned:
    """Recipes by shape and language, of this process."""

    def __init__(self) -> None:
        self.index: dict[int, int] = {}
        self.rows: list[list[int]] = []
        self.table = np.zeros((0, shape.WIDTH), np.int64)

    def learn(self, keys: Sequence[int], rows: Sequence[list[int] | None]) -> None:
        if len(self.rows) + len(rows) > _MOST:
            self.index.clear()
            self.rows.clear()
        for key, row in zip(keys, rows, strict=True):
            if row is not None:
                self.index[key] = len(self.rows)
                self.rows.append(row)
        self.table = np.array(self.rows, np.int64).reshape(-1, shape.WIDTH)


_LEARNED = _Learned()


def _by_shape(raw: NDArray[np.uint8], ends: Ints, rows: Ints, values: pa.Array, tags: Sequence[str]) -> Ints:
    keys, numbers = shape.shapes(raw, ends[rows], ends[rows + 1])
    salts = {tag: hash_text(tag) for tag in set(tags)}
    mixed = np.where(keys != 0, keys ^ np.array([salts[tag] for tag in tags], np.int64), 0)
    distinct, first, of = np.unique(mixed, return_index=True, return_inverse=True)
    new = np.array([key != 0 and key not in _LEARNED.index for key in distinct.tolist()], np.bool_)
    examples = first[new]
    if len(examples):
        texts = values.take(pa.array(rows[examples])).to_pylist()
        learned, read_now = recipes(texts, [tags[i] for i in examples.tolist()], numbers[examples])
        _LEARNED.learn(distinct[new].tolist(), learned)
    which = np.array([_LEARNED.index.get(key, -1) for key in distinct.tolist()], np.int64)[of]
    made: Ints = shape.make(numbers, which, _LEARNED.table, *tables())
    if len(examples):
        made[examples] = read_now
    for i in np.flatnonzero(made[:, shape.MADE] == 0).tolist():
        made[i] = made_of(read(values[int(rows[i])].as_py(), tags[i]))
    return made


__all__ = ["EPOCH", "ORDERS", "Readings", "day_of", "days", "published", "read_column", "readings", "shown"]

"""Geometry of charts: columns over time, and lines over runs, in units of a box of 1000 by 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpusgate.results import Share

WIDTH, HEIGHT = 1000, 100

#: Columns beyond which months are put together to years, and years to what fits.
COLUMNS = 96

#: Width of a column where they are few.
WIDEST = 90


@dataclass(frozen=True, slots=True)
class Column:
    """A month or several: name of the first, place, height of all records and of the damaged ones, and the numbers themselves."""

    name: str
    x: float
    width: float
    height: float
    damaged_height: float
    records: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Records over time.

    Attributes:
        columns: those that can be, each of the same span of time.
        early: those that cannot be and lie before, in months.
        late: and those behind.
        by_year: whether a column is a year or more.
        most: the largest column; None where there is none.
        impossible: records with dates that cannot be.
        undated: records without a date.
        ticks: names below the columns, with their places in percent.
    """

    columns: Sequence[Column]
    early: Sequence[Column]
    late: Sequence[Column]
    by_year: bool
    most: Column | None
    impossible: int
    undated: int
    ticks: Sequence[tuple[str, float]]


def histogram(months: Sequence[Share]) -> Histogram:
    """Publication dates by month, or by year where they are many; months in their order."""
    dated = [month for month in months if month.name]
    undated = sum(month.records for month in months if not month.name)
    wrong = [month for month in dated if 2 * month.impossible > month.records]
    right = [month for month in dated if 2 * month.impossible <= month.records]
    first, last = (_number(right[0].name), _number(right[-1].name)) if right else (0, -1)
    span = 1 if last - first < COLUMNS else 12 * -(-(last // 12 - first // 12 + 1) // COLUMNS)
    begin = first - first % span if span > 1 else first
    slots = [[0, 0] for _ in range((last - begin) // span + 1)] if right else []
    for month in right:
        slot = slots[(_number(month.name) - begin) // span]
        slot[0] += month.records
        slot[1] += month.damaged
    # What cannot be stands at the sides, in columns of a fixed width beyond a gap.
    early = [month for month in wrong if right and _number(month.name) < first][-6:]
    late = [month for month in wrong if month not in early][:6]
    side, gap = 22, 30
    left = len(early) * side + (gap if early else 0)
    room = WIDTH - left - len(late) * side - (gap if late else 0)
    peak = max([*(slot[0] for slot in slots), *(month.records for month in [*early, *late]), 1])
    wide = min(room / max(len(slots), 1), WIDEST)
    columns = [
        _column(_name(begin + i * span, span), left + i * wide, wide, records, damaged, peak) for i, (records, damaged) in enumerate(slots)
    ]
    sides = [
        [_column(month.name, x + i * side, side, month.records, month.damaged, peak) for i, month in enumerate(some)]
        for some, x in ((early, 0), (late, WIDTH - len(late) * side))
    ]
    step = max(1, -(-len(columns) // 8))
    ticks = [(column.name, (column.x + column.width / 2) / WIDTH * 100) for column in columns[::step]]
    most = max(columns, key=lambda column: column.records, default=None)
    return Histogram(columns, sides[0], sides[1], span > 1, most, sum(month.impossible for month in dated), undated, ticks)


def _column(name: str, x: float, width: float, records: int, damaged: int, peak: int) -> Column:
    # What is there is seen, however small its share.
    height = max(HEIGHT * records / peak, 1.5) if records else 0
    hurt = max(HEIGHT * damaged / peak, 1.5) if damaged else 0
    return Column(name, round(x, 2), round(width, 2), round(height, 2), round(min(hurt, height), 2), records, damaged)


def _number(month: str) -> int:
    year, _, of_year = month.partition("-")
    return int(year) * 12 + int(of_year or 1) - 1


def _name(number: int, span: int) -> str:
    return f"{number // 12}" if span > 1 else f"{number // 12}-{number % 12 + 1:02d}"


def line(values: Sequence[float]) -> str:
    """The points of a line through some values, in a box of 100 by 24 with a rim of 2: `x,y x,y …`."""
    top = max([*values, 1])
    step = 96 / max(len(values) - 1, 1)
    return " ".join(f"{2 + i * step:.1f},{22 - 20 * value / top:.1f}" for i, value in enumerate(values))

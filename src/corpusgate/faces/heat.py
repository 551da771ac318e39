"""The map of damage: sources by checks, the worst of both first. Some as a table, all others as a list, every one as a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpusgate.faces.states import ORDER
from corpusgate.results import Results, SourceDamage, Verdict

#: Sources in the table.
ROWS = 25

#: How grave a finding is, beside its share of the records.
WEIGHTS = {"fail": 4.0, "warn": 2.0, "info": 0.2}

#: Records added to those of each source, so that none of few records is the worst for one of them.
FEW = 5

#: Shares from which on a cell is tinted and filled.
TINTED, FILLED = 0.01, 0.1


@dataclass(frozen=True, slots=True)
class Cell:
    """A check in a source.

    Attributes:
        verdict: the check's verdict.
        records: records with findings.
        percent: their share in percent, in two or three characters.
        state: how grave that is.
        level: 0 to 2 by the share.
    """

    verdict: Verdict
    records: int
    percent: str
    state: str
    level: int


@dataclass(frozen=True, slots=True)
class Row:
    """A source: its place among all, its sums, its worst state, and a cell a column; None where a check found nothing."""

    index: int
    source: SourceDamage
    state: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The map.

    Attributes:
        columns: checks with findings.
        rows: the worst sources.
        rest: the others, whose cells are those with findings alone.
        beyond: how many sources with findings results.json does not list.
        counts: sources by their worst state, of all listed ones.
        clean: sources without a finding.
    """

    columns: Sequence[Verdict]
    rows: Sequence[Row]
    rest: Sequence[Row]
    beyond: int
    counts: dict[str, int]
    clean: int


def heat(results: Results, shown: Sequence[Verdict]) -> Heat:
    """The map of a run.

    Args:
        results: the run.
        shown: verdicts with findings, the worst first.
    """
    damage = results.distributions.damage
    found = {check for source in damage for check in source.checks}
    columns = [v for v in shown if v.id in found]
    rows = [_row(i, source, columns) for i, source in enumerate(sorted(damage, key=lambda source: _weight(source, columns)))]
    total = results.distributions.totals.get("source", len(results.distributions.source))
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.state] = counts.get(row.state, 0) + 1
    rest = [Row(row.index, row.source, row.state, tuple(cell for cell in row.cells if cell)) for row in rows[ROWS:]]
    # All sources with findings are listed unless they fill the list; whether others have any results.json does not say.
    others, is_full = max(0, total - len(damage)), len(damage) >= 500
    return Heat(columns, rows[:ROWS], rest, others if is_full else 0, counts, 0 if is_full else others)


def _weight(source: SourceDamage, columns: Sequence[Verdict]) -> tuple[float, float, str]:
    weight = sum(source.checks.get(v.id, 0) / source.records * WEIGHTS[v.severity] for v in columns)
    return -source.damaged / (source.records + FEW), -weight, source.name


def _row(index: int, source: SourceDamage, columns: Sequence[Verdict]) -> Row:
    cells = tuple(_cell(source, v) if v.id in source.checks else None for v in columns)
    states = {cell.state for cell in cells if cell}
    return Row(index, source, min(states, key=ORDER.index, default="clean"), cells)


def _cell(source: SourceDamage, v: Verdict) -> Cell:
    records = source.checks[v.id]
    rate = records / source.records
    state = v.status if v.id in source.over or v.status in ("error", "fail", "unsure", "warn") else "tolerated"
    percent = "<1" if rate < TINTED else f"{100 * rate:.0f}"
    return Cell(v, records, percent, state, (rate >= TINTED) + (rate >= FILLED))

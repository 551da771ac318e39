"""Verdicts: bounds as expectations on the table of slices, and what their answers say of each check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corpusgate import bounds, wording
from corpusgate.bounds import Limit, Rows
from corpusgate.checks import Suite
from corpusgate.errors import Problem
from corpusgate.evaluation import SEVERITY, Evaluate, Table, evaluate
from corpusgate.runners.totals import Totals
from corpusgate.wording import UNREADABLE, Judged, Over

#: What a check says where several of its bounds are broken.
_HARDEST = ("fail", "warn", "info")

_BETWEEN = "expect_column_values_to_be_between"


def slice_table(totals: Totals, rows: Rows, limits: Sequence[Limit], quarantine: Sequence[Limit]) -> Table:
    """One row a slice: kind, name, records, and a column for each bound (`Limit.column`), empty where a slice is not bound by it.

    Args:
        totals: the sums.
        rows: the slices of these.
        limits: the bounds of checks.
        quarantine: those on input that could not be read, of which pieces of input are counted instead of records.
    """
    table: dict[str, Any] = {"kind": rows.kinds, "name": rows.names, "records": rows.records}
    for limit in limits:
        broken = rows.broken(limit.check)
        table[limit.column] = bounds.values(limit, broken, rows)
        if rows.is_sample and is_sure(limit):
            table[limit.sure] = bounds.certain(limit, broken, rows)
    # What can be read is known of all input, also where a sample is checked.
    pieces = replace(rows, records=np.where(rows.kinds == "corpus", totals.pieces, 0), fraction=1.0)
    unread = np.where(rows.kinds == "corpus", totals.quarantined, 0)
    for limit in quarantine:
        table[limit.column] = bounds.values(limit, unread, pieces)
    return table


def is_sure(limit: Limit) -> bool:
    """Whether a sample must show that a bound is held: not where nothing depends on it, nor of every single source."""
    return limit.kind == "corpus" and limit.level != "info"


def expectation(limit: Limit, column: str | None = None) -> dict[str, Any]:
    """A bound as the configuration of an expectation on the slice table, on its own column or on another one."""
    side = "min_value" if limit.measure == "held" else "max_value"
    kwargs = {"column": column or limit.column, side: limit.at}
    return {"type": _BETWEEN, "severity": SEVERITY[limit.level], "kwargs": kwargs, "meta": {"check": limit.check}}


@dataclass(frozen=True)
class Asked:
    """What is asked about the sums of a run.

    Attributes:
        limits: the bounds of the checks.
        quarantine: those on input that could not be read.
        rows: the slices.
        table: the table of slices.
        expectations: on its columns.
    """

    limits: list[Limit]
    quarantine: list[Limit]
    rows: Rows
    table: Table
    expectations: list[dict[str, Any]]


def asked(suite: Suite, totals: Totals) -> Asked:
    """The bounds of a suite as expectations on the slices of a run; examples need not be known yet.

    Raises:
        Problem: nothing can be asked.
    """
    if not totals.checks:
        raise Problem(suite.name, "no check of the suite can run on this corpus", "Map the fields that its checks need")
    limits = [limit for check in totals.checks for limit in bounds.of_check(check)]
    quarantine = bounds.of_quarantine(UNREADABLE, suite.quarantine)
    rows = bounds.rows(totals.slices, limits, totals.fraction, totals.waived)
    table = slice_table(totals, rows, limits, quarantine)
    sure = [expectation(limit, limit.sure) for limit in limits if limit.sure in table]
    return Asked(limits, quarantine, rows, table, [*map(expectation, [*limits, *quarantine]), *sure])


def judge(suite: Suite, totals: Totals, by: Evaluate = evaluate) -> list[Judged]:
    """One verdict a check, in the suite's order, and one on input that could not be read.

    Args:
        suite: the checks and their bounds.
        totals: the sums.
        by: who evaluates the expectations.

    Raises:
        Problem: nothing was checked, or the suite could not be judged as a whole.
    """
    ask = asked(suite, totals)
    limits, rows, table = ask.limits, ask.rows, ask.table
    held = by(table, ask.expectations)
    judged = []
    for check in suite.checks:
        if check.name in totals.idle:
            judged.append(Judged(wording.idle(check, totals.idle[check.name])))
            continue
        mine = [limit for limit in limits if limit.check == check.name]
        broken = [limit for limit in mine if not held[limit.column]]
        level = min((limit.level for limit in broken), key=_HARDEST.index, default=None)
        values = [(limit, table[limit.column]) for limit in mine]
        over = _over(table, [limit for limit in broken if limit.level == level], rows.broken(check.name))
        unsure = level is None and not all(held.get(limit.sure, True) for limit in mine if limit.level == check.severity)
        judged.append(Judged(wording.verdict(check, totals, rows, "unsure" if unsure else level, values), over))
    return [*judged, Judged(wording.unreadable(suite.quarantine, totals, all(held[limit.column] for limit in ask.quarantine)))]


def _over(table: Table, broken_limits: Sequence[Limit], broken: Any) -> tuple[Over, ...]:
    """The rows that break some bounds, worst first; the corpus as a whole before all."""
    rows: dict[int, None] = {}
    for limit in broken_limits:
        rows |= dict.fromkeys(np.flatnonzero(limit.beyond(table[limit.column])).tolist())
    order = sorted(rows, key=lambda row: (row > 0, -int(broken[row]), row))
    return tuple(Over(str(table["kind"][row]), table["name"][row], int(table["records"][row]), int(broken[row])) for row in order)

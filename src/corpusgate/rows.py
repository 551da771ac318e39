"""Which rows of a table break some checks, and what of them to show: what expectations on people's own tables go by.

Executors of a cluster import this, and need no Great Expectations for it. Rows are measured as records whose fields the table has,
and no others: what a check would know from another column, it does not.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from corpusgate import packs
from corpusgate.checks import Suite
from corpusgate.corpora.model import Block, Corpus, Part, SourceFile
from corpusgate.corpora.reading import read
from corpusgate.errors import Problem
from corpusgate.faces.evidence import in_place, middle_cut, plain
from corpusgate.records import SEARCHED
from corpusgate.runners import plan as planning
from corpusgate.runners.examples import example
from corpusgate.runners.local import run
from corpusgate.runners.measure import measure
from corpusgate.runners.plan import Plan

Flags = NDArray[np.bool_]

#: Code points of a value that is shown and holds no evidence.
SHOWN = 120


def day_of(today: str | None) -> date:
    """The day to judge dates by: as given in ISO form, else the day it is in UTC.

    Raises:
        Problem: it is no day.
    """
    try:
        return date.fromisoformat(today) if today else datetime.now(UTC).date()
    except (TypeError, ValueError):
        raise Problem("today", f"'{today}' is no day", "Write it as in  2026-11-25") from None


@lru_cache(maxsize=32)
def suite_of(checks: tuple[str, ...]) -> Suite:
    """The built-in checks of these names."""
    return Suite(name="rows", checks=tuple(check for check in packs.built_in() if check.name in checks))


@lru_cache(maxsize=32)
def _plan(checks: tuple[str, ...], fields: tuple[str, ...]) -> Plan:
    # Hash tables are for signals across records, which are not looked at row by row.
    return replace(planning.make(suite_of(checks), fields), names=())


def broken(table: pd.DataFrame, checks: tuple[str, ...], today: str | None = None) -> Flags:
    """bool (rows,): whether each row by itself has more findings than one of the checks allows.

    Args:
        table: columns under the names of `records.FIELDS`, of any type that a corpus may have.
        checks: names of checks that look at one record at a time.
        today: the day to judge dates by, in ISO form.
    """
    plan, day = _plan(checks, tuple(table.columns)), day_of(today)
    found = [np.zeros(0, np.bool_)]
    for block in _blocks(table):
        found.append(np.any(measure(block, plan, day).counts > plan.allowed[:, None], axis=0))
    return np.concatenate(found)


def broken_together(table: pd.DataFrame, checks: tuple[str, ...]) -> Flags:
    """The same for checks that compare records: all rows are one corpus."""
    flags = np.zeros(len(table), np.bool_)
    if not len(table):
        return flags
    suite = suite_of(checks)
    with tempfile.TemporaryDirectory() as folder, run(_corpus(table), suite, Path(folder), day_of(None)) as outcome:
        columns = [check.name for check in outcome.totals.checks]
        signals = pq.read_table(outcome.folder / "signals.parquet", columns=["record_id", *columns])
        counts = np.any([signals[check.name].to_numpy() > check.expect.max for check in outcome.totals.checks], axis=0)
        flags[[int(row) for row in signals["record_id"].to_pylist()]] = counts
    return flags


def holder(fields: Sequence[str], checks: tuple[str, ...], today: str | None = None) -> Callable[..., pd.Series[bool]]:
    """A function from columns with these fields to a column that is true where a row holds the checks, for Spark to run on executors."""

    # Spark reads the annotations: any number of series to one.
    def hold(*columns: pd.Series) -> pd.Series:
        table = pd.concat(columns, axis="columns").set_axis(list(fields[: len(columns)]), axis="columns")
        return pd.Series(~broken(table, checks, today), index=table.index, dtype=bool)

    return hold


def shown(table: pd.DataFrame, checks: tuple[str, ...], today: str | None = None) -> list[dict[str, str | None]]:
    """The cells of some rows as they may be shown: the first evidence in its surroundings, else the ends of a long value.

    Args:
        table: as for `broken`; few rows.
        checks: names of checks; of those that compare records no evidence is looked for.
        today: the day to judge dates by, in ISO form.

    Returns:
        For each row its cells by field: one line each, of fewer than 300 code points, with names for what cannot be seen; null for null.
    """
    plan, day = _plan(checks, tuple(table.columns)), day_of(today)
    rows: list[dict[str, str | None]] = []
    for block in _blocks(table):
        records = [{field: block.columns[field][i].as_py() for field in table.columns} for i in range(len(block))]
        cells = [{field: None if value is None else cut(value) for field, value in record.items()} for record in records]
        for row in reversed(measure(block, plan, day).findings.sort_by("start").to_pylist()):
            # The first is written last, over the others.
            if row["start"] is not None and (field := SEARCHED[row["field"]]) in table.columns:
                cells[row["row"]][field] = in_place(example(_as_finding(row, field), records[row["row"]]))
        rows += cells
    return rows


def cut(value: Any) -> str:
    """A value on one line, without its middle where it is long."""
    return " ".join(plain(part) for part in middle_cut(str(value), SHOWN) if part)


def _as_finding(row: Mapping[str, Any], field: str) -> dict[str, Any]:
    return {**row, "field": field, "record_id": "", "source": "", "message": row["message"] or "", "fingerprint": ""}


def _blocks(table: pd.DataFrame) -> Iterator[Block]:
    corpus = _corpus(table)
    return read(corpus, corpus.parts[0])


def _corpus(table: pd.DataFrame) -> Corpus:
    """A table as a corpus; ids are the numbers of its rows."""
    fields = {str(column): str(column) for column in table.columns}
    file = SourceFile(Path("batch"), "batch", "frame", "", 0, fields)
    return Corpus("batch", (file,), (Part(0, (0,), 0, len(table)),), fields, table.reset_index(drop=True))

"""A stretch of a part as it lies in the tables: its signals, and its rows that signals across records found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from corpusgate.runners.parts import table_path
from corpusgate.runners.plan import Plan
from corpusgate.runners.resolve import Resolution, members, resolutions

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a hash table whose group is damage, in the order of records and text.

    Attributes:
        resolution: what they are findings of.
        row: int64 (n,): record within the stretch.
        start: int64 (n,): first code point of the evidence; nothing for the columns that name groups.
        end: int64 (n,): code point after it; likewise.
        hash: int64 (n,): exact hash of the evidence; likewise.
        detail: int64 (n,): the number of the group.
    """

    resolution: Resolution
    row: Ints
    start: Ints
    end: Ints
    hash: Ints
    detail: Ints

    def take(self, chosen: NDArray[np.bool_]) -> Found:
        """Some of them."""
        return Found(self.resolution, *(column[chosen] for column in (self.row, self.start, self.end, self.hash, self.detail)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some records of a part.

    Attributes:
        first: the first of them within the part.
        signals: a row each, as measured.
        findings: findings within single records.
        found: what signals across records found in them.
    """

    first: int
    signals: pa.Table
    findings: pa.Table
    found: Sequence[Found]


def stretches(folder: Path, plan: Plan, work: Path) -> Iterator[Stretch]:
    """The stretches of a part, one after the other.

    Args:
        folder: where the part's tables lie.
        plan: what was run.
        work: where the groups lie.
    """
    if not table_path(folder, "signals").exists():
        return
    with ExitStack() as stack:

        def opened(name: str) -> pq.ParquetFile:
            words = ["match", "message"] if name == "findings" else None
            return stack.enter_context(pq.ParquetFile(table_path(folder, name), read_dictionary=words))

        tables = {name: opened(name) for name in ("signals", "findings", *plan.names)}
        first = 0
        for group in range(tables["signals"].num_row_groups):
            signals = tables["signals"].read_row_group(group, use_threads=False)
            found = [
                _found(tables[resolution.query.table], group, first, work, number, resolution)
                for number, resolution in enumerate(resolutions(plan))
            ]
            yield Stretch(first, signals, tables["findings"].read_row_group(group, use_threads=False), found)
            first += len(signals)


def _found(table: pq.ParquetFile, group: int, first: int, work: Path, number: int, resolution: Resolution) -> Found:
    query = resolution.query
    places = [] if resolution.column else ["start_at", "end_at", query.evidence]
    columns = table.read_row_group(group, columns=list(dict.fromkeys(["row", *query.keys, *places])), use_threads=False)
    for key in query.keys:
        if columns[key].null_count:
            columns = columns.filter(columns[key].is_valid())

    def ints(name: str) -> Ints:
        return np.asarray(columns[name].to_numpy(), np.int64)

    rows, detail = members(work, number, [ints(key) for key in query.keys])
    if not places:
        nothing = np.zeros(0, np.int64)
        return Found(resolution, ints("row")[rows] - first, nothing, nothing, nothing, detail)
    start, end, evidence = (ints(name)[rows] for name in places)
    return Found(resolution, ints("row")[rows] - first, start, end, evidence, detail)

"""A stretch of a part as it lies in the tables: its signals, and its rows that signals across records found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.runners.hash_tables import Rows, stretches_of
from corpusgate.runners.part_tables import batches
from corpusgate.runners.plan import Plan
from corpusgate.runners.repeats import of_records
from corpusgate.runners.resolve import Resolution, any_groups, grouped, resolutions
from corpusgate.signals.across import Query

Ints = NDArray[np.int64]


#: Where a finding without a place comes among those of its field: behind all.
NOWHERE = np.int64(1 << 31)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a hash table whose group is damage, in the order of records and text.

    Attributes:
        number: of the resolution.
        resolution: what they are findings of.
        row: int64 (n,): record within the stretch.
        start: int64 (n,): first code point of the evidence; nothing for the columns that name groups.
        end: int64 (n,): code point after it; likewise.
        hash: int64 (n,): exact hash of the evidence; likewise.
        detail: int64 (n,): the number that is said of the group.
        group: int64 (n,): which of the groups; of repetitions likewise nothing.
        message: what to say of each; None where that follows from the number.
    """

    number: int
    resolution: Resolution
    row: Ints
    start: Ints
    end: Ints
    hash: Ints
    detail: Ints
    group: Ints
    message: pa.Array | None = None

    @property
    def whole(self) -> bool:
        """Whether the findings are records as a whole, without a place."""
        return self.message is not None

    def take(self, chosen: NDArray[np.bool_]) -> Found:
        """Some of them."""
        message = self.message.filter(pa.array(chosen)) if self.message is not None else None
        columns = (self.row, self.start, self.end, self.hash, self.detail, self.group)
        row, start, end, evidence, detail, group = (column[chosen] for column in columns)
        return Found(self.number, self.resolution, row, start, end, evidence, detail, group, message)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some records of a part.

    Attributes:
        first: the first of them within the part.
        signals: a row each, as measured.
        findings: findings within single records.
        found: what signals across records found in them.
        texts: int32 (n,): the smallest ordinal among copies of each record's text, -1 where there is no other.
        headlines: int32 (n,): likewise of its headline.
    """

    first: int
    signals: pa.Table
    findings: pa.Table
    found: Sequence[Found]
    texts: NDArray[np.int32]
    headlines: NDArray[np.int32]


def stretches(folder: Path, plan: Plan, work: Path, start: int, records: int) -> Iterator[Stretch]:
    """The stretches of a part, one after the other.

    Args:
        folder: where the part's tables lie.
        plan: what was run.
        work: where the groups lie.
        start: ordinal of the part's first record.
        records: how many it has.
    """
    # Mapped, not read: a part needs its own stretch of them.
    texts, stories, titles, headlines = (
        np.load(work / f"{name}.npy", mmap_mode="r")[start : start + records] for name in ("texts", "stories", "titles", "headline-groups")
    )
    tables = [batches(folder, name) for name in ("signals", "findings")]
    hashed = [stretches_of(folder, name, stories, titles) for name in plan.names]
    first = 0
    for signals, findings, *rows in zip(*tables, *hashed, strict=True):
        by_name = dict(zip(plan.names, rows, strict=True))
        found = [
            _found(by_name[resolution.query.table], work, number, resolution)
            if isinstance(resolution.query, Query)
            else _repeated(work, number, resolution, start + first, len(signals))
            for number, resolution in enumerate(resolutions(plan))
        ]
        here = slice(first, first + len(signals))
        yield Stretch(first, pa.table(signals), pa.table(findings), found, texts[here], headlines[here])
        first += len(signals)


def _found(rows: Rows, work: Path, number: int, resolution: Resolution) -> Found:
    query = resolution.query
    assert isinstance(query, Query)
    if not any_groups(work, number):
        nothing = np.zeros(0, np.int64)
        return Found(number, resolution, nothing, nothing, nothing, nothing, nothing, nothing)
    keys, valid = rows.keys(query.keys)
    chosen, detail, group = grouped(work, number, keys)
    if valid is not None:
        chosen = valid[chosen]
    record = rows.ints("row", chosen) - rows.first
    if resolution.column:
        nothing = np.zeros(0, np.int64)
        return Found(number, resolution, record, nothing, nothing, nothing, detail, group)
    start, end, evidence = (rows.ints(name, chosen) for name in ("start_at", "end_at", query.evidence))
    return Found(number, resolution, record, start, end, evidence, detail, group)


def _repeated(work: Path, number: int, resolution: Resolution, first: int, count: int) -> Found:
    row, message = of_records(work, number, first, count)
    nowhere = np.full(len(row), NOWHERE)
    return Found(number, resolution, row, nowhere, nowhere, np.zeros(len(row), np.int64), row, row, message)

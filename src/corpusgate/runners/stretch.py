"""A stretch of a part as it lies in the tables: its signals, and its rows that signals across records found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.series import Place
from corpusgate.runners.hash_tables import Rows, tables_of
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
        counts: int32 (checks, n): how many hits of each check each has.
        findings: findings within single records.
        found: what signals across records found in them.
        texts: int32 (n,): the smallest ordinal among copies of each record's text, -1 where there is no other.
        headlines: int32 (n,): likewise of its headline.
    """

    first: int
    signals: pa.Table
    counts: NDArray[np.int32]
    findings: pa.Table
    found: Sequence[Found]
    texts: NDArray[np.int32]
    headlines: NDArray[np.int32]


def stretches(folder: Path, plan: Plan, work: Path, start: int, records: int, place: Place) -> Iterator[Stretch]:
    """The stretches of a part, one after the other.

    Args:
        folder: where the part's tables lie.
        plan: what was run.
        work: where the groups lie.
        start: ordinal of the part's first record.
        records: how many it has.
        place: where its file stands among those that follow each other.
    """
    # Mapped, not read: a part needs its own stretch of them.
    texts, stories, titles, headlines = (
        np.load(work / f"{name}.npy", mmap_mode="r")[start : start + records] for name in ("texts", "stories", "titles", "headline-groups")
    )
    asking = resolutions(plan)
    # Opening a table takes as long as looking some thousands of rows up.
    live = [isinstance(each.query, Query) and any_groups(work, number) for number, each in enumerate(asking)]
    names = sorted({each.query.table for each, some in zip(asking, live, strict=True) if some and isinstance(each.query, Query)})
    tables = *(batches(folder, name) for name in ("signals", "counts", "findings")), tables_of(folder, names, stories, titles, place)
    first = 0
    for signals, counted, findings, rows in zip(*tables, strict=True):
        found = [
            (_found(rows, work, number, resolution) if live[number] else _nothing(number, resolution))
            if isinstance(resolution.query, Query)
            else _repeated(work, number, resolution, start + first, len(signals))
            for number, resolution in enumerate(asking)
        ]
        here = slice(first, first + len(signals))
        counts = np.zeros((len(plan.checks), len(signals)), np.int32)
        check, row, n = (counted.column(name).to_numpy() for name in ("check", "row", "n"))
        counts[check, row - first] = n
        for number, each in enumerate(found):
            for i in each.resolution.checks:
                if each.resolution.again:
                    # What the check says of a record already it does not say in another way.
                    each = found[number] = each.take(counts[i][each.row] == 0)
                counts[i] += np.bincount(each.row, minlength=len(signals)).astype(np.int32)
        yield Stretch(first, pa.table(signals), counts, pa.table(findings), found, texts[here], headlines[here])
        first += len(signals)


def _nothing(number: int, resolution: Resolution) -> Found:
    nothing = np.zeros(0, np.int64)
    return Found(number, resolution, nothing, nothing, nothing, nothing, nothing, nothing)


def _found(tables: Mapping[str, Rows], work: Path, number: int, resolution: Resolution) -> Found:
    query = resolution.query
    assert isinstance(query, Query)
    rows = tables[query.table]
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

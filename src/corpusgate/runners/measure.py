"""One block of records in; counts, findings and hash tables out. The same on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.checks import Check
from corpusgate.corpora.model import Block
from corpusgate.kernels.hashing import combine, hash_ranges, hash_text
from corpusgate.kernels.haystack import Haystack, build, texts, to_code_points
from corpusgate.records import MATCH_LIMIT, SEARCHED
from corpusgate.runners.plan import Plan, own
from corpusgate.signals.base import Hits, View
from corpusgate.signals.dates import published
from corpusgate.signals.language import languages
from corpusgate.signals.tables import TABLES

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Columns of the findings of a block; `check` is the check's index in the plan.
FINDINGS = pa.schema(
    [
        ("row", pa.int64()),
        ("check", pa.int16()),
        ("field", pa.int8()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("match", pa.string()),
        ("message", pa.string()),
        ("fingerprint", pa.int64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a block gave.

    Attributes:
        signals: one row a record: id, source, language, month, published_day, offset and a count column for each check.
        findings: one row a finding, as in `FINDINGS`: only of records with more hits than the check allows.
        tables: the hash tables for signals across records.
    """

    signals: pa.Table
    findings: pa.Table
    tables: Mapping[str, pa.Table]


def view_of(block: Block, plan: Plan, today: date) -> tuple[View, dict[str, object]]:
    """Lay a block out and run all patterns over it."""
    haystack = build({field: block.columns[field] for field in SEARCHED})
    spoken = languages(block.columns["language"], haystack)
    matches = plan.patterns.scan(haystack)
    return View(block.columns, haystack, spoken, today, matches), {}


def measure(block: Block, plan: Plan, today: date) -> Measured:
    """Run every signal of a plan over a block.

    Args:
        block: the records.
        plan: what to run.
        today: the day of the run, for records without a crawl date.
    """
    whole, cache = view_of(block, plan, today)
    ids = hash_column(block.columns["id"])
    counts = np.zeros((len(plan.checks), len(block)), np.int32)
    found = []
    for probe in plan.probes:
        view = View(whole.columns, whole.haystack, whole.languages, today, probe.own(whole.matches), cache)
        hits = probe.signal.scan(view, **probe.parameters)
        for i in probe.checks:
            mine = _of_fields(hits, whole.haystack, plan.checks[i])
            rows = view.record(mine.segment)
            counts[i] = np.bincount(rows, minlength=len(block))
            # What a check allows is no finding: a text may open with its own headline.
            mine = mine.take(counts[i][rows] > plan.checks[i].expect.max)
            if len(mine):
                found.append(_findings(mine, whole.haystack, i, plan.checks[i], ids))
    tables = {}
    for name, index in plan.tables.items():
        view = View(whole.columns, whole.haystack, whole.languages, today, own(whole.matches, index), cache)
        tables[name] = TABLES[name](view)
    view = View(whole.columns, whole.haystack, whole.languages, today, whole.matches, cache)
    findings = pa.concat_tables(found) if found else FINDINGS.empty_table()
    return Measured(_signals(block, view, plan, counts), findings, tables)


def hash_column(column: pa.Array) -> Ints:
    """Hash of each value of a string column, int64 (n,)."""
    cells = build({"cell": column})
    hashes: Ints = hash_ranges(cells.data, cells.starts, cells.ends)
    return hashes


def _of_fields(hits: Hits, haystack: Haystack, check: Check) -> Hits:
    fields = [haystack.fields.index(field) for field in check.fields if field in haystack.fields]
    order = np.lexsort((hits.start, hits.segment))
    return hits.take(order[np.isin(hits.segment[order] % len(haystack.fields), fields)])


def _findings(hits: Hits, haystack: Haystack, index: int, check: Check, ids: Ints) -> pa.Table:
    fields = len(haystack.fields)
    row, field = hits.segment // fields, hits.segment % fields
    placed = hits.start >= 0
    start, end = np.where(placed, hits.start, 0), np.where(placed, hits.end, 0)
    positions = np.stack([np.maximum(start, haystack.starts[hits.segment]), np.maximum(end, haystack.starts[hits.segment])], axis=1)
    points = to_code_points(haystack.data, haystack.starts, np.repeat(hits.segment, 2), positions.reshape(-1))
    evidence = hash_ranges(haystack.data, start, end)
    fingerprint = fingerprints(check.id, ids[row], field, evidence)
    return pa.table(
        {
            "row": row,
            "check": np.full(len(hits), index, np.int16),
            "field": field.astype(np.int8),
            "start": pa.array(points[0::2].astype(np.int32), mask=~placed),
            "end": pa.array(points[1::2].astype(np.int32), mask=~placed),
            "match": texts(haystack.data, start, end, MATCH_LIMIT),
            "message": pa.array(hits.notes or [check.summary] * len(hits), pa.string()),
            "fingerprint": fingerprint,
        },
        schema=FINDINGS,
    )


def fingerprints(check_id: str, record: Ints, field: Ints, evidence: Ints) -> Ints:
    """Fingerprint of each finding: check, record, field, evidence, and how often that stood before in the record.

    Offsets take no part, so that a finding keeps its fingerprint when the text around it is mended.

    Args:
        check_id: such as `ENC002`.
        record: int64 (n,): hashes of the records' ids.
        field: int64 (n,): index in `SEARCHED`.
        evidence: int64 (n,): hashes of the evidence without white space; rows must be in the order of the text.
    """
    key = combine(combine(record, evidence), field + np.int64(hash_text(check_id)))
    order = np.argsort(key, kind="stable")
    first = np.diff(key[order], prepend=key[order][:1] - 1) != 0
    begin = np.maximum.accumulate(np.where(first, np.arange(len(key)), 0))
    occurrence = np.empty(len(key), np.int64)
    occurrence[order] = np.arange(len(key)) - begin
    unique: Ints = combine(key, occurrence)
    return unique


def _signals(block: Block, view: View, plan: Plan, counts: NDArray[np.int32]) -> pa.Table:
    days = [reading.day for reading in published(view)]
    columns: dict[str, object] = {
        "record_id": block.columns["id"],
        "source": block.columns["source"],
        "language": pa.array(view.languages, pa.string()),
        "month": pa.array([day.isoformat()[:7] if day else "" for day in days], pa.string()),
        "published_day": pa.array(days, pa.date32()),
        "offset": block.offsets,
    }
    return pa.table({**columns, **{check.name: counts[i] for i, check in enumerate(plan.checks)}})

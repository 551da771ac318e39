"""Two runs compared: records, findings, and how the corpora are made up. Only the tables of the runs are read.

A record is known by its id, and of several with one id by its place among them; it has changed where its headline, text or
date has. A finding is known by its fingerprint. Where a corpus has no ids, a record is known by what it says, and cannot change:
it is removed, and another one added.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from corpusgate import chance, drift, results, run_tables, stored
from corpusgate.drift import Drift
from corpusgate.errors import Problem
from corpusgate.records import Severity
from corpusgate.results import Results
from corpusgate.slices import KINDS
from corpusgate.stored import Stored

#: Share of records that must be elsewhere for a difference beyond chance to count as drift.
NOTABLE = 0.02


@dataclass(frozen=True, slots=True)
class Records:
    """How many records there are in both corpora, or in one."""

    added: int
    removed: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings of a check, in one source where it is named: new, mended, gone with their records, and still there."""

    check: str
    id: str
    severity: Severity
    source: str
    new: int
    fixed: int
    gone: int
    still: int


@dataclass(frozen=True)
class Difference:
    """What is different.

    Attributes:
        old: name of the corpus before, with its records and the day of its run.
        new: the same after.
        records: in all.
        sources: records by source, those with most changes first.
        checks: findings by check, those with most new ones first.
        places: findings by check and source, those with new ones.
        uncompared: checks that only one of the runs has, or that count otherwise in the other.
        drifts: how the corpora are made up: by language, source, month and length.
    """

    old: str
    new: str
    records: Records
    sources: dict[str, Records]
    checks: tuple[Findings, ...]
    places: tuple[Findings, ...]
    uncompared: tuple[str, ...]
    drifts: tuple[Drift, ...]

    def beyond_chance(self) -> list[Drift]:
        """Drifts that chance does not explain, with 5 % of doubt for all, and that are large enough to matter."""
        return [one for one in self.drifts if one.chance < chance.DOUBT / len(self.drifts) and one.size >= NOTABLE]


def compare(old: Path, new: Path) -> Difference:
    """Compare the runs in two folders.

    Raises:
        Problem: a folder is none of a run, or its tables cannot be read.
    """
    runs = [results.load(old), results.load(new)]
    samples = [(run.sample.asked, run.sample.seed) if run.sample is not None else None for run in runs]
    if samples[0] != samples[1] or (samples[0] and not samples[0][0].endswith("%")):
        raise Problem(str(new), "one of the runs is a sample", "Compare whole runs, or samples of one share and one seed")
    kept = [stored.load(old), stored.load(new)]
    signals = [run_tables.read(folder / "signals.parquet", ("record_id", "source", "content", "letters")) for folder in (old, new)]
    shared = sorted(name for name in kept[1].measured if kept[0].measured.get(name) == kept[1].measured[name])
    known = {check.name: check for check in kept[1].suite.checks}
    shared = [name for name in shared if name in known]
    found = [run_tables.findings(folder, shared, ("record_id", "source", "fingerprint")) for folder in (old, new)]
    if not all("id" in run.corpus.fields for run in runs):
        named = [_by_content(*pair) for pair in zip(signals, found, strict=True)]
        signals, found = [one for one, _ in named], [one for _, one in named]
    counts = _findings(signals, found)
    by_check = _summed(counts, ("check",))
    places = _summed(counts, ("check", "source"))

    def told(rows: Sequence[dict[str, Any]]) -> tuple[Findings, ...]:
        return tuple(
            Findings(row["check"], known[row["check"]].id, known[row["check"]].severity, row.get("source", ""),
                     row["new"], row["fixed"], row["gone"], row["still"])
            for row in rows
        )  # fmt: skip

    return Difference(
        _name(runs[0]),
        _name(runs[1]),
        *_records(signals),
        told(by_check),
        told([row for row in places if row["new"]]),
        tuple(sorted((set(kept[0].measured) ^ set(kept[1].measured)) | (set(kept[0].measured) & set(kept[1].measured) - set(shared)))),
        _drifts(kept, signals),
    )


def _name(run: Results) -> str:
    return f"{run.corpus.name} ({run.corpus.checked:,} records, {run.run.started[:10]})"


_CONTENT = """
    SELECT "check", source, content AS record_id,
        concat(content, ':', row_number() OVER (PARTITION BY "check", content ORDER BY ordinal)) AS fingerprint
    FROM found
"""


def _by_content(signals: pa.Table, found: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Both tables with what a record says as its id."""
    content = signals["content"].cast(pa.string())
    rows = _ask(_CONTENT, found=found.append_column("content", content.take(found["ordinal"])))
    named = pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in ("check", "source", "record_id", "fingerprint")]))
    return signals.set_column(0, "record_id", content), named


def _ask(query: str, **tables: pa.Table) -> list[dict[str, Any]]:
    """Rows that a query gives."""
    import duckdb

    with duckdb.connect(config={"temp_directory": tempfile.gettempdir()}) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        rows: list[dict[str, Any]] = connection.sql(query).to_arrow_table().to_pylist()
        return rows


_NUMBERED = "SELECT *, row_number() OVER (PARTITION BY record_id) AS place FROM"

_RECORDS = f"""
    WITH before AS ({_NUMBERED} old_signals), after AS ({_NUMBERED} new_signals)
    SELECT coalesce(after.source, before.source) AS source,
        count(*) FILTER (before.record_id IS NULL) AS added,
        count(*) FILTER (after.record_id IS NULL) AS removed,
        count(*) FILTER (before.content <> after.content) AS changed,
        count(*) FILTER (before.content = after.content) AS same
    FROM before FULL JOIN after ON before.record_id = after.record_id AND before.place = after.place
    GROUP BY 1 ORDER BY added + removed + changed DESC, 1
"""

_FINDINGS = """
    SELECT coalesce(after."check", before."check") AS "check", coalesce(after.source, before.source) AS source,
        count(*) FILTER (before.fingerprint IS NULL) AS new,
        count(*) FILTER (after.fingerprint IS NULL AND present.record_id IS NOT NULL) AS fixed,
        count(*) FILTER (after.fingerprint IS NULL AND present.record_id IS NULL) AS gone,
        count(*) FILTER (before.fingerprint IS NOT NULL AND after.fingerprint IS NOT NULL) AS still
    FROM (SELECT DISTINCT fingerprint, "check", source, record_id FROM old_findings) AS before
    FULL JOIN (SELECT DISTINCT fingerprint, "check", source, record_id FROM new_findings) AS after
        ON before.fingerprint = after.fingerprint AND before."check" = after."check"
    LEFT JOIN (SELECT DISTINCT record_id FROM new_signals) AS present ON present.record_id = before.record_id
    GROUP BY 1, 2
"""


def _records(signals: Sequence[pa.Table]) -> tuple[Records, dict[str, Records]]:
    rows = _ask(_RECORDS, old_signals=signals[0], new_signals=signals[1])
    by = {row["source"]: Records(row["added"], row["removed"], row["changed"], row["same"]) for row in rows}
    total = Records(*(sum(getattr(one, name) for one in by.values()) for name in ("added", "removed", "changed", "same")))
    return total, by


def _findings(signals: Sequence[pa.Table], found: Sequence[pa.Table]) -> pa.Table:
    rows = _ask(_FINDINGS, new_signals=signals[1], old_findings=found[0], new_findings=found[1])
    names = ("check", "source", "new", "fixed", "gone", "still")
    return pa.table({name: pa.array([row[name] for row in rows], pa.string() if i < 2 else pa.int64()) for i, name in enumerate(names)})


def _summed(counts: pa.Table, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    sums = counts.group_by(list(keys)).aggregate([(name, "sum") for name in ("new", "fixed", "gone", "still")])
    rows = sums.rename_columns([name.removesuffix("_sum") for name in sums.column_names]).to_pylist()
    return sorted(rows, key=lambda row: (-row["new"], -row["fixed"], *(row[key] for key in keys)))


def _drifts(kept: Sequence[Stored], signals: Sequence[pa.Table]) -> tuple[Drift, ...]:
    found = []
    for kind in KINDS:
        before, after = ({name: int(sums[0]) for name, sums in run.slices.by[kind].items()} for run in kept)
        found.append(drift.shares(kind, before, after))
    return (*found, drift.lengths(*(table["letters"].to_numpy().astype(np.int64) for table in signals)))

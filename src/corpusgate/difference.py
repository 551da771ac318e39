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


@dataclass(frozen=True)
class _Runs:
    """Two runs, the older one first, with the findings of the checks that both measured alike.

    Attributes:
        results: their results.
        kept: their sums.
        shared: names of those checks, in order.
        signals: `record_id`, `source`, `content` and what else was asked for of each record.
        found: `check`, `source`, `record_id`, `fingerprint` of each finding, and its `ordinal`.
    """

    results: tuple[Results, Results]
    kept: tuple[Stored, Stored]
    shared: tuple[str, ...]
    signals: tuple[pa.Table, pa.Table]
    found: tuple[pa.Table, pa.Table]

    def uncompared(self) -> tuple[str, ...]:
        """Checks that only one of the runs has, or that count otherwise in the other."""
        return tuple(sorted({*self.kept[0].measured, *self.kept[1].measured} - {*self.shared}))


def _runs(old: Path, new: Path, *more: str) -> _Runs:
    folders, known = (old, new), (results.load(old), results.load(new))
    samples = [(run.sample.asked, run.sample.seed) if run.sample is not None else None for run in known]
    if samples[0] != samples[1] or (samples[0] and not samples[0][0].endswith("%")):
        raise Problem(str(new), "one of the runs is a sample", "Compare whole runs, or samples of one share and one seed")
    kept = stored.load(old), stored.load(new)
    judged = {check.name for check in kept[1].suite.checks}
    shared = tuple(sorted(name for name in judged & kept[1].measured.keys() if kept[0].measured.get(name) == kept[1].measured[name]))
    signals = [run_tables.read(folder / "signals.parquet", ("record_id", "source", "content", *more)) for folder in folders]
    found = [run_tables.findings(folder, shared, ("record_id", "source", "fingerprint")) for folder in folders]
    if not all("id" in run.corpus.fields for run in known):
        named = [_by_content(*pair) for pair in zip(signals, found, strict=True)]
        signals, found = [one for one, _ in named], [one for _, one in named]
    return _Runs(known, kept, shared, (signals[0], signals[1]), (found[0], found[1]))


def compare(old: Path, new: Path) -> Difference:
    """Compare the runs in two folders.

    Raises:
        Problem: a folder is none of a run, or its tables cannot be read.
    """
    runs = _runs(old, new, "letters")
    counts = _findings(runs)
    total, by = _records(runs.signals)
    return Difference(
        old=_name(runs.results[0]),
        new=_name(runs.results[1]),
        records=total,
        sources=by,
        checks=_told(runs, counts, "check"),
        places=tuple(one for one in _told(runs, counts, "check", "source") if one.new),
        uncompared=runs.uncompared(),
        drifts=_drifts(runs.kept, runs.signals),
    )


def compare_findings(old: Path, new: Path) -> tuple[Findings, ...]:
    """The findings of two runs compared by check, and nothing else of them; checks that cannot be compared are left out.

    Raises:
        Problem: as `compare`.
    """
    runs = _runs(old, new)
    return _told(runs, _findings(runs), "check")


def _told(runs: _Runs, counts: pa.Table, *keys: str) -> tuple[Findings, ...]:
    """Findings by check, or by check and source: those with most new ones first."""
    known = {check.name: check for check in runs.kept[1].suite.checks}
    sums = counts.group_by(list(keys)).aggregate([(name, "sum") for name in _COUNTS])
    rows = sums.rename_columns([name.removesuffix("_sum") for name in sums.column_names]).to_pylist()
    rows.sort(key=lambda row: (-row["new"], -row["fixed"], *(row[key] for key in keys)))
    return tuple(
        Findings(
            row["check"], known[row["check"]].id, known[row["check"]].severity, row.get("source", ""), *(row[name] for name in _COUNTS)
        )
        for row in rows
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
    named = _ask(_CONTENT, found=found.append_column("content", content.take(found["ordinal"])))
    return signals.set_column(0, "record_id", content), named


def _ask(query: str, **tables: pa.Table) -> pa.Table:
    """What a query gives."""
    import duckdb

    with duckdb.connect(config={"temp_directory": tempfile.gettempdir()}) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(query).to_arrow_table()


_NUMBERED = "SELECT *, row_number() OVER (PARTITION BY record_id) AS place FROM"

#: How many findings are new, mended, gone with their records, and still there.
_COUNTS = ("new", "fixed", "gone", "still")

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
    rows = _ask(_RECORDS, old_signals=signals[0], new_signals=signals[1]).to_pylist()
    by = {row["source"]: Records(row["added"], row["removed"], row["changed"], row["same"]) for row in rows}
    total = Records(*(sum(getattr(one, name) for one in by.values()) for name in ("added", "removed", "changed", "same")))
    return total, by


def _findings(runs: _Runs) -> pa.Table:
    """By `check` and `source` how many findings are `_COUNTS`."""
    return _ask(_FINDINGS, new_signals=runs.signals[1], old_findings=runs.found[0], new_findings=runs.found[1])


def _drifts(kept: Sequence[Stored], signals: Sequence[pa.Table]) -> tuple[Drift, ...]:
    found = []
    for kind in KINDS:
        before, after = ({name: int(sums[0]) for name, sums in run.slices.by[kind].items()} for run in kept)
        found.append(drift.shares(kind, before, after))
    return (*found, drift.lengths(*(table["letters"].to_numpy().astype(np.int64) for table in signals)))

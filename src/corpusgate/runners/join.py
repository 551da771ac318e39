"""Parts joined to a whole: signals across records resolved, tables written in the corpus's order, slices summed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from corpusgate.corpora.model import Corpus
from corpusgate.corpora.reading import fetch
from corpusgate.kernels.hashing import hash_text
from corpusgate.records import MATCH_LIMIT, SEARCHED
from corpusgate.runners.measure import FINDINGS, fingerprints, hash_column
from corpusgate.runners.plan import Plan
from corpusgate.signals.across import AcrossSignal
from corpusgate.signals.headlines import DUPLICATE_LETTERS
from corpusgate.slices import Slices

Ints = NDArray[np.int64]

#: Memory DuckDB may use before it spills to the work folder.
MEMORY = "1GB"

_GROUPS = {
    "headline_group": (
        "headlines",
        f"""
        SELECT headlines.ordinal, first FROM headlines JOIN (
            SELECT folded, min(ordinal) AS first FROM headlines WHERE letters >= {DUPLICATE_LETTERS} GROUP BY folded HAVING count(*) > 1
        ) AS grouped ON headlines.folded = grouped.folded ORDER BY 1
    """,
    ),
    "text_group": (
        "records",
        """
        SELECT records.ordinal, first FROM records JOIN (
            SELECT body, min(ordinal) AS first FROM records WHERE body IS NOT NULL GROUP BY body HAVING count(*) > 1
        ) AS grouped ON records.body = grouped.body ORDER BY 1
    """,
    ),
}


@dataclass(frozen=True)
class Joined:
    """What joining gave, beside signals.parquet and findings.parquet."""

    slices: Slices
    facts: Mapping[str, Mapping[str, int]]
    findings: Mapping[str, int]


@dataclass(frozen=True)
class _Found:
    """Findings of one check across records, sorted by ordinal and place; offsets are -1 for a whole field."""

    check: int
    field: str
    note: str
    ordinal: Ints
    start: Ints
    end: Ints
    detail: Ints

    def take(self, chosen: slice | NDArray[np.bool_]) -> _Found:
        """Some of them."""
        columns = {name: getattr(self, name)[chosen] for name in ("ordinal", "start", "end", "detail")}
        return replace(self, **columns)


def join(corpus: Corpus, plan: Plan, work: Path, out: Path, starts: Sequence[int], total: int) -> Joined:
    """Resolve, write and sum.

    Args:
        corpus: the corpus, of which evidence is read again.
        plan: what was run.
        work: folder with the parts' tables.
        out: folder for signals.parquet and findings.parquet.
        starts: first ordinal of each part.
        total: records in all.
    """
    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(work), "threads": 2})
    try:
        _register(connection, plan, work, starts)
        # An empty corpus has no tables to ask.
        found, facts = _resolve(connection, plan) if total else ([], {})
        groups = {name: _sparse(connection, query, table in plan.tables and total > 0) for name, (table, query) in _GROUPS.items()}
    finally:
        connection.close()
    slices = Slices.empty([check.name for check in plan.checks])
    counted: dict[str, int] = {check.name: 0 for check in plan.checks}
    damaging = np.array([check.severity != "info" for check in plan.checks], np.bool_)
    allowed = np.array([check.expect.max for check in plan.checks], np.int64)
    with _Writers(out) as writers:
        for index, start in enumerate(starts):
            path = work / f"signals-{index:06d}.parquet"
            if not path.exists():
                continue
            table = pq.read_table(path)
            stop = start + table.num_rows
            mine = [_between(f, start, stop) for f in found]
            table = _with_counts(table, plan, mine)
            for name, (ordinals, firsts) in groups.items():
                table = table.append_column(name, _group_column(ordinals, firsts, start, stop))
            counts = np.stack([table[check.name].to_numpy() for check in plan.checks]) if plan.checks else np.zeros((0, table.num_rows))
            slices.add({kind: table[kind] for kind in ("source", "language", "month")}, counts > allowed[:, None], damaging)
            breaking = [_over(f, plan) for f in mine]
            findings = _all_findings(corpus, plan, work, index, table, breaking)
            for i, n in zip(*np.unique(findings["check"].to_numpy(), return_counts=True), strict=True):
                counted[plan.checks[int(i)].name] += int(n)
            writers.write(table.drop_columns(["offset"]), _contract(findings, plan, table, start))
    return Joined(slices, facts, counted)


def _register(connection: duckdb.DuckDBPyConnection, plan: Plan, work: Path, starts: Sequence[int]) -> None:
    for name in plan.tables:
        files = [(start, work / f"{name}-{i:06d}.parquet") for i, start in enumerate(starts)]
        quoted = [(start, str(path).replace("'", "''")) for start, path in files if path.exists()]
        parts = [f"SELECT *, row + {start} AS ordinal FROM read_parquet('{path}')" for start, path in quoted]
        if parts:
            connection.execute(f"CREATE VIEW {name} AS " + " UNION ALL ".join(parts))
        else:
            connection.execute(f"CREATE VIEW {name} AS SELECT NULL::BIGINT AS ordinal WHERE false")


def _resolve(connection: duckdb.DuckDBPyConnection, plan: Plan) -> tuple[list[_Found], dict[str, dict[str, int]]]:
    found, facts = [], {}
    for probe in plan.across:
        signal = probe.signal
        assert isinstance(signal, AcrossSignal)
        query = signal.query(dict(probe.parameters))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {query.findings}")
        rows = connection.execute(
            "SELECT ordinal, coalesce(start_at, -1)::BIGINT, coalesce(end_at, -1)::BIGINT, detail::BIGINT FROM found ORDER BY 1, 2, 3"
        ).fetchnumpy()
        columns = [np.asarray(column, np.int64) for column in rows.values()]
        if query.facts:
            cursor = connection.execute(query.facts)
            names = [column[0] for column in cursor.description or ()]
            values = cursor.fetchone() or ()
            numbers = {name: int(value or 0) for name, value in zip(names, values, strict=True)}
        for i in probe.checks:
            found.append(_Found(i, signal.field, query.note, *columns))
            if query.facts:
                facts[plan.checks[i].name] = numbers
    return found, facts


def _sparse(connection: duckdb.DuckDBPyConnection, query: str, known: bool) -> tuple[Ints, Ints]:
    if not known:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    ordinals, firsts = (np.asarray(column, np.int64) for column in connection.execute(query).fetchnumpy().values())
    return ordinals, firsts


def _between(found: _Found, start: int, stop: int) -> _Found:
    low, high = np.searchsorted(found.ordinal, [start, stop])
    cut = found.take(slice(low, high))
    return replace(cut, ordinal=cut.ordinal - start)


def _over(found: _Found, plan: Plan) -> _Found:
    """Those of records with more of them than the check allows."""
    counts = np.bincount(found.ordinal)
    return found.take(counts[found.ordinal] > plan.checks[found.check].expect.max)


def _with_counts(table: pa.Table, plan: Plan, mine: Sequence[_Found]) -> pa.Table:
    for found in mine:
        name = plan.checks[found.check].name
        counts = np.bincount(found.ordinal, minlength=table.num_rows).astype(np.int32)
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(counts))
    return table


def _group_column(ordinals: Ints, firsts: Ints, start: int, stop: int) -> pa.Array:
    low, high = np.searchsorted(ordinals, [start, stop])
    values, alone = np.zeros(stop - start, np.int64), np.ones(stop - start, np.bool_)
    values[ordinals[low:high] - start] = firsts[low:high]
    alone[ordinals[low:high] - start] = False
    return pa.array(values, mask=alone)


def _all_findings(corpus: Corpus, plan: Plan, work: Path, index: int, signals: pa.Table, mine: Sequence[_Found]) -> pa.Table:
    """Findings of a part, those across records with their evidence read again, in order of record, field and place."""
    path = work / f"findings-{index:06d}.parquet"
    tables = [pq.read_table(path)] if path.exists() else []
    rows = np.unique(np.concatenate([found.ordinal for found in mine])) if mine else np.zeros(0, np.int64)
    if len(rows):
        offsets = signals["offset"].to_numpy()[rows].tolist()
        records = dict(zip(rows.tolist(), fetch(corpus, corpus.parts[index], rows.tolist(), offsets), strict=True))
        ids = hash_column(signals["record_id"].combine_chunks())
        tables += [_with_evidence(found, plan, records, ids) for found in mine if len(found.ordinal)]
    if not tables:
        return FINDINGS.empty_table()
    return pa.concat_tables(tables).sort_by([("row", "ascending"), ("check", "ascending"), ("field", "ascending"), ("start", "ascending")])


def _with_evidence(found: _Found, plan: Plan, records: Mapping[int, Mapping[str, str | None]], ids: Ints) -> pa.Table:
    check = plan.checks[found.check]
    fields = [records[row].get(found.field) or "" for row in found.ordinal.tolist()]
    whole = found.start < 0
    start = np.where(whole, 0, found.start)
    end = np.where(whole, [len(text) for text in fields], found.end)
    matches = [text[a:b] for text, a, b in zip(fields, start.tolist(), end.tolist(), strict=True)]
    field = np.full(len(fields), SEARCHED.index(found.field), np.int64)
    evidence = np.array([hash_text(match) for match in matches], np.int64)
    return pa.table(
        {
            "row": found.ordinal,
            "check": np.full(len(fields), found.check, np.int16),
            "field": field.astype(np.int8),
            "start": start.astype(np.int32),
            "end": end.astype(np.int32),
            "match": [match[:MATCH_LIMIT] for match in matches],
            "message": [found.note.format(detail=detail) or check.summary for detail in found.detail.tolist()],
            "fingerprint": fingerprints(np.full(len(fields), hash_text(check.id), np.int64), ids[found.ordinal], field, evidence),
        },
        schema=FINDINGS,
    )


def _contract(findings: pa.Table, plan: Plan, signals: pa.Table, start: int) -> pa.Table:
    """The columns of findings.parquet, as others build on them."""
    rows = findings["row"]
    index = findings["check"].to_numpy()
    name = np.array([check.name for check in plan.checks], object)
    family = np.array([check.family for check in plan.checks], object)
    severity = np.array([check.severity for check in plan.checks], object)
    prints = findings["fingerprint"].to_numpy().view(np.uint64)
    return pa.table(
        {
            "ordinal": pa.array(rows.to_numpy() + start, pa.int64()),
            "record_id": signals["record_id"].take(rows),
            "source": signals["source"].take(rows),
            "check": pa.array(name[index], pa.string()),
            "family": pa.array(family[index], pa.string()),
            "severity": pa.array(severity[index], pa.string()),
            "field": pa.array(np.array(SEARCHED, object)[findings["field"].to_numpy()], pa.string()),
            "start": findings["start"],
            "end": findings["end"],
            "match": findings["match"],
            "message": findings["message"],
            "fingerprint": pa.array([f"{value:016x}" for value in prints.tolist()], pa.string()),
        }
    )


class _Writers:
    """signals.parquet and findings.parquet, written part by part under other names and moved into place at the end."""

    def __init__(self, out: Path) -> None:
        self._paths = {name: out / f"{name}.parquet" for name in ("signals", "findings")}
        self._open: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> _Writers:
        return self

    def write(self, signals: pa.Table, findings: pa.Table) -> None:
        for name, table in (("signals", signals), ("findings", findings)):
            if name not in self._open:
                self._open[name] = pq.ParquetWriter(self._paths[name].with_suffix(".partial"), table.schema, compression="zstd")
            self._open[name].write_table(table)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name, writer in self._open.items():
            writer.close()
            if kind is None:
                self._paths[name].with_suffix(".partial").replace(self._paths[name])
            else:
                self._paths[name].with_suffix(".partial").unlink()

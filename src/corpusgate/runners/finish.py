"""The last task: parts brought into the form of the outputs, once it is known what is damage across records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from corpusgate.runners import strip
from corpusgate.runners.assemble import assemble, contract
from corpusgate.runners.evidence import Evidence, FieldReader, evidence, nowhere
from corpusgate.runners.examples import best
from corpusgate.runners.groups import Gathered, gather, merged
from corpusgate.runners.measure import hash_column
from corpusgate.runners.plan import Plan
from corpusgate.runners.stages import Stages
from corpusgate.runners.stretch import Found, Stretch, stretches
from corpusgate.runners.work import PartResult, Work
from corpusgate.slices import KINDS, Slices

Ints = NDArray[np.int64]

#: Columns of strings whose values hardly repeat, and columns that hardly get smaller by compression.
_SINGLE, _DENSE = ("fingerprint",), ("start", "end", "fingerprint", "content")

#: Columns that may lack a value; the others say that they never do, which readers need not look for and takes a quarter of writing.
_LACKING = ("start", "end", "published_day", "headline_group", "text_group")

#: Records that make a row group of the outputs: small files are brought together to as many.
GROUP_RECORDS = 4096


@dataclass(frozen=True, slots=True)
class Batch:
    """Parts that follow each other: index, folder, first ordinal and records of each."""

    number: int
    parts: tuple[tuple[int, Path, int, int], ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """What a batch gave, beside its tables.

    Attributes:
        number: of the batch.
        slices: the sums.
        findings: int64 (checks,): how many each check has.
        chosen: findings that may become examples, with where to read them again.
        gathered: what it knows of the groups that are listed, likewise.
        furniture: what `strip.count` gave for its findings.
        seconds: CPU seconds by stage.
    """

    number: int
    slices: Slices
    findings: Ints
    chosen: pa.Table | None
    gathered: Gathered
    furniture: list[pa.Table]
    seconds: Mapping[str, float]


#: Rows that may become examples held before they are sifted again.
_HELD = 4000


class Summed:
    """What several batches gave together, whatever the order in which they come.

    Attributes:
        slices: the sums.
        findings: int64 (checks,): how many each check has.
        gathered: what is known of the groups that are listed.
        seconds: CPU seconds by stage.
    """

    def __init__(self, plan: Plan) -> None:
        self.slices = Slices.empty([check.name for check in plan.checks])
        self.findings = np.zeros(len(plan.checks), np.int64)
        self.gathered = Gathered(None, {})
        self.seconds: dict[str, float] = {}
        self._chosen: list[pa.Table] = []
        self._furniture: dict[int, list[pa.Table]] = {}

    @property
    def chosen(self) -> pa.Table | None:
        """Findings that may become examples; None if there are none."""
        return best(pa.concat_tables(self._chosen).sort_by("ordinal")) if self._chosen else None

    @property
    def furniture(self) -> list[pa.Table]:
        """What `strip.count` gave, in the order of records."""
        return [table for number in sorted(self._furniture) for table in self._furniture[number]]

    def add(self, finished: Finished) -> None:
        """Put a batch to the others."""
        self._furniture[finished.number] = finished.furniture
        self._add(finished, [finished.chosen] if finished.chosen is not None else [])

    def merge(self, other: Summed) -> None:
        """Put other batches to these."""
        self._furniture |= other._furniture
        self._add(other, other._chosen)

    def take_slices(self) -> Slices:
        """The sums, which are put together elsewhere: here none are left."""
        taken, self.slices = self.slices, Slices.empty(self.slices.checks)
        return taken

    def _add(self, other: Finished | Summed, chosen: list[pa.Table]) -> None:
        self.slices.merge(other.slices)
        self.findings += other.findings
        self.gathered = merged([self.gathered, other.gathered])
        for stage, seconds in other.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
        self._chosen += chosen
        if sum(map(len, self._chosen)) > _HELD:
            self._chosen = [best(pa.concat_tables(self._chosen).sort_by("ordinal"))]


def batches(parts: Sequence[PartResult], starts: Sequence[int]) -> list[Batch]:
    """Parts by batches of enough records, whatever the number of processes."""
    found, held, records = list[Batch](), list[tuple[int, Path, int, int]](), 0
    for part, start in zip(parts, starts, strict=True):
        if part.measurement.records:
            held.append((part.index, part.folder, start, part.measurement.records))
            records += part.measurement.records
        if records >= GROUP_RECORDS:
            found.append(Batch(len(found), tuple(held)))
            held, records = [], 0
    return [*found, Batch(len(found), tuple(held))] if held else found


def output(work: Path, name: str, number: int) -> Path:
    """Where a batch's share of an output lies."""
    return work / f"{name}-{number:06d}.parquet"


def finish(work: Work, batch: Batch) -> Finished:
    """A task: write the share of signals.parquet and findings.parquet, and sum."""
    plan, stages = work.plan, Stages()
    slices = Slices.empty([check.name for check in plan.checks])
    damaging = np.array([check.severity != "info" for check in plan.checks], np.bool_)
    counted = np.zeros(len(plan.checks), np.int64)
    chosen: list[pa.Table] = []
    gathered: list[Gathered] = []
    furniture: list[pa.Table] = []
    with stages("finish"), _Output(work.folder, batch.number) as out:
        for index, folder, start, records in batch.parts:
            readers: dict[str, FieldReader] = {}
            for stretch in stretches(folder, plan, work.folder, start, records, work.corpus.place(work.corpus.parts[index])):
                signals = _with_across(stretch)
                breaking = stretch.counts > plan.allowed[:, None]
                slices.add({kind: signals[kind] for kind in KINDS}, breaking, damaging)
                found = [(i, rows.take(breaking[i][rows.row])) for rows in stretch.found for i in rows.resolution.checks if len(rows.row)]
                with stages("evidence"):
                    told = _evidence(work, index, stretch, [rows for _, rows in found], readers)
                own = stretch.findings.set_column(0, "row", pa.array(stretch.findings["row"].to_numpy() - stretch.first))
                ids = hash_column(signals["record_id"].combine_chunks())
                findings = assemble(plan, own, found, told, ids, work.corpus.series.names)
                counted += np.bincount(findings["check"].to_numpy(), minlength=len(plan.checks))
                table = contract(plan, findings, signals, start + stretch.first)
                printed = table.append_column("print", findings["fingerprint"])
                chosen.append(_placed(best(printed), index, start, stretch))
                lines = strip.count(table)
                furniture += [lines] if lines is not None else []
                of_groups = gather(plan, work.folder, found, findings, printed)
                rows_ = _placed(of_groups.rows, index, start, stretch) if of_groups.rows is not None else None
                gathered.append(Gathered(rows_, of_groups.records))
                with stages("write"):
                    out.add(_contract(plan, signals, stretch), table)
        with stages("write"):
            out.flush()
    return Finished(
        batch.number, slices, counted, best(pa.concat_tables(chosen)) if chosen else None, merged(gathered), furniture, stages.seconds
    )


def _placed(findings: pa.Table, index: int, start: int, stretch: Stretch) -> pa.Table:
    """Findings with the place of their record in its part and in its file."""
    row = findings["ordinal"].to_numpy() - start
    offset = stretch.signals["offset"].to_numpy()[row - stretch.first]
    # Dictionaries of different stretches cannot be put together; these are few rows.
    plain = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in findings.columns]
    return pa.table(
        {**dict(zip(findings.column_names, plain, strict=True)), "part": np.full(len(row), index), "row": row, "offset": offset}
    )


def _with_across(stretch: Stretch) -> pa.Table:
    """The signals with what only the whole corpus shows."""
    table = stretch.signals
    for found in stretch.found:
        if found.resolution.column:
            assert found.resolution.column == "published_day"
            table = _settled(table, found)
    return table


def _contract(plan: Plan, signals: pa.Table, stretch: Stretch) -> pa.Table:
    """The columns of signals.parquet, as others build on them: counts of the checks, and groups of duplicates."""
    columns = {name: signals[name] for name in signals.column_names if name not in ("offset", *plan.kept)}
    columns |= {check.name: pa.array(stretch.counts[i]) for i, check in enumerate(plan.checks)}
    for name, group in (("headline_group", stretch.headlines), ("text_group", stretch.texts)):
        columns[name] = pa.array(group.astype(np.int64), mask=group < 0)
    return pa.table(columns)


def _settled(table: pa.Table, found: Found) -> pa.Table:
    """The table with the days and months of records whose date the other dates of their source settle."""
    if not len(found.row):
        return table
    known = table["published_day"].combine_chunks()
    day = known.cast(pa.int32()).fill_null(0).to_numpy().copy()
    missing = ~np.asarray(known.is_valid())
    day[found.row], missing[found.row] = found.detail, False
    days = pa.array(day, mask=missing).cast(pa.date32())
    months = table["month"].to_pylist()
    for row, name in zip(found.row.tolist(), found.detail.astype("datetime64[D]").astype("datetime64[M]").tolist(), strict=True):
        months[row] = f"{name:%Y-%m}"
    at = table.schema.get_field_index
    table = table.set_column(at("published_day"), "published_day", days)
    return table.set_column(at("month"), "month", pa.array(months, pa.string()).dictionary_encode())


def _evidence(work: Work, index: int, stretch: Stretch, found: Sequence[Found], readers: dict[str, FieldReader]) -> list[Evidence]:
    """The evidence of each, where those of one field are read together."""
    told: list[Evidence | None] = [nowhere(len(rows.row)) if rows.whole else None for rows in found]
    offsets = stretch.signals["offset"].to_numpy()
    for field in sorted({rows.resolution.field for rows in found if not rows.whole}):
        mine = [i for i, rows in enumerate(found) if rows.resolution.field == field and not rows.whole]
        reader = readers.setdefault(field, FieldReader(work.corpus, work.corpus.parts[index], field))
        known = stretch.signals[field].combine_chunks() if field in work.plan.kept else None
        reader.stretch(stretch.first, offsets, known)
        hashes, rows, starts, ends = (np.concatenate([getattr(found[i], name) for i in mine]) for name in ("hash", "row", "start", "end"))
        together = evidence(hashes, rows, starts, ends, reader)
        at = 0
        for i in mine:
            told[i] = together.take(slice(at, at + len(found[i].row)))
            at += len(found[i].row)
    return [piece for piece in told if piece is not None]


def _filled(table: pa.Table) -> pa.Table:
    """The table with a schema that tells which of its columns always have a value."""
    return pa.table(table.columns, pa.schema([field.with_nullable(field.name in _LACKING) for field in table.schema]))


def _repeats(field: pa.Field) -> bool:
    return field.name not in _SINGLE and (pa.types.is_dictionary(field.type) or pa.types.is_string(field.type))


class _Output:
    """A batch's share of the two tables, row group by row group."""

    def __init__(self, work: Path, number: int) -> None:
        self._paths = {name: output(work, name, number) for name in ("signals", "findings")}
        self._held: dict[str, list[pa.Table]] = {name: [] for name in self._paths}
        self._open: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> _Output:
        return self

    def add(self, signals: pa.Table, findings: pa.Table) -> None:
        self._held["signals"].append(signals)
        self._held["findings"].append(findings)
        if sum(map(len, self._held["signals"])) >= GROUP_RECORDS:
            self.flush()

    def flush(self) -> None:
        for name, held in self._held.items():
            if held:
                table = _filled(pa.concat_tables(held, promote_options="permissive").unify_dictionaries())
                if name not in self._open:
                    # Without Arrow's own schema, so that columns which are dictionaries here are plain strings to a reader.
                    self._open[name] = pq.ParquetWriter(
                        self._paths[name],
                        table.schema,
                        compression={column: "none" if column in _DENSE else "snappy" for column in table.column_names},
                        store_schema=False,
                        # Bounds of a row group are of use for what is in order, and dear to find for words.
                        write_statistics=["ordinal", "published_day"],
                        # A dictionary of what hardly repeats costs time and space for nothing.
                        use_dictionary=[field.name for field in table.schema if _repeats(field)],
                    )
                self._open[name].write_table(table, row_group_size=max(len(table), 1))
                held.clear()

    def __exit__(self, *_: object) -> None:
        for writer in self._open.values():
            writer.close()

"""One machine: parts are measured by as many processes as wished, then joined in the corpus's order.

Parts do not depend on the number of processes, and everything is joined in their order, so the output does not either.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpusgate.checks import Suite
from corpusgate.corpora.model import Block, Corpus, Part, Quarantined
from corpusgate.corpora.reading import read
from corpusgate.runners import plan as planning
from corpusgate.runners.join import join
from corpusgate.runners.measure import measure
from corpusgate.runners.plan import Plan
from corpusgate.slices import Slices

Progress = Callable[[int, int], None]

#: Pieces of input that could not be read, shown in results.json; all of them are in quarantine.jsonl.
QUARANTINE_EXAMPLES = 20


@dataclass(frozen=True)
class Outcome:
    """What a run measured, before anything is judged.

    Attributes:
        plan: what was run.
        checked: readable records.
        quarantined: pieces of input that could not be read.
        broken: files that broke off, so that nobody knows what they held.
        reasons: quarantined pieces by reason.
        quarantine: the first of them.
        fingerprint: hash of all that was read.
        slices: the sums.
        facts: numbers worth knowing, by check.
        findings: how many findings each check has.
        folder: where signals.parquet, findings.parquet and quarantine.jsonl lie.
        parts: first ordinal of each part.
    """

    plan: Plan
    checked: int
    quarantined: int
    broken: tuple[str, ...]
    reasons: Mapping[str, int]
    quarantine: tuple[Quarantined, ...]
    fingerprint: str
    slices: Slices
    facts: Mapping[str, Mapping[str, int]]
    findings: Mapping[str, int]
    folder: Path
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartResult:
    """What one part gave, beside the files it wrote."""

    index: int
    records: int
    consumed: int
    quarantined: tuple[Quarantined, ...]
    digest: str


def run(corpus: Corpus, suite: Suite, out: Path, jobs: int, today: date, progress: Progress | None = None) -> Outcome:
    """Measure a corpus.

    Args:
        corpus: what to read.
        suite: what to look for.
        out: folder for signals.parquet, findings.parquet and quarantine.jsonl.
        jobs: processes; 1 works in this one.
        today: the day of the run, for records without a crawl date.
        progress: called with the bytes and records done since the last call.
    """
    plan = planning.make(suite, tuple(corpus.fields))
    with tempfile.TemporaryDirectory(prefix=".work-", dir=out) as name:
        work = Path(name)
        results = sorted(_measured(corpus, suite, plan, work, jobs, today, progress), key=lambda result: result.index)
        starts, total = [], 0
        for result in results:
            starts.append(total)
            total += result.records
        quarantine = [piece for result in results for piece in result.quarantined]
        _write_quarantine(out / "quarantine.jsonl", quarantine)
        joined = join(corpus, plan, work, out, starts, total)
    reasons: dict[str, int] = {}
    for piece in quarantine:
        kind = piece.reason.split(":", 1)[0]
        reasons[kind] = reasons.get(kind, 0) + 1
    digest = hashlib.sha256("".join(result.digest for result in results).encode()).hexdigest()
    return Outcome(
        plan,
        total,
        len(quarantine),
        tuple(dict.fromkeys(piece.file for piece in quarantine if piece.fatal)),
        dict(sorted(reasons.items())),
        tuple(quarantine[:QUARANTINE_EXAMPLES]),
        digest,
        joined.slices,
        joined.facts,
        joined.findings,
        out,
        tuple(starts),
    )


def _measured(
    corpus: Corpus, suite: Suite, plan: Plan, work: Path, jobs: int, today: date, progress: Progress | None
) -> Iterator[PartResult]:
    if jobs == 1 or len(corpus.parts) == 1 or corpus.frame is not None:
        for part in corpus.parts:
            yield measure_part(corpus, part, plan, work, today, progress)
        return
    # Spawned, not forked: numba's and Arrow's threads do not survive a fork.
    with ProcessPoolExecutor(min(jobs, len(corpus.parts)), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_in_worker, corpus, part, suite.model_dump_json(by_alias=True), work, today) for part in corpus.parts]
        for done in as_completed(waiting):
            result = done.result()
            if progress:
                progress(result.consumed, result.records)
            yield result


@lru_cache(maxsize=1)
def _plan(suite: str, mapped: tuple[str, ...]) -> Plan:
    return planning.make(Suite.model_validate_json(suite), mapped)


def _in_worker(corpus: Corpus, part: Part, suite: str, work: Path, today: date) -> PartResult:
    return measure_part(corpus, part, _plan(suite, tuple(corpus.fields)), work, today, None)


def measure_part(corpus: Corpus, part: Part, plan: Plan, work: Path, today: date, progress: Progress | None) -> PartResult:
    """Measure one part and write what it gave to the work folder, as `<table>-<part>.parquet`."""
    writers: dict[str, pq.ParquetWriter] = {}
    records = consumed = 0
    quarantined: list[Quarantined] = []
    digest = hashlib.sha256()
    try:
        for block in read(corpus, part):
            quarantined += block.quarantined
            if len(block):
                _hash_block(digest, block)
                measured = measure(block, plan, today)
                for name, table in {"signals": measured.signals, "findings": measured.findings, **measured.tables}.items():
                    if name != "signals":
                        table = table.set_column(0, "row", pa.array(table["row"].to_numpy() + records))
                    if name not in writers:
                        path = work / f"{name}-{part.index:06d}.parquet"
                        writers[name] = pq.ParquetWriter(path, table.schema, compression="zstd" if name == "findings" else "lz4")
                    writers[name].write_table(table)
            records += len(block)
            consumed += block.consumed
            if progress:
                progress(block.consumed, len(block))
    finally:
        for writer in writers.values():
            writer.close()
    for piece in quarantined:
        digest.update(f"{piece.file}:{piece.line}:{piece.sample}".encode("utf-8", "replace"))
    return PartResult(part.index, records, consumed, tuple(quarantined), digest.hexdigest())


def _hash_block(digest: Any, block: Block) -> None:
    for name, column in block.columns.items():
        digest.update(name.encode())
        for buffer in pa.concat_arrays([column]).buffers() if column.offset else column.buffers():
            if buffer is not None:
                digest.update(buffer)


def _write_quarantine(path: Path, pieces: Sequence[Quarantined]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for piece in pieces:
            row = {"file": piece.file, "line": piece.line, "offset": piece.offset, "reason": piece.reason, "sample": piece.sample}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

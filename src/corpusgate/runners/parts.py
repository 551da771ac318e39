"""One part measured: what it gave lies in a folder of its own, as tables whose row groups are stretches of records.

Row group number n of every table of a part is about the same records, so that what follows can take a part stretch by
stretch, however large it is. `row` counts records within the part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpusgate.corpora.model import Block, Corpus, Part, Quarantined
from corpusgate.corpora.reading import read
from corpusgate.runners.inputs import BlockDigest
from corpusgate.runners.measure import Measured, measure
from corpusgate.runners.plan import Plan
from corpusgate.runners.stages import Stages
from corpusgate.runners.validity import Validity, validity

#: Bytes of text that make a stretch: above a part of a plain file, so that most parts are one.
STRETCH_BYTES = 40 << 20

#: Pieces of input that could not be read, shown in results.json; all of them are in quarantine.jsonl.
QUARANTINE_EXAMPLES = 20

#: What describes a part once it is whole: written last.
DESCRIPTION = "part.json"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one part gave, beside the tables in its folder.

    Attributes:
        records: readable records.
        stretches: records of each stretch.
        consumed: bytes it took, for progress.
        quarantined: pieces of input that could not be read.
        reasons: how many of them for each reason.
        examples: the first of them.
        broken: files that broke off.
        validity: on what else than the input the result depends.
        digest: hash of the records, where the input is no file.
    """

    records: int
    stretches: tuple[int, ...]
    consumed: int
    quarantined: int
    reasons: Mapping[str, int]
    examples: tuple[Quarantined, ...]
    broken: tuple[str, ...]
    validity: Validity
    digest: str = ""

    def to_json(self) -> str:
        """As text."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Measurement:
        """From what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        return cls(
            **{
                **data,
                "stretches": tuple(data["stretches"]),
                "examples": tuple(Quarantined(**piece) for piece in data["examples"]),
                "broken": tuple(data["broken"]),
                "validity": Validity(**data["validity"]),
            }
        )


def table_path(folder: Path, name: str) -> Path:
    """Where a table of a part lies: `signals`, `findings` or a hash table."""
    return folder / f"{name}.parquet"


class _Writer:
    """The tables of a part, held until they make a stretch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, list[pa.Table]] = {}
        self._open: dict[str, pq.ParquetWriter] = {}
        self._bytes = 0
        self.stretches: list[int] = []

    def add(self, tables: Mapping[str, pa.Table], size: int) -> None:
        for name, table in tables.items():
            self._held.setdefault(name, []).append(table)
        self._bytes += size
        if self._bytes >= STRETCH_BYTES:
            self.flush()

    def flush(self) -> None:
        for name, held in self._held.items():
            table = pa.concat_tables(held)
            if name not in self._open:
                # Hashes of lines and texts hardly repeat: a dictionary of them costs time and space for nothing.
                worded = [column.name for column in table.schema if not pa.types.is_integer(column.type) or column.name == "source"]
                self._open[name] = pq.ParquetWriter(
                    table_path(self._folder, name), table.schema, compression="zstd" if name == "findings" else "lz4", use_dictionary=worded
                )
            # One row group, whatever its size: groups must be of the same records in all tables.
            self._open[name].write_table(table, row_group_size=max(len(table), 1))
        if self._held:
            self.stretches.append(sum(len(table) for table in self._held["signals"]))
        self._held, self._bytes = {}, 0

    def close(self) -> None:
        for writer in self._open.values():
            writer.close()


def measure_part(corpus: Corpus, part: Part, plan: Plan, folder: Path, today: date, stages: Stages, progress: Any = None) -> Measurement:
    """Measure one part and write its tables, its quarantine and its description.

    Args:
        corpus: the corpus.
        part: which part.
        plan: what to run.
        folder: an empty folder.
        today: the day of the run, for records without a crawl date.
        stages: where to count the time.
        progress: called with bytes and records, block by block.
    """
    writer = _Writer(folder)
    records = consumed = quarantined = 0
    reasons: dict[str, int] = {}
    examples: list[Quarantined] = []
    broken: dict[str, None] = {}
    valid = Validity()
    digest = BlockDigest() if corpus.frame is not None else None
    with (folder / "quarantine.jsonl").open("w", encoding="utf-8", newline="\n") as quarantine:
        for block in _timed(read(corpus, part), stages):
            for piece in block.quarantined:
                quarantine.write(_line(piece))
                kind = piece.reason.split(":", 1)[0]
                reasons[kind] = reasons.get(kind, 0) + 1
                if piece.fatal:
                    broken[piece.file] = None
            quarantined += len(block.quarantined)
            examples += block.quarantined[: QUARANTINE_EXAMPLES - len(examples)]
            if len(block):
                if digest is not None:
                    digest.add(block.columns)
                measured = measure(block, plan, today, stages.add)
                with stages("write"):
                    valid = valid.and_(validity(corpus, plan, block, measured.signals, today))
                    writer.add(_tables(block, plan, measured, records), sum(column.nbytes for column in block.columns.values()))
            records += len(block)
            consumed += block.consumed
            if progress is not None:
                progress(block.consumed, len(block))
    with stages("write"):
        writer.flush()
        writer.close()
    return Measurement(
        records,
        tuple(writer.stretches),
        consumed,
        quarantined,
        dict(sorted(reasons.items())),
        tuple(examples),
        tuple(broken),
        valid,
        digest.hexdigest() if digest is not None else "",
    )


def _timed(blocks: Iterator[Block], stages: Stages) -> Iterator[Block]:
    while True:
        with stages("read"):
            block = next(blocks, None)
        if block is None:
            return
        yield block


def _tables(block: Block, plan: Plan, measured: Measured, records: int) -> dict[str, pa.Table]:
    signals = measured.signals
    for name in plan.kept:
        # Fields short enough to be kept for the evidence in them, so that nothing need be read again for it.
        signals = signals.append_column(name, block.columns[name])
    tables = {"findings": measured.findings, **measured.tables}
    moved = {name: table.set_column(0, "row", pa.array(table["row"].to_numpy() + records)) for name, table in tables.items()}
    return {"signals": signals, **moved}


def _line(piece: Quarantined) -> str:
    row = {"file": piece.file, "line": piece.line, "offset": piece.offset, "reason": piece.reason, "sample": piece.sample}
    return json.dumps(row, ensure_ascii=False) + "\n"

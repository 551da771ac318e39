"""One part measured: what it gave lies in a folder of its own, as tables whose batches are stretches of records.

Batch number n of every table of a part is about the same records, so that what follows can take a part stretch by
stretch, however large it is. `row` counts records within the part.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from corpusgate.corpora.model import Block, Corpus, Part, Quarantined
from corpusgate.corpora.reading import read
from corpusgate.corpora.streams import Seen
from corpusgate.runners.inputs import BlockDigest
from corpusgate.runners.measure import Measured, measure
from corpusgate.runners.part_tables import stretch_path, write
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
        left_out: readable records that are not in the sample.
        no_pages: what else lies in the input and is no record, by what it is.
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
    left_out: int = 0
    no_pages: Mapping[str, int] = field(default_factory=dict)

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


class _Stretches:
    """The tables of a part, held until they make a stretch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, list[pa.Table]] = {}
        self._bytes = 0
        self.sizes: list[int] = []

    def add(self, tables: Mapping[str, pa.Table], size: int) -> None:
        for name, table in tables.items():
            self._held.setdefault(name, []).append(table)
        self._bytes += size
        if self._bytes >= STRETCH_BYTES:
            self.flush()

    def flush(self) -> None:
        if self._held:
            tables = {name: pa.concat_tables(held) for name, held in self._held.items()}
            write(stretch_path(self._folder, len(self.sizes)), tables)
            self.sizes.append(len(tables["signals"]))
        self._held, self._bytes = {}, 0


def measure_part(
    corpus: Corpus, part: Part, plan: Plan, folder: Path, today: date, stages: Stages, progress: Any = None, seen: Seen | None = None
) -> Measurement:
    """Measure one part and write its tables, its quarantine and its description.

    Args:
        corpus: the corpus.
        part: which part.
        plan: what to run.
        folder: an empty folder.
        today: the day of the run, for records without a crawl date.
        stages: where to count the time.
        progress: called with bytes and records, block by block.
        seen: shown the bytes of a plain file as they are read.
    """
    records = consumed = quarantined = left_out = 0
    reasons: dict[str, int] = {}
    no_pages: Counter[str] = Counter()
    examples: list[Quarantined] = []
    broken: dict[str, None] = {}
    valid = Validity()
    digest = BlockDigest() if corpus.frame is not None else None
    with (folder / "quarantine.jsonl").open("w", encoding="utf-8", newline="\n") as quarantine:
        stretches = _Stretches(folder)
        for block in _timed(read(corpus, part, seen), stages):
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
                    valid = valid.and_(validity(corpus, plan, block, measured.counts, today))
                    stretches.add(_tables(block, plan, measured, records), block.bytes)
            records += len(block)
            left_out += block.left_out
            no_pages.update(block.no_pages)
            consumed += block.consumed
            if progress is not None:
                progress(block.consumed, len(block))
        with stages("write"):
            stretches.flush()
    return Measurement(
        records,
        tuple(stretches.sizes),
        consumed,
        quarantined,
        dict(sorted(reasons.items())),
        tuple(examples),
        tuple(broken),
        valid,
        digest.hexdigest() if digest is not None else "",
        left_out,
        dict(sorted(no_pages.items())),
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
    # Most checks find nothing in most records.
    check, row = np.nonzero(measured.counts)
    counts = pa.table({"row": row, "check": check.astype(np.int16), "n": measured.counts[check, row]})
    tables = {"findings": measured.findings, "counts": counts, **measured.tables}
    return {"signals": signals, **{name: _moved(table, records) for name, table in tables.items()}}


def _moved(table: pa.Table, records: int) -> pa.Table:
    """Rows that count records within the block as rows that count them within the part."""
    return table.set_column(0, "row", pa.array((table["row"].to_numpy() + records).astype(np.int32)))


def _line(piece: Quarantined) -> str:
    row = {"file": piece.file, "line": piece.line, "offset": piece.offset, "reason": piece.reason, "sample": piece.sample}
    return json.dumps(row, ensure_ascii=False) + "\n"

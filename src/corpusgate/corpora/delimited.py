"""CSV and TSV with a header line. A row that does not fit the header is quarantined, its neighbours are kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from corpusgate.corpora.columns import complete
from corpusgate.corpora.jsonl import empty_block, shown
from corpusgate.corpora.model import BLOCK_BYTES, Block, Corpus, Part, Quarantined, SourceFile
from corpusgate.corpora.streams import Broken, whole_lines

# The csv module refuses fields above 128 KiB by default; pages are longer.
csv.field_size_limit(1 << 30)


class _Lines:
    """Decoded lines for the csv module, counting where each row begins. Bad bytes become lone surrogates."""

    def __init__(self, file: SourceFile) -> None:
        self.read_bytes = 0
        self.broken: Broken | None = None
        self._lines = self._decoded(file)

    def _decoded(self, file: SourceFile) -> Iterator[str]:
        first = True
        try:
            for data in whole_lines(file):
                for line in io.BytesIO(data):
                    self.read_bytes += len(line)
                    text = line.decode("utf-8", "surrogateescape")
                    yield text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}") if first else text
                    first = False
        except Broken as broken:
            self.broken = broken

    def __iter__(self) -> Iterator[str]:
        return self._lines


def _rows(file: SourceFile, lines: _Lines) -> Iterator[tuple[int, list[str] | str]]:
    """Line number and row, or what is wrong with it."""
    reader = csv.reader(lines, delimiter="\t" if file.format == "tsv" else ",", strict=False)
    before = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield before + 1, f"not {file.format.upper()}: {error}"
            before = reader.line_num
            continue
        if row:
            yield before + 1, row
        before = reader.line_num


def sample(file: SourceFile, count: int) -> list[dict[str, Any]]:
    """The first rows that fit the header, as records."""
    rows = (row for _, row in _rows(file, _Lines(file)) if isinstance(row, list))
    header = next(rows, [])
    records = []
    for row in rows:
        if len(row) == len(header):
            records.append(dict(zip(header, row, strict=True)))
        if len(records) == count:
            break
    return records or ([dict.fromkeys(header)] if header else [])


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The records of one file."""
    file = corpus.files[part.files[0]]
    lines = _Lines(file)
    rows = _rows(file, lines)
    header = next((row for _, row in rows if isinstance(row, list)), [])
    taken = [(field, header.index(column)) for field, column in corpus.fields.items() if column in header]
    numbers: list[int] = []
    values: list[list[str]] = [[] for _ in taken]
    bad: list[Quarantined] = []
    begun = 0
    for number, row in rows:
        reason = row if isinstance(row, str) else _wrong(row, header)
        if reason:
            raw = "" if isinstance(row, str) else ("\t" if file.format == "tsv" else ",").join(row)
            bad.append(Quarantined(file.name, number, -1, reason, shown(raw.encode("utf-8", "surrogateescape"))))
        else:
            numbers.append(number)
            for column, (_, index) in zip(values, taken, strict=True):
                column.append(row[index])
        if lines.read_bytes - begun > BLOCK_BYTES:
            yield _block(corpus, file, taken, numbers, values, bad, lines.read_bytes - begun)
            numbers, values, bad, begun = [], [[] for _ in taken], [], lines.read_bytes
    if lines.broken is not None:
        reason = f"the file breaks off or is damaged here ({lines.broken}): what follows is lost"
        bad.append(Quarantined(file.name, numbers[-1] + 1 if numbers else 1, -1, reason, shown(lines.broken.rest), fatal=True))
    yield _block(corpus, file, taken, numbers, values, bad, lines.read_bytes - begun)


def _wrong(row: Sequence[str], header: Sequence[str]) -> str:
    if len(row) != len(header):
        return f"{len(row)} columns, where the header has {len(header)}"
    for name, value in zip(header, row, strict=True):
        if any(0xDC80 <= ord(c) <= 0xDCFF for c in value if c > "\ud7ff"):
            return f"not UTF-8 in column '{name}'"
    return ""


def _block(
    corpus: Corpus,
    file: SourceFile,
    taken: Sequence[tuple[str, int]],
    numbers: list[int],
    values: list[list[str]],
    bad: list[Quarantined],
    consumed: int,
) -> Block:
    if not numbers:
        return empty_block(corpus, tuple(bad), consumed)
    columns = {field: pa.array(column, pa.string()) for (field, _), column in zip(taken, values, strict=True)}
    ids = [f"{file.name}:{number}" for number in numbers]
    return Block(complete(corpus.name, columns, ids), np.full(len(ids), -1, np.int64), tuple(bad), consumed)

"""JSON Lines: a kernel finds the values of the wanted columns; lines that it is not sure of go through a whole parser.

So one odd line costs itself and no neighbour: it is read if it can be, and quarantined with line and offset if not.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.columns import as_text, complete, look_up
from corpusgate.corpora.model import Block, Corpus, Part, Quarantined, SourceFile
from corpusgate.corpora.streams import Broken, padded_lines, whole_lines
from corpusgate.kernels import json_lines
from corpusgate.kernels.machine import PADDING
from corpusgate.records import LONE_SURROGATE

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Characters of a bad line that quarantine.jsonl keeps.
SAMPLE = 200

#: Bytes of single lines that are looked through together.
_TOGETHER = 4 << 20


def _parse(line: bytes) -> dict[str, Any] | str:
    """A line's record, or what is wrong with it."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"not UTF-8: byte 0x{line[error.start]:02X} at byte {error.start + 1} of the line"
    try:
        value = json.loads(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    except ValueError as error:
        return f"not JSON: {error}"
    except RecursionError:
        return "not JSON that can be read: nested too deeply"
    return value if isinstance(value, dict) else f"a JSON {type(value).__name__}, where an object is expected"


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The records of one part."""
    file = corpus.files[part.files[0]]
    line, offset = part.first_line, part.start
    try:
        for data, size in padded_lines(file, part.start, part.end, entry=part.entry):
            block, lines = _block(corpus, file, data, size, line, offset)
            yield block
            line += lines
            offset += size
    except Broken as broken:
        reason = f"the file breaks off or is damaged here ({broken}): what follows is lost"
        yield empty_block(corpus, (Quarantined(file.name, line, offset, reason, shown(broken.rest), fatal=True),))


def _block(corpus: Corpus, file: SourceFile, data: Bytes, size: int, line: int, offset: int) -> tuple[Block, int]:
    """The records of some whole lines, and how many lines those are."""
    # A dotted column leads into an object: a line that has one is for the whole parser.
    heads = [column.split(".", 1)[0] for column in file.fields.values()]
    columns = list(dict.fromkeys([*file.fields.values(), *heads]))
    found = json_lines.scan(data, size, columns)
    bad, extra, at = [], [], size
    for i in np.flatnonzero(found.became == json_lines.ODD).tolist():
        raw = data[found.line_start[i] : found.line_end[i]].tobytes()
        record = _parse(raw)
        if isinstance(record, str):
            bad.append(Quarantined(file.name, line + i, offset + int(found.line_start[i]), record, shown(raw)))
            continue
        found.became[i] = json_lines.READ
        for k, column in enumerate(columns):
            value = as_text(look_up(record, column))
            written = (value or "").encode()
            found.start[k, i], found.stop[k, i] = at, at + len(written)
            found.kind[k, i] = json_lines.NULL if value is None else json_lines.PLAIN
            extra.append(written)
            at += len(written)
    if extra:
        data = np.frombuffer(data[:size].tobytes() + b"".join(extra) + bytes(PADDING), np.uint8)
    rows = np.flatnonzero(found.became == json_lines.READ)
    values = {column: (found.start[k, rows], found.stop[k, rows], found.kind[k, rows]) for k, column in enumerate(columns)}
    made = {field: _column(data, *values[column]) for field, column in file.fields.items()}
    ids = [f"{file.name}:{number}" for number in (line + rows).tolist()]
    block = Block(complete(corpus.name, made, ids), offset + found.line_start[rows], tuple(bad), size)
    return block, len(found.became)


def _column(data: NDArray[np.uint8], start: Ints, stop: Ints, kind: NDArray[np.uint8]) -> pa.Array:
    values, offsets, bitmap = json_lines.values(data, start, stop, kind, ord(LONE_SURROGATE))
    return pa.StringArray.from_buffers(len(start), pa.py_buffer(offsets), pa.py_buffer(values), pa.py_buffer(bitmap))


def empty_block(corpus: Corpus, bad: tuple[Quarantined, ...], consumed: int = 0) -> Block:
    """A block of no records that carries what could not be read."""
    return Block(complete(corpus.name, {}, []), np.zeros(0, np.int64), bad, consumed)


def shown(raw: bytes) -> str:
    """The first characters of bad input, with bytes and controls escaped."""
    text = raw[: SAMPLE * 4].decode("utf-8", "backslashreplace")[:SAMPLE]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def fetch(corpus: Corpus, part: Part, offsets: Sequence[int], fields: Collection[str]) -> Iterator[dict[str, str | None]]:
    """Read single records again by their offsets, in rising order: fields by name. Nothing stands for a record that is gone."""
    file = corpus.files[part.files[0]]
    file = replace(file, fields={field: column for field, column in file.fields.items() if field in fields})
    lines = iter(_lines_at(file, part, offsets))
    while (first := next(lines, None)) is not None:
        held, size = [first], len(first)
        while size < _TOGETHER and (line := next(lines, None)) is not None:
            held.append(line)
            size += len(line)
        # The last line of a file may have no end, and a line that is gone has nothing at all.
        ended = [line.removesuffix(b"\n") + b"\n" for line in held]
        data = np.frombuffer(b"".join([*ended, bytes(PADDING)]), np.uint8)
        block, _ = _block(corpus, file, data, len(data) - PADDING, 1, 0)
        found = dict(zip(block.offsets.tolist(), zip(*(block.columns[field].to_pylist() for field in file.fields), strict=True), strict=False))
        for start in accumulate(map(len, ended[:-1]), initial=0):
            yield dict(zip(file.fields, found.get(start, ()), strict=False))


def _lines_at(file: SourceFile, part: Part, offsets: Sequence[int]) -> Iterator[bytes]:
    if not file.compression:
        with file.path.open("rb") as stream:
            for offset in offsets:
                stream.seek(offset)
                yield stream.readline()
        return
    left, begin = list(reversed(offsets)), part.start
    for data in whole_lines(file, part.start, part.end, entry=part.entry):
        while left and left[-1] < begin + len(data):
            start = left.pop() - begin
            end = data.find(b"\n", start)
            yield data[start : end if end >= 0 else len(data)]
        if not left:
            return
        begin += len(data)

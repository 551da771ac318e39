"""JSON Lines: a kernel finds the values of the wanted columns; lines that it is not sure of go through a whole parser.

So one odd line costs itself and no neighbour: it is read if it can be, and quarantined with line and offset if not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.columns import as_text, complete, look_up
from corpusgate.corpora.model import Block, Corpus, Part, Quarantined, SourceFile
from corpusgate.corpora.streams import Broken, whole_lines
from corpusgate.kernels import json_lines
from corpusgate.kernels.machine import PADDING
from corpusgate.records import LONE_SURROGATE

Ints = NDArray[np.int64]

#: Characters of a bad line that quarantine.jsonl keeps.
SAMPLE = 200


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
        for data in whole_lines(file, part.start, part.end):
            yield _block(corpus, file, data, line, offset)
            line += data.count(b"\n")
            offset += len(data)
    except Broken as broken:
        reason = f"the file breaks off or is damaged here ({broken}): what follows is lost"
        yield empty_block(corpus, (Quarantined(file.name, line, offset, reason, shown(broken.rest), fatal=True),))


def _block(corpus: Corpus, file: SourceFile, data: bytes, line: int, offset: int) -> Block:
    room = np.zeros(len(data) + PADDING, np.uint8)
    room[: len(data)] = np.frombuffer(data, np.uint8)
    starts, ends = _line_places(room[: len(data)])
    # A dotted column leads into an object: a line that has one is for the whole parser.
    heads = [column.split(".", 1)[0] for column in file.fields.values()]
    columns = list(dict.fromkeys([*file.fields.values(), *heads]))
    became, start, stop, kind = json_lines.scan(room, starts, ends, columns)
    became[_not_utf8(data, starts, ends)] = json_lines.ODD
    bad, extra, at = [], [], len(data)
    for i in np.flatnonzero(became == json_lines.ODD).tolist():
        raw = data[starts[i] : ends[i]]
        record = _parse(raw)
        if isinstance(record, str):
            bad.append(Quarantined(file.name, line + i, offset + int(starts[i]), record, shown(raw)))
            continue
        became[i] = json_lines.READ
        for k, column in enumerate(columns):
            value = as_text(look_up(record, column))
            written = (value or "").encode()
            start[i, k], stop[i, k], kind[i, k] = at, at + len(written), json_lines.NULL if value is None else json_lines.PLAIN
            extra.append(written)
            at += len(written)
    if extra:
        room = np.frombuffer(data + b"".join(extra) + bytes(PADDING), np.uint8)
    rows = np.flatnonzero(became == json_lines.READ)
    made = {
        field: _column(room, *(np.ascontiguousarray(part[rows, columns.index(column)]) for part in (start, stop, kind)))
        for field, column in file.fields.items()
    }
    ids = [f"{file.name}:{number}" for number in (line + rows).tolist()]
    return Block(complete(corpus.name, made, ids), offset + starts[rows], tuple(bad), len(data))


def _line_places(data: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    breaks = np.flatnonzero(data == 10)
    starts, ends = np.concatenate([np.zeros(1, np.int64), breaks + 1]), np.append(breaks, len(data))
    return (starts[:-1], ends[:-1]) if starts[-1] == len(data) else (starts, ends)


def _not_utf8(data: bytes, starts: Ints, ends: Ints) -> list[int]:
    """Lines with bytes that are no UTF-8."""
    if _is_utf8(data):
        return []
    return [i for i, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)) if not _is_utf8(data[start:end])]


def _is_utf8(data: bytes) -> bool:
    # Arrow checks eight times as fast as Python decodes.
    try:
        pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, len(data)], np.int32)), pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


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


def fetch(corpus: Corpus, part: Part, offsets: Sequence[int]) -> Iterator[dict[str, str | None]]:
    """Read single records again by their offsets, in rising order: fields by name."""
    file = corpus.files[part.files[0]]
    for raw in _lines_at(file, offsets):
        record = _parse(raw)
        yield {field: as_text(look_up(record, column)) for field, column in file.fields.items()} if isinstance(record, dict) else {}


def _lines_at(file: SourceFile, offsets: Sequence[int]) -> Iterator[bytes]:
    if not file.compression:
        with file.path.open("rb") as stream:
            for offset in offsets:
                stream.seek(offset)
                yield stream.readline()
        return
    left, begin = list(reversed(offsets)), 0
    for data in whole_lines(file):
        while left and left[-1] < begin + len(data):
            start = left.pop() - begin
            end = data.find(b"\n", start)
            yield data[start : end if end >= 0 else len(data)]
        if not left:
            return
        begin += len(data)

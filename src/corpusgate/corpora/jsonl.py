"""JSON Lines: a kernel finds the values of the wanted columns; lines that it is not sure of go through a whole parser.

So one odd line costs itself and no neighbour: it is read if it can be, and quarantined with line and offset if not.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.columns import Columns, as_text, complete, look_up
from corpusgate.corpora.model import Block, Corpus, Part, Quarantined, SourceFile
from corpusgate.corpora.streams import Broken, Seen, padded_lines, whole_lines
from corpusgate.kernels import json_lines, json_nested, json_values
from corpusgate.kernels.haystack import Haystack
from corpusgate.kernels.machine import PADDING
from corpusgate.records import LONE_SURROGATE, SEARCHED

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


def read(corpus: Corpus, part: Part, seen: Seen | None = None) -> Iterator[Block]:
    """The records of one part; a plain file may be watched by `seen`."""
    file = corpus.files[part.files[0]]
    line, offset = part.first_line, part.start
    try:
        for data, size in padded_lines(file, part.start, part.end, entry=part.entry, seen=seen):
            found = _find(file, data, size, line, offset)
            yield _block(corpus, file, found, size, line)
            line += found.lines
            offset += size
    except Broken as broken:
        reason = f"the file breaks off or is damaged here ({broken}): what follows is lost"
        yield empty_block(corpus, (Quarantined(file.name, line, offset, reason, shown(broken.rest), fatal=True),))


@dataclass(frozen=True, slots=True)
class _Found:
    """The records of some whole lines, before their values are copied.

    Attributes:
        data: the lines, and behind them the values of those that went through a whole parser.
        rows: int64 (n,): numbers of the lines that are records.
        offsets: int64 (n,): where they begin.
        values: by field the first byte of each value, int64 (n,), the byte after its last, and its kind.
        bad: what could not be read.
        lines: how many lines there are.
    """

    data: Bytes
    rows: Ints
    offsets: Ints
    values: Mapping[str, tuple[Ints, Ints, Bytes]]
    bad: tuple[Quarantined, ...]
    lines: int

    def column(self, field: str) -> pa.Array:
        """A field of all records."""
        values, offsets, bitmap = json_values.values(self.data, *self.values[field], ord(LONE_SURROGATE))
        return pa.StringArray.from_buffers(len(self.rows), pa.py_buffer(offsets), pa.py_buffer(values), pa.py_buffer(bitmap))

    def haystack(self) -> Haystack:
        """The searched fields of all records."""
        count = len(self.rows)
        nothing = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.uint8)
        start, stop, kind = zip(*(self.values.get(field, nothing) for field in SEARCHED), strict=True)
        data, starts, ends = json_values.laid_out(self.data, np.stack(start), np.stack(stop), np.stack(kind), ord(LONE_SURROGATE))
        return Haystack(data, starts, ends, SEARCHED)


def _find(file: SourceFile, data: Bytes, size: int, line: int, offset: int) -> _Found:
    """The records of some whole lines, the first of which has a number and an offset in the file."""
    columns = json_nested.with_heads(file.fields.values())
    found = json_lines.scan(data, size, columns)
    json_nested.enter(data, found, columns, file.fields.values())
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
    by_field = {field: values[column] for field, column in file.fields.items()}
    return _Found(data, rows, offset + found.line_start[rows], by_field, tuple(bad), len(found.became))


def _block(corpus: Corpus, file: SourceFile, found: _Found, size: int, line: int) -> Block:
    """What was found as a block of records."""

    def ids() -> list[str]:
        return [f"{file.name}:{number}" for number in (line + found.rows).tolist()]

    # Texts are nearly all there is: they are laid out where they are searched, and copied for whoever asks.
    made = {field: found.column(field) for field in file.fields if field != "text"}
    columns = Columns(complete(corpus.name, made, len(found.rows), ids))
    if "text" in file.fields:
        columns.later("text", partial(found.column, "text"))
    return Block(columns, found.offsets, found.bad, size, cache(found.haystack))


def empty_block(corpus: Corpus, bad: tuple[Quarantined, ...], consumed: int = 0) -> Block:
    """A block of no records that carries what could not be read."""
    return Block(complete(corpus.name, {}, 0, list), np.zeros(0, np.int64), bad, consumed)


def shown(raw: bytes) -> str:
    """The first characters of bad input, with bytes and controls escaped."""
    text = raw[: SAMPLE * 4].decode("utf-8", "backslashreplace")[:SAMPLE]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def fetch(corpus: Corpus, part: Part, offsets: Sequence[int], fields: Collection[str]) -> Iterator[dict[str, str | None]]:
    """Read single records again by their offsets, in rising order: fields by name. Nothing stands for a record that is gone."""
    for file, begins, found in _again(corpus, part, offsets, fields):
        values = zip(*(found.column(field).to_pylist() for field in file.fields), strict=True)
        records = dict(zip(found.offsets.tolist(), values, strict=False))
        for begin in begins.tolist():
            yield dict(zip(file.fields, records.get(begin, ()), strict=False))


def fetch_field(corpus: Corpus, part: Part, offsets: Sequence[int], field: str) -> pa.Array:
    """The same of one field, as strings; null for a record that is gone."""
    pieces = [pa.array([], pa.string())]
    for file, begins, found in _again(corpus, part, offsets, (field,)):
        if field not in file.fields:
            pieces.append(pa.nulls(len(begins), pa.string()))
        elif np.array_equal(found.offsets, begins):
            pieces.append(found.column(field))
        else:
            places = np.searchsorted(found.offsets, begins)
            gone = ~np.isin(begins, found.offsets)
            pieces.append(found.column(field).take(pa.array(places, mask=gone)))
    return pa.concat_arrays(pieces)


def _again(corpus: Corpus, part: Part, offsets: Sequence[int], fields: Collection[str]) -> Iterator[tuple[SourceFile, Ints, _Found]]:
    """Single lines read again, some at a time: their file with the wanted fields, where each begins among them, and what was found."""
    file = corpus.files[part.files[0]]
    file = replace(file, fields={field: column for field, column in file.fields.items() if field in fields})
    held, size = list[bytes](), 0
    for line in _lines_at(file, part, offsets):
        # The last line of a file may have no end, and a line that is gone has nothing at all.
        held.append(line if line.endswith(b"\n") else line + b"\n")
        size += len(line)
        if size >= _TOGETHER:
            yield file, *_found_again(file, held)
            held, size = [], 0
    if held:
        yield file, *_found_again(file, held)


def _found_again(file: SourceFile, lines: Sequence[bytes]) -> tuple[Ints, _Found]:
    begins = np.cumsum([0, *map(len, lines)])
    data = np.frombuffer(b"".join([*lines, bytes(PADDING)]), np.uint8)
    return begins[:-1], _find(file, data, int(begins[-1]), 1, 0)


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

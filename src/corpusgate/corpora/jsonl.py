"""JSON Lines: whole blocks by Arrow's parser, line by line where a block has anything odd in it.

Arrow refuses a block for one bad line without saying which; the slow way then takes the block apart, keeps
every readable record and quarantines the rest with line and offset.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json as pj
from numpy.typing import NDArray

from corpusgate.corpora.columns import as_text, columns_as_text, complete, look_up
from corpusgate.corpora.model import Block, Corpus, Part, Quarantined, SourceFile
from corpusgate.corpora.streams import Broken, whole_lines

Ints = NDArray[np.int64]

#: Characters of a bad line that quarantine.jsonl keeps.
SAMPLE = 200


def sample(file: SourceFile, count: int) -> list[dict[str, Any]]:
    """The first readable records of a file, for telling its columns."""
    records: list[dict[str, Any]] = []
    try:
        for data in whole_lines(file):
            for line in data.split(b"\n"):
                record = _parse(line)
                if isinstance(record, dict):
                    records.append(record)
                    if len(records) == count:
                        return records
    except Broken:
        pass
    return records


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
    starts, ends = _line_places(data)
    numbers = line + np.arange(len(starts), dtype=np.int64)
    solid = ends - starts > (ends > starts) * (np.frombuffer(data, np.uint8)[np.maximum(ends - 1, 0)] == 13)
    columns = _fast(corpus, data, int(solid.sum()))
    if columns is None:
        return _slow(corpus, file, data, starts, ends, numbers, offset)
    return Block(_finish(corpus, file, columns, numbers[solid]), offset + starts[solid], (), len(data))


def _line_places(data: bytes) -> tuple[Ints, Ints]:
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    starts = np.concatenate([np.zeros(1, np.int64), breaks + 1])
    ends = np.concatenate([breaks, np.array([len(data)], np.int64)])
    return (starts[:-1], ends[:-1]) if data.endswith(b"\n") else (starts, ends)


def _fast(corpus: Corpus, data: bytes, expected: int) -> dict[str, pa.Array] | None:
    if any(column not in corpus.types for column in corpus.fields.values()):
        return None
    schema = pa.schema(list(corpus.types.items()))
    try:
        # Arrow's parser lets bytes through that are no UTF-8.
        pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, len(data)], np.int32)), pa.py_buffer(data)).validate(full=True)
        table = pj.read_json(
            pa.BufferReader(data),
            read_options=pj.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
        )
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    if table.num_rows != expected or _any_empty(table):
        return None
    return {field: columns_as_text(table.column(column)) for field, column in corpus.fields.items()}


def _any_empty(table: pa.Table) -> bool:
    """Whether a row has nothing at all: Arrow takes a line `null` for a record."""
    masks = [np.asarray(column.is_valid()) for column in table.columns if column.null_count]
    return len(masks) == table.num_columns and not np.logical_or.reduce(masks).all()


def _slow(corpus: Corpus, file: SourceFile, data: bytes, starts: Ints, ends: Ints, numbers: Ints, offset: int) -> Block:
    values: dict[str, list[str | None]] = {field: [] for field in corpus.fields}
    kept, bad = [], []
    for i, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        raw = data[start:end]
        if not raw.strip():
            continue
        record = _parse(raw)
        if isinstance(record, str):
            bad.append(Quarantined(file.name, int(numbers[i]), offset + start, record, shown(raw)))
            continue
        kept.append(i)
        for field, column in corpus.fields.items():
            values[field].append(as_text(look_up(record, column)))
    columns = {field: pa.array(column, pa.string()) for field, column in values.items()}
    rows = np.array(kept, np.int64)
    return Block(_finish(corpus, file, columns, numbers[rows]), offset + starts[rows], tuple(bad), len(data))


def _finish(corpus: Corpus, file: SourceFile, columns: Mapping[str, pa.Array], numbers: Ints) -> dict[str, pa.Array]:
    return complete(corpus.name, columns, [f"{file.name}:{number}" for number in numbers.tolist()])


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
        yield {field: as_text(look_up(record, column)) for field, column in corpus.fields.items()} if isinstance(record, dict) else {}


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

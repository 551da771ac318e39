"""Arrow IPC, the stream and the file format, record batch by record batch: what Hugging Face datasets lie in.

A file is a stream with a mark before and an index behind it (Arrow columnar format, "IPC File Format"), so that both are read as
streams, from where a part begins. https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from corpusgate.corpora import parquet, replicas
from corpusgate.corpora.jsonl import empty_block
from corpusgate.corpora.model import PART_BYTES, Block, Corpus, Part, Quarantined, SourceFile

#: How the file format begins, padded to eight bytes; and the format before both, which is another one.
_MARK, _PADDED, _OLD = b"ARROW1", 8, b"FEA1"

#: Bytes of an object that are taken to hold its schema.
_HEAD = 4 << 20

#: What reading damaged messages raises.
_BROKEN = (pa.ArrowException, OSError, EOFError)


def _opened(file: SourceFile) -> tuple[pa.MemoryMappedFile, pa.RecordBatchReader]:
    """The mapped file, and a reader that stands behind the schema.

    Raises:
        ValueError: it is of an older format.
    """
    mapped = pa.memory_map(str(file.path))
    try:
        begins = mapped.read(len(_MARK))
        if begins[: len(_OLD)] == _OLD:
            raise ValueError("cannot be read (it is Feather of version 1): write it again as Arrow IPC")
        mapped.seek(_PADDED if begins == _MARK else 0)
        return mapped, pa.ipc.open_stream(mapped)
    except BaseException:
        mapped.close()
        raise


def is_file(file: SourceFile) -> bool:
    """Whether it is of the file format, and not a stream."""
    with file.path.open("rb") as stream:
        return stream.read(len(_MARK)) == _MARK


def skeleton(file: SourceFile) -> dict[str, Any]:
    """One record without values that has the columns of the file, and those inside them.

    Raises:
        ValueError: two columns have one name, or the file is of an older format.
        pa.ArrowException: it cannot be read.
    """
    replicas.have(file, 0, _HEAD)
    mapped, reader = _opened(file)
    with mapped:
        return parquet.bare(reader.schema)


def head(file: SourceFile) -> int:
    """Bytes before the first record batch: what every part is read with."""
    replicas.have(file, 0, _HEAD)
    mapped, _ = _opened(file)
    with mapped:
        return int(mapped.tell())


def cuts(file: SourceFile) -> list[tuple[int, int | None, int]]:
    """Stretches of the file: first byte, byte after the last, and number of the first row.

    A file with dictionaries is not cut, since what a batch means depends on those before it. Nor is one that breaks off, after
    the break: who reads it says so.
    """
    mapped, reader = _opened(file)
    with mapped:
        start = at = mapped.tell()
        row = first = 1
        found: list[tuple[int, int | None, int]] = []
        try:
            while (batch := _next(reader)) is not None:
                if reader.stats.num_dictionary_batches:
                    return [(0, None, 1)]
                row += batch.num_rows
                if at - start >= PART_BYTES:
                    found.append((start, at, first))
                    start, first = at, row - batch.num_rows
                at = mapped.tell()
        except _BROKEN:
            pass
        return [*found, (start, None, first)] if found else [(0, None, 1)]


def _next(reader: pa.RecordBatchReader) -> pa.RecordBatch | None:
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None


def batches(file: SourceFile, start: int = 0, end: int | None = None) -> Iterator[pa.RecordBatch]:
    """The record batches between two bytes, none of which was looked at but for its frame.

    Raises:
        pa.ArrowException, OSError: after those that could be read.
    """
    mapped, reader = _opened(file)
    with mapped:
        if not start:
            while (batch := _next(reader)) is not None:
                yield batch
            return
        at = mapped.tell()
        mapped.seek(0 if not is_file(file) else _PADDED)
        schema = mapped.read(at - mapped.tell())
        mapped.seek(start)
        # What is copied is a part, and no text of it is looked at.
        rest = mapped.read(None if end is None else end - start)
        reader = pa.ipc.open_stream(pa.py_buffer(schema + rest))
        while (batch := _next(reader)) is not None:
            yield batch


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The records of some record batches; a batch that breaks the format ends the file."""
    file = corpus.files[part.files[0]]
    row, held = part.first_line, list[pa.RecordBatch]()
    try:
        for batch in batches(file, part.start, part.end):
            held.append(_sound(_wanted(batch, file)))
            if sum(piece.num_rows for piece in held) >= parquet.ROWS:
                yield from _blocks(corpus, file, held, row)
                row, held = row + sum(piece.num_rows for piece in held), []
        yield from _blocks(corpus, file, held, row)
    except _BROKEN as error:
        yield from _blocks(corpus, file, held, row)
        row += sum(piece.num_rows for piece in held)
        reason = f"the file breaks off or is damaged here ({error}): what follows is lost"
        yield empty_block(corpus, (Quarantined(file.name, row, -1, reason, "", fatal=True),))


def _wanted(batch: pa.RecordBatch, file: SourceFile) -> pa.RecordBatch:
    names = batch.schema.names
    columns = {path if path in names else path.split(".", 1)[0] for path in file.fields.values()}
    return batch.select(sorted(columns & set(names)))


def _sound(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch, if it may be read: nobody checks offsets on the way in, and wrong ones would lead out of the memory mapped.

    Raises:
        pa.ArrowInvalid: it is damaged in other ways than strings that are no UTF-8, which their reader quarantines row by row.
    """
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        for column in batch.columns:
            kind = column.type
            as_bytes = pa.binary() if pa.types.is_string(kind) else pa.large_binary() if pa.types.is_large_string(kind) else None
            (column if as_bytes is None else column.view(as_bytes)).validate(full=True)
    return batch


def _blocks(corpus: Corpus, file: SourceFile, held: list[pa.RecordBatch], row: int) -> Iterator[Block]:
    """Blocks of equal size, whatever the size of the batches was."""
    if not held:
        return
    table = pa.Table.from_batches(held)
    for begin in range(0, len(table), parquet.ROWS):
        piece = table.slice(begin, parquet.ROWS).combine_chunks()
        for batch in piece.to_batches():
            yield parquet.block_of(corpus, file, batch, row)
            row += batch.num_rows

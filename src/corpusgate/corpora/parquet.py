"""Parquet, row group by row group, and DataFrames: columns of any type, nested ones by dotted path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpusgate.corpora import replicas
from corpusgate.corpora.columns import as_text, columns_as_text, complete, is_gap, look_up
from corpusgate.corpora.jsonl import empty_block, shown
from corpusgate.corpora.model import Block, Corpus, Part, Quarantined, SourceFile

#: Rows a block holds: about 12 MB of news text.
ROWS = 3072

#: Bytes after the footer of a file, the first four of which are its length (Parquet format, "File format"); and those fetched at first.
_END, _FOOTER = 8, 1 << 16


def skeleton(file: SourceFile) -> dict[str, Any]:
    """One record without values that has the columns of the file, and those inside them.

    Raises:
        ValueError: two columns have one name.
    """
    require_footer(file)
    with pq.ParquetFile(file.path) as parquet:
        return bare(parquet.schema_arrow)


def require_footer(file: SourceFile) -> None:
    """Have of an object what tells where its row groups lie."""
    if not file.origin or file.size < _END:
        return
    replicas.have(file, max(0, file.size - _FOOTER), file.size)
    with file.path.open("rb") as stream:
        stream.seek(file.size - _END)
        length = int.from_bytes(stream.read(4), "little")
    replicas.have(file, max(0, file.size - _END - length), file.size)


def bare(schema: pa.Schema | pa.StructType) -> dict[str, Any]:
    """The names of a schema, and those inside its structs, as a record without values.

    Raises:
        ValueError: two columns have one name.
    """
    fields = [schema.field(i) for i in range(len(schema) if isinstance(schema, pa.Schema) else schema.num_fields)]
    if twice := [name for name, count in Counter(field.name for field in fields).items() if count > 1]:
        raise ValueError(f"has two columns '{twice[0]}'")
    return {field.name: bare(field.type) if pa.types.is_struct(field.type) else None for field in fields}


def row_groups(file: SourceFile) -> list[int]:
    """Rows of each row group."""
    require_footer(file)
    with pq.ParquetFile(file.path) as parquet:
        return [parquet.metadata.row_group(i).num_rows for i in range(parquet.num_row_groups)]


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The records of some row groups."""
    file = corpus.files[part.files[0]]
    row = part.first_line
    try:
        with pq.ParquetFile(file.path) as parquet:
            groups = range(part.start, parquet.num_row_groups if part.end is None else part.end)
            names = parquet.schema_arrow.names
            columns = sorted({path if path in names else path.split(".", 1)[0] for path in file.fields.values()} & set(names))
            for batch in parquet.iter_batches(batch_size=ROWS, row_groups=list(groups), columns=columns):
                yield block_of(corpus, file, batch, row)
                row += batch.num_rows
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = f"the file breaks off or is damaged here ({error}): what follows is lost"
        yield empty_block(corpus, (Quarantined(file.name, row, -1, reason, "", fatal=True),))


def block_of(corpus: Corpus, file: SourceFile, batch: pa.RecordBatch, row: int, ids: Sequence[str] | None = None) -> Block:
    """Rows of a table as records; `row` is the number of the first, by which those without an id are named, if not by `ids`."""
    columns = {}
    for field, path in file.fields.items():
        if path in batch.schema.names:
            columns[field] = columns_as_text(batch.column(path))
        elif path.split(".", 1)[0] in batch.schema.names:
            columns[field] = columns_as_text(pc.struct_field(batch.column(path.split(".", 1)[0]), path.split(".")[1:]))
    bad: tuple[Quarantined, ...] = ()
    given = np.array(ids or [f"{file.name}:{number}" for number in range(row, row + batch.num_rows)], object)
    reasons = {i: reason for field, column in columns.items() for i, reason in _not_utf8(column, file.fields[field])}
    if reasons:
        bad = tuple(Quarantined(file.name, row + i, -1, *reasons[i]) for i in sorted(reasons))
        sound = np.setdiff1d(np.arange(batch.num_rows), list(reasons))
        columns, given = {field: column.take(pa.array(sound)) for field, column in columns.items()}, given[sound]
    return Block(complete(corpus.name, columns, len(given), given.tolist), np.full(len(given), -1, np.int64), bad, batch.nbytes)


def _not_utf8(column: pa.Array, name: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Rows of a string column whose bytes are no UTF-8, each with reason and sample: nobody checks them when they are written."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        for i, raw in enumerate(column.cast(pa.binary()).to_pylist()):
            try:
                (raw or b"").decode("utf-8")
            except UnicodeDecodeError:
                yield i, (f"not UTF-8 in column '{name}'", shown(raw))


def read_frame(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The records of some rows of a DataFrame or an Arrow table; ids without a column are the index, or the row's number from 0."""
    file = corpus.files[0]
    if isinstance(corpus.frame, pa.Table):
        for begin in range(part.start, part.end or 0, ROWS):
            piece = corpus.frame.slice(begin, min(ROWS, (part.end or 0) - begin)).combine_chunks()
            for batch in piece.to_batches():
                yield block_of(corpus, file, batch, begin, [str(number) for number in range(begin, begin + batch.num_rows)])
        return
    rows = corpus.frame.iloc[part.start : part.end]
    for begin in range(0, len(rows), ROWS):
        piece = rows.iloc[begin : begin + ROWS]
        columns = {field: pa.array([_cell(value) for value in _values(piece, path)], pa.string()) for field, path in file.fields.items()}
        ids = [str(label) for label in piece.index.tolist()]
        yield Block(complete(corpus.name, columns, len(ids), partial(list, ids)), np.full(len(piece), -1, np.int64), (), 0)


def _values(frame: Any, path: str) -> list[Any]:
    if path in frame.columns:
        return frame[path].tolist()  # type: ignore[no-any-return]
    head, _, tail = path.partition(".")
    return [look_up(value, tail) if isinstance(value, dict) else None for value in frame[head].tolist()]


def _cell(value: Any) -> str | None:
    if value is None or is_gap(value):
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return as_text(value.tolist() if hasattr(value, "tolist") else value)

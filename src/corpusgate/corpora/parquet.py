"""Parquet, row group by row group, and DataFrames: columns of any type, nested ones by dotted path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpusgate.corpora.columns import as_text, columns_as_text, complete, look_up
from corpusgate.corpora.jsonl import empty_block
from corpusgate.corpora.model import Block, Corpus, Part, Quarantined, SourceFile

#: Rows a block holds: about 4 MB of news text.
ROWS = 1024


def sample(file: SourceFile, count: int) -> list[dict[str, Any]]:
    """The first rows as records."""
    with pq.ParquetFile(file.path) as parquet:
        names = parquet.schema_arrow.names
        for batch in parquet.iter_batches(batch_size=min(count, 100)):
            return batch.to_pylist()  # type: ignore[no-any-return]
        return [dict.fromkeys(names)]


def row_groups(file: SourceFile) -> list[int]:
    """Rows of each row group."""
    with pq.ParquetFile(file.path) as parquet:
        return [parquet.metadata.row_group(i).num_rows for i in range(parquet.num_row_groups)]


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The records of some row groups."""
    file = corpus.files[part.files[0]]
    row = part.first_line
    try:
        with pq.ParquetFile(file.path) as parquet:
            groups = range(part.start, parquet.num_row_groups if part.end is None else part.end)
            columns = sorted({path.split(".", 1)[0] if path not in parquet.schema_arrow.names else path for path in corpus.fields.values()})
            columns = [column for column in columns if column in parquet.schema_arrow.names]
            for batch in parquet.iter_batches(batch_size=ROWS, row_groups=list(groups), columns=columns):
                yield _block(corpus, file, batch, row)
                row += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        reason = f"the file breaks off or is damaged here ({error}): what follows is lost"
        yield empty_block(corpus, (Quarantined(file.name, row, -1, reason, "", fatal=True),))


def _block(corpus: Corpus, file: SourceFile, batch: pa.RecordBatch, row: int) -> Block:
    columns = {}
    for field, path in corpus.fields.items():
        if path in batch.schema.names:
            columns[field] = columns_as_text(batch.column(path))
        elif path.split(".", 1)[0] in batch.schema.names:
            columns[field] = columns_as_text(pc.struct_field(batch.column(path.split(".", 1)[0]), path.split(".")[1:]))
    ids = [f"{file.name}:{number}" for number in range(row, row + batch.num_rows)]
    return Block(complete(corpus.name, columns, ids), np.full(batch.num_rows, -1, np.int64), (), batch.nbytes)


def read_frame(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The records of some rows of a DataFrame; ids without a column are the index."""
    rows = corpus.frame.iloc[part.start : part.end]
    for begin in range(0, len(rows), ROWS):
        piece = rows.iloc[begin : begin + ROWS]
        columns = {field: pa.array([_cell(value) for value in _values(piece, path)], pa.string()) for field, path in corpus.fields.items()}
        ids = [str(label) for label in piece.index.tolist()]
        yield Block(complete(corpus.name, columns, ids), np.full(len(piece), -1, np.int64), (), 0)


def _values(frame: Any, path: str) -> list[Any]:
    if path in frame.columns:
        return frame[path].tolist()  # type: ignore[no-any-return]
    head, _, tail = path.partition(".")
    return [look_up(value, tail) if isinstance(value, dict) else None for value in frame[head].tolist()]


def _cell(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and value != value):
        return None
    # NaT and pandas.NA are not equal to themselves, or refuse to say.
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return as_text(value.tolist() if hasattr(value, "tolist") else value)

"""Files of tables as they are, all columns of them, and files like them to write into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpusgate.corpora import arrow
from corpusgate.corpora.model import SourceFile

#: Formats of such files.
FORMATS = ("parquet", "arrow")


def tables(file: SourceFile) -> Iterator[pa.Table]:
    """All rows of a file, in pieces; of one that breaks off those before the break."""
    if file.format == "arrow":
        with suppress(pa.ArrowException, OSError):
            for batch in arrow.batches(file):
                yield pa.Table.from_batches([batch])
        return
    with pq.ParquetFile(file.path) as parquet:
        for group in range(parquet.num_row_groups):
            yield parquet.read_row_group(group)


def writer(file: SourceFile, path: Path, schema: pa.Schema) -> Any:
    """A new file of the same kind, packed in the same way, that has a method `write_table`."""
    if file.format == "arrow":
        return (pa.ipc.new_file if arrow.is_file(file) else pa.ipc.new_stream)(path, schema)
    with pq.ParquetFile(file.path) as parquet:
        packing = parquet.metadata.row_group(0).column(0).compression if parquet.num_row_groups else "SNAPPY"
    return pq.ParquetWriter(path, schema, compression=packing)

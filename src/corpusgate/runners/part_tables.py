"""Tables of a part on disk: Arrow's stream format, one batch a stretch, mapped into memory when they are read.

They are read once or twice and then lie in the cache: decoding them would cost more than the bytes they take. Beside
Parquet with fast compression, writing and reading them takes a fifth of the time and twice the space.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

import pyarrow as pa


def table_path(folder: Path, name: str) -> Path:
    """Where a table of a part lies: `signals`, `findings` or a hash table."""
    return folder / f"{name}.arrow"


class TableWriter:
    """Writes the tables of a part, stretch by stretch. As context manager it closes their files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, tuple[pa.OSFile, pa.RecordBatchStreamWriter]] = {}

    def write(self, tables: Mapping[str, pa.Table]) -> None:
        """Add a stretch: one batch of each table, if it has rows or none."""
        for name, table in tables.items():
            batch = pa.record_batch([_whole(column) for column in table.columns], names=table.column_names)
            if name not in self._open:
                file = pa.OSFile(str(table_path(self._folder, name)), "wb")
                self._open[name] = file, pa.ipc.new_stream(file, batch.schema)
            self._open[name][1].write_batch(batch)

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for file, writer in self._open.values():
            writer.close()
            file.close()


def _whole(column: pa.ChunkedArray) -> pa.Array:
    # Chunks with dictionaries of their own get one in common first.
    column = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
    return column.combine_chunks()


def batches(folder: Path, name: str) -> Iterator[pa.RecordBatch]:
    """The stretches of a table, one after the other; none if the part has no records."""
    path = table_path(folder, name)
    if path.exists():
        with pa.memory_map(str(path)) as file, pa.ipc.open_stream(file) as reader:
            yield from reader

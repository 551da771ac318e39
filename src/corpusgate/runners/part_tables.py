"""Tables of a part on disk: Arrow's stream format, all tables of a stretch in one file, mapped into memory when they are read.

They are read once or twice and then lie in the cache: decoding them would cost more than the bytes they take. Beside
Parquet with fast compression, writing and reading them takes a fifth of the time and twice the space.

A file is the stream of one table after the other, an index in JSON of where each begins and how long it is, and eight bytes that say how
long the index is. A file for each table would be fifteen times as many.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import pyarrow as pa


def stretch_path(folder: Path, number: int) -> Path:
    """Where the tables of a stretch lie."""
    return folder / f"stretch-{number:05d}.arrow"


def write(path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write the tables of a stretch, one batch each."""
    index = {}
    with pa.OSFile(str(path), "wb") as file:
        for name, table in tables.items():
            batch = pa.record_batch([_whole(column) for column in table.columns], names=table.column_names)
            begin = file.tell()
            with pa.ipc.new_stream(file, batch.schema) as stream:
                stream.write_batch(batch)
            index[name] = begin, file.tell() - begin
        told = json.dumps(index).encode()
        file.write(told + len(told).to_bytes(8, "little"))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    # Chunks with dictionaries of their own get one in common first.
    column = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
    return column.combine_chunks()


def batches(folder: Path, name: str) -> Iterator[pa.RecordBatch]:
    """The stretches of a table, one after the other; none if the part has no records."""
    for number in count():
        path = stretch_path(folder, number)
        if not path.exists():
            return
        with pa.memory_map(str(path)) as file:
            end = file.size() - 8
            size = int.from_bytes(file.read_at(8, end), "little")
            place = json.loads(file.read_at(size, end - size)).get(name)
            if place is None:
                return
            file.seek(place[0])
            with pa.ipc.open_stream(file.read_buffer(place[1])) as stream:
                yield from stream

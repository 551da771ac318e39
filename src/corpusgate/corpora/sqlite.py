"""The answer to a query of a database of SQLite as a Parquet file, by Python's own library: no extension is needed.

The query is SQLite's own SQL, and may do nothing but read. SQLite lets a column hold anything, so values become text here: numbers as
they are written, and bytes as they are, of which the reader of Parquet says where they are no UTF-8.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

#: How a database begins.
BEGINS = b"SQLite format 3\0"


def write(database: Path, query: str, path: Path, rows: int) -> None:
    """Ask the query, and write its answer.

    Args:
        database: the database, which is opened for reading only.
        query: one statement.
        path: the file to write.
        rows: how many make a row group.

    Raises:
        sqlite3.Error: it cannot be opened, or the query cannot be answered.
    """
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        connection.set_authorizer(_allowed)
        cursor = connection.execute(query)
        if cursor.description is None:
            raise sqlite3.ProgrammingError("it gives no rows")
        names = [str(name) for name, *_ in cursor.description]
        if twice := [name for name in names if names.count(name) > 1]:
            raise sqlite3.ProgrammingError(f"two columns of the answer are called '{twice[0]}'")
        schema = pa.schema([(name, pa.string()) for name in names])
        with pq.ParquetWriter(path, schema) as writer:
            for piece in iter(lambda: cursor.fetchmany(rows), []):
                columns = [_column(values) for values in zip(*piece, strict=True)]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=rows)


def _allowed(action: int, *_: str | None) -> int:
    """The database itself is open for reading only; another file must not be opened beside it, nor written by VACUUM."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


def _column(values: tuple[Any, ...]) -> pa.Array:
    """Values as text that nobody has looked at yet."""

    def raw() -> Iterator[bytes | None]:
        for value in values:
            yield value if value is None or isinstance(value, bytes) else str(value).encode()

    return pa.array(raw(), pa.binary(), size=len(values)).view(pa.string())

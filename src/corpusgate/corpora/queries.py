"""The answer to a query of DuckDB as a Parquet file: `duckdb:FILE?query=SQL`.

The file may be a database of DuckDB or of SQLite, `postgresql://…` or `postgres:dbname=…`, or nothing, where the query names files
itself. DuckDB reads the latter two by extensions that it loads from its own repository when they are first used. The query is taken
as it stands, without any decoding. Without an ORDER BY its rows come in DuckDB's order, which is that of the table.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from corpusgate.corpora import spool
from corpusgate.corpora.addresses import QUERY
from corpusgate.errors import Problem

#: Rows of a row group: what a part has at least.
_ROWS = 20_000

_USAGE = "Write it as in  'duckdb:news.db?query=SELECT id, title, text FROM pages'"

_SQLITE = b"SQLite format 3\0"


def fetch(address: str) -> Path:
    """Ask the query, and write its answer into a file.

    Raises:
        Problem: the database is not there, or DuckDB cannot open it or answer.
    """
    place, is_asked, query = address.removeprefix(QUERY).partition("?query=")
    where = f"{QUERY}{place}"
    query = query.strip().rstrip(";")
    if not is_asked or not query:
        raise Problem(where, "asks no query", _USAGE)
    path = spool.folder() / "query.parquet"
    with duckdb.connect() as connection:
        if place:
            _attach(connection, place, where)
        try:
            connection.execute(f"COPY ({query}) TO '{_quoted(str(path))}' (FORMAT parquet, ROW_GROUP_SIZE {_ROWS})")
        except duckdb.Error as error:
            raise Problem(where, f"the query cannot be answered ({_told(error)})", f"Try it in DuckDB. {_USAGE}") from None
    return path


def _attach(connection: duckdb.DuckDBPyConnection, place: str, where: str) -> None:
    kind = "postgres" if place.startswith(("postgres:", "postgresql:")) else _kind(Path(place), where)
    # `postgres:` is how DuckDB itself marks such a place.
    name = place.removeprefix("postgres:") if not place.startswith("postgres://") else place
    try:
        if kind:
            connection.execute(f"INSTALL {kind}")
            connection.execute(f"LOAD {kind}")
    except duckdb.Error as error:
        mend = f"Run  INSTALL {kind}  in DuckDB where there is a network, or write the table into a Parquet file"
        raise Problem(where, f"DuckDB's extension '{kind}' cannot be had ({_told(error)})", mend) from None
    try:
        connection.execute(f"ATTACH '{_quoted(name)}' AS corpus ({f'TYPE {kind}, ' if kind else ''}READ_ONLY)")
        connection.execute("USE corpus")
    except duckdb.Error as error:
        raise Problem(where, f"cannot be opened ({_told(error)})", "Name a database of DuckDB or SQLite, or a PostgreSQL server") from None


def _kind(path: Path, where: str) -> str:
    """The extension that a file needs; none for DuckDB's own."""
    try:
        with path.open("rb") as file:
            return "sqlite" if file.read(len(_SQLITE)) == _SQLITE else ""
    except OSError as error:
        raise Problem(where, f"cannot be read ({error.strerror})", "Check the spelling; paths are relative to the working folder") from None


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _told(error: duckdb.Error) -> str:
    """What DuckDB says, in a line."""
    return str(error).strip().split("\n")[0].rstrip(".")

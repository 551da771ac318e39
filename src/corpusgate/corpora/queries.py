"""The answer to a query as a Parquet file: `duckdb:FILE?query=SQL`.

The file may be a database of DuckDB or of SQLite, `postgresql://…` or `postgres:dbname=…`, or nothing, where the query names files
itself. SQLite answers in its own SQL; all else is DuckDB's, which reads PostgreSQL by an extension: from a wheel where one is installed,
else from its own repository. The query is taken as it stands, without any decoding. Without an ORDER BY its rows come in the order of
the database, which for DuckDB is that of the table.
"""

from __future__ import annotations

import sqlite3
from importlib.util import find_spec
from pathlib import Path

import duckdb

from corpusgate.corpora import spool, sqlite
from corpusgate.corpora.addresses import QUERY
from corpusgate.errors import Problem

#: Rows of a row group: what a part has at least.
_ROWS = 20_000

_USAGE = "Write it as in  'duckdb:news.db?query=SELECT id, title, text FROM pages'"

#: The extension for PostgreSQL, and the package that may bring it.
_EXTENSION, _WHEEL = "postgres_scanner", "duckdb_extension_postgres_scanner"


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
    is_postgres = place.startswith(("postgres:", "postgresql:"))
    if place and not is_postgres and _is_sqlite(Path(place), where):
        try:
            sqlite.write(Path(place), query, path, _ROWS)
        except sqlite3.Error as error:
            mend = f"Try it in SQLite: it must be one SELECT, in SQLite's own SQL. {_USAGE}"
            raise Problem(where, f"the query cannot be answered ({_told(error)})", mend) from None
        return path
    with duckdb.connect() as connection:
        if is_postgres:
            _load(connection, where)
        if place:
            _attach(connection, place, where, "TYPE postgres, " if is_postgres else "")
        try:
            connection.execute(f"COPY ({query}) TO '{_quoted(str(path))}' (FORMAT parquet, ROW_GROUP_SIZE {_ROWS})")
        except duckdb.Error as error:
            raise Problem(where, f"the query cannot be answered ({_told(error)})", f"Try it in DuckDB. {_USAGE}") from None
    return path


def _load(connection: duckdb.DuckDBPyConnection, where: str) -> None:
    """Load the extension for PostgreSQL."""
    found = find_spec(_WHEEL)
    folder = Path(found.origin).parent if found is not None and found.origin else None
    wheel = folder / "extensions" / f"v{duckdb.__version__}" / f"{_EXTENSION}.duckdb_extension" if folder is not None else None
    try:
        if wheel is not None and wheel.exists():
            connection.execute(f"LOAD '{_quoted(str(wheel))}'")
        else:
            connection.execute("INSTALL postgres")
            connection.execute("LOAD postgres")
    except duckdb.Error as error:
        package = f"{_WHEEL.replace('_', '-')}=={duckdb.__version__}"
        mend = f"Run  INSTALL postgres  in DuckDB where there is a network, or  pip install {package}, or write the table into a file"
        raise Problem(where, f"DuckDB's extension 'postgres' cannot be had ({_told(error)})", mend) from None


def _attach(connection: duckdb.DuckDBPyConnection, place: str, where: str, kind: str) -> None:
    # `postgres:` is how DuckDB itself marks such a place.
    name = place.removeprefix("postgres:") if not place.startswith("postgres://") else place
    try:
        connection.execute(f"ATTACH '{_quoted(name)}' AS corpus ({kind}READ_ONLY)")
        connection.execute("USE corpus")
    except duckdb.Error as error:
        raise Problem(where, f"cannot be opened ({_told(error)})", "Name a database of DuckDB or SQLite, or a PostgreSQL server") from None


def _is_sqlite(path: Path, where: str) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(sqlite.BEGINS)) == sqlite.BEGINS
    except OSError as error:
        raise Problem(where, f"cannot be read ({error.strerror})", "Check the spelling; paths are relative to the working folder") from None


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _told(error: Exception) -> str:
    """What a database says, in a line."""
    return str(error).strip().split("\n")[0].rstrip(".")

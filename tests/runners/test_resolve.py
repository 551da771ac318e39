"""Rows under one name, from query to query: few lie in memory, many in a table."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from corpusgate.runners import resolve


def test_a_name_stands_for_what_was_loaded_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "LOADED", 3)
    with duckdb.connect() as connection:
        for sizes in ([1], [3, 3, 1], [2, 0], [4], [0], [1, 1, 1, 1], [3]):
            total = sum(sizes)
            pieces = [pa.table({"number": pa.array(range(total), pa.int64())[:size]}) for size in sizes]
            assert resolve._load(connection, "rows_of_it", lambda pieces=pieces: iter(pieces)) == total  # type: ignore[misc]
            assert connection.execute("SELECT count(*) FROM rows_of_it").fetchone() == (total,)


def test_a_connection_is_free_for_other_work_once_a_row_was_asked_for() -> None:
    with duckdb.connect() as connection:
        assert resolve._row(connection, "SELECT 1, 2") == (1, 2)
        connection.register("other", pa.table({"a": [3]}))
        assert resolve._row(connection, "SELECT a FROM other") == (3,)

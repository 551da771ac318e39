"""Rows under one name, from query to query: few lie in memory, many in a table."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from corpusgate.runners import duck
from corpusgate.runners.duck import Duck


def test_a_name_stands_for_what_was_loaded_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "LOADED", 3)
    with duckdb.connect() as connection:
        database = Duck(connection, 100, ())
        for sizes in ([1], [3, 3, 1], [2, 0], [4], [0], [1, 1, 1, 1], [3]):
            total = sum(sizes)
            pieces = [pa.table({"number": pa.array(range(total), pa.int64())[:size]}) for size in sizes]
            assert database._load("rows_of_it", iter(pieces)) == total
            assert connection.execute("SELECT count(*) FROM rows_of_it").fetchone() == (total,)


def test_a_connection_is_free_for_other_work_once_a_row_was_asked_for() -> None:
    with duckdb.connect() as connection:
        assert Duck(connection, 100, ())._row("SELECT 1, 2") == (1, 2)
        connection.register("other", pa.table({"a": [3]}))
        assert Duck(connection, 100, ())._row("SELECT a FROM other") == (3,)

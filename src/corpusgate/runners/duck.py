"""DuckDB as the database of a run on one machine: it works in little memory, and spills to disk beyond that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.runners.offered import Known, Wanted, offered
from corpusgate.runners.resolve import Opened
from corpusgate.signals.across import Query
from corpusgate.signals.dates_across import SUMS

Ints = NDArray[np.int64]
Given = TypeVar("Given")

#: Megabytes that DuckDB may use before it spills to the work folder, and more for each thread.
MEMORY, MEMORY_A_THREAD = 96, 32

#: Rows of a table grouped at a time: what this much memory does without a detour.
PASS_ROWS = 8_000_000

#: Rows brought to DuckDB at a time, fewer than those of a pass.
LOADED = 1_000_000


def opened(threads: int) -> Opened:
    """What opens a database that uses so many threads."""

    @contextmanager
    def within(work: Path, parts: Sequence[Known], sources: pa.Table) -> Iterator[Duck]:
        import duckdb

        memory = MEMORY + threads * MEMORY_A_THREAD
        settings = {"temp_directory": str(work / "spilled"), "threads": threads, "memory_limit": f"{memory}MB"}
        with duckdb.connect(config=settings) as connection:
            connection.register("sources", sources)
            yield Duck(connection, memory, parts)

    return within


class Duck:
    """A connection, with what is known of all parts."""

    def __init__(self, connection: Any, megabytes: int, parts: Sequence[Known]) -> None:
        self._connection, self._megabytes, self._parts = connection, megabytes, parts
        self._names = set[str]()

    def load(self, wanted: Wanted, sql: str) -> int:
        """Offer the rows that a query may want, under the name of their table, and say how many: as they lie in memory if they are few,
        else as a table that can be spilled to disk."""
        return self._within(lambda: self._load(wanted.table, offered(self._parts, wanted, sql)))

    def met(self, conditions: Sequence[str]) -> dict[str, bool]:
        """Which conditions any row of `sums` meets, a table that is made for it."""
        return self._within(lambda: self._met(conditions))

    def group(self, query: Query, rows: int) -> dict[str, Ints]:
        """Keys and details of the groups, by name. A large table is grouped in several passes: each sees all rows of some keys and none
        of the others."""
        return self._within(lambda: self._group(query, rows))

    def facts(self, facts: Mapping[str, str]) -> dict[str, int]:
        """Numbers by name, each from its SQL."""
        return self._within(lambda: self._facts(facts))

    def _within(self, work: Callable[[], Given]) -> Given:
        """Do something in little memory, and in more if that is really not enough: spilling has its limits."""
        import duckdb

        try:
            return work()
        except duckdb.OutOfMemoryException:
            pass
        for more in (4, 16, 64):
            self._connection.execute(f"SET memory_limit = '{self._megabytes * more}MB'")
            try:
                return work()
            except duckdb.OutOfMemoryException:
                if more == 64:
                    raise
            finally:
                self._connection.execute(f"SET memory_limit = '{self._megabytes}MB'")
        raise AssertionError

    def _load(self, name: str, pieces: Iterator[pa.Table]) -> int:
        if name in self._names:
            self._connection.execute(f"DROP VIEW IF EXISTS {name}; DROP TABLE IF EXISTS {name}_stored")
        self._names.add(name)
        held: list[pa.Table] = []
        rows, stored = 0, False
        for piece in pieces:
            held.append(piece)
            rows += len(piece)
            if sum(map(len, held)) >= LOADED:
                self._store(name, held, stored)
                held, stored = [], True
        if not stored:
            if held:
                self._connection.register(name, pa.concat_tables(held))
            return rows
        if held:
            self._store(name, held, stored)
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {name}_stored")
        return rows

    def _store(self, name: str, pieces: Sequence[pa.Table], more: bool) -> None:
        begin = f"INSERT INTO {name}_stored" if more else f"CREATE OR REPLACE TEMP TABLE {name}_stored AS"
        self._connection.register("pieces", pa.concat_tables(pieces))
        self._connection.execute(f"{begin} SELECT * FROM pieces")
        self._connection.unregister("pieces")

    def _row(self, query: str) -> tuple[Any, ...]:
        """The one row that a query gives, read to its end: what is left unread would keep the connection from other work."""
        (row,) = self._connection.execute(query).fetchall()
        found: tuple[Any, ...] = row
        return found

    def _met(self, conditions: Sequence[str]) -> dict[str, bool]:
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE sums AS {SUMS}")
        counts = ", ".join(f"count(CASE WHEN {condition} THEN 1 END)" for condition in conditions)
        found = self._row(f"SELECT {counts} FROM sums")
        return {condition: count > 0 for condition, count in zip(conditions, found, strict=True)}

    def _facts(self, facts: Mapping[str, str]) -> dict[str, int]:
        if not facts:
            return {}
        values = self._row("SELECT " + ", ".join(f"({sql})" for sql in facts.values()))
        return {name: int(value or 0) for name, value in zip(facts, values, strict=True)}

    def _group(self, query: Query, rows: int) -> dict[str, Ints]:
        passes = 1 << max(0, -(-rows * query.weight // PASS_ROWS) - 1).bit_length() if rows >= LOADED else 1
        columns = ", ".join([*query.keys, "detail::BIGINT AS detail"])
        name, found = query.rows or query.table, []
        for number in range(passes):
            if passes > 1:
                some = f"SELECT * FROM {name}_stored WHERE {(query.sieved or query.keys)[-1]} & {passes - 1} = {number}"
                self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {some}")
            found.append(self._connection.execute(f"SELECT {columns} FROM ({query.groups})").fetchnumpy())
        if passes > 1:
            self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {name}_stored")
        return {key: np.concatenate([np.asarray(piece[key], np.int64) for piece in found]) for key in found[0]}

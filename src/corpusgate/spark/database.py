"""Spark SQL as the database of a run: tables are read from the measured parts by executors, and groups come back as hashes and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.runners import offered
from corpusgate.runners.offered import Known, Wanted
from corpusgate.signals.across import Query
from corpusgate.signals.dates_across import SUMS
from corpusgate.spark import tasks
from corpusgate.spark.failures import asked

Ints = NDArray[np.int64]

#: Lays items down for executors: gives the number they are known by, and a frame of their places.
Laid = Callable[[Iterable[Any]], tuple[int, Any]]


@contextmanager
def database(session: Any, lay: Laid, folder: Path, parts: Sequence[Known], sources: pa.Table) -> Iterator[SparkDatabase]:
    """Open it for a run.

    Args:
        session: of Spark, whose temporary views are of this run alone.
        lay: lays items down.
        folder: of the run, which all machines share.
        parts: what is known of each part's records.
        sources: rows of `sources`.
    """
    np.save(folder / "told.npy", np.concatenate([np.zeros(0, np.int32), *(known.stories for known in parts)]))
    session.createDataFrame(sources).createOrReplaceTempView("sources")
    made = SparkDatabase(session, lay, folder.absolute(), parts)
    try:
        yield made
    finally:
        made.close()


class SparkDatabase:
    """Views of a session, one for each table that queries were offered."""

    def __init__(self, session: Any, lay: Laid, folder: Path, parts: Sequence[Known]) -> None:
        self._session, self._lay, self._folder, self._parts = session, lay, folder, parts
        starts = np.cumsum([0, *(len(known.sources) for known in parts)])[:-1].tolist()
        self._items = [(known.part, start) for known, start in zip(parts, starts, strict=True) if len(known.sources)]
        self._offered: dict[str, Any] = {}

    def load(self, wanted: Wanted, sql: str) -> int:
        """Offer the rows that a query may want, under the name of their table. How many they are nobody counts, so that it says 1."""
        known = next(known for known in self._parts if len(known.sources))
        columns = [*offered.columns(next(known.stretches(wanted.table)), sql), "n"]
        number, places = self._lay(self._items)
        schema = ", ".join(f"`{name}` bigint" for name in columns)
        self._offer(wanted.table, places.mapInArrow(tasks.rows(self._folder, number, wanted, sql, columns), schema))
        if wanted.table == "habits":
            self._offer("sums", self._session.sql(SUMS))
        return 1

    def met(self, conditions: Sequence[str]) -> dict[str, bool]:
        """Which conditions any row of `sums` meets."""
        counts = ", ".join(f"count(CASE WHEN {condition} THEN 1 END)" for condition in conditions)
        (row,) = asked(self._session.sql(f"SELECT {counts} FROM sums").collect)
        return {condition: count > 0 for condition, count in zip(conditions, row, strict=True)}

    def group(self, query: Query, rows: int) -> dict[str, Ints]:
        """Keys and details of the groups, by name."""
        columns = ", ".join([*(f"CAST({key} AS BIGINT) AS {key}" for key in query.keys), "CAST(detail AS BIGINT) AS detail"])
        table = asked(self._session.sql(f"SELECT {columns} FROM ({query.groups})").toArrow)
        return {name: np.asarray(table[name].to_numpy(), np.int64) for name in table.column_names}

    def facts(self, facts: Mapping[str, str]) -> dict[str, int]:
        """Numbers by name, each from its SQL."""
        if not facts:
            return {}
        (row,) = asked(self._session.sql("SELECT " + ", ".join(f"({sql})" for sql in facts.values())).collect)
        return {name: int(value or 0) for name, value in zip(facts, row, strict=True)}

    def close(self) -> None:
        """Give up all views and what is kept for them."""
        for name in list(self._offered):
            self._forget(name)

    def _offer(self, table: str, frame: Any) -> None:
        self._forget(table)
        # Several queries read it, and each would have all parts read anew.
        self._offered[table] = frame.persist()
        frame.createOrReplaceTempView(table)

    def _forget(self, table: str) -> None:
        frame = self._offered.pop(table, None)
        if frame is not None:
            self._session.catalog.dropTempView(table)
            frame.unpersist()

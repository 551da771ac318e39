"""Signals across records resolved over the whole corpus: which groups of rows are damage, by the keys of their rows.

Rows whose key stands too seldom for a group are sieved out first; of lines these are most. DuckDB gets the others, and
spills to disk beyond its limit. What it gives is small: a key and a number for each group. Every part then looks its own
rows up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.lookup import Slots, find, index
from corpusgate.kernels.sieve import add, pass_through, sieve
from corpusgate.runners import listed
from corpusgate.runners.alike import alike
from corpusgate.runners.hash_tables import Rows, key_of, stretches_of
from corpusgate.runners.part_tables import batches
from corpusgate.runners.plan import Plan
from corpusgate.runners.repeats import edges, members, repeats, write
from corpusgate.runners.stories import Stories
from corpusgate.runners.work import PartResult
from corpusgate.signals.across import AcrossSignal, Alike, Query, Repeats
from corpusgate.signals.dates_across import SETTLED_DAYS

Ints = NDArray[np.int64]

#: Megabytes that DuckDB may use before it spills to the work folder, and more for each thread.
MEMORY, MEMORY_A_THREAD = 96, 32

#: Rows of a table grouped at a time: what this much memory does without a detour.
PASS_ROWS = 8_000_000

#: Rows brought to DuckDB at a time, fewer than those of a pass.
LOADED = 1_000_000

#: Columns of signals.parquet that only the whole corpus tells, beside groups of duplicates: the day where other dates of the source settle
#: the order of its numbers.
COLUMNS = {
    "published_day": SETTLED_DAYS,
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A query and what it is for: findings of some checks in a field, or a column of signals.parquet.

    Attributes:
        query: the query, or what else says how to resolve it.
        beside: tables that it reads beside its own.
        checks: indices of the checks.
        field: the field their findings lie in.
        column: the column.
    """

    query: Query | Repeats | Alike
    beside: tuple[str, ...] = ()
    checks: tuple[int, ...] = ()
    field: str = ""
    column: str = ""


def resolutions(plan: Plan) -> list[Resolution]:
    """All of a plan, in an order that every process knows."""
    found = []
    for probe in plan.across:
        assert isinstance(probe.signal, AcrossSignal)
        query = probe.signal.query(dict(probe.parameters))
        beside = tuple(name for name in probe.signal.tables if name != query.table) if isinstance(query, Query) else ()
        found.append(Resolution(query, beside, probe.checks, probe.signal.field))
    of_column = {"published_day": ("habits",)}
    return found + [Resolution(query, of_column.get(name, ()), column=name) for name, query in COLUMNS.items() if query.table in plan.names]


def resolve(
    plan: Plan, parts: Sequence[PartResult], starts: Sequence[int], stories: Stories, work: Path, threads: int
) -> dict[str, dict[str, int]]:
    """Find the groups and write them to the work folder.

    Args:
        plan: what was run.
        parts: all parts in order, with a record or more among them.
        starts: first ordinal of each.
        stories: which records tell the same story.
        work: where the groups go, and what DuckDB spills.
        threads: threads it may use.

    Returns:
        Numbers worth knowing, by check.
    """
    import duckdb

    facts: dict[str, dict[str, int]] = {}
    memory = MEMORY + threads * MEMORY_A_THREAD
    whole: set[str] = set()
    offered: set[str] = set()
    # Queries that want the same rows share them.
    asked: dict[Sieved, str] = {}
    asking = resolutions(plan)
    for query in (resolution.query for resolution in asking):
        if isinstance(query, Query):
            asked[_sieved(query)] = asked.get(_sieved(query), "") + query.groups + query.facts
    loaded: dict[str, tuple[Sieved, int]] = {}
    known = [
        Known(part, start, stories.story[start:end], stories.titles.key[start:end])
        for part, start in zip(parts, starts, strict=True)
        for end in (start + part.measurement.records,)
    ]
    with duckdb.connect(config={"temp_directory": str(work / "spilled"), "threads": threads}) as connection:

        def within(function: Callable[..., Any], *arguments: Any) -> Any:
            return _within(connection, memory, partial(function, connection, *arguments))

        for number, resolution in enumerate(asking):
            query = resolution.query
            if isinstance(query, Repeats):
                if "members" not in whole:
                    within(_load, "members", partial(members, parts, starts, stories))
                    within(_load, "edges", partial(edges, stories.edges))
                    whole.add("members")
                found = within(repeats, parts, starts, query.elsewhere)
            elif isinstance(query, Alike):
                found = alike(parts, starts, stories, query)
            if not isinstance(query, Query):
                write(work, number, found)
                facts |= {plan.checks[i].name: {"records": len(found)} for i in resolution.checks}
                continue
            for name in resolution.beside:
                if name not in whole:
                    within(_load, f"all_{name}", partial(every, known, name))
                    whole.add(name)
                if name not in offered:
                    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM all_{name}")
                    offered.add(name)
                    loaded.pop(name, None)
            wanted = _sieved(query)
            if query.least and loaded.get(query.table, (None, 0))[0] != wanted:
                loaded[query.table] = wanted, within(_load, query.table, partial(candidates, known, wanted, asked[wanted]))
                offered.discard(query.table)
            rows = loaded[query.table][1] if query.least else 0
            *keys, detail = (np.asarray(column, np.int64) for column in within(_group, query, rows).values())
            np.save(work / f"groups-{number}.npy", np.stack([key_of(keys), detail]))
            if query.listed:
                # A story is known by an ordinal, which another order of the records would change.
                listed.keep(work, number, detail, key_of([key for name, key in zip(query.keys, keys, strict=True) if name != "story"]))
            if query.facts:
                names, values = within(_row, query.facts)
                numbers = {name: int(value or 0) for name, value in zip(names, values, strict=True)}
                facts |= {plan.checks[i].name: numbers for i in resolution.checks}
    return facts


class Known(NamedTuple):
    """A part, its first ordinal, and of each of its records the story, int32 (records,), and the headline, int64 (records,)."""

    part: PartResult
    start: int
    stories: NDArray[np.int32]
    titles: Ints

    def stretches(self, name: str) -> Iterator[Rows]:
        """The rows of a hash table."""
        return stretches_of(self.part.folder, name, self.stories, self.titles)


def every(parts: Sequence[Known], name: str) -> Iterator[pa.Table]:
    """All rows of a hash table, stretch by stretch."""
    for known in parts:
        for rows in known.stretches(name):
            yield _asked(rows, known.start, None, rows.names)


class Sieved(NamedTuple):
    """Rows of a table: those whose key, of some columns, stands as often or more often."""

    table: str
    keys: tuple[str, ...]
    least: int


def _sieved(query: Query) -> Sieved:
    return Sieved(query.table, query.sieved or query.keys, query.least)


def candidates(parts: Sequence[Known], wanted: Sieved, sql: str) -> Iterator[pa.Table]:
    """Stretch by stretch the rows that may be of a group: all that are, and few others; of their columns those that some SQL names."""
    if wanted.least > 1:
        buckets = sieve(sum(len(batch) for known in parts for batch in batches(known.part.folder, wanted.table)))
        for known in parts:
            for rows in known.stretches(wanted.table):
                add(buckets, rows.keys(wanted.keys)[0])
    for known in parts:
        for rows in known.stretches(wanted.table):
            keys, valid = rows.keys(wanted.keys)
            chosen = pass_through(buckets, keys, wanted.least) if wanted.least > 1 else np.arange(len(keys))
            yield _asked(rows, known.start, chosen if valid is None else valid[chosen], [name for name in rows.names if name in sql])


def _asked(rows: Rows, start: int, chosen: Ints | None, names: Sequence[str]) -> pa.Table:
    """The columns that a query may ask of some rows: `ordinal`, a record's place in the corpus, but not where the evidence stands."""
    columns = {name: rows.column(name, chosen) for name in names if name not in _PLACES}
    return pa.table({"ordinal": rows.ints("row", chosen) + start, **columns})


_PLACES = ("row", "start_at", "end_at")


def _load(connection: Any, name: str, pieces: Callable[[], Iterator[pa.Table]]) -> int:
    """Offer rows under a name, and say how many: as they lie in memory if they are few, else as a table that DuckDB can spill to disk."""
    connection.execute(f"DROP VIEW IF EXISTS {name}")
    connection.execute(f"DROP TABLE IF EXISTS {name}_stored")
    held: list[pa.Table] = []
    rows, stored = 0, False
    for piece in pieces():
        held.append(piece)
        rows += len(piece)
        if sum(map(len, held)) >= LOADED:
            _store(connection, name, held, stored)
            held, stored = [], True
    if not stored:
        connection.register(name, pa.concat_tables(held))
        return rows
    if held:
        _store(connection, name, held, stored)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {name}_stored")
    return rows


def _store(connection: Any, name: str, pieces: Sequence[pa.Table], more: bool) -> None:
    begin = f"INSERT INTO {name}_stored" if more else f"CREATE OR REPLACE TEMP TABLE {name}_stored AS"
    connection.register("pieces", pa.concat_tables(pieces))
    connection.execute(f"{begin} SELECT * FROM pieces")
    connection.unregister("pieces")


def _within(connection: Any, megabytes: int, work: Callable[[], Any]) -> Any:
    """Do something in little memory, and in more if that is really not enough: spilling has its limits."""
    import duckdb

    for more in (1, 4, 16, 64):
        connection.execute(f"SET memory_limit = '{megabytes * more}MB'")
        try:
            return work()
        except duckdb.OutOfMemoryException:
            if more == 64:
                raise
    raise AssertionError


def _row(connection: Any, sql: str) -> tuple[list[str], tuple[Any, ...]]:
    cursor = connection.execute(sql)
    return [column[0] for column in cursor.description or ()], cursor.fetchone() or ()


def _group(connection: Any, query: Query, rows: int) -> dict[str, Any]:
    """Keys and details of the groups, by name; where facts are asked of them, they are the table `grouped` too.

    A large table is grouped in several passes: each sees all rows of some keys and none of the others.
    """
    if query.least > 1 and not rows:
        query = replace(query, groups=f"SELECT {', '.join(f'0 AS {key}' for key in query.keys)}, 0 AS detail WHERE 1 = 0")
    passes = 1 << max(0, -(-rows * query.weight // PASS_ROWS) - 1).bit_length()
    columns = f"SELECT {', '.join(query.keys)}, detail::BIGINT AS detail FROM"
    if passes == 1 and not query.facts:
        return connection.execute(f"{columns} ({query.groups})").fetchnumpy()  # type: ignore[no-any-return]
    name = query.table
    if passes == 1:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE grouped AS {query.groups}")
    for number in range(passes if passes > 1 else 0):
        some = f"SELECT * FROM {name}_stored WHERE {(query.sieved or query.keys)[-1]} & {passes - 1} = {number}"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {some}")
        begin = "INSERT INTO grouped" if number else "CREATE OR REPLACE TEMP TABLE grouped AS"
        connection.execute(f"{begin} {query.groups}")
    if passes > 1:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {name}_stored")
    return connection.execute(f"{columns} grouped").fetchnumpy()  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _groups(path: Path) -> tuple[Ints, Ints, Slots]:
    # Mapped, not read: pages that are not looked at stay on disk.
    known, details = np.load(path, mmap_mode="r")
    return known, details, index(known)


def any_groups(work: Path, number: int) -> bool:
    """Whether a resolution has any group at all."""
    return len(_groups(work / f"groups-{number}.npy")[0]) > 0


def grouped(work: Path, number: int, keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Which rows belong to a group of a resolution: their indices, what is said of their group, and which group it is."""
    known, details, slots = _groups(work / f"groups-{number}.npy")
    rows, places = find(slots, known, keys)
    return rows, details[places], places

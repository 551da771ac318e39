"""Signals across records resolved over the whole corpus: which groups of rows are damage, by the keys of their rows.

DuckDB gets the rows that may be of a group, alike ones once with their number (`offered.py`), and spills to disk beyond its
limit. What it gives is small: a key and a number for each group. Every part then looks its own rows up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.lookup import Slots, find, index
from corpusgate.runners import listed
from corpusgate.runners.alike import alike
from corpusgate.runners.hash_tables import key_of
from corpusgate.runners.offered import Wanted, knowledge, offered
from corpusgate.runners.plan import Plan
from corpusgate.runners.repeats import Members, members, repeats, write
from corpusgate.runners.stories import Stories
from corpusgate.runners.work import PartResult
from corpusgate.signals.across import AcrossSignal, Alike, Query, Repeats
from corpusgate.signals.dates_across import SETTLED_DAYS, SUMS

Ints = NDArray[np.int64]

NONE = np.zeros(0, np.int64)

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
        checks: indices of the checks.
        field: the field their findings lie in.
        column: the column.
    """

    query: Query | Repeats | Alike
    checks: tuple[int, ...] = ()
    field: str = ""
    column: str = ""


def resolutions(plan: Plan) -> list[Resolution]:
    """All of a plan, in an order that every process knows."""
    found = []
    for probe in plan.across:
        assert isinstance(probe.signal, AcrossSignal)
        found.append(Resolution(probe.signal.query(dict(probe.parameters)), probe.checks, probe.signal.field))
    return found + [Resolution(query, column=name) for name, query in COLUMNS.items() if query.table in plan.names]


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
    asking = resolutions(plan)
    # Queries that want the same rows share them.
    asked: dict[Wanted, str] = {}
    queries = [resolution.query for resolution in asking if isinstance(resolution.query, Query)]
    for each in queries:
        sums = [SUMS] if each.when else []
        asked[Wanted.by(each)] = "".join([asked.get(Wanted.by(each), ""), each.groups, *each.facts.values(), *sums])
    loaded: dict[str, tuple[Wanted, int]] = {}
    conditions = list(dict.fromkeys(each.when for each in queries if each.when))
    met: dict[str, bool] = {}
    copied: Members | None = None
    known, sources = knowledge(parts, starts, stories.story, stories.titles.key)
    memory = MEMORY + threads * MEMORY_A_THREAD
    settings = {"temp_directory": str(work / "spilled"), "threads": threads, "memory_limit": f"{memory}MB"}
    with duckdb.connect(config=settings) as connection:

        def within(function: Callable[..., Any], *arguments: Any) -> Any:
            return _within(connection, memory, partial(function, connection, *arguments))

        connection.register("sources", sources)
        for number, resolution in enumerate(asking):
            query = resolution.query
            if not isinstance(query, Query):
                numbers: dict[str, int] = {}
                if isinstance(query, Repeats):
                    copied = copied or members(parts, starts, stories)
                    found = repeats(parts, starts, copied, stories.edges, query.elsewhere)
                    # Of other sources pages are reprints.
                    numbers |= {} if query.elsewhere else {"pages_crawled_again": int(np.count_nonzero(found["again"]))}
                else:
                    found = alike(parts, starts, stories, query)
                write(work, number, found)
                facts |= {plan.checks[i].name: {"records": len(found), **numbers} for i in resolution.checks}
                continue
            wanted = Wanted.by(query)
            if loaded.get(wanted.table, (None, 0))[0] != wanted:
                pieces = partial(offered, known, wanted, asked[wanted])
                loaded[wanted.table] = wanted, within(_load, wanted.table, pieces, wanted.table in loaded)
            rows = loaded[wanted.table][1]
            if query.when and rows:
                met = met or within(_met, conditions)
                rows = rows if met[query.when] else 0
            groups = within(_group, query, rows) if rows else dict.fromkeys((*query.keys, "detail"), NONE)
            keys, detail = [groups[key] for key in query.keys], groups["detail"]
            np.save(work / f"groups-{number}.npy", np.stack([key_of(keys), detail]))
            if query.listed:
                # A story is known by an ordinal, which another order of the records would change.
                listed.keep(work, number, detail, key_of([key for name, key in zip(query.keys, keys, strict=True) if name != "story"]))
            if query.counts or query.facts:
                numbers = {name: count(groups) for name, count in query.counts.items()}
                numbers |= within(_facts, query.facts) if rows else dict.fromkeys(query.facts, 0)
                facts |= {plan.checks[i].name: numbers for i in resolution.checks}
    return facts


def _load(connection: Any, name: str, pieces: Callable[[], Iterator[pa.Table]], again: bool = True) -> int:
    """Offer rows under a name, and say how many: as they lie in memory if they are few, else as a table that DuckDB can spill to disk."""
    if again:
        connection.execute(f"DROP VIEW IF EXISTS {name}; DROP TABLE IF EXISTS {name}_stored")
    held: list[pa.Table] = []
    rows, stored = 0, False
    for piece in pieces():
        held.append(piece)
        rows += len(piece)
        if sum(map(len, held)) >= LOADED:
            _store(connection, name, held, stored)
            held, stored = [], True
    if not stored:
        if held:
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

    try:
        return work()
    except duckdb.OutOfMemoryException:
        pass
    for more in (4, 16, 64):
        connection.execute(f"SET memory_limit = '{megabytes * more}MB'")
        try:
            return work()
        except duckdb.OutOfMemoryException:
            if more == 64:
                raise
        finally:
            connection.execute(f"SET memory_limit = '{megabytes}MB'")
    raise AssertionError


def _row(connection: Any, query: str) -> tuple[Any, ...]:
    """The one row that a query gives, read to its end: what is left unread would keep the connection from other work."""
    (row,) = connection.execute(query).fetchall()
    found: tuple[Any, ...] = row
    return found


def _met(connection: Any, conditions: Sequence[str]) -> dict[str, bool]:
    """Which conditions any row of `sums` meets, a table that is made for it."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE sums AS {SUMS}")
    counts = ", ".join(f"count(CASE WHEN {condition} THEN 1 END)" for condition in conditions)
    found = _row(connection, f"SELECT {counts} FROM sums")
    return {condition: count > 0 for condition, count in zip(conditions, found, strict=True)}


def _facts(connection: Any, facts: Mapping[str, str]) -> dict[str, int]:
    if not facts:
        return {}
    values = _row(connection, "SELECT " + ", ".join(f"({sql})" for sql in facts.values()))
    return {name: int(value or 0) for name, value in zip(facts, values, strict=True)}


def _group(connection: Any, query: Query, rows: int) -> dict[str, Ints]:
    """Keys and details of the groups, by name. A large table is grouped in several passes: each sees all rows of some keys and none of
    the others."""
    passes = 1 << max(0, -(-rows * query.weight // PASS_ROWS) - 1).bit_length() if rows >= LOADED else 1
    columns = ", ".join([*query.keys, "detail::BIGINT AS detail"])
    name, found = query.rows or query.table, []
    for number in range(passes):
        if passes > 1:
            some = f"SELECT * FROM {name}_stored WHERE {(query.sieved or query.keys)[-1]} & {passes - 1} = {number}"
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {some}")
        found.append(connection.execute(f"SELECT {columns} FROM ({query.groups})").fetchnumpy())
    if passes > 1:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {name}_stored")
    return {key: np.concatenate([np.asarray(piece[key], np.int64) for piece in found]) for key in found[0]}


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

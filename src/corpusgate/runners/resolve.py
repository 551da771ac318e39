"""Signals across records resolved over the whole corpus: which groups of rows are damage, by the keys of their rows.

DuckDB reads the hash tables of all parts and spills to disk beyond its limit. What it gives is small: a key and a number
for each group. Every part then looks its own rows up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.hashing import combine
from corpusgate.runners.plan import Plan
from corpusgate.runners.work import PartResult
from corpusgate.signals.across import AcrossSignal, Query
from corpusgate.signals.headlines import DUPLICATE_LETTERS

Ints = NDArray[np.int64]

#: Memory DuckDB may use before it spills to the work folder.
MEMORY = "256MB"

#: Columns of signals.parquet that name the smallest ordinal of the group of duplicates a record belongs to.
COLUMNS = {
    "headline_group": Query(
        table="headlines",
        keys=("folded",),
        groups=f"""
            SELECT folded, min(ordinal) AS detail FROM headlines WHERE letters >= {DUPLICATE_LETTERS} GROUP BY folded HAVING count(*) > 1
        """,
    ),
    "text_group": Query(
        table="records",
        keys=("body",),
        groups="SELECT body, min(ordinal) AS detail FROM records WHERE body IS NOT NULL GROUP BY body HAVING count(*) > 1",
    ),
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A query and what it is for: findings of some checks in a field, or a column of signals.parquet."""

    query: Query
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


def resolve(plan: Plan, parts: Sequence[PartResult], starts: Sequence[int], work: Path, threads: int) -> dict[str, dict[str, int]]:
    """Find the groups and write them to the work folder.

    Args:
        plan: what was run.
        parts: all parts in order.
        starts: first ordinal of each.
        work: where the groups go, and what DuckDB spills.
        threads: threads it may use.

    Returns:
        Numbers worth knowing, by check.
    """
    import duckdb

    facts: dict[str, dict[str, int]] = {}
    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(work / "spilled"), "threads": threads}) as connection:
        _views(connection, plan, parts, starts)
        for number, resolution in enumerate(resolutions(plan)):
            query = resolution.query
            connection.execute(f"CREATE OR REPLACE TEMP TABLE grouped AS {query.groups}")
            columns = connection.execute(f"SELECT {', '.join(query.keys)}, detail::BIGINT FROM grouped").fetchnumpy()
            *keys, detail = (np.asarray(column, np.int64) for column in columns.values())
            _write(work / f"groups-{number}.npy", key_of(keys), detail)
            if query.facts:
                cursor = connection.execute(query.facts)
                names = [column[0] for column in cursor.description or ()]
                numbers = {name: int(value or 0) for name, value in zip(names, cursor.fetchone() or (), strict=True)}
                facts |= {plan.checks[i].name: numbers for i in resolution.checks}
    return facts


def _views(connection: Any, plan: Plan, parts: Sequence[PartResult], starts: Sequence[int]) -> None:
    """A view of each hash table over the whole corpus, where `ordinal` is a record's place in it."""
    for name in plan.names:
        found = [
            (start, str(path)) for part, start in zip(parts, starts, strict=True) if (path := part.folder / f"{name}.parquet").exists()
        ]
        if not found:
            connection.execute(f"CREATE VIEW {name} AS SELECT {', '.join(f'NULL::BIGINT AS {c}' for c in _EMPTY)} WHERE false")
            continue
        # DuckDB takes no parameters in views. Paths are ours, but a folder may have a quotation mark in its name.
        files = ", ".join("'" + path.replace("'", "''") + "'" for _, path in found)
        places = ", ".join(f"({index}, {start})" for index, (start, _) in enumerate(found))
        connection.execute(
            f"CREATE VIEW {name} AS SELECT rows.*, rows.row + places.start AS ordinal"
            f" FROM (SELECT *, file_index FROM read_parquet([{files}])) AS rows"
            f" JOIN (VALUES {places}) AS places(file_index, start) ON rows.file_index = places.file_index"
        )


#: Columns of the hash tables, for those of a corpus without records.
_EMPTY = ("ordinal", "source", "body", "folded", "letters", "written", "hash", "day", "second", "start_at", "end_at")


def key_of(columns: Sequence[Ints]) -> Ints:
    """One integer for several: int64 (n,)."""
    return reduce(combine, columns)


def _write(path: Path, keys: Ints, detail: Ints) -> None:
    order = np.argsort(keys)
    np.save(path, np.stack([keys[order], detail[order]]))


@lru_cache(maxsize=64)
def _groups(path: Path) -> Ints:
    # Mapped, not read: pages that are not looked at stay on disk.
    groups: Ints = np.load(path, mmap_mode="r")
    return groups


def members(work: Path, number: int, keys: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Which rows belong to a group of a resolution: their indices, and the number of their group."""
    known, details = _groups(work / f"groups-{number}.npy")
    if not len(known):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    key = key_of(keys)
    at = np.minimum(np.searchsorted(known, key), len(known) - 1)
    rows = np.flatnonzero(known[at] == key)
    return rows, details[at[rows]]

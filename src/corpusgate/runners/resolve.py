"""Signals across records resolved over the whole corpus: which groups of rows are damage, by the keys of their rows.

A database gets the rows that may be of a group, alike ones once with their number (`offered.py`): DuckDB on one machine, Spark on
many. What it gives is small: a key and a number for each group. Every part then looks its own rows up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.series import Place
from corpusgate.kernels.lookup import Slots, find, index
from corpusgate.runners import listed
from corpusgate.runners.alike import alike
from corpusgate.runners.hash_tables import key_of
from corpusgate.runners.offered import Known, Wanted, knowledge
from corpusgate.runners.plan import Plan
from corpusgate.runners.repeats import Members, members, repeats, write
from corpusgate.runners.stories import Stories
from corpusgate.runners.work import PartResult
from corpusgate.signals.across import AcrossSignal, Alike, Query, Repeats
from corpusgate.signals.dates_across import SETTLED_DAYS, SUMS

Ints = NDArray[np.int64]

NONE = np.zeros(0, np.int64)

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
        again: whether the checks have another query before this one.
    """

    query: Query | Repeats | Alike
    checks: tuple[int, ...] = ()
    field: str = ""
    column: str = ""
    again: bool = False


class Database(Protocol):
    """Who answers queries over the whole corpus. Their SQL keeps to what DuckDB and Spark both speak."""

    def load(self, wanted: Wanted, sql: str) -> int:
        """Offer the rows that some queries want, under the name of their table; `sql` names the columns that they need.

        Returns:
            Nothing where there are no rows, so that nothing need be asked.
        """

    def met(self, conditions: Sequence[str]) -> Mapping[str, bool]:
        """Which conditions any row of `sums` meets, as far as it is worth knowing; the table `habits` was offered."""

    def group(self, query: Query, rows: int) -> Mapping[str, Ints]:
        """Keys and details of the groups, by name, int64 (n,) each; `rows` is what `load` gave."""

    def facts(self, facts: Mapping[str, str]) -> Mapping[str, int]:
        """Numbers by name, each from its SQL."""


#: Opens a database, given a folder to spill to, what is known of each part's records, and the table `sources`.
Opened = Callable[[Path, Sequence[Known], pa.Table], AbstractContextManager[Database]]


def resolutions(plan: Plan) -> list[Resolution]:
    """All of a plan, in an order that every process knows."""
    found = []
    for probe in plan.across:
        assert isinstance(probe.signal, AcrossSignal)
        for i, query in enumerate(probe.signal.queries(dict(probe.parameters))):
            found.append(Resolution(query, probe.checks, probe.signal.field, again=i > 0))
    return found + [Resolution(query, column=name) for name, query in COLUMNS.items() if query.table in plan.names]


def resolve(
    plan: Plan,
    parts: Sequence[PartResult],
    starts: Sequence[int],
    stories: Stories,
    places: Sequence[Place],
    work: Path,
    opened: Opened,
) -> dict[str, dict[str, int]]:
    """Find the groups and write them to the work folder.

    Args:
        plan: what was run.
        parts: all parts in order, with a record or more among them.
        starts: first ordinal of each.
        stories: which records tell the same story.
        places: where the file of each part stands among those that follow each other.
        work: where the groups go.
        opened: gives the database to ask.

    Returns:
        Numbers worth knowing, by check.
    """
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
    met: Mapping[str, bool] = {}
    copied: Members | None = None
    known, sources = knowledge(parts, starts, stories.story, stories.titles.key, places)
    with opened(work, known, sources) as database:
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
                loaded[wanted.table] = wanted, database.load(wanted, asked[wanted])
            rows = loaded[wanted.table][1]
            if query.when and rows:
                met = met or database.met(conditions)
                rows = rows if met[query.when] else 0
            groups = database.group(query, rows) if rows else dict.fromkeys((*query.keys, "detail"), NONE)
            groups = query.left(groups, len(sources)) if query.left else groups
            keys, detail = [groups[key] for key in query.keys], groups["detail"]
            np.save(work / f"groups-{number}.npy", np.stack([key_of(keys), detail]))
            if query.listed:
                # A story is known by an ordinal, which another order of the records would change.
                listed.keep(work, number, detail, key_of([key for name, key in zip(query.keys, keys, strict=True) if name != "story"]))
            if query.counts or query.facts:
                numbers = {name: count(groups) for name, count in query.counts.items()}
                numbers |= database.facts(query.facts) if rows else dict.fromkeys(query.facts, 0)
                for i in resolution.checks:
                    facts.setdefault(plan.checks[i].name, {}).update(numbers)
    return facts


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

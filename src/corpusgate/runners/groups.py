"""Groups that signals across records found, for results.json: the largest of each check, with some of their records.

Which groups are listed is settled when they are known, by their numbers and by what they are made of, and never by the order of
records. Every batch then gives the best of its rows, spread over sources, and counts all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.records import SEARCHED
from corpusgate.results import Group, Member
from corpusgate.runners.assemble import place
from corpusgate.runners.examples import best
from corpusgate.runners.listed import MEMBERS, kept
from corpusgate.runners.plan import Plan
from corpusgate.runners.resolve import resolutions
from corpusgate.runners.stretch import NOWHERE, Found

Ints = NDArray[np.int64]

#: Records that were read again, by part and row.
Records = Mapping[tuple[int, int], Mapping[str, str | None]]

#: Code points of a member's text shown.
BEGINNING = 120

#: A group's number holds its check's above its own.
_CHECK = 32


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of the listed groups, by number: that of a group holds its check's.

    Attributes:
        rows: some of their findings, as examples have them, with the number of the group in `group`; None if there are none.
        records: how many records each has.
    """

    rows: pa.Table | None
    records: Mapping[int, int]


def gather(plan: Plan, work: Path, found: Sequence[tuple[int, Found]], findings: pa.Table, table: pa.Table) -> Gathered:
    """The findings of a stretch that belong to listed groups.

    Args:
        plan: what was run.
        work: the work folder.
        found: index of the check and its findings across records.
        findings: all findings, as `assemble` gave them.
        table: the same as findings.parquet has them, with `print`.
    """
    index, group, records = list[Ints](), list[Ints](), dict[int, int]()
    places: Ints | None = None
    for check, rows in found:
        chosen = kept(work, rows.number) if len(rows.row) else None
        mine = np.flatnonzero(np.isin(rows.group, chosen[0])) if chosen is not None else ()
        if not len(mine):
            continue
        if places is None:
            start = findings["start"].cast(pa.int64()).fill_null(int(NOWHERE)).to_numpy()
            places = place(plan, findings["row"].to_numpy(), findings["check"].to_numpy(), findings["field"].to_numpy(), start)
        groups, of = np.unique(rows.group[mine], return_inverse=True)
        groups |= check << _CHECK
        field = SEARCHED.index(rows.resolution.field)
        index.append(np.searchsorted(places, place(plan, rows.row[mine], check, field, rows.start[mine])))
        group.append(groups[of])
        # A record counts once, however many of its findings belong to a group.
        size = int(rows.row.max()) + 1
        counts = np.bincount(np.unique(of * size + rows.row[mine]) // size)
        records |= dict(zip(groups.tolist(), counts.tolist(), strict=True))
    if not index:
        return Gathered(None, {})
    taken = table.take(pa.array(np.concatenate(index))).append_column("group", pa.array(np.concatenate(group)))
    return Gathered(best(taken, "group", MEMBERS), records)


def merged(gathered: Iterable[Gathered]) -> Gathered:
    """What several stretches or batches know, put together."""
    records: dict[int, int] = {}
    tables = []
    for piece in gathered:
        for number, count in piece.records.items():
            records[number] = records.get(number, 0) + count
        if piece.rows is not None:
            tables.append(piece.rows)
    return Gathered(best(pa.concat_tables(tables).sort_by("ordinal"), "group", MEMBERS) if tables else None, records)


def told(plan: Plan, work: Path, gathered: Gathered, records: Records) -> dict[str, list[Group]]:
    """The groups of each check, the largest first.

    Args:
        plan: what was run.
        work: the work folder.
        gathered: what all batches know.
        records: the members, by part and row.
    """
    members: dict[int, list[Mapping[str, Any]]] = {}
    for row in gathered.rows.to_pylist() if gathered.rows is not None else ():
        members.setdefault(row["group"], []).append(row)
    out: dict[str, list[Group]] = {}
    for number, resolution in enumerate(resolutions(plan)):
        chosen = kept(work, number)
        for check in resolution.checks if chosen is not None else ():
            for i, count in zip(*(column.tolist() for column in chosen or ()), strict=True):
                mine = sorted(members.get(i | check << _CHECK, ()), key=lambda row: (row["fingerprint"], row["ordinal"]))
                if mine:
                    group = Group(
                        text=mine[0]["match"],
                        count=count,
                        message=mine[0]["message"],
                        records=gathered.records[i | check << _CHECK],
                        members=[member(row, records[row["part"], row["row"]]) for row in mine],
                    )
                    out.setdefault(plan.checks[check].name, []).append(group)
    return out


def member(row: Mapping[str, Any], record: Mapping[str, str | None], message: str = "") -> Member:
    """A record of a group."""
    return Member(
        record_id=row["record_id"],
        source=row["source"],
        url=record.get("url") or "",
        published=(record.get("published") or "")[:BEGINNING],
        headline=(record.get("headline") or "")[:BEGINNING],
        beginning=" ".join((record.get("text") or "")[: 2 * BEGINNING].split())[:BEGINNING],
        message=message,
    )

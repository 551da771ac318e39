"""What of a corpus is shown in results.json: examples, groups and whole records, each read again from its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpusgate.results import Example, Group, Page, StripLine
from corpusgate.runners import examples, groups, record_pages, strip
from corpusgate.runners.clusters import Cluster
from corpusgate.runners.groups import Gathered, Records
from corpusgate.runners.tasks import Tasks
from corpusgate.runners.work import PartResult, Work


@dataclass(frozen=True, slots=True)
class Shown:
    """A bounded share of what was found.

    Attributes:
        examples: findings by check.
        groups: the largest groups by check.
        pages: records with all their findings.
        strip: lines of furniture that an extractor should leave out.
    """

    examples: Mapping[str, list[Example]]
    groups: Mapping[str, list[Group]]
    pages: list[Page]
    strip: list[StripLine] = field(default_factory=list)


def show(
    work: Work,
    pool: Tasks,
    parts: Sequence[PartResult],
    starts: Sequence[int],
    rows: Sequence[Mapping[str, Any]],
    gathered: Gathered,
    copies: Sequence[Cluster],
    lines: Sequence[Mapping[str, Any]],
) -> Shown:
    """Read what was chosen, and put it into the form of results.json.

    Args:
        work: the run, with findings.parquet in its folder.
        pool: who reads.
        parts: all parts in order.
        starts: first ordinal of each.
        rows: the examples of all checks, in the order in which they are shown.
        gathered: what is known of the listed groups.
        copies: the clusters of copies.
        lines: the lines of furniture to tell.
    """
    places = strip.readings(lines, parts, starts)
    listed_rows = gathered.rows.to_pylist() if gathered.rows is not None else []
    again = [*rows, *listed_rows, *(row for one in copies for row in one.members), *places.values()]
    records: dict[tuple[int, int], dict[str, str | None]] = {}
    for found in pool.run(examples.read_again, examples.readings(again)):
        records |= found
    told: dict[str, list[Example]] = {}
    for row in rows:
        told.setdefault(str(row["check"]), []).append(examples.example(row, records[row["part"], row["row"]]))
    listed = groups.told(work.plan, work.folder, gathered, records)
    for one in copies:
        for check in one.checks:
            listed.setdefault(work.plan.checks[check].name, []).append(_cluster(one, records))
    chosen = record_pages.choose(rows)
    findings = record_pages.findings_of(work.folder / "findings.parquet", [row["ordinal"] for row in chosen])
    pages = [record_pages.page(row, records[row["part"], row["row"]], findings[row["ordinal"]]) for row in chosen]

    def text(ordinal: int) -> str:
        place = places[ordinal]
        return records[place["part"], place["row"]].get("text") or ""

    stripped = strip.merged([strip.told(line, [text(ordinal) for ordinal in line["first"]]) for line in lines])
    return Shown(told, listed, pages, stripped)


def _cluster(one: Cluster, records: Records) -> Group:
    members = [groups.member(row, records[row["part"], row["row"]], row["message"]) for row in one.members]
    return Group(text="", count=one.count, message="", records=one.records, members=members)

"""Groups of copies as a table: every record that belongs to one, and what ties it to the group."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from corpusgate.kernels.forest import parents
from corpusgate.kernels.hashing import combine
from corpusgate.runners.stories import Stories, several
from corpusgate.runners.taken import taken
from corpusgate.runners.titles import CUT_HEADLINE, NEAR_HEADLINE, SAME_HEADLINE
from corpusgate.runners.work import PartResult
from corpusgate.signals.stories import CONTAINED_COPY, NEAR_COPY, SAME

Ints = NDArray[np.int64]

#: What ties records together, by kind.
_TEXT = {SAME: "same text", NEAR_COPY: "near copy", CONTAINED_COPY: "contained copy"}
_HEADLINE = {SAME_HEADLINE: "same headline", NEAR_HEADLINE: "nearly the same headline", CUT_HEADLINE: "headline cut off"}


def path_of(work: Path) -> Path:
    """Where the table lies."""
    return work / "duplicates.parquet"


def write(work: Path, parts: Sequence[PartResult], starts: Sequence[int], stories: Stories, headlines: bool) -> None:
    """Write the table.

    Its columns: `by` (text or headline), `group` (its smallest ordinal), `ordinal`, `record_id`, `source`, `headline`, `repeats` (the
    ordinal of the record that it is tied to; null for the first of a group), `reason`, `percent` (what they have in common), and `again`
    (whether both are of one address). Rows are in the order of groups and ordinals.

    Args:
        work: the work folder.
        parts: all parts in order.
        starts: first ordinal of each.
        stories: what is known of all records.
        headlines: whether records have headlines.
    """
    later = np.flatnonzero((stories.first >= 0) & (stories.first != np.arange(len(stories.first))))
    edges, ties = stories.edges, stories.titles.ties
    same, whole = np.full(len(later), SAME), np.full(len(later), 100)
    first = np.concatenate([_first_of_page(parts, starts, stories.first[later], later), edges.first])
    second = np.concatenate([later, edges.second])
    kind, percent = np.concatenate([same, edges.kind]), np.concatenate([whole, edges.percent])
    tables = [
        _table(parts, starts, "text", _TEXT, stories.text, (first, second, kind, percent), headlines),
        _table(parts, starts, "headline", _HEADLINE, stories.titles.group, (ties.first, ties.second, ties.kind, ties.percent), headlines),
    ]
    pq.write_table(pa.concat_tables(tables), path_of(work))


def _first_of_page(parts: Sequence[PartResult], starts: Sequence[int], first: NDArray[np.int32], later: Ints) -> NDArray[np.int32]:
    """For records with a text that stood before: the first one of the same page with that text, else the first one with it."""
    records = np.unique(np.concatenate([first, later]))
    page = taken(parts, starts, "records", ("page",), records)["page"].cast(pa.int64()).fill_null(0).to_numpy()
    text, place = records.copy(), np.searchsorted(records, later)
    text[place] = first
    _, at, which = np.unique(combine(text, page), return_index=True, return_inverse=True)
    same = records[at[which[place]]]
    return np.where((page[place] != 0) & (same < later), same, first).astype(np.int32)


def _table(
    parts: Sequence[PartResult],
    starts: Sequence[int],
    by: str,
    words: dict[int, str],
    group: NDArray[np.int32],
    ties: tuple[NDArray[np.integer], ...],
    headlines: bool,
) -> pa.Table:
    member = np.flatnonzero(several(group))
    member = member[np.lexsort((member, group[member]))]
    first, second, kind, percent = (column.astype(np.int64) for column in ties)
    # A copy that joins no group, such as a round-up of several stories, is tied to none.
    inside = np.flatnonzero((group[first] == group[second]) & (group[first] >= 0))
    order = inside[np.lexsort((second[inside], first[inside], -percent[inside], kind[inside]))]
    place = np.zeros(len(group), np.int64)
    place[np.sort(member)] = np.arange(len(member))
    tied = parents(len(member), place[first[order]], place[second[order]])[place[member]]
    has = tied >= 0
    tie = order[tied[has]]
    other = np.zeros(len(member), np.int64)
    other[has] = first[tie] + second[tie] - member[has]
    names = taken(parts, starts, "signals", ("record_id", "source", *(("headline",) if headlines else ())), member)
    page = [taken(parts, starts, "records", ("page",), side)["page"].cast(pa.int64()).fill_null(0).to_numpy() for side in (member, other)]
    reason, share = np.full(len(member), None, object), np.zeros(len(member), np.int64)
    reason[has], share[has] = [words[number] for number in kind[tie].tolist()], percent[tie]
    return pa.table(
        {
            "by": pa.array([by] * len(member), pa.string()),
            "group": group[member].astype(np.int64),
            "ordinal": member.astype(np.int64),
            "record_id": names["record_id"].cast(pa.string()),
            "source": names["source"].cast(pa.string()),
            "headline": names["headline"].cast(pa.string()) if headlines else pa.nulls(len(member), pa.string()),
            "repeats": pa.array(other, mask=~has),
            "reason": pa.array(reason, pa.string()),
            "percent": pa.array(share, pa.int64(), mask=~has),
            "again": has & (page[0] == page[1]) & (page[0] != 0),
        }
    )

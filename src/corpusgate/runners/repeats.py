"""Records whose text repeats that of an earlier one: which one, and how much of it.

The rows are few: records whose text stands more than once, or is a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.kernels.hashing import combine
from corpusgate.runners.part_tables import batches
from corpusgate.runners.stories import Edges, Stories
from corpusgate.runners.taken import taken
from corpusgate.runners.work import PartResult
from corpusgate.signals.stories import CONTAINED_COPY, NEAR_COPY, SAME

Ints = NDArray[np.int64]

#: What is said of a repetition, by kind: words, and in their places 0 for the id of the earlier record and 1 for the share.
_SAID: dict[int, tuple[str | int, ...]] = {
    SAME: ("The same text as in ", 0, "."),
    NEAR_COPY: ("A near copy of ", 0, ": ", 1, " % of the runs of three words in either text stand in both."),
    CONTAINED_COPY: ("A contained copy: ", 1, " % of the shorter text stands in the other one, which is ", 0, "."),
}
_AGAIN = " It is the same page, crawled again."


def path_of(work: Path, number: int) -> Path:
    """Where the repetitions of a resolution lie: a table of `ordinal` and `message`, in the order of ordinals."""
    return work / f"repeats-{number}.arrow"


def write(work: Path, number: int, found: pa.Table) -> None:
    """Write the repetitions of a resolution, for all processes."""
    found = found.select(["ordinal", "message"])
    with pa.OSFile(str(path_of(work, number)), "wb") as file, pa.ipc.new_file(file, found.schema) as writer:
        writer.write_table(found.combine_chunks())


def of_records(work: Path, number: int, first: int, count: int) -> tuple[Ints, pa.Array]:
    """Those of some records that follow each other: the place of each among them, and its message."""
    ordinals, messages = _read(path_of(work, number))
    low, high = np.searchsorted(ordinals, (first, first + count))
    return ordinals[low:high] - first, messages.slice(low, high - low)


@lru_cache(maxsize=64)
def _read(path: Path) -> tuple[Ints, pa.Array]:
    # Asked for each stretch anew; it is written once, before any of them, and mapped.
    with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as reader:
        found = reader.get_batch(0) if reader.num_record_batches else pa.record_batch([[], []], schema=reader.schema)
    return found.column("ordinal").to_numpy(), found.column("message")


@dataclass(frozen=True, slots=True)
class Members:
    """The records that may repeat another or be repeated, in the order of ordinals; int64 (n,) each.

    Attributes:
        ordinal: the record.
        source: a number for its source.
        rep: the first record with its text.
        page: hash of its address; 0 without one.
    """

    ordinal: Ints
    source: Ints
    rep: Ints
    page: Ints


def members(parts: Sequence[PartResult], starts: Sequence[int], stories: Stories) -> Members:
    """Gather them."""
    counts = np.bincount(stories.first[stories.first >= 0], minlength=len(stories.first))
    counts[stories.edges.first] = counts[stories.edges.second] = 2
    none = np.zeros(0, np.int64)
    held = [(none, none, none, none)]
    for part, start in zip(parts, starts, strict=True):
        at = start
        for batch in batches(part.folder, "records"):
            first = stories.first[at : at + len(batch)]
            rows = np.flatnonzero((first >= 0) & (counts[np.maximum(first, 0)] > 1))
            page = batch.column("page").cast(pa.int64()).fill_null(0).to_numpy()
            held.append((rows + at, batch.column("source").to_numpy()[rows], first[rows].astype(np.int64), page[rows]))
            at += len(batch)
    ordinal, source, rep, page = (np.concatenate(column) for column in zip(*held, strict=True))
    return Members(ordinal, np.unique(source, return_inverse=True)[1].astype(np.int64), rep, page)


def repeats(parts: Sequence[PartResult], starts: Sequence[int], known: Members, edges: Edges, elsewhere: bool) -> pa.Table:
    """The repetitions.

    Args:
        parts: all parts in order.
        starts: first ordinal of each.
        known: what `members` gave.
        edges: the copies.
        elsewhere: whether in other sources or in the record's own.

    Returns:
        `ordinal`, `message` and `again`, whether it is a page that was crawled before: a row a record that repeats another, in order.
    """
    member, of, kind, percent, again = earlier(known, edges, elsewhere)
    message = _messages(parts, starts, known.ordinal[of], kind, percent, again)
    return pa.table({"ordinal": known.ordinal[member], "message": message, "again": again})


def earlier(known: Members, edges: Edges, elsewhere: bool) -> tuple[Ints, Ints, Ints, Ints, NDArray[np.bool_]]:
    """Of all earlier records with a member's text or a copy of it one of its own page, else the one that it is most like, and of several
    the first.

    Returns:
        Indices of the members that have one, rising, and of those, the kind and the percentage, int64 (n,) each; whether both are of
        one page, bool (n,).
    """
    member, rep, kind, percent = _copied(known, edges)
    if elsewhere:
        of = _first_elsewhere(known, member, rep)
    else:
        # A page that was crawled again need not be the first record with its text.
        _, page = np.unique(combine(known.source, known.page), return_inverse=True)
        of = np.concatenate([_first_inside(known.rep, part, member, rep) for part in (known.source, page)])
        member, kind, percent = (np.tile(column, 2) for column in (member, kind, percent))
    before = np.flatnonzero(of < member)
    member, of, kind, percent = (column[before] for column in (member, of, kind, percent))
    again = (known.page[member] == known.page[of]) & (known.page[of] != 0)
    best = np.lexsort((of, kind, ~again, member))
    best = best[np.diff(member[best], prepend=-1) != 0]
    return member[best], of[best], kind[best], percent[best], again[best]


def _copied(known: Members, edges: Edges) -> tuple[Ints, Ints, Ints, Ints]:
    """For each member its own text and its copies: index of the member, the first record with that text, kind and percent."""
    one, other = np.concatenate([edges.first, edges.second]), np.concatenate([edges.second, edges.first]).astype(np.int64)
    order = np.argsort(one, kind="stable")
    begin, end = (np.searchsorted(one[order], known.rep, side) for side in ("left", "right"))
    sizes = end - begin
    edge = order[np.arange(sizes.sum()) + np.repeat(begin - np.cumsum(sizes) + sizes, sizes)]
    every = np.arange(len(known.rep))
    kind, percent = (np.concatenate([column, column]).astype(np.int64)[edge] for column in (edges.kind, edges.percent))
    return (
        np.concatenate([every, np.repeat(every, sizes)]),
        np.concatenate([known.rep, other[edge]]),
        np.concatenate([np.full(len(every), SAME), kind]),
        np.concatenate([np.full(len(every), 100), percent]),
    )


def _first_inside(reps: Ints, part: Ints, member: Ints, rep: Ints) -> Ints:
    """The first member of the same part, such as its source, that has a text; one behind all where there is none."""
    keys, first = np.unique(part << 32 | reps, return_index=True)
    wanted = part[member] << 32 | rep
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, first[at], len(reps))


def _first_elsewhere(known: Members, member: Ints, rep: Ints) -> Ints:
    """The first member of another source that has a text, likewise: of those that have it first in their sources two are enough, since
    one is of another source."""
    _, first = np.unique(known.source << 32 | known.rep, return_index=True)
    first = first[np.lexsort((first, known.rep[first]))]
    texts, begin, count = np.unique(known.rep[first], return_index=True, return_counts=True)
    at = np.searchsorted(texts, rep)
    one = first[begin[at]]
    two = first[np.minimum(begin[at] + 1, len(first) - 1)]
    second = np.where(count[at] > 1, two, len(known.rep))
    return np.where(known.source[one] != known.source[member], one, second)


def _messages(
    parts: Sequence[PartResult], starts: Sequence[int], of: Ints, kind: Ints, percent: Ints, again: NDArray[np.bool_]
) -> pa.Array:
    values = (taken(parts, starts, "signals", ("record_id",), of)["record_id"].cast(pa.string()), pa.array(percent).cast(pa.string()))
    said = [
        pc.binary_join_element_wise(*(values[piece] if isinstance(piece, int) else piece for piece in _SAID[number]), "")
        for number in sorted(_SAID)
    ]
    message = pc.choose(pa.array(kind), *said)
    return pc.binary_join_element_wise(message, pc.if_else(pa.array(again), _AGAIN, ""), "")

"""Records whose text repeats that of an earlier one: which one, and how much of it.

The rows are few: records whose text stands more than once, or is a copy. The queries keep to what DuckDB and Spark SQL both
speak.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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

_FIRSTS = "firsts AS (SELECT source, rep, min(ordinal) AS ordinal FROM members GROUP BY source, rep)"

#: The earlier records of the same source that a record may repeat.
_OWN = f"""
    WITH {_FIRSTS},
    earlier AS (
        SELECT members.ordinal, members.page, firsts.ordinal AS of, {SAME} AS kind, 100 AS percent
        FROM members JOIN firsts ON members.source = firsts.source AND members.rep = firsts.rep
        WHERE firsts.ordinal < members.ordinal
        UNION ALL
        SELECT members.ordinal, members.page, firsts.ordinal AS of, edges.kind, edges.percent
        FROM members JOIN edges ON members.rep = edges.one JOIN firsts ON firsts.rep = edges.other AND firsts.source = members.source
        WHERE firsts.ordinal < members.ordinal
    )
"""

#: Those of other sources: the first two that have a text are enough, since one of them is of another source.
_OTHERS = f"""
    WITH {_FIRSTS},
    ranked AS (SELECT source, rep, ordinal, row_number() OVER (PARTITION BY rep ORDER BY ordinal) AS place FROM firsts),
    earlier AS (
        SELECT members.ordinal, members.page, ranked.ordinal AS of, {SAME} AS kind, 100 AS percent
        FROM members JOIN ranked ON members.rep = ranked.rep AND members.source <> ranked.source
        WHERE ranked.place <= 2 AND ranked.ordinal < members.ordinal
        UNION ALL
        SELECT members.ordinal, members.page, ranked.ordinal AS of, edges.kind, edges.percent
        FROM members JOIN edges ON members.rep = edges.one
        JOIN ranked ON ranked.rep = edges.other AND members.source <> ranked.source
        WHERE ranked.place <= 2 AND ranked.ordinal < members.ordinal
    )
"""

#: Of those the one that the record is most like, and of several the first.
_CHOSEN = """
    , placed AS (SELECT *, row_number() OVER (PARTITION BY ordinal ORDER BY kind, of) AS place FROM earlier)
    SELECT placed.ordinal, placed.of, placed.kind, placed.percent, coalesce(placed.page = members.page, FALSE) AS again
    FROM placed JOIN members ON members.ordinal = placed.of WHERE placed.place = 1 ORDER BY placed.ordinal
"""


def path_of(work: Path, number: int) -> Path:
    """Where the repetitions of a resolution lie: a table of `ordinal` and `message`, in the order of ordinals."""
    return work / f"repeats-{number}.arrow"


def write(work: Path, number: int, found: pa.Table) -> None:
    """Write the repetitions of a resolution, for all processes."""
    with pa.OSFile(str(path_of(work, number)), "wb") as file, pa.ipc.new_file(file, found.schema) as writer:
        writer.write_table(found.combine_chunks())


def of_records(work: Path, number: int, first: int, count: int) -> tuple[Ints, pa.Array]:
    """Those of some records that follow each other: the place of each among them, and its message."""
    with pa.memory_map(str(path_of(work, number))) as file, pa.ipc.open_file(file) as reader:
        found = reader.get_batch(0) if reader.num_record_batches else pa.record_batch([[], []], schema=reader.schema)
    ordinals = found.column("ordinal").to_numpy()
    low, high = np.searchsorted(ordinals, (first, first + count))
    return ordinals[low:high] - first, found.column("message").slice(low, high - low)


def members(parts: Sequence[PartResult], starts: Sequence[int], stories: Stories) -> Iterator[pa.Table]:
    """The records that may repeat another or be repeated: `ordinal`, `source`, `rep` (the first record with its text) and `page`."""
    counts = np.bincount(stories.first[stories.first >= 0], minlength=len(stories.first))
    counts[stories.edges.first] = counts[stories.edges.second] = 2
    for part, start in zip(parts, starts, strict=True):
        at = start
        for batch in batches(part.folder, "records"):
            first = stories.first[at : at + len(batch)]
            rows = np.flatnonzero((first >= 0) & (counts[np.maximum(first, 0)] > 1))
            some = batch.take(pa.array(rows))
            yield pa.table({"ordinal": rows + at, "source": some["source"], "rep": first[rows].astype(np.int64), "page": some["page"]})
            at += len(batch)


def edges(found: Edges) -> Iterator[pa.Table]:
    """The copies, from both sides: `one`, `other`, `kind`, `percent`."""
    for one, other in ((found.first, found.second), (found.second, found.first)):
        yield pa.table({"one": one.astype(np.int64), "other": other.astype(np.int64), "kind": found.kind, "percent": found.percent})


def repeats(connection: Any, parts: Sequence[PartResult], starts: Sequence[int], elsewhere: bool) -> pa.Table:
    """The repetitions, from the tables `members` and `edges`.

    Args:
        connection: to DuckDB.
        parts: all parts in order.
        starts: first ordinal of each.
        elsewhere: whether in other sources or in the record's own.

    Returns:
        `ordinal` and `message`, a row a record that repeats another, in order.
    """
    found = connection.execute((_OTHERS if elsewhere else _OWN) + _CHOSEN).fetchnumpy()
    ordinal, of, kind, percent, again = (np.asarray(found[name]) for name in ("ordinal", "of", "kind", "percent", "again"))
    ids = taken(parts, starts, "signals", ("record_id",), of)["record_id"].cast(pa.string())
    numbers = pa.array(percent).cast(pa.string())
    values = (ids, numbers)
    said = [
        pc.binary_join_element_wise(*(values[piece] if isinstance(piece, int) else piece for piece in _SAID[number]), "")
        for number in sorted(_SAID)
    ]
    message = pc.choose(pa.array(kind.astype(np.int64)), *said)
    message = pc.binary_join_element_wise(message, pc.if_else(pa.array(again.astype(np.bool_)), _AGAIN, ""), "")
    return pa.table({"ordinal": ordinal.astype(np.int64), "message": message})

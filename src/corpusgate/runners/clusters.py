"""Clusters of copies for results.json: the largest within a source and across sources, with some of their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.runners.listed import MEMBERS, choose
from corpusgate.runners.repeats import of_records
from corpusgate.runners.resolve import resolutions
from corpusgate.runners.stories import Stories, several
from corpusgate.runners.taken import taken
from corpusgate.runners.work import PartResult, Work
from corpusgate.signals.across import Repeats

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records with copies of one text.

    Attributes:
        checks: indices of the checks whose findings they are.
        records: how many.
        count: how many repeat an earlier one within their source, or how many sources they are of.
        members: some of them, as examples have them, with `message` on what each repeats.
    """

    checks: tuple[int, ...]
    records: int
    count: int
    members: tuple[Mapping[str, Any], ...]


def clusters(work: Work, parts: Sequence[PartResult], starts: Sequence[int], stories: Stories) -> list[Cluster]:
    """The largest clusters of copies, for each signal of repetitions.

    Args:
        work: the run.
        parts: all parts in order, with a record or more among them.
        starts: first ordinal of each.
        stories: which records are copies.
    """
    wanted = [(number, each) for number, each in enumerate(resolutions(work.plan)) if isinstance(each.query, Repeats)]
    ordinal = np.flatnonzero(several(stories.text))
    if not wanted or not len(ordinal):
        return []
    hashes = taken(parts, starts, "records", ("source", "body"), ordinal)
    source, body = hashes["source"].to_numpy(), hashes["body"].fill_null(0).to_numpy()
    text, of = np.unique(stories.text[ordinal], return_inverse=True)
    size = np.bincount(of)
    sources = np.bincount(np.unique(np.stack([of, source]), axis=1)[0])
    least = np.full(len(text), np.iinfo(np.int64).max)
    np.minimum.at(least, of, body)
    out = []
    for number, resolution in wanted:
        assert isinstance(resolution.query, Repeats)
        count = sources if resolution.query.elsewhere else size - sources
        candidates = np.flatnonzero(count > (1 if resolution.query.elsewhere else 0))
        for i in candidates[choose((count << 32 | size)[candidates], least[candidates])].tolist():
            members = _members(work.folder, number, parts, starts, ordinal[of == i], resolution.query.elsewhere)
            out.append(Cluster(resolution.checks, int(size[i]), int(count[i]), tuple(members)))
    return out


def _members(
    work: Path, number: int, parts: Sequence[PartResult], starts: Sequence[int], ordinals: Ints, elsewhere: bool
) -> list[dict[str, Any]]:
    """Some records of a cluster: of each source in turn, or of the source that has most of them first; the smallest ids of each."""
    found = taken(parts, starts, "signals", ("record_id", "source", "offset"), ordinals)
    # Of parts that begin at one ordinal the last has records.
    at = np.searchsorted(starts, ordinals, "right") - 1
    places = {"part": np.array([part.index for part in parts])[at], "row": ordinals - np.asarray(starts)[at], "ordinal": ordinals}
    table = pa.table({**found, **places})
    table = table.take(pc.sort_indices(table, [("source", "ascending"), ("record_id", "ascending"), ("ordinal", "ascending")]))
    source = table["source"].combine_chunks().dictionary_encode().indices.to_numpy()
    # Sorted by source, so that a record's turn is its place behind the first of its source.
    sizes = np.bincount(source)
    turn = np.arange(len(source)) - (np.cumsum(sizes) - sizes)[source]
    chosen = np.argsort(turn if elsewhere else -sizes[source], kind="stable")[:MEMBERS]
    members: list[dict[str, Any]] = table.take(pa.array(chosen)).to_pylist()
    for row in members:
        _, message = of_records(work, number, row["ordinal"], 1)
        row["message"] = message[0].as_py() if len(message) else ""
    return members

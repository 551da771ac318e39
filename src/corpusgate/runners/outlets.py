"""Outlet names glued onto headlines, learned for each source, so that headlines are compared without them.

The rule is that of the check `headlines/outlet-glued-on`; its numbers stand in `signals/headlines.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.lookup import distinct
from corpusgate.kernels.sieve import add, pass_through, sieve
from corpusgate.runners.hash_tables import Rows, stretches_of
from corpusgate.runners.part_tables import batches
from corpusgate.runners.work import PartResult
from corpusgate.signals.headlines import DUPLICATE_LETTERS, GLUED_RECORDS, GLUED_SHARE

Ints = NDArray[np.int64]

_KEY = ("source", "hash")


def glued_names(parts: Sequence[PartResult], starts: Sequence[int]) -> Ints:
    """Keys of source and name, for all names that are glued onto headlines of their source: int64 (n,), rising."""
    total = sum(len(batch) for part in parts for batch in batches(part.folder, "ends"))
    if not total:
        return np.zeros(0, np.int64)
    buckets = sieve(total)
    for part in parts:
        for rows in stretches_of(part.folder, "ends"):
            add(buckets, rows.keys(_KEY)[0])
    keys, sources = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for part in parts:
        for rows in stretches_of(part.folder, "ends"):
            found, _ = rows.keys(_KEY)
            chosen = pass_through(buckets, found, GLUED_RECORDS)
            keys.append(found[chosen])
            sources.append(rows.ints("source", chosen))
    known, first, counts = np.unique(np.concatenate(keys), return_index=True, return_counts=True)
    often = counts >= GLUED_RECORDS
    if not often.any():
        return np.zeros(0, np.int64)
    source = np.concatenate(sources)[first]
    every = np.concatenate([batch.column("source").to_numpy() for part in parts for batch in batches(part.folder, "records")])
    at, which = distinct(every)
    sizes = dict(zip(every[at].tolist(), np.bincount(which).tolist(), strict=True))
    enough = counts >= GLUED_SHARE * np.array([sizes[name] for name in source.tolist()])
    return np.asarray(known[often & enough], np.int64)


def headline_keys(parts: Sequence[PartResult], starts: Sequence[int], names: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Stretch by stretch what headlines are known by: ordinals, hashes of the folded headline, and its letters; int64 (n,) each.

    An outlet's name is left out where enough of the headline is left.
    """
    for part, start in zip(parts, starts, strict=True):
        ends = stretches_of(part.folder, "ends") if len(names) else None
        for rows in stretches_of(part.folder, "headlines"):
            row, keys, letters = (rows.ints(name) for name in ("row", "folded", "letters"))
            if ends is not None:
                keys, letters = _without_names(next(ends), names, row, keys.copy(), letters.copy())
            yield row + start, keys, letters


def _without_names(ends: Rows, names: Ints, row: Ints, keys: Ints, letters: Ints) -> tuple[Ints, Ints]:
    rest = ends.ints("rest_letters")
    chosen = np.flatnonzero((rest >= DUPLICATE_LETTERS) & np.isin(ends.keys(_KEY)[0], names))
    if not len(row):
        return keys, letters
    # Of several the last one counts: a name stands behind the headline more often than before it.
    place = np.searchsorted(row, ends.ints("row", chosen))
    known = row[np.minimum(place, len(row) - 1)] == ends.ints("row", chosen)
    place, chosen = place[known], chosen[known]
    keys[place], letters[place] = ends.ints("rest", chosen), rest[chosen]
    return keys, letters

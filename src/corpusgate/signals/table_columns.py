"""Columns that several hash tables have: the source's hash, where evidence stands, and the hash of what is written there."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusgate.kernels.hashing import hash_bytes, trim
from corpusgate.kernels.haystack import build, to_code_points
from corpusgate.signals.base import Ints, View


def sources(view: View) -> Ints:
    """Hash of each record's source: int64 (n,)."""
    if "source hashes" not in view.cache:
        names = pc.dictionary_encode(
            view.columns["source"].combine_chunks() if isinstance(view.columns["source"], pa.ChunkedArray) else view.columns["source"]
        )
        distinct = build({"source": names.dictionary.cast(pa.string())})
        hashes = hash_bytes(distinct.data, distinct.starts, distinct.ends)
        view.cache["source hashes"] = hashes[names.indices.to_numpy(zero_copy_only=False)] if len(names) else hashes
    return view.cache["source hashes"]  # type: ignore[no-any-return]


def points(view: View, segment: Ints, start: Ints, end: Ints) -> dict[str, Ints]:
    """Columns `start_at` and `end_at` (int32): byte ranges as code points of their segment."""
    haystack, lines = view.haystack, view.survey.lines
    first, last = to_code_points(haystack.data, haystack.starts, segment, start, end, lines.start, lines.first)
    return {"start_at": first.astype(np.int32), "end_at": last.astype(np.int32)}


def written(view: View, field: str, rows: Ints) -> dict[str, Ints]:
    """Columns of a whole field: hash of what is written there without its outer white space, and where that stands."""
    segments = view.haystack.segment(field)[rows]
    start, end = trim(view.haystack.data, view.haystack.starts[segments], view.haystack.ends[segments])
    return {"written": hash_bytes(view.haystack.data, start, end), **points(view, segments, start, end)}

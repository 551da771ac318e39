"""The hash tables of `signals/across.py`, made block by block. `row` counts records within the block."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusgate.kernels.folding import fold_hashes
from corpusgate.kernels.hashing import hash_ranges, hash_trimmed
from corpusgate.kernels.haystack import build, to_code_points
from corpusgate.kernels.patterns import Pattern
from corpusgate.signals.base import Ints, View
from corpusgate.signals.dates import published

#: What stands between a headline and the name of its outlet.
SEPARATORS = (Pattern(r" (?:[|\x{b7}\x{bb}\x{2022}\x{2013}\x{2014}-]|::|//) ", caseless=False),)

#: Longest outlet name looked for, in code points.
OUTLET_LENGTH = 40


def _sources(view: View) -> Ints:
    if "source hashes" not in view.cache:
        names = pc.dictionary_encode(
            view.columns["source"].combine_chunks() if isinstance(view.columns["source"], pa.ChunkedArray) else view.columns["source"]
        )
        distinct = build({"source": names.dictionary.cast(pa.string())})
        hashes = hash_ranges(distinct.data, distinct.starts, distinct.ends)
        view.cache["source hashes"] = hashes[names.indices.to_numpy(zero_copy_only=False)] if len(names) else hashes
    return view.cache["source hashes"]  # type: ignore[no-any-return]


def _bodies(view: View) -> tuple[Ints, Ints]:
    if "bodies" not in view.cache:
        segments = view.haystack.segment("text")
        view.cache["bodies"] = fold_hashes(view.haystack.data, view.haystack.starts[segments], view.haystack.ends[segments])
    return view.cache["bodies"]  # type: ignore[no-any-return]


def records(view: View) -> pa.Table:
    """One row a record."""
    hashes, lengths = _bodies(view)
    rows = np.arange(view.haystack.records, dtype=np.int64)
    return pa.table({"row": rows, "source": _sources(view), "body": pa.array(hashes, mask=lengths == 0)})


def headlines(view: View) -> pa.Table:
    """One row a record with a headline."""
    segments = view.haystack.segment("headline")
    start, end = view.haystack.starts[segments], view.haystack.ends[segments]
    folded, letters = fold_hashes(view.haystack.data, start, end)
    rows = np.flatnonzero(letters > 0)
    return pa.table(
        {
            "row": rows,
            "source": _sources(view)[rows],
            "folded": folded[rows],
            "written": hash_trimmed(view.haystack.data, start[rows], end[rows]),
            "letters": letters[rows],
        }
    )


def lines(view: View) -> pa.Table:
    """One row a line of text that has a letter or digit."""
    found = view.lines
    chosen = np.flatnonzero(found.letters > 0)
    segment = found.segment[chosen]
    rows = view.record(segment)
    data, starts = view.haystack.data, view.haystack.starts
    places = np.stack([found.start[chosen], found.end[chosen]], axis=1).reshape(-1)
    points = to_code_points(data, starts, np.repeat(segment, 2), places).astype(np.int32)
    return pa.table(
        {
            "row": rows,
            "source": _sources(view)[rows],
            "body": _bodies(view)[0][rows],
            "hash": found.hash[chosen],
            "letters": found.letters[chosen].astype(np.int32),
            "start_at": points[0::2],
            "end_at": points[1::2],
        }
    )


def ends(view: View) -> pa.Table:
    """Heads and tails of headlines, cut at the first and at the last separator."""
    haystack = view.haystack
    matches = view.matches.take(view.is_field(view.matches.segment, "headline"))
    first = np.flatnonzero(np.diff(matches.segment, prepend=-1) != 0)
    last = np.flatnonzero(np.diff(matches.segment, append=-1) != 0)
    segment = np.concatenate([matches.segment[first], matches.segment[last]])
    # Without the outer spaces: the separator's own one is left at the other part.
    start = np.concatenate([haystack.starts[matches.segment[first]], matches.start[last] + 1])
    end = np.concatenate([matches.end[first] - 1, haystack.ends[matches.segment[last]]])
    order = np.lexsort((start, segment))
    segment, start, end = segment[order], start[order], end[order]
    places = np.stack([start, end], axis=1).reshape(-1)
    points = to_code_points(haystack.data, haystack.starts, np.repeat(segment, 2), places)
    short = (points[1::2] - points[0::2] <= OUTLET_LENGTH + 2) & (points[1::2] > points[0::2] + 2)
    rows = view.record(segment[short])
    return pa.table(
        {
            "row": rows,
            "source": _sources(view)[rows],
            "hash": hash_ranges(haystack.data, start[short], end[short]),
            "start_at": points[0::2][short].astype(np.int32),
            "end_at": points[1::2][short].astype(np.int32),
        }
    )


def stamps(view: View) -> pa.Table:
    """One row a record whose publication date could be read."""
    readings = published(view)
    rows = np.array([i for i, reading in enumerate(readings) if reading.day is not None], np.int64)
    days = [(readings[i].day.toordinal() - 719_163) for i in rows.tolist()]
    seconds = [readings[i].second for i in rows.tolist()]
    return pa.table(
        {
            "row": rows,
            "source": _sources(view)[rows],
            "day": pa.array(days, pa.int32()),
            "second": pa.array(seconds, pa.int64()),
        }
    )


TABLES: dict[str, Callable[[View], pa.Table]] = {
    "records": records,
    "headlines": headlines,
    "lines": lines,
    "ends": ends,
    "stamps": stamps,
}

#: Patterns a table's function wants matched before it is called.
TABLE_PATTERNS = {"ends": SEPARATORS}

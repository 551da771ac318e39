"""The hash tables of `signals/across.py`, made block by block. `row` counts records within the block.

`source` and `body` stand in `records` alone; the rows of the other tables have the source from there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from corpusgate.kernels.furniture import ends_sentence, sentence_ends
from corpusgate.kernels.hashing import hash_bytes
from corpusgate.kernels.haystack import build
from corpusgate.kernels.kin import once
from corpusgate.kernels.pages import page_keys
from corpusgate.kernels.patterns import Pattern
from corpusgate.kernels.survey_tables import Wanted
from corpusgate.kernels.survey_tables import tables as folding
from corpusgate.kernels.titles import hash_letters, letters_of
from corpusgate.signals.base import View
from corpusgate.signals.date_tables import habits, named, stamps
from corpusgate.signals.extraction import furnished
from corpusgate.signals.furniture_across import patterns, strays
from corpusgate.signals.table_columns import points, sources, written

#: What stands between a headline and the name of its outlet.
SEPARATORS = (Pattern(r" (?:[|\x{b7}\x{bb}\x{2022}\x{2013}\x{2014}-]|::|//) ", caseless=False, field="headline"),)

#: Shortest line that may be a sentence of an article, in letters: shorter ones, such as of rights reserved, say little. From so many on
#: a line is prose however it ends.
PROSE_LETTERS, PARAGRAPH_LETTERS = 40, 150

#: Longest outlet name looked for, in code points.
OUTLET_LENGTH = 40


def records(view: View) -> pa.Table:
    """One row a record."""
    segments = view.haystack.segment("text")
    rows = np.arange(view.haystack.records, dtype=np.int64)
    bodies = pa.array(view.survey.folded[segments], mask=view.survey.letters[segments] == 0)
    addresses = build({"url": view.columns["url"]})
    pages = page_keys(addresses.data, addresses.starts, addresses.ends)
    return pa.table({"row": rows, "source": sources(view), "body": bodies, "page": pa.array(pages, mask=pages == 0)})


def headlines(view: View) -> pa.Table:
    """One row a record with a headline."""
    segments = view.haystack.segment("headline")
    folded, letters = view.survey.folded[segments], view.survey.letters[segments]
    rows = np.flatnonzero(letters > 0)
    return pa.table(
        {
            "row": rows,
            "folded": folded[rows],
            "letters": letters[rows],
            **written(view, "headline", rows),
        }
    )


def lines(view: View) -> pa.Table:
    """One row a line of text that has a letter or digit."""
    found = view.survey.lines
    chosen = np.flatnonzero((found.letters > 0) & view.is_field(found.segment, "text"))
    segment, letters = found.segment.take(chosen), found.letters.take(chosen)
    rows = view.record(segment)
    prose = letters >= PARAGRAPH_LETTERS
    long = np.flatnonzero((letters >= PROSE_LETTERS) & ~prose)
    prose[long] = ends_sentence(view.haystack.data, found.start[chosen[long]], found.end[chosen[long]], sentence_ends())
    return pa.table(
        {
            "row": rows,
            "hash": found.hash.take(chosen),
            "letters": letters.astype(np.int32),
            "prose": prose,
            "start_at": found.first.take(chosen).astype(np.int32),
            "end_at": found.last.take(chosen).astype(np.int32),
        }
    )


def shingles(view: View) -> pa.Table:
    """One row a sampled shingle of a text, repetitions left out."""
    found = view.survey.shingles
    segment, keys = np.ascontiguousarray(found[:, 0]), np.ascontiguousarray(found[:, 1])
    chosen = once(segment, keys)
    return pa.table({"row": view.record(segment[chosen]), "hash": keys[chosen]})


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
    places = points(view, segment, start, end)
    length = places["end_at"] - places["start_at"]
    short = np.flatnonzero((length > 2) & (length <= OUTLET_LENGTH + 2))
    segment, start, end = segment[short], start[short], end[short]
    # What the headline is without it: the part before a tail, or behind a head.
    tail = start > haystack.starts[segment]
    first, last = np.where(tail, haystack.starts[segment], end), np.where(tail, start, haystack.ends[segment])
    known = folding(Wanted())
    rest, left = hash_letters(*letters_of(haystack.data, first, last, known.known, known.index, known.targets))
    return pa.table(
        {
            "row": view.record(segment),
            "hash": hash_bytes(haystack.data, start, end),
            "rest": rest,
            "rest_letters": left.astype(np.int32),
            **{name: column[short] for name, column in places.items()},
        }
    )


TABLES: dict[str, Callable[[View], pa.Table]] = {
    "records": records,
    "headlines": headlines,
    "lines": lines,
    "shingles": shingles,
    "ends": ends,
    "stamps": stamps,
    "habits": habits,
    "named": named,
    "strays": strays,
    "furnished": furnished,
}

_PATTERNS: dict[str, Callable[[], tuple[Pattern, ...]]] = {"ends": lambda: SEPARATORS, "strays": patterns, "furnished": patterns}


def patterns_of(table: str) -> tuple[Pattern, ...]:
    """The patterns that a table's function wants matched before it is called."""
    return _PATTERNS[table]() if table in _PATTERNS else ()

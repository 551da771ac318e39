"""Evidence of findings across records: each distinct piece of it is read once a stretch, and stands for all that equal it.

What stands at a place is known by its exact hash. Short fields were kept when the part was measured; of texts one record
is read again for each distinct piece of evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.model import Block, Corpus, Part
from corpusgate.corpora.reading import fetch_field, read
from corpusgate.kernels.hashing import hash_text
from corpusgate.kernels.lookup import distinct
from corpusgate.records import MATCH_LIMIT
from corpusgate.runners.measure import hash_column

Ints = NDArray[np.int64]

#: Share of records above which reading all of them is quicker than picking some.
DENSE = 0.3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands at some places.

    Attributes:
        match: string (m,): distinct pieces, at most `MATCH_LIMIT` code points of each.
        spaceless: int64 (m,): their hashes without white space, for fingerprints.
        index: int64 (n,): which of them stands at each place.
    """

    match: pa.Array
    spaceless: Ints
    index: Ints

    def take(self, places: slice) -> Evidence:
        """That of some of the places."""
        return Evidence(self.match, self.spaceless, self.index[places])


def nowhere(count: int) -> Evidence:
    """That of findings without a place."""
    return Evidence(pa.array([""]), np.array([hash_text("")], np.int64), np.zeros(count, np.int64))


#: Pieces of evidence kept in mind: the lines that a site repeats come back in stretch after stretch.
KEPT = 20_000

_known: dict[int, tuple[str, int]] = {}


def evidence(hashes: Ints, rows: Ints, starts: Ints, ends: Ints, texts: FieldReader) -> Evidence:
    """What stands at some places, once for each distinct hash. What is known from another place is not read again.

    Args:
        hashes: int64 (n,): exact hash of what stands at each place.
        rows: int64 (n,): its record; the first of each hash is read.
        starts: int64 (n,): first code point.
        ends: int64 (n,): code point after the last.
        texts: where to read.
    """
    at, index = distinct(hashes)
    keys = hashes[at].tolist()
    told: list[tuple[str, int] | None] = [_known.get(key) for key in keys]
    new = np.flatnonzero(np.array([piece is None for piece in told], np.bool_))
    if len(new):
        at = at[new]
        wanted = dict(zip(np.unique(rows[at]).tolist(), texts.take(np.unique(rows[at])), strict=True))
        full = [wanted[row][start:end] for row, start, end in zip(rows[at].tolist(), starts[at].tolist(), ends[at].tolist(), strict=True)]
        spaceless = hash_column(pa.array(full, pa.string())).tolist()
        if len(_known) + len(new) > KEPT:
            _known.clear()
        for i, text, without in zip(new.tolist(), full, spaceless, strict=True):
            told[i] = _known[keys[i]] = (text[:MATCH_LIMIT], without)
    pieces = [piece for piece in told if piece is not None]
    return Evidence(pa.array([text for text, _ in pieces], pa.string()), np.array([without for _, without in pieces], np.int64), index)


class FieldReader:
    """A field of the records of a part, read in rising order."""

    def __init__(self, corpus: Corpus, part: Part, field: str) -> None:
        self._corpus, self._part, self._field = corpus, part, field
        self._blocks: Iterator[Block] | None = None
        self._block: Block | None = None
        self._base = 0
        self._known: pa.Array | None = None
        self._offsets = np.zeros(0, np.int64)
        self._first = 0

    def stretch(self, first: int, offsets: Ints, known: pa.Array | None) -> None:
        """Go on to a stretch.

        Args:
            first: its first record.
            offsets: where each of its records begins in its file; -1 where it has no such place.
            known: the field of all its records, where it was kept.
        """
        self._first, self._offsets, self._known = first, offsets, known

    def take(self, rows: Ints) -> list[str]:
        """The field of some records of the stretch, by their places in it; rows must rise from call to call."""
        return [text or "" for text in self.column(rows).to_pylist()]

    def column(self, rows: Ints) -> pa.Array:
        """The same as strings, null where a record has none."""
        if self._known is not None:
            return self._known.take(pa.array(rows))
        file = self._corpus.files[self._part.files[0]]
        # Of WARC it is making text that takes time, not reading.
        dense = 1 if file.format == "warc" else 0 if file.compression else DENSE
        if len(rows) and len(rows) <= dense * len(self._offsets) and self._offsets[rows].min() >= 0:
            return fetch_field(self._corpus, self._part, (rows + self._first).tolist(), self._offsets[rows].tolist(), self._field)
        return self._through(rows + self._first)

    def _through(self, rows: Ints) -> pa.Array:
        pieces, done = [pa.array([], pa.string())], 0
        while done < len(rows):
            if self._blocks is None:
                self._blocks = read(self._corpus, self._part)
            while self._block is None or rows[done] >= self._base + len(self._block):
                self._base += len(self._block) if self._block is not None else 0
                self._block = next(self._blocks)
            here = rows[done : np.searchsorted(rows, self._base + len(self._block))] - self._base
            pieces.append(self._block.columns[self._field].take(pa.array(here)).cast(pa.string()))
            done += len(here)
        return pa.concat_arrays(pieces)

"""One pass over all fields of a block that gives whatever several signals need: lines, folded hashes, copies of the
headline, sampled shingles, and which lines and fields are worth a closer look.

A *token* is a run of letters and digits with the marks and joiners inside it; in scripts written without spaces every
letter is one. Hashes over folded letters are polynomials in an odd base modulo 2**64, since those of two neighbours
give that of both together (Karp and Rabin 1987): any run of tokens is compared with the headline in one step.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.chunk_marks import CharsetTables
from corpusgate.kernels.haystack import Haystack
from corpusgate.kernels.lines import Lines
from corpusgate.kernels.survey_parts import mixed
from corpusgate.kernels.survey_pass import SLOTS, run
from corpusgate.kernels.survey_tables import tables

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass found.

    Attributes:
        lines: the non-empty lines of all segments.
        folded: int64 (segments,): hash of each segment's folded letters and digits.
        letters: int64 (segments,): how many of those there are.
        unordered: bool (segments,): whether a segment may not be in normal form C.
        strange: bool (segments,): whether a segment is worth a closer look for a wrong character set.
        copies: int64 (n, 3): segment, first byte and byte after each place where a headline stands in its text.
        shingles: int64 (n, 2): text segment and hash of each sampled shingle.
    """

    lines: Lines
    folded: Ints
    letters: Ints
    unordered: NDArray[np.bool_]
    strange: NDArray[np.bool_]
    copies: Ints
    shingles: Ints


_own = threading.local()


def _known(needed: str) -> NDArray[np.uint64]:
    """What this thread knows of chunks it has met, uint64 (slots, 4): key, hash of the token, counts and marks, languages.

    A slot holds the chunk that was met last; what is known of a chunk follows from its bytes alone, so it does not
    matter to the result which are known.
    """
    known: dict[str, NDArray[np.uint64]] = _own.__dict__.setdefault("known", {})
    if needed not in known:
        known[needed] = np.zeros((SLOTS, 4), np.uint64)
    return known[needed]


def survey(haystack: Haystack, needed: str, least: int, charset: CharsetTables, model: Any) -> Survey:
    """Look at every character of a block once.

    Args:
        haystack: with the fields `headline` and `text`, in this order.
        needed: characters one of which some pattern's match must hold.
        least: shortest headline looked for in its own text, in folded letters.
        charset: what the first test for wrong character sets looks characters up in.
        model: `signals.charset_model.Model`, to tell the language of Latin letters.
    """
    fields, segments = haystack.fields, len(haystack.starts)
    lines = np.empty((int(np.count_nonzero(haystack.data == 10)), 8), np.int64)
    folded, letters = np.zeros(segments, np.int64), np.zeros(segments, np.int64)
    unordered, strange = np.zeros(segments, np.bool_), np.zeros(segments, np.bool_)
    # A token takes two bytes at least: a letter and what parts it from the next, or a letter of a script without spaces.
    tokens = int((haystack.ends - haystack.starts).max(initial=0)) // 2 + 2
    room = np.empty(tokens, np.uint64), np.empty((tokens, 3), np.int32), np.empty(tokens, np.int32)
    copies, shingles = np.empty((1024, 3), np.int64), np.empty((len(haystack.data) // 32 + 64, 2), np.int64)
    while True:
        n, copied, sampled = run(
            haystack.data, haystack.starts, haystack.ends, len(fields), fields.index("headline"), fields.index("text"), least,
            tables(needed), charset, model, _known(needed), lines, folded, letters, unordered, strange, copies, shingles, *room,
        )  # fmt: skip
        if copied <= len(copies) and sampled <= len(shingles):
            break
        copies, shingles = np.empty((copied, 3), np.int64), np.empty((sampled, 2), np.int64)
    return Survey(
        Lines(*np.ascontiguousarray(lines[:n].T)), folded, letters, unordered, strange, copies[:copied], mixed(shingles[:sampled])
    )

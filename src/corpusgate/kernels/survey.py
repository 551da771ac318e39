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
from corpusgate.kernels.chunks import SPARE, WIDTH
from corpusgate.kernels.haystack import Haystack
from corpusgate.kernels.lines import Lines
from corpusgate.kernels.survey_pass import run
from corpusgate.kernels.survey_tables import Wanted, tables
from corpusgate.kernels.survey_tokens import KEPT, mixed

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


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

#: Chunks that are kept in mind, in 8 MB. In raw Arabic corpora 10 % are met anew, 20 % with a quarter of the room.
SLOTS = 1 << 18
#: Rows of room that are kept from block to block, since fresh memory costs more than what is done in it.
_KEPT_ROWS = 1 << 20


def _known(wanted: Wanted) -> Words:
    """What this thread knows of chunks it has met, as `chunk_tokens` keeps it.

    A slot holds the chunk that was met last; what is known of a chunk follows from its bytes alone, so it does not
    matter to the result which are known.
    """
    known: dict[Wanted, Words] = _own.__dict__.setdefault("known", {})
    if wanted not in known:
        known[wanted] = np.zeros(SLOTS * WIDTH, np.uint64)
    return known[wanted]


def _room(name: str, rows: int, *kinds: tuple[int, type]) -> tuple[NDArray[Any], ...]:
    """An array for each kind, (numbers a row, type), with room for some rows; what is in it comes from blocks before."""
    rooms: dict[str, tuple[NDArray[Any], ...]] = _own.__dict__.setdefault("rooms", {})
    if name in rooms and len(rooms[name][0]) >= rows * kinds[0][0]:
        return rooms[name]
    room: tuple[NDArray[Any], ...] = tuple(np.empty(rows * each, kind) for each, kind in kinds)
    if rows <= _KEPT_ROWS:
        rooms[name] = room
    return room


def survey(haystack: Haystack, wanted: Wanted, least: int, charset: CharsetTables, model: Any, kept: np.uint64 = KEPT) -> Survey:
    """Look at every character of a block once.

    Args:
        haystack: with the fields `headline` and `text`, in this order.
        wanted: characters and words one of which some pattern's match must hold.
        least: shortest headline looked for in its own text, in folded letters.
        charset: what the first test for wrong character sets looks characters up in.
        model: `signals.charset_model.Model`, to tell the language of Latin letters.
        kept: which shingles are sampled: those whose hashes are at most so much.
    """
    fields, segments = haystack.fields, len(haystack.starts)
    folded, letters = np.zeros(segments, np.int64), np.zeros(segments, np.int64)
    unordered, strange = np.zeros(segments, np.bool_), np.zeros(segments, np.bool_)
    # Chunks and tokens take two bytes at least: a letter and what parts it from the next, or a letter of a script without spaces.
    tokens = int((haystack.ends - haystack.starts).max(initial=0)) // 2 + 2 + SPARE
    room: tuple[NDArray[Any], ...] = _room(
        "tokens",
        tokens,
        (1, np.int32),
        (1, np.int32),
        (1, np.uint64),
        (1, np.uint64),
        (1, np.uint64),
        (1, np.uint64),
        (2, np.int32),
        (1, np.uint64),
        (1, np.int32),
        (1, np.int32),
    )
    n, copied, sampled = segments + len(haystack.data) // 128, 1024, len(haystack.data) // (32 if kept == KEPT else 4) + 64
    while True:
        # Kept as they are: what is not filled costs less than a copy.
        lines = np.empty((8, n), np.int64)
        copies = _room("copies", copied, (3, np.int64))[0].reshape(-1, 3)
        shingles = _room("shingles", sampled, (2, np.int64))[0].reshape(-1, 2)
        n, copied, sampled = run(
            haystack.data, haystack.starts, haystack.ends, len(fields), fields.index("headline"), fields.index("text"), least, kept,
            tables(wanted), charset, model, _known(wanted), folded, letters, unordered, strange, lines, copies, shingles, *room,
        )  # fmt: skip
        if n <= lines.shape[1] and copied <= len(copies) and sampled <= len(shingles):
            break
    return Survey(Lines(*lines[:, :n]), folded, letters, unordered, strange, copies[:copied].copy(), mixed(shingles[:sampled].copy()))

"""From chunks to tokens: most chunks are known already, and the others are read letter by letter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.chunk_letters import APART, HOLDS_WORD, STRANGE, letters_of
from corpusgate.kernels.chunk_marks import look_at
from corpusgate.kernels.chunks import slot_of
from corpusgate.kernels.machine import lean
from corpusgate.kernels.survey_tables import HASH_AT

Bytes = NDArray[np.uint8]
Points = NDArray[np.int32]
Words = NDArray[np.uint64]

# What is noted of a chunk: that of its token (`chunk_letters.SIZE`), and above it whether it has one, what it holds, the scripts
# of its first and last letters beyond ASCII, and how many letters and digits it has.
HAS_TOKEN_AT, HOLDS_AT, FIRST_SCRIPT_AT, LAST_SCRIPT_AT, COUNT_AT = np.uint64(9), np.uint64(10), np.uint64(16), np.uint64(19), np.uint64(22)
HOLDS, SCRIPT = 0x3F, np.uint64(7)

#: Longest chunk that is kept in mind, in bytes.
LONGEST_KNOWN = 64
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)


@lean
def tokens_of(
    data: Bytes, start: int, count: int, begins: Points, stops: Points, keys: Words, known: Words,
    traits: NDArray[np.uint32], index: Points, targets: Points, wanted: Words,
    codes: NDArray[np.uint16], pairs: Bytes, foreign: Words,
    chunk_notes: Words, words: Words, notes: Words, places: Points,
) -> tuple[Any, np.uint64]:  # fmt: skip
    """Find the tokens of a segment.

    Args:
        data: the haystack's bytes.
        start: first byte of the segment.
        count: how many chunks it has.
        begins: first byte of each, counted from `start`.
        stops: the byte after its last.
        keys: `chunks.key_of` each.
        known: four numbers for each chunk that is known: its key, the hash of its token, its note, and a bit for each language
            that does not have one of its letters. Chunks that are met for the first time are added.
        traits: `survey_tables.known_of`.
        index: `folding.fold_table`.
        targets: likewise.
        wanted: `survey_tables.hashes_of`.
        codes: from `chunk_marks.CharsetTables`.
        pairs: likewise.
        foreign: likewise.
        chunk_notes: room for what is noted of each chunk.
        words: room for the hash of each token.
        notes: room for what is noted of each.
        places: room for two numbers a token: the bytes where its chunk begins and ends, or those of a token among several.

    Returns:
        How many tokens there are; and a bit for each language that does not have one of the letters.
    """
    n, languages = np.uint64(0), np.uint64(0)
    i, last = np.uint64(0), np.uint64(count)
    while True:
        # A loop without calls keeps what it needs in registers: chunks that are known.
        while i < last:
            key = keys[i]
            slot = slot_of(key, known)
            if known[slot] != key:
                break
            note = known[slot + _TWO]
            # Written always and kept by counting on.
            words[n], notes[n] = known[slot + _ONE], note
            places[n + n], places[n + n + _ONE] = begins[i], stops[i]
            n += note >> HAS_TOKEN_AT & _ONE
            languages |= known[slot + _THREE]
            chunk_notes[i] = note
            i += _ONE
        if i == last:
            break
        after, note, own = _learn(
            data, start, np.int64(begins[i]), np.int64(stops[i]), traits, index, targets, wanted, codes, pairs, foreign,
            known, slot_of(keys[i], known), keys[i], words, notes, places, np.int64(n),
        )  # fmt: skip
        n = np.uint64(after)
        languages |= own
        chunk_notes[i] = note
        i += _ONE
    return np.int64(n), languages


@lean
def _learn(
    data: Bytes, start: int, at: int, end: int, traits: NDArray[np.uint32], index: Points, targets: Points, wanted: Words,
    codes: NDArray[np.uint16], pairs: Bytes, foreign: Words, known: Words, slot: np.uint64, key: np.uint64,
    words: Words, notes: Words, places: Points, n: int,
) -> tuple[int, np.uint64, np.uint64]:  # fmt: skip
    """Read a chunk that is met for the first time, or is more than one token: tokens so far, its note, and its languages."""
    after, counted, holds = letters_of(data, start, at, end, traits, index, targets, words, notes, places, n)
    if holds & HOLDS_WORD == 0:
        for i in range(n, after):
            if _is_wanted(words[i], wanted):
                holds |= HOLDS_WORD
    odd, first, last, languages = look_at(data, start + at, start + end, codes, pairs, foreign)
    note = np.uint64(first) << FIRST_SCRIPT_AT | np.uint64(last) << LAST_SCRIPT_AT | np.uint64(counted) << COUNT_AT
    note |= np.uint64((holds | (STRANGE if odd else 0)) & HOLDS) << HOLDS_AT
    if holds & APART == 0 and end - at <= LONGEST_KNOWN and after <= n + 1:
        known[slot], known[slot + _ONE], known[slot + _TWO], known[slot + _THREE] = key, np.uint64(0), note, languages
        if after > n:
            known[slot + _ONE] = words[n]
            known[slot + _TWO] = note | notes[n] | _ONE << HAS_TOKEN_AT
            places[n + n], places[n + n + 1] = at, end
    return after, note, languages


@lean
def _is_wanted(word: np.uint64, wanted: Words) -> bool:
    last = np.uint64(len(wanted) - 1)
    place = word >> np.uint64(HASH_AT) & last
    while wanted[place] != np.uint64(0):
        if wanted[place] == word:
            return True
        place = (place + _ONE) & last
    return False

"""The pass itself, segment by segment: chunks, tokens, lines, and what follows from the tokens."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.charset_languages import LANES, language_of
from corpusgate.kernels.chunk_letters import LONGEST_TOKEN, STRANGE, UNORDERED, beginnings
from corpusgate.kernels.chunk_tokens import tokens_of
from corpusgate.kernels.chunks import chunks
from corpusgate.kernels.hashing import finish
from corpusgate.kernels.survey_lines import lines_of
from corpusgate.kernels.survey_tokens import copies_of, fold, shingles_of

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]
Words = NDArray[np.uint64]


@njit(cache=True, nogil=True)
def run(
    data: Bytes,
    starts: Ints,
    ends: Ints,
    stride: int,
    headline_at: int,
    text_at: int,
    least: int,
    kept: np.uint64,
    tables: Any,
    charset: Any,
    model: Any,
    known: Words,
    folded_all: Ints,
    letters_all: Ints,
    unordered: NDArray[np.bool_],
    strange: NDArray[np.bool_],
    lines: Ints,
    copies: Ints,
    shingles: Ints,
    begins: Points,
    stops: Points,
    keys: Words,
    chunk_notes: Words,
    words: Words,
    notes: Words,
    places: Points,
    folded: Words,
    totals: Points,
    firsts: Points,
) -> tuple[int, int, int]:
    """Fills the arrays from `folded_all` to `shingles`, and says how many rows of the last three it would fill.

    Those from `begins` on are room for the chunks and the tokens of one segment. Arrays are not grown here: numba would count
    references to them at every character.
    """
    traits, index, targets, powers = tables.known, tables.index, tables.targets, tables.powers
    wanted_words = tables.words
    codes, pairs, foreign_to = charset.codes, charset.pairs, charset.foreign
    n = copied = sampled = 0
    total_cost, here = np.empty(model.bigram.shape[2], np.int32), np.empty(model.bigram.shape[2], np.int32)
    costs, symbols, planes, last, lanes = model.bigram.reshape(-1), model.symbol, model.planes, model.letters, np.empty(LANES, np.uint16)
    wanted, wanted_length = np.uint64(0), 0
    starting = np.zeros(LONGEST_TOKEN + 1, np.uint64)
    for s in range(len(starts)):
        start = starts[s]
        size = ends[s] - start
        chunked = chunks(data, start, size, begins, stops, keys, known)
        begins[chunked] = size + 1
        count, foreign = tokens_of(
            data, start, chunked, begins, stops, keys, known, traits, index, targets, wanted_words, codes, pairs, foreign_to,
            chunk_notes, words, notes, places,
        )  # fmt: skip
        n, holds = lines_of(data, s, start, size, chunked, begins, stops, keys, chunk_notes, traits, codes, lines, n)
        unordered[s] = holds & UNORDERED != 0
        strange[s] = holds & STRANGE != 0
        if foreign and not strange[s]:
            language = language_of(data, start, start + size, costs, symbols, planes, last, lanes, total_cost, here)
            strange[s] = foreign >> np.uint64(language) & np.uint64(1) != 0
        whole, total, beginning = fold(words, notes, count, powers, starting, folded, totals, firsts)
        folded_all[s] = finish(whole ^ np.uint64(total))
        letters_all[s] = total
        if s % stride == headline_at:
            wanted, wanted_length = whole, total
            if total >= least:
                beginnings(data, start, start + size, traits, index, targets, starting)
        if s % stride == text_at:
            sampled = shingles_of(words, notes, count, s, kept, shingles, sampled)
            if wanted_length >= least and total >= wanted_length:
                copied = copies_of(
                    data, folded, totals, places, firsts, beginning, count, wanted, wanted_length, traits, start, s, copies, copied
                )
    return n, copied, sampled

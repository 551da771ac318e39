"""Whether a line speaks of what its page speaks of: how many of its words stand in the headline and in the prose."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.line_shapes import READ, SHAPES, look_up, words_of
from corpusgate.kernels.machine import lean

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Shorts = NDArray[np.int16]

#: Numbers of a line: percent of its words that stand in the page's prose, how many those are, tenths of how many lines of prose a
#: word stands in on average, and how many words it has; words that bind sentences are left out.
TOPIC = ("told", "told_words", "told_often", "telling")

#: Places for the words of a page; two that share one are taken for one word.
PLACES = 1 << 13
#: Shift from a word's hash to its place.
PLACE_AT = np.uint64(51)
#: Lines of prose in which a word counts at most.
_OFTEN = 20


@lean
def note_words(
    data: Bytes, start: int, end: int, line: int, stamp: int, traits: NDArray[np.uint32], table: Bytes, keys: Words, values: Shorts,
    words: Words, spare: Shorts, seen: Ints,
) -> None:  # fmt: skip
    """Count the words of a line of prose, each once.

    Args:
        data: the haystack's bytes.
        start: the line's first byte.
        end: the byte after its last.
        line: a number that no other line of the page has.
        stamp: one that no other page has.
        traits: `survey_tables.known_of`.
        table: `line_shapes.kinds()`.
        keys: from the model.
        values: likewise.
        words: room for the words of a line.
        spare: room for its numbers.
        seen: (`PLACES`, 3): stamp, lines, and last line of each word.
    """
    for w in range(words_of(data, start, end, traits, table, words, spare)):
        if look_up(words[w], keys, values) & 1 == 0:
            place = words[w] >> PLACE_AT
            if seen[place, 0] != stamp:
                seen[place, 0], seen[place, 1], seen[place, 2] = stamp, 0, -1
            if seen[place, 2] != line:
                seen[place, 1] += 1
                seen[place, 2] = line


@njit(cache=True, nogil=True)
def topic_rows(
    data: Bytes, start: Ints, end: Ints, pages: Ints, title_start: Ints, title_end: Ints, prose: Shorts, doubtful: Ints,
    chosen: NDArray[np.bool_], index: Ints, places: NDArray[np.uint16], traits: NDArray[np.uint32], table: Bytes, keys: Words,
    values: Shorts, rows: Shorts,
) -> None:  # fmt: skip
    """Fill the numbers of `TOPIC`, the last ones of a row, of chosen lines.

    Args:
        data: the haystack's bytes.
        start: int64 (n,): first byte of each line.
        end: int64 (n,): the byte after its last.
        pages: int64 (pages + 1,): first line of each page, and the number of lines.
        title_start: int64 (pages,): first byte of each page's headline.
        title_end: int64 (pages,): the byte after its last.
        prose: int16 (n,): which lines are prose.
        doubtful: int64 (m,): the lines in doubt, rising.
        chosen: bool (m,): which of those to look at.
        index: int64 (m + 1,): where the words of each begin that bind no sentence.
        places: uint16: the places of these.
        traits: `survey_tables.known_of`.
        table: `line_shapes.kinds()`.
        keys: from the model.
        values: likewise.
        rows: int16 (m, features).
    """
    words, spare = np.empty(READ + 2, np.uint64), np.zeros(SHAPES, np.int16)
    seen = np.zeros((PLACES, 3), np.int64)
    at = rows.shape[1] - 4
    page = -1
    for k in range(len(doubtful)):
        if not chosen[k]:
            continue
        i = doubtful[k]
        if page < 0 or i >= pages[page + 1]:
            page = max(page, 0)
            while i >= pages[page + 1]:
                page += 1
            note_words(data, title_start[page], title_end[page], -2, page + 1, traits, table, keys, values, words, spare, seen)
            for j in range(pages[page], pages[page + 1]):
                if prose[j]:
                    note_words(data, start[j], end[j], j, page + 1, traits, table, keys, values, words, spare, seen)
        told = often = 0
        own = np.int64(prose[i])
        for w in range(index[k], index[k + 1]):
            place = places[w]
            count = (seen[place, 1] if seen[place, 0] == page + 1 else 0) - own
            told += np.int64(count > 0)
            often += min(count, _OFTEN)
        telling = index[k + 1] - index[k]
        row = rows[k]
        row[at], row[at + 1] = 100 * told // max(telling, 1), told
        row[at + 2], row[at + 3] = 10 * often // max(telling, 1), telling

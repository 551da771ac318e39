"""How much each line of a block looks like furniture: a few weights for the line itself, and small trees for it in its page.

A line that a phrase of the lists speaks for needs no model, and prose that is long or stands among prose is cleared at a
glance. The others are read, weighed, put into their page, and go through the trees; those that the first ones clear go no further.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.line_context import contexts
from corpusgate.kernels.line_shapes import (
    CLEAR,
    EFFECTIVE,
    ELLIPSIS,
    END,
    POINTS,
    PROSE,
    READ,
    SHAPES,
    STOP,
    SUM,
    WIDTH,
    effective,
    ending,
    weigh,
    words_of,
)  # fmt: skip
from corpusgate.kernels.line_topics import PLACE_AT
from corpusgate.kernels.machine import lean, prefetch

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Shorts = NDArray[np.int16]
Sums = NDArray[np.int32]

#: Scores are logits in hundredths. A line that a phrase speaks for, and one that is cleared at a glance:
SPOKEN_FOR, CLEARED = 3000, -3000
#: What such lines count among their neighbours, in sixteenths.
MOST = 128
#: How many lines ahead memory is brought near.
_AHEAD = 16
#: Values of a number of a line that have a weight of their own.
BINS = 256


class LineModel(NamedTuple):
    """What lines are scored with.

    Attributes:
        keys: uint64, a power of two of them: hashes of words, laid out by their high bits, 0 where none is.
        values: int16, likewise, as `line_shapes.weigh` has them: the weight of a word is in sixteenths of a logit.
        weights: int16 (shape, `BINS`): weight of each value of each number of a line, in hundredths of a logit.
        bias: the weight of all lines.
        feature: uint8 (trees, 6): see `line_trees.ask`, like the next two.
        bound: int16 (trees, 6).
        leaves: int16 (trees, 64): thousandths of a logit.
        second: the first of the trees that know what the page speaks of.
        low: a sum of the trees before that, from which on a line goes through those as well; other lines are left at it.
    """

    keys: Words
    values: Shorts
    weights: Shorts
    bias: int
    feature: Bytes
    bound: Shorts
    leaves: Shorts
    second: int
    low: int


@lean
def weight_of(row: Shorts, weights: Shorts, bias: int) -> int:
    """What a line looks like by itself: a logit in hundredths."""
    total = bias + 25 * row[SUM] // 4
    for j in range(len(weights)):
        total += weights[j, max(min(row[j], BINS - 2), -1) + 1]
    return total


@njit(cache=True, nogil=True)
def first_look(
    data: Bytes, start: Ints, end: Ints, points: Ints, pages: Ints, spoken: NDArray[np.bool_], table: Bytes, long: Ints, ends: Shorts,
    begins: Shorts, prose: Shorts,
) -> Ints:  # fmt: skip
    """Look at both ends of each line; gives those that stay in doubt, rising.

    Args:
        data: the haystack's bytes.
        start: int64 (n,): first byte of each line.
        end: int64 (n,): the byte after its last.
        points: int64 (n,): its code points.
        pages: int64 (pages + 1,): first line of each page, and the number of lines.
        spoken: bool (n,): whether a phrase speaks for it.
        table: `line_shapes.kinds()`.
        long: room for its effective characters.
        ends: room for the kind of its last character.
        begins: room for that of its first.
        prose: room for whether it looks like prose to its neighbours.
    """
    doubtful = np.empty(len(start), np.int64)
    n = 0
    for i in range(len(start)):
        # Lines are long: the end of each is far from the one before.
        prefetch(data, end[min(i + _AHEAD, len(start) - 1)] - 1)
        size = effective(data, start[i], end[i], points[i])
        last = ending(data, start[i], end[i], table)
        point, _ = decode(data, start[i])
        long[i], ends[i], begins[i] = size, last, int(table[point]) if point < 0x10000 else 0
        is_sentence = last in (STOP, ELLIPSIS)
        prose[i] = is_sentence and size >= PROSE and not spoken[i]
    for p in range(len(pages) - 1):
        for i in range(pages[p], pages[p + 1]):
            among = (i == pages[p] or prose[i - 1]) and (i + 1 == pages[p + 1] or prose[i + 1]) and pages[p + 1] - pages[p] > 1
            doubtful[n] = i
            n += np.int64(not spoken[i] and not (prose[i] and (among or long[i] >= CLEAR)))
    return doubtful[:n].copy()


@njit(cache=True, nogil=True)
def shape_rows(
    data: Bytes, start: Ints, end: Ints, points: Ints, doubtful: Ints,
    traits: NDArray[np.uint32], table: Bytes, keys: Words, values: Shorts, long: Ints, ends: Shorts, rows: Shorts, index: Ints,
    places: NDArray[np.uint16],
) -> None:  # fmt: skip
    """Fill the numbers of the doubtful lines themselves: those of `line_shapes.SHAPE`; and keep what `line_topics` needs of their words.

    Args:
        data: the haystack's bytes.
        start: int64 (n,): first byte of each line.
        end: int64 (n,): the byte after its last.
        points: int64 (n,): its code points.
        doubtful: int64 (m,): the lines in doubt.
        traits: `survey_tables.known_of`.
        table: `line_shapes.kinds()`.
        keys: from the model.
        values: likewise.
        long: from `first_look`.
        ends: likewise.
        rows: int16 (m, features): filled.
        index: int64 (m + 1,), filled: where the words of each doubtful line begin, of those that bind no sentence.
        places: room for the places of these in `line_topics`: as much as the bytes that are read, and one more a line.
    """
    words = np.empty(READ + 2, np.uint64)
    index[0] = 0
    for k in range(len(doubtful)):
        i = doubtful[k]
        row = rows[k]
        n = words_of(data, start[i], end[i], traits, table, words, row)
        n = weigh(words, n, keys, values, row)
        for w in range(n):
            places[index[k] + w] = words[w] >> PLACE_AT
        index[k + 1] = index[k] + n
        row[EFFECTIVE] = min(long[i], 3000)
        row[POINTS] = min(points[i], 3000)
        row[WIDTH] = 10 * (end[i] - start[i]) // max(points[i], 1)
        row[END] = ends[i]


@njit(cache=True, nogil=True)
def line_words(data: Bytes, start: Ints, end: Ints, chosen: Ints, traits: NDArray[np.uint32], table: Bytes) -> tuple[Ints, Words]:
    """The words of some lines, as the model sees them: where those of each begin, int64 (m + 1,), and their hashes."""
    words, spare = np.empty(READ + 2, np.uint64), np.zeros(SHAPES, np.int16)
    index = np.zeros(len(chosen) + 1, np.int64)
    for k in range(len(chosen)):
        index[k + 1] = index[k] + words_of(data, start[chosen[k]], end[chosen[k]], traits, table, words, spare)
    out = np.empty(index[-1], np.uint64)
    for k in range(len(chosen)):
        n = words_of(data, start[chosen[k]], end[chosen[k]], traits, table, words, spare)
        out[index[k] : index[k] + n] = words[:n]
    return index, out


@njit(cache=True, nogil=True)
def context_rows(
    pages: Ints, doubtful: Ints, long: Ints, ends: Shorts, begins: Shorts, prose: Shorts, own: Shorts, hashes: Ints, rows: Shorts
) -> None:
    """Fill the numbers of context of the doubtful lines: those of `line_context.CONTEXT`.

    Args:
        pages: int64 (pages + 1,): first line of each page, and the number of lines.
        doubtful: int64 (m,): the lines in doubt, rising.
        long: from `first_look`, as the next three.
        ends: likewise.
        begins: likewise.
        prose: likewise.
        own: int16 (n,): what each line looks like by itself, in sixteenths of a logit.
        hashes: int64 (n,): equal for equal lines.
        rows: int16 (m, features): filled.
    """
    most = 0
    for p in range(len(pages) - 1):
        most = max(most, pages[p + 1] - pages[p])
    sums = np.empty((10, most + 1), np.int64)
    table = np.zeros((4096, 3), np.int64)
    k = 0
    for p in range(len(pages) - 1):
        low, high = pages[p], pages[p + 1]
        m = k
        while m < len(doubtful) and doubtful[m] < high:
            m += 1
        if m > k:
            contexts(
                high - low, low, doubtful[k:m], long[low:high], ends[low:high], begins[low:high], prose[low:high], own[low:high],
                hashes[low:high], table, p + 1, sums, rows[k:m],
            )  # fmt: skip
        k = m


@njit(cache=True, nogil=True)
def own_scores(rows: Shorts, doubtful: Ints, weights: Shorts, bias: int, own: Shorts) -> None:
    """Fill in what the doubtful lines look like by themselves, in sixteenths of a logit."""
    for k in range(len(doubtful)):
        own[doubtful[k]] = max(min(weight_of(rows[k], weights, bias) * 16 // 100, MOST), -MOST)


@njit(cache=True, nogil=True)
def scores_of(sums: Sums, doubtful: Ints, out: Shorts) -> None:
    """Fill in the scores of the doubtful lines: their sums, which are in thousandths, in hundredths."""
    for k in range(len(doubtful)):
        out[doubtful[k]] = max(min((sums[k] + 5) // 10, SPOKEN_FOR - 1), CLEARED + 1)

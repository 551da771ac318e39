"""Which chunks of a text are damaged, and under which reading: each one's scores weighed with those of its line and text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.charsets import NEVER, SAME, WORDLESS

Ints = NDArray[np.int64]
Scores = NDArray[np.int32]

#: A chunk speaks against a reading no louder than this.
_LOUDEST = -60


class Bounds(NamedTuple):
    """What a reading must reach, and what is held against it, in tenths of a nat.

    Attributes:
        chunk: one chunk by itself.
        line: all chunks of a line together.
        text: all chunks of a text together.
        weak_in_line: a chunk in a line known to be damaged under the reading.
        weak_in_text: a chunk in such a text.
        leaning: what a reading gains in a line by being that of the text.
        impossible: what a chunk says of a reading that it cannot have had.
        strange_language: what a word of a language costs that the text does not otherwise use, at most.
        words: how many words are looked at to tell the languages of a text.
    """

    chunk: int
    line: int
    text: int
    weak_in_line: int
    weak_in_text: int
    leaning: int
    impossible: int
    strange_language: int
    words: int


@njit(cache=True, nogil=True)
def judge(score: Scores, line: Ints, prior: Ints, legacy: NDArray[np.bool_], bounds: Bounds) -> Ints:
    """The reading of each chunk, -1 where it is sound.

    Args:
        score: int32 (chunks, channels), as `kernels.charsets.scores` gives it.
        line: int64 (chunks,): line of each chunk, ascending.
        prior: int64 (channels,): cost of each reading. It is paid once in a line, not with every chunk.
        legacy: bool (channels,): which readings are of legacy pages.
        bounds: what must be reached.
    """
    n, channels = score.shape
    out = np.full(n, -1, np.int64)
    of_text, of_line = -prior, np.empty(channels, np.int64)
    of_text_likely = of_text_possible = 0
    for i in range(n):
        for k in range(channels):
            of_text[k] += _bounded(score[i, k], prior[k], bounds.impossible)
    in_text = int(np.argmax(of_text))
    text_lost = of_text[in_text] >= bounds.text
    for i in range(n):
        of_text_likely += score[i, in_text] + prior[in_text] > 0
        of_text_possible += score[i, in_text] > SAME
    # One code page read as another spoils every letter: where most chunks are lost, all go that can.
    whole_text = legacy[in_text] and 2 * of_text_likely > of_text_possible
    first = 0
    while first < n:
        last = first
        of_line[:] = -prior
        # Pages that differ in a few letters only are told apart by the text as a whole.
        of_line[in_text] += bounds.leaning if text_lost else 0
        while last < n and line[last] == line[first]:
            for k in range(channels):
                of_line[k] += _bounded(score[last, k], prior[k], bounds.impossible)
            last += 1
        in_line = int(np.argmax(of_line))
        line_lost = of_line[in_line] >= bounds.line
        likely = possible = 0
        for i in range(first, last):
            likely += score[i, in_line] + prior[in_line] > 0
            possible += score[i, in_line] > SAME
        whole_line = legacy[in_line] and 2 * likely > possible
        for i in range(first, last):
            if line_lost and score[i, in_line] > (SAME if whole_line else bounds.weak_in_line):
                out[i] = in_line
            elif text_lost and score[i, in_text] > (SAME if whole_text else bounds.weak_in_text):
                out[i] = in_text
            else:
                out[i] = _alone(score[i], in_line, in_text, bounds)
        first = last
    return out


@njit(cache=True, nogil=True, inline="always")
def _bounded(value: int, prior: int, impossible: int) -> int:
    if value == NEVER:
        return impossible
    # What has no letters to show says nothing.
    return 0 if value < -WORDLESS else max(value + prior, _LOUDEST)


@njit(cache=True, nogil=True)
def _alone(score: Scores, in_line: int, in_text: int, bounds: Bounds) -> int:
    """The reading of a chunk that must prove it by itself; what fits its line or text goes first."""
    if score.max() < bounds.chunk:
        return -1
    best, reading = NEVER, -1
    for k in range(len(score)):
        value = int(score[k]) + ((k == in_line) + (k == in_text)) * (bounds.leaning // 2)
        if value > best:
            best, reading = value, k
    return reading

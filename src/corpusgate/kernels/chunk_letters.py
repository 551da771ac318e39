"""What the letters of one chunk are: its tokens with the hashes of their folded letters, and what it holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.chunk_marks import three
from corpusgate.kernels.machine import lean
from corpusgate.kernels.survey_tables import (
    ALONE,
    BASE,
    BEYOND,
    FOLDED,
    FOLDED_AT,
    GLUE,
    IS_NEEDED,
    LETTER,
    MANY,
    MARK_TRAIT,
    MAY_JOIN,
    ORDER_AT,
    SPACE,
)  # fmt: skip
from corpusgate.kernels.unicode_form import is_beyond

Bytes = NDArray[np.uint8]
Points = NDArray[np.int32]
Words = NDArray[np.uint64]

# What a chunk or a line holds: a character that some pattern needs; a number of four digits or more; a word that some pattern
# needs, or letters that are tokens by themselves; what may not be in normal form C; what is strange in a character set; white
# space beyond ASCII; and those letters again.
HOLDS_NEEDED, HOLDS_YEAR, HOLDS_WORD, UNORDERED, STRANGE, SPACED, APART = 1, 2, 4, 8, 16, 32, 64

#: Tags and what is for private use begin here; it is always looked at, as noncharacters are.
TAGS = 0xE0000

#: A token has no more letters than this: what is longer is cut.
LONGEST_TOKEN = 255
# What is noted of a token: how many folded letters it has, whether it is a letter by itself.
SIZE, LONE = np.uint64(0xFF), np.uint64(1 << 8)
_ONE_ALONE = np.uint64(1) | LONE
_TRAITS = (1 << FOLDED_AT) - 1


@lean
def letters_of(
    data: Bytes, start: int, at: int, end: int, known: NDArray[np.uint32], index: Points, targets: Points,
    words: Words, notes: Words, places: Points, n: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Read one chunk letter by letter.

    Args:
        data: the haystack's bytes.
        start: first byte of the segment, from which the following places are counted.
        at: first byte of the chunk.
        end: the byte after its last.
        known: `survey_tables.known_of`.
        index: `folding.fold_table`.
        targets: likewise.
        words: room for the hash of each token.
        notes: room for what is noted of each.
        places: room for two numbers a token: where it begins, and the byte after it.
        n: how many tokens there are already.

    Returns:
        How many tokens there are now; letters and digits; what the chunk holds.
    """
    word, size = np.uint64(0), 0
    begin = last = at
    counted = holds = digits = 0
    last_mark, last_order = -1, 0
    while at < end:
        # Characters that are tokens by themselves, and nothing else, come in long runs: Han and kana.
        while size == 0 and at < end and data[start + at] & 0xF0 == 0xE0:
            trait = np.int64(known[three(data, start + at)])
            folded = trait >> FOLDED_AT & FOLDED
            if trait & _TRAITS != LETTER | ALONE or folded < 0x80:
                break
            words[n], notes[n], places[2 * n], places[2 * n + 1] = np.uint64(folded), _ONE_ALONE, at, at + 3
            n += 1
            counted += 1
            at += 3
            digits = 0
            holds |= APART | HOLDS_WORD
        if at >= end:
            break
        point, width = decode(data, start + at)
        if point < 0x10000:
            trait = np.int64(known[point])
        else:
            trait = BEYOND | (MAY_JOIN if is_beyond(point) else 0) | (IS_NEEDED if point >= TAGS or point & 0xFFFE == 0xFFFE else 0)
        if trait & (IS_NEEDED | MAY_JOIN):
            holds |= (HOLDS_NEEDED if trait & IS_NEEDED else 0) | (UNORDERED if trait & MAY_JOIN else 0)
        if size and (trait & ALONE or trait & (LETTER | GLUE) == 0 or size >= LONGEST_TOKEN - 32):
            words[n], notes[n], places[2 * n], places[2 * n + 1] = word, np.uint64(size), begin, last
            n += 1
            word, size = np.uint64(0), 0
        if trait & LETTER:
            folded = point if point >= 0x10000 else trait >> FOLDED_AT & FOLDED
            if size == 0:
                begin = at
            if trait & MANY:
                for k in range(index[point], index[point + 1]):
                    folded = np.int64(targets[k])
                    word = word * BASE + np.uint64(folded)
                    size += 1
                folded = 0
            elif folded:
                word = word * BASE + np.uint64(folded)
                size += 1
            digits = digits + 1 if 48 <= folded <= 57 else 0
            if digits == 4:
                holds |= HOLDS_YEAR
            counted += 1
            last = at + width
            if trait & ALONE:
                holds |= APART | HOLDS_WORD
                if size:
                    words[n], notes[n], places[2 * n], places[2 * n + 1] = word, np.uint64(size) | LONE, begin, last
                    n += 1
                    word, size = np.uint64(0), 0
        elif trait & GLUE:
            if trait & MARK_TRAIT:
                order = trait >> ORDER_AT
                if order and last_mark == at and last_order > order:
                    holds |= UNORDERED
                last_mark, last_order = at + width, order
                if size:
                    last = at + width
        else:
            digits = 0
            if trait & SPACE:
                holds |= SPACED
        at += width
    if size:
        words[n], notes[n], places[2 * n], places[2 * n + 1] = word, np.uint64(size), begin, last
        n += 1
    return n, counted, holds


@lean
def beginnings(data: Bytes, at: int, end: int, known: NDArray[np.uint32], index: Points, targets: Points, out: Words) -> None:
    """Hashes of the first letters of a text, by their number; 1, which no letters have, where the text has less.

    Args:
        data: the haystack's bytes.
        at: first byte of the text.
        end: the byte after its last.
        known: `survey_tables.known_of`.
        index: `folding.fold_table`.
        targets: likewise.
        out: room for `LONGEST_TOKEN + 1`.
    """
    out[:] = np.uint64(1)
    word, size = np.uint64(0), 0
    while at < end and size < LONGEST_TOKEN:
        point, width = decode(data, at)
        at += width
        trait = np.int64(known[point]) if point < 0x10000 else BEYOND
        if trait & LETTER:
            if trait & MANY:
                for k in range(index[point], min(index[point + 1], index[point] + LONGEST_TOKEN - size)):
                    word = word * BASE + np.uint64(targets[k])
                    size += 1
                    out[size] = word
            else:
                folded = point if point >= 0x10000 else trait >> FOLDED_AT & FOLDED
                if folded:
                    word = word * BASE + np.uint64(folded)
                    size += 1
                    out[size] = word

"""The pass itself: one loop over chunks, most of which are known already."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.charset_text import language_of
from corpusgate.kernels.chunk_marks import look_at
from corpusgate.kernels.hashing import PRIME, finish
from corpusgate.kernels.machine import byte
from corpusgate.kernels.survey_parts import KEPT, chunk_end, copies_of, line_hash, moved, power, shingle, trimmed
from corpusgate.kernels.survey_tables import ALONE, BASE, GLUE, LETTER, MANY, MARK_TRAIT, ODD, SPACE

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]

#: Marks of a line: it holds a character that some pattern needs; it holds a number of four digits or more.
HOLDS_NEEDED, HOLDS_YEAR = 1, 2

#: Chunks that are kept in mind, and the longest of them in bytes. A table of 2 MB stays in the second cache of one core.
SLOTS, LONGEST_KNOWN = 1 << 16, 64

# How a known chunk is packed: counts of a byte each (letters of its token, letters and digits, code points, where the token
# begins and ends), then marks.
_HAS_TOKEN, _UNORDERED, _STRANGE = np.uint64(1 << 40), np.uint64(1 << 43), np.uint64(1 << 44)
_MARKS, _FIRST, _LAST, _LETTER_AT = np.uint64(41), np.uint64(48), np.uint64(51), np.uint64(54)
#: Bits kept of the first letter of a token.
_LETTER_BITS = 0x3FF
_ANYTHING = np.uint64(0b11 << 41 | 1 << 43 | 1 << 44 | 0b111 << 48)


@njit(cache=True, nogil=True)
def run(
    data: Bytes,
    starts: Ints,
    ends: Ints,
    stride: int,
    headline_at: int,
    text_at: int,
    least: int,
    tables: Any,
    charset: Any,
    model: Any,
    known: NDArray[np.uint64],
    lines: Ints,
    folded_all: Ints,
    letters_all: Ints,
    unordered: NDArray[np.bool_],
    strange: NDArray[np.bool_],
    copies: Ints,
    shingles: Ints,
    folded: NDArray[np.uint64],
    places: Points,
    heads: Points,
) -> tuple[int, int, int]:
    """Fills the arrays from `lines` to `shingles` and says how many rows of each it would fill.

    `folded` to `heads` are room for tokens: the hash and the number of the letters before each, where it stands, and which begin
    as the headline does. Arrays are not grown here: numba would count references to them at every character.
    """
    traits, single, index, targets, powers = tables.traits, tables.single, tables.index, tables.targets, tables.powers
    is_needed, may_join, order = tables.is_needed, tables.may_join, tables.order
    n = copied = sampled = 0
    segments = len(starts)
    slots = np.uint64(len(known) - 1)
    total_cost, here = np.empty(model.bigram.shape[2], np.int32), np.empty(model.bigram.shape[2], np.int32)
    wanted, wanted_length, wanted_letter = np.uint64(0), 0, -1
    for s in range(segments):
        at, stop = starts[s], ends[s]
        of_text = s % stride == text_at
        whole, total = np.uint64(0), 0
        tokens = headed = 0
        earlier = before = recent = np.uint64(0)
        low = high = at
        solid = False
        counted = points = low_point = high_point = 0
        marks = script = 0
        foreign = np.uint64(0)
        first_letter = -1
        while at <= stop:
            b = byte(data, at) if at < stop else 10
            if b > 32:
                end, key = chunk_end(data, at)
                slot = key >> np.uint64(20) & slots
                if known[slot, 0] == key:
                    if not solid:
                        solid, low, low_point = True, at, points
                    packed = known[slot, 2]
                    if packed & _HAS_TOKEN:
                        word, size_of_word = known[slot, 1], np.int64(packed & np.uint64(0xFF))
                        folded[tokens], places[tokens, 0] = whole, total
                        places[tokens, 1] = at + np.int64(packed >> np.uint64(24) & np.uint64(0xFF)) - starts[s]
                        places[tokens, 2] = at + np.int64(packed >> np.uint64(32) & np.uint64(0xFF)) - starts[s]
                        whole = whole * powers[size_of_word] + word
                        total += size_of_word
                        if of_text:
                            # Written always and kept by counting on, since nobody could foretell the branch.
                            mixed = shingle(earlier, before, word)
                            if sampled < len(shingles):
                                shingles[sampled, 0], shingles[sampled, 1] = s, np.int64(mixed)
                            sampled += np.int64(mixed < KEPT)
                            earlier, before = before, word
                            heads[headed] = tokens
                            headed += np.int64(np.int64(packed >> _LETTER_AT) == wanted_letter)
                        elif tokens == 0:
                            first_letter = np.int64(packed >> _LETTER_AT)
                        tokens += 1
                    counted += np.int64(packed >> np.uint64(8) & np.uint64(0xFF))
                    points += np.int64(packed >> np.uint64(16) & np.uint64(0xFF))
                    if packed & _ANYTHING:
                        marks |= np.int64(packed >> _MARKS & np.uint64(3))
                        if packed & _UNORDERED:
                            unordered[s] = True
                        if packed & _STRANGE:
                            strange[s] = True
                        first = np.int64(packed >> _FIRST & np.uint64(7))
                        if first:
                            if first != script and not strange[s] and moved(data, starts[s], stop, at, end, charset.codes):
                                strange[s] = True
                            script = np.int64(packed >> _LAST & np.uint64(7))
                            foreign |= known[slot, 3]
                    at = end
                    high, high_point = at, points
                    if byte(data, at) == 32:
                        points += 1
                        at += 1
                    continue
                # A chunk met for the first time, or one that is more than one token.
                chunk, chunk_tokens, chunk_total, chunk_counted, chunk_points = at, tokens, total, counted, points
                chunk_marks, chunk_unordered = 0, False
                word, size_of_word, letter = np.uint64(0), 0, 0
                word_start = word_end = at
                digits, last_mark, last_order = 0, -1, 0
                spaced, plain = False, True
                while at < end or size_of_word:
                    point, size, trait = 32, 0, SPACE
                    if at < end:
                        point, size = decode(data, at)
                        trait = np.int64(traits[point]) if point < 0x10000 else LETTER | ALONE
                    alone = trait & ALONE != 0
                    if trait & ODD:
                        if is_needed[point]:
                            chunk_marks |= HOLDS_NEEDED
                        if may_join[point]:
                            chunk_unordered = True
                    if trait & LETTER and not (alone and size_of_word):
                        if size_of_word == 0:
                            word_start = at
                        if point >= 0x10000:
                            word = word * BASE + np.uint64(point)
                            if size_of_word == 0:
                                letter = point & _LETTER_BITS
                            size_of_word += 1
                        elif trait & MANY:
                            for k in range(index[point], index[point + 1]):
                                word = word * BASE + np.uint64(targets[k])
                                if size_of_word == 0:
                                    letter = np.int64(targets[k]) & _LETTER_BITS
                                size_of_word += 1
                        elif single[point]:
                            word = word * BASE + np.uint64(single[point])
                            if size_of_word == 0:
                                letter = np.int64(single[point]) & _LETTER_BITS
                            size_of_word += 1
                        digits = digits + 1 if 48 <= point < 0x10000 and 48 <= single[point] <= 57 else 0
                        if digits == 4:
                            chunk_marks |= HOLDS_YEAR
                        counted += 1
                        points += 1
                        at += size
                        word_end = at
                        if not alone:
                            continue
                        plain = False
                    elif trait & GLUE:
                        if trait & MARK_TRAIT:
                            place = np.int64(order[point])
                            if place and last_mark == at and last_order > place:
                                chunk_unordered = True
                            last_mark, last_order = at + size, place
                            if size_of_word:
                                word_end = at + size
                        points += 1
                        at += size
                        continue
                    # What was read so far is a token; the character at hand, if it was not read yet, comes after it.
                    if size_of_word:
                        folded[tokens], places[tokens, 0] = whole, total
                        places[tokens, 1], places[tokens, 2] = word_start - starts[s], word_end - starts[s]
                        whole = whole * (powers[size_of_word] if size_of_word < 256 else power(size_of_word)) + word
                        total += size_of_word
                        if of_text:
                            spoken = word
                            if alone:
                                # Of letters that are tokens by themselves the last four count as one, so that a shingle has six.
                                recent = recent << np.uint64(16) | word & np.uint64(0xFFFF)
                                spoken = recent * PRIME
                            # Written always and kept by counting on, since nobody could foretell the branch.
                            mixed = shingle(earlier, before, spoken)
                            if sampled < len(shingles):
                                shingles[sampled, 0], shingles[sampled, 1] = s, np.int64(mixed)
                            sampled += np.int64(mixed < KEPT)
                            earlier, before = before, spoken
                            heads[headed] = tokens
                            headed += np.int64(letter == wanted_letter)
                        elif tokens == 0:
                            first_letter = letter
                        tokens += 1
                        if tokens == chunk_tokens + 1:
                            token_word, token_size, token_start, token_end, token_letter = word, size_of_word, word_start, word_end, letter
                        word, size_of_word = np.uint64(0), 0
                    if trait & LETTER or at >= end:
                        continue
                    digits = 0
                    spaced |= trait & SPACE != 0
                    points += 1
                    at += size
                first_solid, first_point, last_solid, last_point = chunk, chunk_points, end, points
                if spaced:
                    # White space beyond ASCII may stand at either end, where it belongs to no line.
                    first_solid, first_point, last_solid, last_point = trimmed(data, traits, chunk, end, chunk_points)
                if last_solid > first_solid:
                    if not solid:
                        solid, low, low_point = True, first_solid, first_point
                    high, high_point = last_solid, last_point
                odd, first, last, mixed_scripts, languages = look_at(data, chunk, end, charset.codes, charset.pairs, charset.foreign)
                if chunk > starts[s] and byte(data, chunk - 1) not in (9, 10, 13, 32):
                    odd = True
                odd = odd or mixed_scripts
                marks |= chunk_marks
                if chunk_unordered:
                    unordered[s] = True
                if odd:
                    strange[s] = True
                if first:
                    if first != script and not strange[s] and moved(data, starts[s], stop, chunk, end, charset.codes):
                        strange[s] = True
                    script = last
                    foreign |= languages
                if plain and not spaced and end - chunk <= LONGEST_KNOWN and tokens <= chunk_tokens + 1 and total - chunk_total < 256:
                    packed = np.uint64(counted - chunk_counted) << np.uint64(8) | np.uint64(points - chunk_points) << np.uint64(16)
                    known[slot, 1] = np.uint64(0)
                    if tokens > chunk_tokens:
                        known[slot, 1] = token_word
                        packed |= np.uint64(token_size) | np.uint64(token_start - chunk) << np.uint64(24)
                        packed |= np.uint64(token_end - chunk) << np.uint64(32) | np.uint64(token_letter) << _LETTER_AT | _HAS_TOKEN
                    packed |= np.uint64(chunk_marks) << _MARKS | np.uint64(first) << _FIRST | np.uint64(last) << _LAST
                    packed |= (_UNORDERED if chunk_unordered else np.uint64(0)) | (_STRANGE if odd else np.uint64(0))
                    known[slot, 0], known[slot, 2], known[slot, 3] = key, packed, languages
                continue
            if b == 10:
                if solid:
                    lines[n, 0], lines[n, 1], lines[n, 2], lines[n, 3] = s, low, high, line_hash(data, low, high)
                    lines[n, 4], lines[n, 5], lines[n, 6], lines[n, 7] = counted, marks, low_point, high_point
                    n += 1
                solid = False
                counted = marks = 0
            elif b != 32 and not 9 <= b <= 13:
                if not solid:
                    solid, low, low_point = True, at, points
                high, high_point = at + 1, points + 1
                if is_needed[b]:
                    marks |= HOLDS_NEEDED
            points += 1
            at += 1
        folded[tokens], places[tokens, 0] = whole, total
        folded_all[s] = finish(whole ^ np.uint64(total))
        letters_all[s] = total
        if foreign and not strange[s]:
            language = language_of(data, starts[s], stop, model, total_cost, here)
            strange[s] = foreign >> np.uint64(language) & np.uint64(1) != 0
        if s % stride == headline_at:
            wanted, wanted_length, wanted_letter = whole, total, first_letter if tokens else -1
        if of_text and wanted_length >= least and total >= wanted_length:
            copied = copies_of(folded, places, heads, headed, tokens, wanted, wanted_length, starts[s], s, copies, copied)
    return n, copied, sampled

"""What one line looks like by itself: lengths, kinds of characters, words that are known, in small integers.

Only lines that a first look at their ends leaves in doubt are read, and of these no more than the first bytes, so that
the cost of a line is bounded.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.characters import BMP, before, decode
from corpusgate.kernels.machine import lean, least64
from corpusgate.kernels.survey_tables import ALONE, BASE, BEYOND, FOLDED, FOLDED_AT, GLUE, HASH_AT, LETTER

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Shorts = NDArray[np.int16]

#: Bytes of a line that are read.
READ = 240
#: A line of so many effective characters that ends a sentence is prose, and content where it stands among prose.
PROSE = 60
#: One of so many is content wherever it stands.
CLEAR = 150

_ONE = np.uint64(1)

# Kinds of characters.
OTHER, LOWER, UPPER, UNCASED, DIGIT, STOP, COMMA, COLON, QUOTE, OPEN, CLOSE, DASH, BAR, SIGN, ELLIPSIS = range(15)

_STOPS = ".!?\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH EXCLAMATION MARK}\N{FULLWIDTH QUESTION MARK}\N{FULLWIDTH FULL STOP}" + (
    "\N{ARABIC QUESTION MARK}\N{ARABIC FULL STOP}\N{DEVANAGARI DANDA}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}"
)
_COMMAS = ",;\N{ARABIC COMMA}\N{ARABIC SEMICOLON}\N{IDEOGRAPHIC COMMA}\N{FULLWIDTH COMMA}\N{FULLWIDTH SEMICOLON}"
_COLONS = ":\N{FULLWIDTH COLON}"
_BARS = "|/\\\N{MIDDLE DOT}\N{BULLET}\N{BLACK CIRCLE}>\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}\N{BROKEN BAR}\N{RIGHTWARDS ARROW}*+=_~"
_QUOTES = "\"'`\N{LEFT CORNER BRACKET}\N{RIGHT CORNER BRACKET}"


@lru_cache(maxsize=1)
def kinds() -> Bytes:
    """The kind of each code point of the plane, uint8 (65536,)."""
    table = np.zeros(BMP, np.uint8)
    by_category = {
        "Lu": UPPER, "Lt": UPPER, "Ll": LOWER, "Lo": UNCASED, "Lm": UNCASED, "Nd": DIGIT, "Ps": OPEN, "Pe": CLOSE, "Pi": QUOTE, "Pf": QUOTE,
        "Pd": DASH, "Sc": SIGN, "Sm": SIGN, "So": SIGN, "No": DIGIT, "Nl": DIGIT,
    }  # fmt: skip
    for point in range(BMP):
        table[point] = by_category.get(unicodedata.category(chr(point)), OTHER)
    for kind, marks in ((STOP, _STOPS), (COMMA, _COMMAS), (COLON, _COLONS), (BAR, _BARS), (QUOTE, _QUOTES)):
        for mark in marks:
            table[ord(mark)] = kind
    table[ord("\N{HORIZONTAL ELLIPSIS}")] = ELLIPSIS
    for mark in "#@%&":
        table[ord(mark)] = SIGN
    return table


#: Names of the numbers of a line, in their order.
SHAPE = [
    "effective",
    "points",
    "width",
    "words",
    "wordlength",
    "letters",
    "digits",
    "numbers",
    "upper",
    "capitals",
    "function",
    "functions",
    "end",
    "begin",
    "commas",
    "stops",
    "bars",
    "quotes",
    "signs",
    "exclaims",
    "longest",
    "colons",
    "brackets",
    "sum",
    "mean",
    "most",
    "least",
    "first",
    "copyright",
    "at",
    "slashes",
    "dashes",
    "clock",
    "ellipsis",
    "known",
    "listed",
]
(
    EFFECTIVE, POINTS, WIDTH, WORDS, WORD_LENGTH, LETTERS, DIGITS, NUMBERS, UPPERS, CAPITALS, FUNCTION, FUNCTIONS, END, BEGIN, COMMAS,
    STOPS, BARS, QUOTES, SIGNS, EXCLAIMS, LONGEST, COLONS, BRACKETS, SUM, MEAN, MOST, LEAST, FIRST, COPYRIGHT, AT, SLASHES, DASHES, CLOCK,
    ELLIPSES, KNOWN, LISTED,
) = range(len(SHAPE))  # fmt: skip
SHAPES = len(SHAPE)


@lean
def effective(data: Bytes, start: int, end: int, points: int) -> int:
    """Characters of a line, where one of Chinese, Japanese or Korean counts two and a half."""
    extra = (end - start) - points
    if extra == 0:
        return points
    first = (_ONE << np.uint64(min(end - start, 32))) - _ONE
    if least64(data, start, 0xE3) & ~least64(data, start, 0xEE) & first:
        return points + (3 * extra >> 2)
    return points


@lean
def ending(data: Bytes, start: int, end: int, table: Bytes) -> int:
    """The kind of the last character, before quotes and brackets that close behind it."""
    at = end
    last = OTHER
    for _ in range(3):
        point = before(data, at, start)
        if point < 0:
            break
        kind = int(table[point]) if point < 0x10000 else OTHER
        if last == OTHER or kind == STOP:
            last = kind
        if kind == STOP and point == 46 and at - 2 >= start and data[at - 2] == 46:
            return ELLIPSIS
        if kind != QUOTE and kind != CLOSE:
            break
        at -= 1
        while data[at] & 0xC0 == 0x80:
            at -= 1
    return last


@lean
def look_up(word: np.uint64, keys: Words, values: Shorts) -> int:
    """What is known of a word, 0 if nothing."""
    last = np.uint64(len(keys) - 1)
    place = word >> np.uint64(HASH_AT) & last
    while keys[place] != np.uint64(0):
        if keys[place] == word:
            return int(values[place])
        place = (place + np.uint64(1)) & last
    return 0


@lean
def words_of(data: Bytes, start: int, end: int, traits: NDArray[np.uint32], table: Bytes, words: Words, row: Shorts) -> int:
    """Read the first bytes of a line, and say how many words they have.

    Args:
        data: the haystack's bytes.
        start: the line's first byte.
        end: the byte after its last.
        traits: `survey_tables.known_of`.
        table: `kinds()`.
        words: room for the hash of each word, or of each two neighbours in scripts without spaces.
        row: room for the line's numbers, of which those of its characters are filled.
    """
    stop = min(end, start + READ)
    n = letters = digits = numbers = uppers = capitals = commas = stops = bars = quotes = signs = exclaims = longest = 0
    colons = brackets = copyright = at_signs = slashes = dashes = clock = ellipsis = total = chunk_words = 0
    begin = OTHER
    word, size, upper, digit = np.uint64(0), 0, 0, 0
    lone = np.uint64(0)
    at = start
    seen = 0
    previous = OTHER
    while at < stop:
        point, width = decode(data, at)
        at += width
        trait = np.int64(traits[point]) if point < 0x10000 else BEYOND
        kind = int(table[point]) if point < 0x10000 else OTHER
        if seen == 0:
            begin = kind
        seen += 1
        if trait & LETTER and not trait & ALONE:
            folded = trait >> FOLDED_AT & FOLDED
            word = word * BASE + np.uint64(folded if folded else point)
            size += 1
            if kind == UPPER:
                upper += 1 if size > 1 else 64
            elif kind == DIGIT:
                digit += 1
                digits += 1
            letters += 1
            lone = np.uint64(0)
        elif not trait & GLUE:
            if size:
                words[n] = word
                n += 1
                total += size
                longest = max(longest, size)
                numbers += np.int64(digit == size)
                uppers += np.int64(upper >= 64)
                capitals += np.int64(upper == 63 + size and size > 1)
                chunk_words += 1
                word, size, upper, digit = np.uint64(0), 0, 0, 0
            if trait & LETTER:
                letters += 1
                if lone:
                    words[n] = lone * BASE + np.uint64(point)
                    n += 1
                lone = np.uint64(point)
            else:
                lone = np.uint64(0)
            if kind == COMMA:
                commas += 1
            elif kind == STOP:
                stops += 1
                exclaims += np.int64(point != 46 and point != 0x3002)
                ellipsis += np.int64(previous == STOP)
            elif kind == COLON:
                colons += 1
                clock += np.int64(previous == DIGIT)
            elif kind == BAR:
                bars += 1
                slashes += np.int64(point == 47)
            elif kind == QUOTE:
                quotes += 1
            elif kind == SIGN:
                signs += 1
                copyright += np.int64(point == 0xA9)
                at_signs += np.int64(point == 64)
            elif kind in (OPEN, CLOSE):
                brackets += 1
            elif kind == DASH:
                dashes += 1
            elif kind == ELLIPSIS:
                ellipsis += 1
        previous = kind
    if size:
        words[n] = word
        n += 1
        total += size
        longest = max(longest, size)
        numbers += np.int64(digit == size)
        uppers += np.int64(upper >= 64)
        capitals += np.int64(upper == 63 + size and size > 1)
        chunk_words += 1
    row[WORDS] = n
    row[WORD_LENGTH] = 10 * total // max(chunk_words, 1)
    row[LETTERS] = 100 * letters // max(seen, 1)
    row[DIGITS] = 100 * digits // max(seen, 1)
    row[NUMBERS] = numbers
    row[UPPERS] = 100 * uppers // max(n, 1)
    row[CAPITALS] = 100 * capitals // max(n, 1)
    row[BEGIN] = begin
    row[COMMAS] = 200 * commas // max(seen, 1)
    row[STOPS] = stops
    row[BARS] = bars
    row[QUOTES] = quotes
    row[SIGNS] = signs
    row[EXCLAIMS] = exclaims
    row[LONGEST] = longest
    row[COLONS] = colons
    row[BRACKETS] = brackets
    row[COPYRIGHT] = copyright
    row[AT] = at_signs
    row[SLASHES] = slashes
    row[DASHES] = dashes
    row[CLOCK] = clock
    row[ELLIPSES] = ellipsis
    return n


@lean
def weigh(words: Words, n: int, keys: Words, values: Shorts, row: Shorts) -> int:
    """Fill the numbers of a line that tell of its words: those that tell furniture from content, that are listed, that bind sentences.

    Gives how many words do not bind: these are moved to the front.

    Args:
        words: hashes of the words, changed.
        n: how many there are.
        keys: hashes that are known, as `survey_tables.hashes_of` lays them out.
        values: four times the weight of each, two more for a word that is listed as one of menus and forms, and one for one that binds.
        row: the line's numbers.
    """
    total = most = least = first = function = known = listed = kept = 0
    for i in range(n):
        value = look_up(words[i], keys, values)
        words[kept] = words[i]
        kept += 1 - (value & 1)
        if value:
            # One that is listed and nothing else is of a language whose words are not known otherwise.
            known += np.int64(value != 2)
            listed += value >> 1 & 1
            function += value & 1
            weight = value >> 2
            total += weight
            most, least = max(most, weight), min(least, weight)
            if i == 0:
                first = weight
    row[SUM] = max(min(total, 3000), -3000)
    row[MEAN] = 4 * total // max(n, 1)
    row[MOST], row[LEAST], row[FIRST] = most, least, first
    row[FUNCTION] = 100 * function // max(n, 1)
    row[FUNCTIONS] = function
    row[KNOWN] = 100 * known // max(n, 1)
    row[LISTED] = 100 * listed // max(n, 1)
    return kept

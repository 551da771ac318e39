"""What a piece of text costs under the letter bigrams of many languages.

Costs are tenths of a nat. The tables are `signals.charset_model.Model`; what is set here by hand is what bigrams of
folded letters cannot know: case, changes of script, signs inside words.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]

#: First letter upper or lower case, upper after lower case, within and beyond ASCII, upper after upper, lower after several upper.
_FIRST_UPPER, _FIRST_LOWER, _LOWER_UPPER, LOWER_UPPER_BEYOND_ASCII, UPPER_UPPER, _UPPER_LOWER = 14, 2, 48, 90, 12, 20
#: A word that goes on in another script; a sign inside a word; one right after a lone accented capital; two in a row.
_SWITCH, _INSIDE, _LONE, _PAIR = 55, 20, 30, 25
#: What no repair brings to light: box drawing, controls, private characters, each.
_UNWANTED = 80
#: What a word costs that is one of the commonest of its language, however its letters are joined.
_COMMON_WORD = 50
#: What a small letter beyond ASCII costs that stands alone and is no word.
_NO_WORD = 50
#: What an abbreviation costs at most, and each of its capitals, and how many it has: pairs of letters say nothing of it. In Latin
#: letters, and without this in others, runs of capitals are what bytes of other pages look like.
_ABBREVIATION, _CAPITAL, _CAPITALS = 20, 36, 5
#: What a language costs at most that a text is likely to be in.
LIKELY = 20
#: Letters of the longest word that is known whole.
LONGEST_WORD = 14
#: Key of a word without letters; keys are the hash of Fowler, Noll and Vo (FNV-1a) in 32 bits.
NO_LETTER, _PRIME, _KEY = 2_166_136_261, 16_777_619, 0xFFFFFFFF


@njit(cache=True, nogil=True, inline="always")
def is_white(point: int) -> bool:
    """White space that ends a chunk; a no-break space does not, since it may be half of a letter."""
    return point == 32 or 9 <= point <= 13 or point == 0x3000 or point == 0x2028 or point == 0x2029


@njit(cache=True, nogil=True, inline="always")
def symbol_of(point: int, symbols: NDArray[np.uint16], planes: NDArray[np.uint16]) -> int:
    """The symbol of a code point of any plane."""
    if point < 0x10000:
        return int(symbols[point])
    return int(planes[min(point >> 8, 0x3FF) - 0x100])


@njit(cache=True, nogil=True, inline="always")
def with_letter(key: int, symbol: int) -> int:
    """The key of a word with one more letter."""
    return ((key ^ symbol) * _PRIME) & _KEY


@njit(cache=True, nogil=True)
def load(data: Bytes, start: int, end: int, points: Points) -> int:
    """Write the code points of `data[start:end]` into `points`; gives how many."""
    n = 0
    i = start
    while i < end:
        point, size = decode(data, i)
        points[n] = point
        n += 1
        i += size
    return n


@njit(cache=True, nogil=True)
def _least(total: NDArray[np.int32], low: np.uint64, high: np.uint64) -> int:
    least = 1 << 30
    for k in range(low, high):
        if total[k] < least:
            least = total[k]
    return least


@njit(cache=True, nogil=True, inline="always")
def place_of_word(key: int, words: NDArray[np.uint32], word_at: NDArray[np.int32]) -> int:
    """Where a word is among those that are known, -1 where it is none."""
    i, last = word_at[key >> 16], word_at[(key >> 16) + 1]
    while i < last and words[i] < key:
        i += 1
    return i if i < last and words[i] == key else -1


@njit(cache=True, nogil=True)
def _ended(
    total: NDArray[np.int32],
    low: np.uint64,
    high: np.uint64,
    before: int,
    lone: bool,
    capitals: int,
    bigram: Bytes,
    key: int,
    words: NDArray[np.uint32],
    word_at: NDArray[np.int32],
    speaks: NDArray[np.uint64],
    language_cost: NDArray[np.int32],
) -> int:
    """What a word that ends here costs in the language, of `low` to `high`, that takes it best."""
    least = 1 << 30
    for k in range(low, high):
        ended = total[k] + bigram[before, 0, k]
        if ended < least:
            least = ended
    place = place_of_word(key, words, word_at)
    if place >= 0:
        for k in range(low, high):
            if speaks[place] >> k & np.uint64(1):
                least = min(least, language_cost[k] + _COMMON_WORD)
        return least
    if capitals > 1:
        least = min(least, _ABBREVIATION + _CAPITAL * capitals)
    return least + _NO_WORD if lone else least


@njit(cache=True, nogil=True)
def cost(points: Points, n: int, model: Any, language_cost: NDArray[np.int32], total: NDArray[np.int32]) -> int:
    """What `points[:n]` cost as a chunk of text, in tenths of a nat.

    Args:
        points: code points.
        n: how many of them.
        model: `signals.charset_model.Model`.
        language_cost: int32 (languages,): what a word of each language costs beforehand.
        total: int32 (languages,): room to work in.
    """
    out = 0
    # Arrays are taken out of the model first: numba counts references to what is reached through it, at every letter.
    symbols, planes, scripts, cases, leads = model.symbol, model.planes, model.script, model.case, model.lead
    bigram, sign, mark, arabic, letters, spoken = model.bigram, model.sign, model.mark, model.arabic, model.letters, model.spoken
    words, word_at, speaks = model.word, model.word_at, model.speaks
    before = 0
    key = NO_LETTER
    # Languages of another script never take a word best. Their numbers have no sign, so that no index is looked at twice.
    low = high = np.uint64(0)
    case_before = 0
    inside = False
    length = abbreviated = 0
    after_word = lone = False
    for i in range(n):
        point = points[i]
        symbol = symbol_of(point, symbols, planes)
        if 0 < symbol <= letters:
            case = int(cases[point])
            if inside and scripts[symbol] != scripts[before]:
                inside = False
                out += _least(total, low, high) + _SWITCH
                before = 0
            if not inside:
                inside = True
                length = 0
                key = NO_LETTER
                low, high = spoken[scripts[symbol], 0], spoken[scripts[symbol], 1]
                if before > letters:
                    out += sign[before - letters - 1, 4]
                    if after_word and sign[before - letters - 1, 5]:
                        out += _INSIDE
                for k in range(low, high):
                    total[k] = language_cost[k] + bigram[0, symbol, k]
                if case == 2:
                    out += _FIRST_UPPER
                elif case == 1:
                    out += _FIRST_LOWER
            else:
                for k in range(low, high):
                    total[k] += bigram[before, symbol, k]
                if case == 2:
                    out += UPPER_UPPER if case_before != 1 else _LOWER_UPPER if point < 0x80 else LOWER_UPPER_BEYOND_ASCII
                elif case == 1 and case_before == 2 and length > 1:
                    out += _UPPER_LOWER
            before, case_before = symbol, case
            length += 1
            # In quotes or brackets a letter stands for itself.
            lone = length == 1 and case == 1 and point >= 0x80 and (i == 0 or points[i - 1] == 0x27 or points[i - 1] == 0x2019)
            abbreviated = length if case == 2 and abbreviated == length - 1 < _CAPITALS and 1 < scripts[symbol] < arabic else 0
            key = with_letter(key, symbol) if length <= LONGEST_WORD else NO_LETTER
            continue
        if symbol == 0:
            if inside:
                inside = False
                out += _ended(total, low, high, before, lone, abbreviated, bigram, key, words, word_at, speaks, language_cost)
            before = 0
            after_word = False
            continue
        row = symbol - letters - 1
        if inside:
            if row == mark or row == mark + 1:
                out += sign[row, 0]
                if row > mark and scripts[before] != arabic:
                    out += _SWITCH
                continue
            inside = False
            out += _ended(total, low, high, before, lone, abbreviated, bigram, key, words, word_at, speaks, language_cost) + sign[row, 0]
            after_word = True
            if case_before == 2 and points[i - 1] >= 0x80 and sign[row, 5] and (length == 1 or leads[before]):
                out += _LONE
        elif before == symbol:
            out += sign[row, 2]
            after_word = False
        elif before == letters + 1:
            out += sign[row, 3]
            after_word = False
        else:
            out += sign[row, 1]
            if before > letters and sign[row, 5] and sign[before - letters - 1, 5]:
                out += _PAIR
            after_word = False
        before = symbol
    if inside:
        out += _ended(total, low, high, before, lone, abbreviated, bigram, key, words, word_at, speaks, language_cost)
    return out


@njit(cache=True, nogil=True)
def is_known(points: Points, n: int, model: Any, language_cost: NDArray[np.int32]) -> bool:
    """Whether all words of a chunk are known whole in a language that the text is likely to be in, and there is one."""
    symbols, planes, letters, words, word_at, speaks = model.symbol, model.planes, model.letters, model.word, model.word_at, model.speaks
    key, length, found = NO_LETTER, 0, False
    for i in range(n + 1):
        symbol = symbol_of(points[i], symbols, planes) if i < n else 0
        if 0 < symbol <= letters:
            key = with_letter(key, symbol)
            length += 1
        elif length:
            place = place_of_word(key, words, word_at)
            known = False
            for k in range(len(language_cost) if place >= 0 else 0):
                known = known or (language_cost[k] <= LIKELY and bool(speaks[place] >> np.uint64(k) & np.uint64(1)))
            if not known:
                return False
            key, length, found = NO_LETTER, 0, True
    return found


@njit(cache=True, nogil=True)
def unwanted(points: Points, n: int, model: Any) -> int:
    """What the characters cost that no repair brings to light."""
    symbols, planes, sign, letters = model.symbol, model.planes, model.sign, model.letters
    out = 0
    for i in range(n):
        if points[i] >= 0x80:
            symbol = symbol_of(points[i], symbols, planes)
            if symbol > letters and sign[symbol - letters - 1, 6]:
                out += _UNWANTED
    return out

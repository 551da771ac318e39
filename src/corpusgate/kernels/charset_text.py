"""What a piece of text costs under the letter bigrams of many languages, and which languages a text is written in.

Costs are tenths of a nat. The tables are `signals.charset_model.Model`; what is set here by hand is what bigrams of
folded letters cannot know: case, changes of script, signs inside words.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.machine import lean, load8

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]

#: First letter upper or lower case, upper after lower case, within and beyond ASCII, upper after upper, lower after several upper.
_FIRST_UPPER, _FIRST_LOWER, _LOWER_UPPER, LOWER_UPPER_BEYOND_ASCII, _UPPER_UPPER, _UPPER_LOWER = 14, 2, 48, 90, 12, 20
#: A word that goes on in another script; a sign inside a word; one right after a lone accented capital; two in a row.
_SWITCH, _INSIDE, _LONE, _PAIR = 55, 20, 30, 25
#: What no repair brings to light: box drawing, controls, private characters, each.
_UNWANTED = 80
#: What a language costs that the segment does not otherwise use; letters and edges looked at to tell.
_OTHER_LANGUAGE, _LOOK = 50, 128
#: Tenths of a nat from which on a language is as good as impossible for a word.
_UNLIKELY = 512
_WORDS, _LANE, _LANES = 8, np.uint64(8), np.uint64(0x00FF00FF00FF00FF)


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


@njit(cache=True, nogil=True)
def _ended(total: NDArray[np.int32], low: np.uint64, high: np.uint64, before: int, bigram: Bytes) -> int:
    """What a word that ends here costs in the language, of `low` to `high`, that takes it best."""
    least = 1 << 30
    for k in range(low, high):
        ended = total[k] + bigram[before, 0, k]
        if ended < least:
            least = ended
    return least


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
    before = 0
    # Languages of another script never take a word best. Their numbers have no sign, so that no index is looked at twice.
    low = high = np.uint64(0)
    case_before = 0
    inside = False
    length = 0
    after_word = False
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
                    out += _UPPER_UPPER if case_before != 1 else _LOWER_UPPER if point < 0x80 else LOWER_UPPER_BEYOND_ASCII
                elif case == 1 and case_before == 2 and length > 1:
                    out += _UPPER_LOWER
            before, case_before = symbol, case
            length += 1
            continue
        if symbol == 0:
            if inside:
                inside = False
                out += _ended(total, low, high, before, bigram)
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
            out += _ended(total, low, high, before, bigram) + sign[row, 0]
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
        out += _ended(total, low, high, before, bigram)
    return out


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


@lean
def language_of(
    data: Bytes,
    start: int,
    end: int,
    costs: Bytes,
    symbols: NDArray[np.uint16],
    planes: NDArray[np.uint16],
    last: int,
    lanes: NDArray[np.uint64],
    total: NDArray[np.int32],
    out: NDArray[np.int32],
) -> int:
    """The language that the first words of a segment look most like; what others cost beside it goes into `out`.

    Args:
        data: the haystack.
        start: first byte of the segment.
        end: byte after it.
        costs: `Model.bigram`, flat.
        symbols: `Model.symbol`.
        planes: `Model.planes`.
        last: `Model.letters`.
        lanes: uint64 (16,): room for sums.
        total: int32 (languages,): room for what each costs.
        out: int32 (languages,).
    """
    languages = total.shape[0]
    symbols_of_all = last + 1
    # Costs are bytes: eight languages are added up at once, in lanes of 16 bits, which hold 257 letters.
    for k in range(2 * _WORDS):
        lanes[k] = np.uint64(0)
    before = letters = 0
    i = start
    while i < end and letters < _LOOK:
        point, size = decode(data, i)
        i += size
        symbol = symbol_of(point, symbols, planes)
        if symbol > last:
            symbol = 0
        if symbol or before:
            letters += 1
            row = (before * symbols_of_all + symbol) * languages
            for k in range(_WORDS):
                eight = load8(costs, row + 8 * k)
                lanes[k] += eight & _LANES
                lanes[_WORDS + k] += eight >> _LANE & _LANES
        before = symbol
    for k in range(languages):
        four = lanes[_WORDS * (k & 1) + (k >> 3)]
        total[k] = np.int32(four >> np.uint64(16 * (k >> 1 & 3)) & np.uint64(0xFFFF))
    best = 0
    for k in range(1, languages):
        best = k if total[k] < total[best] else best
    for k in range(languages):
        out[k] = min((total[k] - total[best]) >> 1, _OTHER_LANGUAGE)
    return best


@njit(cache=True, nogil=True)
def votes(data: Bytes, model: Any, most: int) -> NDArray[np.float64]:
    """In which languages a text is written, float64 (languages,), sum 1: the mixture that makes its words likeliest.

    Args:
        data: the text.
        model: `signals.charset_model.Model`.
        most: how many words to look at.
    """
    symbols, planes, bigram, last = model.symbol, model.planes, model.bigram, model.letters
    scripts, spoken = model.script, model.spoken
    languages = bigram.shape[2]
    likely, script_of = np.empty((most, languages), np.float64), np.empty(most, np.int64)
    powers = np.exp(np.arange(_UNLIKELY) / -10.0)
    total = np.zeros(languages, np.int32)
    before = words = i = length = script = 0
    low = high = np.uint64(0)
    while i <= len(data) and words < most:
        if i < len(data):
            point, size = decode(data, i)
            symbol = symbol_of(point, symbols, planes)
        else:
            symbol, size = 0, 1
        i += size
        if 0 < symbol <= last:
            if length == 0:
                script = int(scripts[symbol])
                low, high = spoken[script, 0], spoken[script, 1]
                for k in range(low, high):
                    total[k] = 0
            elif scripts[symbol] != script:
                script = -1
            for k in range(low, high):
                total[k] += bigram[before, symbol, k]
            before = symbol
            length += 1
        elif length:
            # A word in two scripts is of no language.
            if length > 1 and script > 0:
                least = np.int32(1 << 30)
                for k in range(low, high):
                    total[k] += bigram[before, 0, k]
                    least = min(least, total[k])
                for k in range(low, high):
                    likely[words, k] = powers[min(total[k] - least, _UNLIKELY - 1)]
                script_of[words] = script
                words += 1
            before = length = 0
    # Expectation maximisation, a few rounds from even shares; the floor keeps a language that comes late.
    shares = np.full(languages, 1.0 / languages)
    for _ in range(6):
        counts = np.full(languages, 0.02)
        for word in range(words):
            low, high = spoken[script_of[word], 0], spoken[script_of[word], 1]
            # Four sums at once: one would wait for itself at each step.
            a = b = c = d = 0.0
            for k in range(low, high - np.uint64(3), np.uint64(4)):
                a += shares[k] * likely[word, k]
                b += shares[k + np.uint64(1)] * likely[word, k + np.uint64(1)]
                c += shares[k + np.uint64(2)] * likely[word, k + np.uint64(2)]
                d += shares[k + np.uint64(3)] * likely[word, k + np.uint64(3)]
            for k in range(high - (high - low) % np.uint64(4), high):
                a += shares[k] * likely[word, k]
            part = 1.0 / (a + b + c + d + 1e-12)
            for k in range(low, high):
                counts[k] += shares[k] * likely[word, k] * part
        shares = counts / counts.sum()
    return shares

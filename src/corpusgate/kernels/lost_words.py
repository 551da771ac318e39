"""Question marks told by the word that they are part of: with one letter beyond ASCII in their place, it is known whole.

Words are those of `signals.charset_model.Model`. A word that lost its last letter looks like the end of a question, so that
there more is asked: the language is one whose words seldom are words without it, and what is left is none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import before, decode
from corpusgate.kernels.charset_languages import LANES, language_of
from corpusgate.kernels.charset_text import LIKELY, LONGEST_WORD, NO_LETTER, place_of_word, symbol_of, with_letter

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Symbols = NDArray[np.uint16]

#: Bytes before a mark from which on its language is looked for.
_NEAR = 96
#: Letters of the shortest word, and of the shortest that may be of any language, such as a name.
_SHORTEST, _OF_ANY = 3, 6
_R = 0x72


@njit(cache=True, nogil=True)
def is_word_with_letter(data: Bytes, low: int, high: int, start: int, end: int, model: Any) -> bool:
    """Whether the letters on both sides of a run of marks, or on one, are a word with one more letter in its place.

    Args:
        data: haystack bytes.
        low: first byte of the line.
        high: byte after its last.
        start: first byte of the run.
        end: byte after its last.
        model: `signals.charset_model.Model`.
    """
    word = np.empty(LONGEST_WORD + 1, np.int64)
    count, ahead = _letters_around(data, low, high, start, end, model.symbol, model.planes, model.script, word)
    n = count + ahead
    if not _SHORTEST <= n + 1 <= LONGEST_WORD:
        return False
    words, word_at, speaks = model.word, model.word_at, model.speaks
    key = _key(NO_LETTER, word, 0, count)
    spoken = _likely(data, low, high, start, model)
    alone = _speakers(key, words, word_at, speaks) & spoken
    future = ahead == 0 and before(data, start, low) | 0x20 == _R
    if ahead == 0:
        spoken &= model.accented_ends & ~alone
    elif count > 1 and alone & _speakers(_key(NO_LETTER, word, count, n), words, word_at, speaks):
        # Two words of one language, glued together: «for?a».
        return False
    elif count and n + 1 >= _OF_ANY:
        spoken = ~np.uint64(0)
    accented, has, a_acute, a_grave = model.accented, model.accented_in, model.symbol[0xE1], model.symbol[0xE0]
    for k in range(len(accented)):
        # A word has letters of its language only; without this, one in 400 pairs of words shared the key of some third.
        symbol, having = accented[k], has[k] & spoken
        # Without their accent, futures of Romance languages are infinitives: «dirá», «dir».
        if having == 0 or (future and symbol in (a_acute, a_grave)):
            continue
        if _speakers(_key(with_letter(key, symbol), word, count, n), words, word_at, speaks) & having:
            return True
    return False


@njit(cache=True, nogil=True)
def _letters_around(
    data: Bytes, low: int, high: int, start: int, end: int, symbols: Symbols, planes: Symbols, scripts: Bytes, word: Ints
) -> tuple[int, int]:
    """Write the symbols of the Latin letters on both sides of a run into `word`; gives how many are before it and behind it.

    No more are looked at than `word` has room for.
    """
    first, count, ahead = start, 0, 0
    while first > low and count < len(word):
        symbol = symbol_of(before(data, first, low), symbols, planes)
        if not (0 < symbol < len(scripts) and scripts[symbol] == 1):
            break
        count += 1
        first -= 1
        while data[first] & 0xC0 == 0x80:
            first -= 1
    for i in range(count):
        point, size = decode(data, first)
        word[i] = symbol_of(point, symbols, planes)
        first += size
    while end < high and count + ahead < len(word):
        point, size = decode(data, end)
        symbol = symbol_of(point, symbols, planes)
        if not (0 < symbol < len(scripts) and scripts[symbol] == 1):
            break
        word[count + ahead] = symbol
        ahead += 1
        end += size
    return count, ahead


@njit(cache=True, nogil=True, inline="always")
def _key(key: int, word: Ints, first: int, last: int) -> int:
    """The key of a word with some letters more."""
    for i in range(first, last):
        key = with_letter(key, word[i])
    return key


@njit(cache=True, nogil=True, inline="always")
def _speakers(key: int, words: NDArray[np.uint32], word_at: NDArray[np.int32], speaks: NDArray[np.uint64]) -> np.uint64:
    """The languages in which a word is one, a bit for each."""
    place = place_of_word(key, words, word_at)
    return speaks[place] if place >= 0 else np.uint64(0)


@njit(cache=True, nogil=True)
def _likely(data: Bytes, low: int, high: int, at: int, model: Any) -> np.uint64:
    """The languages that the text around a place is likely to be in, a bit for each."""
    low = max(low, at - _NEAR)
    while data[low] & 0xC0 == 0x80:
        low += 1
    languages = model.bigram.shape[2]
    lanes, total, costs = np.empty(LANES, np.uint16), np.empty(languages, np.int32), np.empty(languages, np.int32)
    language_of(data, low, high, model.bigram.reshape(-1), model.symbol, model.planes, model.letters, lanes, total, costs)
    likely = np.uint64(0)
    for k in range(languages):
        if costs[k] <= LIKELY:
            likely |= np.uint64(1) << np.uint64(k)
    return likely

"""Which languages a text is written in, by the letter bigrams of `signals.charset_model.Model`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.charset_text import symbol_of
from corpusgate.kernels.machine import add_bytes, lean

Bytes = NDArray[np.uint8]

#: What a language costs that the segment does not otherwise use; letters and edges looked at to tell.
_OTHER_LANGUAGE, _LOOK = 50, 128
#: Tenths of a nat from which on a language is as good as impossible for a word.
_UNLIKELY = 512
#: What a word of Latin letters beyond ASCII counts, which may be damaged, beside one without.
_DOUBTED = 0.25
#: Room for the sums of so many languages, which are added up at once.
LANES = 64


@lean
def language_of(
    data: Bytes,
    start: int,
    end: int,
    costs: Bytes,
    symbols: NDArray[np.uint16],
    planes: NDArray[np.uint16],
    last: int,
    lanes: NDArray[np.uint16],
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
        lanes: uint16 (`LANES`,): room for sums.
        total: int32 (languages,): room for what each costs.
        out: int32 (languages,).
    """
    languages = total.shape[0]
    symbols_of_all = last + 1
    # Costs are bytes: sums of 16 bits hold those of 257 letters.
    lanes[:] = 0
    before = letters = 0
    i = start
    while i < end and letters < _LOOK:
        point, size = decode(data, i)
        i += size
        symbol = symbol_of(point, symbols, planes)
        # Latin letters beyond ASCII may be damaged: what is told of the language must not lean on them.
        if symbol > last or 0x80 <= point < 0x250:
            symbol = 0
        if symbol or before:
            letters += 1
            add_bytes(lanes, costs, (before * symbols_of_all + symbol) * languages)
        before = symbol
    for k in range(languages):
        total[k] = lanes[k]
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
    beyond = False
    trust = np.ones(most)
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
                beyond = False
                low, high = spoken[script, 0], spoken[script, 1]
                for k in range(low, high):
                    total[k] = 0
            elif scripts[symbol] != script:
                script = -1
            for k in range(low, high):
                total[k] += bigram[before, symbol, k]
            before = symbol
            beyond = beyond or point >= 0x80
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
                trust[words] = _DOUBTED if beyond and script == 1 else 1.0
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
            part = trust[word] / (a + b + c + d + 1e-12)
            for k in range(low, high):
                counts[k] += shares[k] * likely[word, k] * part
        shares = counts / counts.sum()
    return shares

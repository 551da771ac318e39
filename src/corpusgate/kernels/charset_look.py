"""The closer look at a suspicious text: its chunks, what each scores under every reading, and which are damaged how."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.charset_chunks import LONGEST, is_cut, next_chunk, surroundings
from corpusgate.kernels.charset_judge import Bounds, judge
from corpusgate.kernels.charset_languages import votes
from corpusgate.kernels.charset_ruled_out import LEGACY, possible
from corpusgate.kernels.charset_text import cost, load
from corpusgate.kernels.charsets import DEAR, DEAR_EACH, NEVER, SAME, elsewhere, score

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: A reading this far behind the best one of a chunk is not what happened to it.
_BEHIND = 100
#: Share of words in other letters from which on a text is not Western.
_MOST = 0.5


@njit(cache=True, nogil=True)
def look(data: Bytes, codes: NDArray[np.uint16], model: Any, tables: Any, bounds: Bounds) -> tuple[Ints, Ints]:
    """The chunks of a text, as `chunks` gives them, and the reading of each, int64 (chunks,), -1 where it is sound.

    Args:
        data: uint8: valid UTF-8.
        codes: `signals.charset_model.codes`.
        model: `signals.charset_model.Model`.
        tables: `signals.charset_channels.Tables`.
        bounds: what must be reached.
    """
    places = chunks(data)
    share = votes(data, model, bounds.words)
    # What a word of each language costs in a text of such shares.
    language_cost = np.empty(len(share), np.int32)
    most = share.max()
    western = 0.0
    for k in range(len(share)):
        language_cost[k] = np.int32(min(-10 * np.log(share[k] / most + 1e-9), bounds.strange_language))
        western += share[k] if model.latin[k] else 0.0
    value = scores(data, places, codes, model, tables, language_cost)
    if western < _MOST:
        for k in range(value.shape[1]):
            if tables.far_east[k]:
                for i in range(len(value)):
                    value[i, k] -= bounds.strange_language if value[i, k] > SAME else 0
    return places, judge(value, places[:, 4].copy(), tables.cost, tables.source >= 0, bounds)


@njit(cache=True, nogil=True)
def chunks(data: Bytes) -> Ints:
    """All chunks of a text: int64 (n, 5) of first byte, byte after, first code point, code point after, line."""
    # A chunk takes two bytes at least.
    places = np.empty((len(data) // 2 + 1, 5), np.int64)
    n = at = counted = count = line = 0
    end = len(data)
    while at < end:
        start, stop = next_chunk(data, at, end)
        if start >= end:
            break
        while counted < start:
            count += 1 if data[counted] & 0xC0 != 0x80 else 0
            line += 1 if data[counted] == 10 else 0
            counted += 1
        places[n, 0], places[n, 1], places[n, 2], places[n, 4] = start, stop, count, line
        while counted < stop:
            count += 1 if data[counted] & 0xC0 != 0x80 else 0
            counted += 1
        places[n, 3] = count
        n += 1
        at = stop
    return places[:n]


@njit(cache=True, nogil=True)
def scores(
    data: Bytes, places: Ints, codes: NDArray[np.uint16], model: Any, tables: Any, language_cost: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Score of every chunk under every reading that may have happened to some chunk, int32 (chunks, channels).

    Other readings count as impossible.
    """
    channels, prior = tables.reading.shape[0], tables.cost
    out = np.full((len(places), channels), NEVER, np.int32)
    points = np.empty(2 * LONGEST + 128, np.int32)
    room = np.empty((4, 4 * LONGEST + 256), np.int32)
    total = np.empty(model.bigram.shape[2], np.int32)
    every, likelier = np.ones(channels, np.bool_), np.zeros(channels, np.bool_)
    stands, may_be = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
    around = np.zeros(len(places), np.int64)
    # Chunks that are dear as they stand show which readings there may be; the rest need be seen under those alone.
    sound = np.ones(len(places), np.bool_)
    for i in range(len(places)):
        n = load(data, places[i, 0], places[i, 1], points)
        may_be[i] = possible(points, n, tables)
        if may_be[i]:
            stands[i] = cost(points, n, model, language_cost, total)
            around[i] = surroundings(data, 0, len(data), places[i, 0], places[i, 1], codes)
            if stands[i] + elsewhere(points, n, around[i], codes) >= DEAR + DEAR_EACH * n:
                cut = is_cut(data, places[i, 1], len(data))
                score(points, n, cut, stands[i], around[i], may_be[i], codes, model, tables, language_cost, room, total, out[i], every)
                best = out[i].max()
                sound[i] = best <= SAME
                for k in range(channels):
                    likelier[k] |= out[i, k] > max(-prior[k], best - _BEHIND)
    left = 0
    for k in range(channels):
        if likelier[k]:
            left |= 1 << (tables.reading[k] + (LEGACY if tables.source[k] >= 0 else 0))
    for i in range(len(places)):
        if sound[i] and may_be[i] & left:
            n = load(data, places[i, 0], places[i, 1], points)
            cut = is_cut(data, places[i, 1], len(data))
            score(points, n, cut, stands[i], around[i], may_be[i], codes, model, tables, language_cost, room, total, out[i], likelier)
    return out

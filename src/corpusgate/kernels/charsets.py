"""Finding and scoring words whose bytes were read with the wrong character set. Tables come from `signals/charset_*.py`.

Pieces of text are the chunks of `charset_chunks.py`. Costs and scores are tenths of a nat; a score above zero says that the
repaired chunk is likelier as text than the chunk as it stands, the prior of the reading included.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.charset_chunks import LONGEST, is_cut, surroundings, token_around
from corpusgate.kernels.charset_languages import LANES, language_of
from corpusgate.kernels.charset_repair import undone
from corpusgate.kernels.charset_ruled_out import LEGACY, letterless, possible, wordless
from corpusgate.kernels.charset_text import LOWER_UPPER_BEYOND_ASCII, UPPER_UPPER, cost, is_known, load, unwanted
from corpusgate.kernels.chunk_marks import CASE_SHIFT, SCRIPT_SHIFT, STRANGE, SYMBOL_BITS, USUAL

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]

#: Score of a chunk under a reading that cannot be.
NEVER = -100_000
#: Score of a chunk that a reading leaves as it is.
SAME = -99_999
#: Takes a chunk out of the evidence, as no other score is so low: it only goes where its surroundings go.
WORDLESS = 1000
#: What a chunk must cost, and for each code point, to be worth undoing: repaired text is hardly cheaper than this.
DEAR, DEAR_EACH = 60, 20
#: What a chunk costs in another script than the letters on either side of it.
_OTHER_SCRIPT = 50


@njit(cache=True, nogil=True)
def elsewhere(points: Points, n: int, around: int, codes: NDArray[np.uint16]) -> int:
    """What a chunk costs for letters of another script than its surroundings."""
    for i in range(n if around else 0):
        own = int(codes[points[i]]) >> SCRIPT_SHIFT & 7 if points[i] < 0x10000 else 0
        if own and own != around:
            return _OTHER_SCRIPT
    return 0


@njit(cache=True, nogil=True)
def score(
    points: Points,
    n: int,
    cut: bool,
    stands: int,
    around: int,
    may_be: int,
    codes: NDArray[np.uint16],
    model: Any,
    tables: Any,
    language_cost: NDArray[np.int32],
    room: Points,
    total: NDArray[np.int32],
    out: NDArray[np.int32],
    wanted: NDArray[np.bool_],
) -> None:
    """Score of a chunk under every reading, into `out`.

    Args:
        points: int32: the chunk.
        n: its length.
        cut: whether white space or nothing follows it.
        stands: what it costs as it stands, wherever.
        around: what `surroundings` gives for it.
        may_be: what `possible` gives for it.
        codes: `signals.charset_model.codes`.
        model: `signals.charset_model.Model`.
        tables: `signals.charset_channels.Tables`.
        language_cost: int32 (languages,).
        room: int32 (4, at least 2 * LONGEST).
        total: int32 (languages,).
        out: int32 (channels,): `NEVER` where a reading cannot be.
        wanted: bool (channels,): readings to try; the others are taken for impossible.
    """
    out[:] = NEVER
    source, reading, prior, twice, beyond = tables.source, tables.reading, tables.cost, tables.twice, tables.beyond
    encoder, single, double, four = tables.encoder, tables.single, tables.double, tables.four
    repaired, stream, place, kept = room[0], room[1], room[2], room[3]
    signs_alone = wordless(points, n, model)
    away = elsewhere(points, n, around, codes)
    stands += away
    for channel in range(out.shape[0]):
        legacy = source[channel] >= 0
        if not wanted[channel] or not may_be >> (reading[channel] + (LEGACY if legacy else 0)) & 1:
            continue
        length, good, penalty = undone(
            points, n, encoder[reading[channel]], source[channel], single, double, four, twice[channel], beyond[channel], cut,
            repaired, stream, place, kept,
        )  # fmt: skip
        if good:
            penalty += unwanted(repaired, length, model) + prior[channel]
            told_by_signs = signs_alone and not is_known(repaired, length, model, language_cost)
            if legacy and (told_by_signs or good < 0 or letterless(points, n, repaired, length, model)):
                penalty += WORDLESS + max(stands, 0)
            # Surroundings that are damaged themselves say nothing against a repair.
            penalty += elsewhere(repaired, length, around, codes) if away else 0
            out[channel] = stands - cost(repaired, length, model, language_cost, total) - penalty
        elif length and legacy:
            out[channel] = SAME


@njit(cache=True, nogil=True)
def suspicious(
    data: Bytes, starts: Ints, ends: Ints, codes: NDArray[np.uint16], pairs: Bytes, model: Any, tables: Any, seed: int, sum_seed: int
) -> NDArray[np.bool_]:
    """Which segments hold damage enough to look closer, bool (segments,).

    Scored are chunks that look strange: by their pairs of characters, by a script that is not the one around them, or
    by a letter that the language of the segment does not have. One of them must score `seed`, or all of them together
    `sum_seed` under one reading.
    """
    out = np.zeros(len(starts), np.bool_)
    points = np.empty(2 * LONGEST + 128, np.int32)
    room = np.empty((4, 4 * LONGEST + 256), np.int32)
    languages = model.bigram.shape[2]
    bigrams, symbols, planes, lanes = model.bigram.reshape(-1), model.symbol, model.planes, np.empty(LANES, np.uint16)
    total = np.empty(languages, np.int32)
    here = np.empty(languages, np.int32)
    scores = np.empty(tables.reading.shape[0], np.int32)
    every = np.ones(tables.reading.shape[0], np.bool_)
    sums = np.zeros(tables.reading.shape[0], np.int32)
    odd_letter = np.zeros(SYMBOL_BITS + 1, np.bool_)
    letters, scripts, alphabet, around_costs, prior = model.letters, model.script, model.alphabet, model.around, tables.cost
    for segment in range(len(starts)):
        i, low, end = starts[segment], starts[segment], ends[segment]
        before = before_case = run = 0
        script = 0
        known = looked = False
        after = False
        sums[:] = -tables.cost
        while i < end:
            b = data[i]
            if b < 0x80 and not after:
                # Plain ASCII: on to the next character beyond it.
                i += 1
                while i < end and data[i] < 0x80:
                    i += 1
                code = np.int64(codes[data[i - 1]])
                before, before_case, run = code & SYMBOL_BITS, code >> CASE_SHIFT, 0
                continue
            if b < 0x80:
                code, size = np.int64(codes[b]), 1
                after = False
            elif b < 0xE0:
                code, size = np.int64(codes[(int(b) & 0x1F) << 6 | int(data[i + 1]) & 0x3F]), 2
                after = True
            elif b < 0xF0:
                code, size = np.int64(codes[(int(b) & 0x0F) << 12 | (int(data[i + 1]) & 0x3F) << 6 | int(data[i + 2]) & 0x3F]), 3
                after = True
            else:
                code, size = 0, 4
                after = True
            now, case = code & SYMBOL_BITS, code >> CASE_SHIFT
            run += int(pairs[before, now]) - USUAL
            if case == 2:
                run += LOWER_UPPER_BEYOND_ASCII if before_case == 1 else UPPER_UPPER if before_case == 2 else 0
            strange = run >= STRANGE
            run = max(run, 0) if now else 0
            own = code >> SCRIPT_SHIFT & 7
            moved = False
            if size > 1 and own:
                if own != script:
                    script = own
                    moved = True
                if own == 1:
                    if not known:
                        language = language_of(data, low, end, bigrams, symbols, planes, letters, lanes, total, here)
                        looked = True
                        for k in range(1, letters + 1):
                            odd_letter[k] = scripts[k] == 1 and not alphabet[k, language]
                        known = True
                    strange = strange or odd_letter[now]
            before, before_case = now, case
            if not (strange or moved):
                i += size
                continue
            start, stop = token_around(data, low, end, i - 1 if now == 0 and i > low else i)
            around = surroundings(data, low, end, start, stop, codes)
            if not strange and around in (0, own):
                i += size
                continue
            if not looked and around <= 1:
                language_of(data, low, end, bigrams, symbols, planes, letters, lanes, total, here)
                looked = True
            n = load(data, start, stop, points)
            cut = is_cut(data, stop, end)
            costs = around_costs[around] if around > 1 else here
            may_be = possible(points, n, tables)
            stands = cost(points, n, model, costs, total) if may_be else 0
            if may_be and stands + elsewhere(points, n, around, codes) >= DEAR + DEAR_EACH * n:
                score(points, n, cut, stands, around, may_be, codes, model, tables, costs, room, total, scores, every)
            else:
                scores[:] = NEVER
            for k in range(len(scores)):
                # The prior of a reading is paid once, not with every chunk.
                sums[k] += max(scores[k] + prior[k], -30) if scores[k] != SAME else 0
                if scores[k] >= seed or sums[k] >= sum_seed:
                    out[segment] = True
            if out[segment]:
                break
            i = max(stop, i + size)
            before = before_case = run = 0
            after = False
    return out

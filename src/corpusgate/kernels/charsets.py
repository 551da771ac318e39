"""Finding and scoring words whose bytes were read with the wrong character set. Tables come from `signals/charset_*.py`.

A *chunk* is what stands between two pieces of white space and holds a character beyond ASCII, at most `LONGEST`
code points of it. Costs and scores are tenths of a nat; a score above zero says that the repaired chunk is likelier
as text than the chunk as it stands, the prior of the reading included.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.charset_repair import LEGACY, letterless, possible, undone, wordless
from corpusgate.kernels.charset_text import LOWER_UPPER_BEYOND_ASCII, cost, is_white, language_of, load, unwanted
from corpusgate.kernels.chunk_marks import CASE_SHIFT, SCRIPT_SHIFT, STRANGE, SYMBOL_BITS, USUAL

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]

#: Longest chunk in code points; scripts without spaces are cut into pieces of this size.
LONGEST = 240
#: Score of a chunk under a reading that cannot be.
NEVER = -100_000
#: Score of a chunk that a reading leaves as it is.
SAME = -99_999
#: Takes a chunk out of the evidence, as no other score is so low: it only goes where its surroundings go.
WORDLESS = 1000
#: What a chunk must cost, and for each code point, to be worth undoing: repaired text is hardly cheaper than this.
DEAR, DEAR_EACH = 60, 24
#: Bytes within which the letters around a chunk are looked for.
_NEAR = 48


@njit(cache=True, nogil=True)
def next_chunk(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """The next chunk of `data[at:end]`: its first byte and the byte after it, (end, end) if there is none."""
    i = at
    while i < end:
        if data[i] < 0x80:
            i += 1
        elif is_white(decode(data, i)[0]):
            i += 3
        else:
            break
    if i >= end:
        return end, end
    start = i
    while start > at and i - start < 64 and 32 < data[start - 1] < 0x80:
        start -= 1
    count = i - start
    while i < end and count < LONGEST:
        point, size = decode(data, i)
        if is_white(point):
            break
        i += size
        count += 1
    return start, i


@njit(cache=True, nogil=True)
def surroundings(data: Bytes, low: int, high: int, start: int, stop: int, codes: NDArray[np.uint16]) -> int:
    """The script of the nearest letters before and after a chunk, 0 where there are none or two different ones."""
    left = right = 0
    i = start - 1
    while i >= low and start - i < _NEAR and left == 0:
        if data[i] & 0xC0 != 0x80:
            point = decode(data, i)[0]
            left = int(codes[point]) >> SCRIPT_SHIFT & 7 if point < 0x10000 else 0
        i -= 1
    i = stop
    while i < high and i - stop < _NEAR and right == 0:
        point, size = decode(data, i)
        right = int(codes[point]) >> SCRIPT_SHIFT & 7 if point < 0x10000 else 0
        i += size
    if left and right and left != right:
        return 0
    return left or right


@njit(cache=True, nogil=True)
def score(
    points: Points,
    n: int,
    cut: bool,
    stands: int,
    may_be: int,
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
        stands: what it costs as it stands.
        may_be: what `possible` gives for it.
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
            if legacy and (signs_alone or good < 0 or letterless(points, n, repaired, length, model)):
                penalty += WORDLESS + max(stands, 0)
            out[channel] = stands - cost(repaired, length, model, language_cost, total) - penalty
        elif length and legacy:
            out[channel] = SAME


@njit(cache=True, nogil=True, inline="always")
def is_cut(data: Bytes, at: int, end: int) -> bool:
    """Whether a segment ends here or white space follows."""
    return at >= end or is_white(decode(data, at)[0])


@njit(cache=True, nogil=True)
def token_around(data: Bytes, low: int, end: int, at: int) -> tuple[int, int]:
    """The piece between white space around a byte position, at most `LONGEST` code points of it."""
    start = at
    count = 0
    while start > low and count < LONGEST // 2:
        i = start - 1
        while i > low and data[i] & 0xC0 == 0x80:
            i -= 1
        if is_white(decode(data, i)[0]):
            break
        start = i
        count += 1
    stop = at
    while stop < end and count < LONGEST:
        point, size = decode(data, stop)
        if is_white(point):
            break
        stop += size
        count += 1
    return start, stop


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
    bigrams, symbols, planes, lanes = model.bigram.reshape(-1), model.symbol, model.planes, np.empty(16, np.uint64)
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
                code = int(codes[data[i - 1]])
                before, before_case, run = code & SYMBOL_BITS, code >> CASE_SHIFT, 0
                continue
            if b < 0x80:
                code, size = int(codes[b]), 1
                after = False
            elif b < 0xE0:
                code, size = int(codes[(int(b) & 0x1F) << 6 | int(data[i + 1]) & 0x3F]), 2
                after = True
            elif b < 0xF0:
                code, size = int(codes[(int(b) & 0x0F) << 12 | (int(data[i + 1]) & 0x3F) << 6 | int(data[i + 2]) & 0x3F]), 3
                after = True
            else:
                code, size = 0, 4
                after = True
            now, case = code & SYMBOL_BITS, code >> CASE_SHIFT
            run += int(pairs[before, now]) - USUAL
            if before_case == 1 and case == 2:
                run += LOWER_UPPER_BEYOND_ASCII
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
            if may_be and stands >= DEAR + DEAR_EACH * n:
                score(points, n, cut, stands, may_be, model, tables, costs, room, total, scores, every)
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

"""What stands around a line in its page: neighbours, runs, the block of prose, repetitions, in small integers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.line_shapes import SHAPE, SHAPES
from corpusgate.kernels.line_topics import TOPIC
from corpusgate.kernels.machine import lean

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]

CONTEXT = [
    "index",
    "behind",
    "relative",
    "before_share",
    "prose_share",
    "prose_lines",
    "size",
    "prose_before",
    "up",
    "down",
    "up_gap",
    "down_gap",
    "effective1u",
    "effective1d",
    "effective2u",
    "effective2d",
    "end1u",
    "end1d",
    "score1u",
    "score1d",
    "score2u",
    "score2d",
    "near",
    "wide",
    "far",
    "above",
    "below",
    "page",
    "block_at",
    "block_place",
    "block_share",
    "gain_at",
    "gain_share",
    "repeats",
    "earlier",
    "run_up",
    "run_down",
    "begins",
    "lines",
    "sure_up",
    "sure_down",
    "likely_up",
    "likely_down",
    "prose_around",
    "mass_above",
    "mass_below",
    "long_around",
    "alike",
    "begins1u",
]
#: What a line looks like by itself, in sixteenths, from which on it is surely furniture, as if a phrase spoke for it; or likely.
SURE, LIKELY = 128, 64
FEATURES = (*SHAPE, "score", *CONTEXT, *TOPIC)
#: Numbers that the first trees see.
FIRST_FEATURES = len(FEATURES) - len(TOPIC)
_FIRST = SHAPES


@lean
def window(sums: Ints, low: int, high: int, at: int, own: int, n: int) -> int:
    """Mean of the values of lines in a window without the line itself, of sums before each; 0 of none."""
    low, high = max(low, 0), min(high, n)
    count = high - low - np.int64(low <= at < high)
    if count <= 0:
        return 0
    total = sums[high] - sums[low] - (own if low <= at < high else 0)
    return total // count


@lean
def best_block(gains: Ints, n: int) -> tuple[int, int]:
    """The run of lines whose gains add up to most: first line and the one after the last (Kadane, in Bentley 1984)."""
    best = here = 0
    low = high = begin = 0
    for i in range(n):
        if here <= 0:
            here, begin = 0, i
        here += gains[i]
        if here > best:
            best, low, high = here, begin, i + 1
    return low, high


@lean
def capped(value: int, bound: int) -> int:
    """A value between a bound and its opposite."""
    return max(min(value, bound), -bound)


@lean
def distance(at: int, low: int, high: int) -> int:
    """Lines from a block: 0 within it, less before it."""
    if low <= at < high:
        return 0
    return at - low if at < low else at - high + 1


@lean
def from_above(at: int, i: int) -> int:
    """Lines from one above to another: 200 if there is none, at -1."""
    return min(i - at, 100) if at >= 0 else 200


@lean
def from_below(at: int, i: int, n: int) -> int:
    """Lines from one below to another: 200 if there is none, at n."""
    return min(at - i, 100) if at < n else 200


@lean
def alike(long: Ints, kinds: Ints, i: int, j: int) -> bool:
    """Whether two lines begin and end with the same kinds of characters and neither is twice as long as the other."""
    return kinds[i] == kinds[j] and 2 * long[j] >= long[i] - 8 and long[j] <= 2 * long[i] + 8


@lean
def contexts(
    n: int, first: int, doubtful: Ints, long: Ints, ends: Shorts, begins: Shorts, prose: Shorts, score: Shorts, hashes: Ints, table: Ints,
    stamp: int, sums: Ints, rows: Shorts,
) -> None:  # fmt: skip
    """Fill the numbers of context of the doubtful lines of a page.

    Args:
        n: lines of the page.
        first: the first of them among all.
        doubtful: which of all lines are in doubt, rising.
        long: effective characters of each line.
        ends: kind of the last character.
        begins: kind of the first.
        prose: 1 for lines that look like prose.
        score: what each looks like by itself, as a logit in sixteenths; negative for content.
        hashes: of each line.
        table: room for repetitions, (slots, 3), a power of two of them.
        stamp: a number that no page before had.
        sums: room, (10, n + 1).
        rows: (count, features): the numbers of each doubtful line.
    """
    s_score, s_long, s_prose, s_mass, gains, marks, found = sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]
    kinds, sure_below, likely_below = sums[7], sums[8], sums[9]
    s_score[0] = s_long[0] = s_prose[0] = s_mass[0] = 0
    mask = len(table) - 1
    for i in range(n):
        s_score[i + 1] = s_score[i] + score[i]
        s_long[i + 1] = s_long[i] + min(long[i], 2000)
        s_prose[i + 1] = s_prose[i] + prose[i]
        s_mass[i + 1] = s_mass[i] + (min(long[i], 2000) if prose[i] else 0)
        gains[i] = min(long[i], 400) if prose[i] else -30
        kinds[i] = ends[i] << 8 | begins[i]
        place = hashes[i] & mask
        for _ in range(8):
            if table[place, 1] != stamp:
                table[place, 0], table[place, 1], table[place, 2] = hashes[i], stamp, 0
            if table[place, 0] == hashes[i]:
                marks[i], found[i] = table[place, 2], place
                table[place, 2] += 1
                break
            place = place + 1 & mask
        else:
            marks[i], found[i] = 0, -1
    low1, high1 = best_block(gains, n)
    for i in range(n):
        gains[i] = -score[i] - 8
    low2, high2 = best_block(gains, n)
    total, mass = max(s_long[n], 1), max(s_mass[n], 1)
    # Next line of prose, from the end on.
    following = sure = likely = n
    for i in range(n - 1, -1, -1):
        gains[i], sure_below[i], likely_below[i] = following, sure, likely
        if prose[i]:
            following = i
        if score[i] >= LIKELY:
            likely = i
            sure = i if score[i] >= SURE else sure
    reached, sure, likely = 0, -1, -1
    for k in range(len(doubtful)):
        i = doubtful[k] - first
        row = rows[k]
        j = _FIRST
        row[j] = score[i]
        up = i - 1
        while up >= 0 and not prose[up] and i - up < 100:
            up -= 1
        down = gains[i]
        if up >= 0 and not prose[up]:
            up = -1
        row[j + 1] = min(i, 300)
        row[j + 2] = min(n - 1 - i, 300)
        row[j + 3] = 1000 * i // n
        row[j + 4] = 1000 * s_long[i] // total
        row[j + 5] = 1000 * s_mass[n] // total
        row[j + 6] = min(s_prose[n], 200)
        row[j + 7] = min(total >> 4, 3000)
        row[j + 8] = 1000 * s_mass[i] // mass
        row[j + 9] = min(i - up, 100) if up >= 0 else 200
        row[j + 10] = min(down - i, 100) if down < n else 200
        row[j + 11] = min(s_long[i] - s_long[up + 1], 5000) if up >= 0 else 6000
        row[j + 12] = min(s_long[down] - s_long[i + 1], 5000) if down < n else 6000
        row[j + 13] = min(long[i - 1], 1000) if i > 0 else -1
        row[j + 14] = min(long[i + 1], 1000) if i + 1 < n else -1
        row[j + 15] = min(long[i - 2], 1000) if i > 1 else -1
        row[j + 16] = min(long[i + 2], 1000) if i + 2 < n else -1
        row[j + 17] = ends[i - 1] if i > 0 else -1
        row[j + 18] = ends[i + 1] if i + 1 < n else -1
        row[j + 19] = score[i - 1] if i > 0 else 0
        row[j + 20] = score[i + 1] if i + 1 < n else 0
        row[j + 21] = score[i - 2] if i > 1 else 0
        row[j + 22] = score[i + 2] if i + 2 < n else 0
        row[j + 23] = window(s_score, i - 3, i + 4, i, score[i], n)
        row[j + 24] = window(s_score, i - 8, i + 9, i, score[i], n)
        row[j + 25] = window(s_score, i - 25, i + 26, i, score[i], n)
        row[j + 26] = window(s_score, i - 5, i, i, score[i], n)
        row[j + 27] = window(s_score, i + 1, i + 6, i, score[i], n)
        row[j + 28] = window(s_score, 0, n, i, score[i], n)
        row[j + 29] = capped(distance(i, low1, high1), 300)
        row[j + 30] = 100 * (i - low1) // (high1 - low1) if low1 <= i < high1 else -1
        row[j + 31] = 1000 * (s_long[high1] - s_long[low1]) // total
        row[j + 32] = capped(distance(i, low2, high2), 300)
        row[j + 33] = 1000 * (high2 - low2) // n
        row[j + 34] = min(table[found[i], 2], 100) if found[i] >= 0 else 1
        row[j + 35] = min(marks[i], 100)
        up = i
        while up > 0 and i - up < 40 and alike(long, kinds, i, up - 1):
            up -= 1
        down = i
        while down + 1 < n and down - i < 40 and alike(long, kinds, i, down + 1):
            down += 1
        row[j + 36] = i - up
        row[j + 37] = down - i
        row[j + 38] = begins[i + 1] if i + 1 < n else -1
        row[j + 39] = min(n, 1000)
        while reached < i:
            if score[reached] >= LIKELY:
                likely = reached
                sure = reached if score[reached] >= SURE else sure
            reached += 1
        row[j + 40], row[j + 41] = from_above(sure, i), from_below(sure_below[i], i, n)
        row[j + 42], row[j + 43] = from_above(likely, i), from_below(likely_below[i], i, n)
        row[j + 44] = s_prose[min(i + 26, n)] - s_prose[max(i - 25, 0)]
        row[j + 45] = min(s_mass[i] - s_mass[max(i - 30, 0)], 8000)
        row[j + 46] = min(s_mass[min(i + 31, n)] - s_mass[i + 1], 8000)
        row[j + 47] = window(s_long, i - 8, i + 9, i, min(long[i], 2000), n)
        count = 0
        for other in range(max(i - 8, 0), min(i + 9, n)):
            count += np.int64(alike(long, kinds, i, other))
        row[j + 48] = count - 1
        row[j + 49] = begins[i - 1] if i > 0 else -1

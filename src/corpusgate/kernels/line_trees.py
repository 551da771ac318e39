"""Trees that ask one question a level: the answers are the bits of the number of the leaf that a line comes to.

Nothing branches, so that many lines are asked at once: a tree takes less than a nanosecond a line, a fifth of what one takes whose
nodes ask each their own. Trees of this kind are weaker, and one can have as many more of them.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import lean

Bytes = NDArray[np.uint8]
Shorts = NDArray[np.int16]
Leaves = NDArray[np.uint16]
Sums = NDArray[np.int32]

#: Levels of a tree, and its leaves.
DEPTH = 6
LEAVES = 1 << DEPTH
#: Lines that are asked at once.
LANES = 64


@lean
def ask(
    columns: Shorts, first: int, last: int, feature: Bytes, bound: Shorts, leaves: Shorts, leaf: Leaves, totals: Sums,
) -> None:  # fmt: skip
    """Lead `LANES` lines through some trees, and add up what their leaves say.

    Args:
        columns: int16 (features, `LANES`): their numbers.
        first: the first of the trees.
        last: the one after the last.
        feature: uint8 (trees, `DEPTH`): which number each level asks for.
        bound: int16 (trees, `DEPTH`): a line has the level's bit if its number is greater.
        leaves: int16 (trees, `LEAVES`): what each adds.
        leaf: room, uint16 (`LANES`,).
        totals: int32 (`LANES`,), changed.
    """
    for t in range(first, last):
        f, b = feature[t], bound[t]
        c0, c1, c2 = columns[np.int64(f[0])], columns[np.int64(f[1])], columns[np.int64(f[2])]
        c3, c4, c5 = columns[np.int64(f[3])], columns[np.int64(f[4])], columns[np.int64(f[5])]
        b0, b1, b2, b3, b4, b5 = b[0], b[1], b[2], b[3], b[4], b[5]
        # All levels in one go, in sixteen bits: a loop over levels would store and load the leaf each time.
        for lane in range(LANES):
            low = np.int16(c0[lane] > b0) | np.int16(c1[lane] > b1) << 1 | np.int16(c2[lane] > b2) << 2
            leaf[lane] = np.uint16(low | np.int16(c3[lane] > b3) << 3 | np.int16(c4[lane] > b4) << 4 | np.int16(c5[lane] > b5) << 5)
        for lane in range(LANES):
            totals[lane] += leaves[t, np.int64(leaf[lane])]


@njit(cache=True, nogil=True)
def tree_sums(
    rows: Shorts, chosen: NDArray[np.bool_], first: int, last: int, feature: Bytes, bound: Shorts, leaves: Shorts, sums: Sums
) -> None:  # fmt: skip
    """Lead chosen lines through some trees, and add to their sums.

    Args:
        rows: int16 (lines, features).
        chosen: bool (lines,).
        first: as for `ask`, like the next four.
        last: likewise.
        feature: likewise.
        bound: likewise.
        leaves: likewise.
        sums: int32 (lines,), changed.
    """
    features = rows.shape[1]
    columns = np.zeros((features, LANES), np.int16)
    leaf, totals, owner = np.empty(LANES, np.uint16), np.zeros(LANES, np.int32), np.empty(LANES, np.int64)
    n = 0
    for k in range(len(rows)):
        if chosen[k]:
            for j in range(features):
                columns[j, n] = rows[k, j]
            owner[n], totals[n] = k, sums[k]
            n += 1
            if n == LANES:
                ask(columns, first, last, feature, bound, leaves, leaf, totals)
                for lane in range(n):
                    sums[owner[lane]] = totals[lane]
                n = 0
    if n:
        ask(columns, first, last, feature, bound, leaves, leaf, totals)
        for lane in range(n):
            sums[owner[lane]] = totals[lane]

"""Trees that ask one question a level, against the same told slowly."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.line_trees import DEPTH, LANES, LEAVES, tree_sums


@settings(deadline=None)
@given(st.integers(0, 2 * LANES + 3), st.integers(0, 5), st.integers(0, 2**32 - 1), st.data())
def test_sums_are_those_of_the_leaves(lines: int, trees: int, seed: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, trees))
    last = data.draw(st.integers(first, trees))
    random = np.random.default_rng(seed)
    ends = [-32768, -7, 0, 3, 32767]
    rows = random.choice(ends, (lines, 4)).astype(np.int16)
    feature, bound = random.integers(0, 4, (trees, DEPTH)).astype(np.uint8), random.choice(ends, (trees, DEPTH)).astype(np.int16)
    leaves = random.integers(-32768, 32768, (trees, LEAVES)).astype(np.int16)
    chosen = random.random(lines) < 0.8
    before = random.integers(-1000, 1000, lines).astype(np.int32)
    sums = before.copy()
    tree_sums(rows, chosen, first, last, feature, bound, leaves, sums)
    for k, row in enumerate(rows.tolist()):
        told = int(before[k])
        for t in range(first, last) if chosen[k] else ():
            answers = [row[number] > most for number, most in zip(feature[t].tolist(), bound[t].tolist(), strict=True)]
            told += int(leaves[t, sum(answer << level for level, answer in enumerate(answers))])
        assert sums[k] == told

"""Weights and trees of the model of lines, against the same told slowly."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.line_model import BINS, CLEARED, SPOKEN_FOR, scores_of, tree_sums, weight_of
from corpusgate.kernels.line_shapes import SHAPES, SUM

#: A tree: a leaf, or a number asked for, a bound, and what is left and right of it.
TREE = st.recursive(
    st.integers(-40, 40).map(lambda n: n / 8), lambda below: st.tuples(st.integers(0, 4), st.integers(-5, 5), below, below), max_leaves=6
)
ROWS = st.lists(st.lists(st.integers(-6, 6), min_size=5, max_size=5), min_size=1, max_size=6)


def lay(tree: Any, nodes: list[list[int]], leaves: list[float]) -> int:
    if isinstance(tree, float):
        leaves.append(tree)
        return -len(leaves)
    at = len(nodes)
    nodes.append([tree[0], tree[1], 0, 0])
    nodes[at][2], nodes[at][3] = lay(tree[2], nodes, leaves), lay(tree[3], nodes, leaves)
    return at


def walk(tree: Any, row: list[int]) -> float:
    while not isinstance(tree, float):
        tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
    return tree


@settings(deadline=None)
@given(st.lists(TREE, min_size=1, max_size=5), ROWS, st.integers(-3, 0), st.integers(1, 3))
def test_sums_are_those_of_the_leaves_until_they_are_sure(trees: list[Any], rows: list[list[int]], low: int, high: int) -> None:
    nodes: list[list[int]] = []
    leaves: list[float] = []
    roots = [lay(tree, nodes, leaves) for tree in trees]
    columns = np.array(nodes or np.zeros((0, 4)), np.int64).reshape(-1, 4)
    n = len(trees)
    sums, chosen = np.zeros(len(rows), np.float32), np.ones(len(rows), np.bool_)
    tree_sums(
        np.array(rows, np.int16), chosen, 0, n, columns[:, 0].astype(np.uint8), *(columns[:, j].astype(np.int16) for j in (1, 2, 3)),
        np.array(leaves, np.float32), np.array(roots, np.int32), np.full(n, low, np.float32), np.full(n, high, np.float32), sums,
    )  # fmt: skip
    for row, total, unsure in zip(rows, sums.tolist(), chosen.tolist(), strict=True):
        slow = 0.0
        stopped = False
        for tree in trees:
            slow += walk(tree, row)
            if not low <= slow <= high:
                stopped = True
                break
        assert (total, unsure) == (slow, not stopped)


def test_scores_are_sums_in_hundredths_within_bounds() -> None:
    out = np.zeros(6, np.int16)
    scores_of(np.array([1.234, -0.5, 99, -99], np.float32), np.array([0, 2, 3, 5]), out)
    assert out.tolist() == [123, 0, -50, SPOKEN_FOR - 1, 0, CLEARED + 1]


@settings(deadline=None)
@given(st.lists(st.integers(-3000, 3000), min_size=SHAPES, max_size=SHAPES), st.integers(0, 2**32 - 1))
def test_weights_are_those_of_the_values(row: list[int], seed: int) -> None:
    weights = np.random.default_rng(seed).integers(-300, 300, (SHAPES, BINS)).astype(np.int16)
    told = sum(int(weights[j, min(max(value, -1), BINS - 2) + 1]) for j, value in enumerate(row)) + 25 * row[SUM] // 4 + 7
    assert weight_of(np.array(row, np.int16), weights, 7) == told

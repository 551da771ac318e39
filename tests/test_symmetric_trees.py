"""The trees that `benchmarks/symmetric_trees.py` fits: what they say while they are fitted is what the kernel says of them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from corpusgate.kernels.line_trees import tree_sums

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def made() -> tuple[np.ndarray, np.ndarray, object, np.ndarray]:
    """Lines whose label is whether just one of two numbers is large, on sites that a third number names."""
    sys.path.insert(0, str(BENCHMARKS))
    import symmetric_trees as trees

    random = np.random.default_rng(7)
    numbers = random.integers(-500, 500, (6000, 4)).astype(np.int16)
    numbers[:, 2] = site = random.integers(0, 30, 6000)
    numbers[:, 3] = 1
    label = ((numbers[:, 0] > 100) ^ (numbers[:, 1] > -50)).astype(np.int8)
    edges = trees.class_edges(numbers, few=[2])
    assert [len(each) for each in edges] == [trees.CLASSES - 1, trees.CLASSES - 1, trees.FEW - 1, 1]
    total = np.zeros(6000)
    weight = np.where(label == 1, 0.25, 1.0)
    fitted = trees.fit(trees.classed(numbers, edges), edges, label, weight, site.astype(np.int64), range(4), 30, total, 1)
    return numbers, label, fitted, total


def test_they_come_to_what_the_kernel_adds_up(made: tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...], np.ndarray]) -> None:
    numbers, _, fitted, total = made
    sums = np.zeros(len(numbers), np.int32)
    tree_sums(numbers, np.ones(len(numbers), np.bool_), 0, 30, *fitted, sums)
    assert sums.tolist() == total.tolist()


def test_they_tell_what_no_single_number_tells(made: tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...], np.ndarray]) -> None:
    _, label, _, total = made
    assert ((total > 0) == label).mean() > 0.95
    assert np.array_equal(total, np.rint(total))

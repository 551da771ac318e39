"""Weights of the model of lines, against the same told slowly, and its scores."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.line_model import BINS, CLEARED, SPOKEN_FOR, scores_of, weight_of
from corpusgate.kernels.line_shapes import SHAPES, SUM


def test_scores_are_sums_in_hundredths_within_bounds() -> None:
    out = np.zeros(6, np.int16)
    scores_of(np.array([1234, -504, 99_000, -99_000], np.int32), np.array([0, 2, 3, 5]), out)
    assert out.tolist() == [123, 0, -50, SPOKEN_FOR - 1, 0, CLEARED + 1]


@settings(deadline=None)
@given(st.lists(st.integers(-3000, 3000), min_size=SHAPES, max_size=SHAPES), st.integers(0, 2**32 - 1))
def test_weights_are_those_of_the_values(row: list[int], seed: int) -> None:
    weights = np.random.default_rng(seed).integers(-300, 300, (SHAPES, BINS)).astype(np.int16)
    told = sum(int(weights[j, min(max(value, -1), BINS - 2) + 1]) for j, value in enumerate(row)) + 25 * row[SUM] // 4 + 7
    assert weight_of(np.array(row, np.int16), weights, 7) == told

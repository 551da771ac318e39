"""Sets of numbers against Python's own."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.sets import both_sets

_HASHES = st.lists(
    st.one_of(st.integers(-(1 << 63), (1 << 63) - 1), st.integers(0, 7).map(lambda value: value << 61 if value < 4 else -(value << 58))),
    max_size=40,
)


def _columns(records: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    of = [i for i, hashes in enumerate(records) for _ in hashes]
    return np.array(of, np.int64), np.array([value for hashes in records for value in hashes], np.int64)


def _set(hashes: list[int]) -> list[int]:
    return sorted({(value & (1 << 64) - 1) >> 32 for value in hashes})


@settings(max_examples=300, deadline=None, derandomize=True)
@given(records=st.lists(st.tuples(_HASHES, _HASHES), max_size=6))
def test_sets_as_python_has_them(records: list[tuple[list[int], list[int]]]) -> None:
    first, second = [one for one, _ in records], [other for _, other in records]
    values, sizes = both_sets(len(records), *_columns(first), *_columns(second))
    expected = [_set(hashes) for pair in records for hashes in pair]
    assert sizes.tolist() == [len(found) for found in expected]
    assert values.tolist() == [value for found in expected for value in found]


def test_many_numbers_of_one_record() -> None:
    hashes = np.random.default_rng(1).integers(-(1 << 63), 1 << 63, 300_000, np.int64)
    hashes[100_000:200_000] = hashes[7]
    values, sizes = both_sets(1, np.zeros(len(hashes), np.int64), hashes, np.zeros(0, np.int64), np.zeros(0, np.int64))
    expected = np.unique(hashes.view(np.uint64) >> np.uint64(32))
    assert np.array_equal(values, expected)
    assert sizes.tolist() == [len(expected), 0]

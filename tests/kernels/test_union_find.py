"""Groups known by their smallest member, beside an obvious way to join them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels import union_find

_PAIRS = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30)


def _joined(pairs: list[tuple[int, int]], least: list[int]) -> list[int]:
    for a, b in pairs:
        low, high = sorted((least[a], least[b]))
        least = [low if each == high else each for each in least]
    return least


@settings(max_examples=200, deadline=None)
@given(pairs=_PAIRS)
def test_groups_are_known_by_their_smallest_member(pairs: list[tuple[int, int]]) -> None:
    least = np.arange(20, dtype=np.int32)
    union_find.unite(least, *(np.array([pair[i] for pair in pairs], np.int32) for i in range(2)))
    assert least.tolist() == _joined(pairs, list(range(20)))


@settings(max_examples=200, deadline=None)
@given(before=_PAIRS, runs=st.lists(st.tuples(st.integers(0, 19), st.lists(st.integers(0, 19), min_size=1, max_size=4)), max_size=8))
def test_a_whole_joins_its_parts_if_they_are_of_one_group(before: list[tuple[int, int]], runs: list[tuple[int, list[int]]]) -> None:
    least = np.arange(20, dtype=np.int32)
    union_find.unite(least, *(np.array([pair[i] for pair in before], np.int32) for i in range(2)))
    expected = least.tolist()
    for whole, parts in runs:
        if len({expected[part] for part in parts}) == 1:
            expected = _joined([(part, whole) for part in parts], expected)
    part = np.array([part for _, parts in runs for part in parts], np.int32)
    whole = np.array([whole for whole, parts in runs for _ in parts], np.int32)
    union_find.unite_with_whole(least, part, whole, np.cumsum([0, *(len(parts) for _, parts in runs)]))
    assert least.tolist() == expected

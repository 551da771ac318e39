"""Hashes of what belongs together, beside Python's own integers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.hashing import BASIS, PRIME, finish, hash_groups

_WIDTH, _WHOLE = 3, (1 << 64) - 1
_NUMBERS = st.lists(st.tuples(st.integers(0, 11), st.integers(-(1 << 63), (1 << 63) - 1)), max_size=40)


def _expected(numbers: list[tuple[int, int]], group: int) -> int:
    h = int(BASIS)
    for place, value in numbers:
        if place // _WIDTH == group:
            h = (h ^ place % _WIDTH) * int(PRIME) % (1 << 64) ^ value % (1 << 64)
            h = h * 0x9E3779B97F4A7C15 % (1 << 64) ^ h >> 29
    return int(finish(np.uint64(h)))


@settings(max_examples=200, deadline=None)
@given(numbers=_NUMBERS)
def test_a_group_is_hashed_by_its_numbers_their_order_and_their_places(numbers: list[tuple[int, int]]) -> None:
    places, values = np.array([place for place, _ in numbers], np.int64), np.array([value for _, value in numbers], np.int64)
    hashes = hash_groups(places, _WIDTH, values, 4).tolist()
    assert hashes == [_expected(numbers, group) for group in range(4)]
    of_each = [tuple((place, value) for place, value in numbers if place // _WIDTH == group) for group in range(4)]
    assert len({(tuple((place % _WIDTH, value) for place, value in own)) for own in of_each}) == len(set(hashes))

"""Matches laid at each line that is equal to the one they were found in, beside a slow, obvious way."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.standing import at_each


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=6).map(sorted))
def test_matches_stand_at_every_line_that_is_equal(same: list[int], found: list[tuple[int, int]]) -> None:
    starts = np.array([0, 20, 40, 60])
    chosen = np.arange(len(same)) * 2
    segment, begin = np.arange(24) // 3, np.arange(24) * 100
    distinct, at = (np.array([pair[k] for pair in found], np.int64) for k in (0, 1))
    columns = at_each(
        np.arange(len(found)),
        distinct,
        starts[distinct] + at,
        starts[distinct] + at + 5,
        starts,
        chosen,
        np.array(same, np.int64),
        segment,
        begin,
    )
    expected = [
        (i, int(segment[line]), int(begin[line]) + place, int(begin[line]) + place + 5, int(line))
        for line, of in zip(chosen.tolist(), same, strict=True)
        for i, (own, place) in enumerate(found)
        if own == of
    ]
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected

"""Trees of ties, beside an obvious way to find groups."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.forest import parents


@settings(max_examples=300, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] != pair[1]), max_size=40))
def test_every_member_is_tied_to_the_smallest_of_its_group(pairs: list[tuple[int, int]]) -> None:
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    tied = parents(12, left, right).tolist()
    groups = {member: {member} for member in range(12)}
    needed = []
    for i, (a, b) in enumerate(pairs):
        # No pair is taken that better ones, further ahead, make needless.
        if b not in groups[a]:
            needed.append(i)
        joined = groups[a] | groups[b]
        groups |= dict.fromkeys(joined, joined)
    assert sorted(tie for tie in tied if tie >= 0) == needed
    for member in range(12):
        path = [member]
        while tied[path[-1]] >= 0:
            a, b = pairs[tied[path[-1]]]
            assert path[-1] in (a, b)
            path.append(a + b - path[-1])
            assert len(path) <= 12
        assert path[-1] == min(groups[member])

"""Which earlier record a text repeats, beside a slow way to tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.runners import repeats
from corpusgate.runners.stories import Edges
from corpusgate.signals.stories import CONTAINED_COPY, NEAR_COPY, SAME

#: Source, text and page of each record; page 0 is none.
_TEXTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=25)
_COPIES = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24), st.sampled_from([NEAR_COPY, CONTAINED_COPY])), max_size=12)


def _slow(
    sources: list[int], reps: list[int], pages: list[int], copies: dict[tuple[int, int], int], elsewhere: bool
) -> dict[int, tuple[bool, int, int]]:
    found = {}
    for i in range(len(reps)):
        earlier = [
            (not 0 < pages[i] == pages[j], kind, j)
            for j in range(i)
            if (sources[j] != sources[i]) == elsewhere
            for kind in ([SAME] if reps[i] == reps[j] else [copies[pair] for pair in [(reps[j], reps[i])] if pair in copies])
        ]
        if earlier:
            found[i] = min(earlier)
    return found


@pytest.mark.parametrize("elsewhere", [False, True])
@settings(max_examples=200, deadline=None)
@given(texts=_TEXTS, pairs=_COPIES)
def test_the_likeliest_and_then_the_first_is_repeated(
    elsewhere: bool, texts: list[tuple[int, int, int]], pairs: list[tuple[int, int, int]]
) -> None:
    sources = [source for source, _, _ in texts]
    reps = [[text for _, text, _ in texts].index(text) for _, text, _ in texts]
    # A page is of one source.
    pages = [10 * source + page if page else 0 for source, _, page in texts]
    copies: dict[tuple[int, int], int] = {}
    for one, other, kind in pairs:
        one, other = (reps[min(side, len(reps) - 1)] for side in (one, other))
        if one != other and (one, other) not in copies:
            copies[one, other] = copies[other, one] = kind
    ties = np.array([(min(pair), max(pair), kind) for pair, kind in copies.items() if pair[0] < pair[1]], np.int64).reshape(-1, 3).T
    edges = Edges(ties[0].astype(np.int32), ties[1].astype(np.int32), ties[2].astype(np.int8), np.full(ties.shape[1], 70, np.int8))
    known = repeats.Members(np.arange(len(reps)), np.array(sources), np.array(reps), np.array(pages))
    member, of, kind, percent, again = repeats.earlier(known, edges, elsewhere)
    found = dict(zip(member.tolist(), zip((~again).tolist(), kind.tolist(), of.tolist(), strict=True), strict=True))
    assert found == _slow(sources, reps, pages, copies, elsewhere)
    assert ((percent == 100) == (kind == SAME)).all()

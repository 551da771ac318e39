"""Pieces of text that are the same get one number, whatever their hashes are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.pieces import distinct_pieces

DATA = "a b a bab  ab\N{ARABIC LETTER BEH}a b".encode()
PLACES = st.lists(st.tuples(st.integers(0, len(DATA)), st.integers(0, len(DATA))).map(sorted), max_size=40)


@settings(deadline=None)
@given(PLACES, st.integers(1, 5))
def test_pieces_are_told_apart_by_their_bytes(places: list[list[int]], hashes: int) -> None:
    start, end = np.array(places, np.int64).reshape(-1, 2).T.copy()
    found = [DATA[low:high] for low, high in places]
    # Hashes of which many pieces share one, as long as the same pieces do.
    keys = np.array([sum(piece) % hashes for piece in found], np.int64)
    known = list(dict.fromkeys(found))
    first, which = distinct_pieces(keys, np.frombuffer(DATA, np.uint8), start, end)
    assert which.tolist() == [known.index(piece) for piece in found]
    assert first.tolist() == [found.index(piece) for piece in known]

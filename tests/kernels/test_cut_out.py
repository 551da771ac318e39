"""Texts without some places, against Python's slices."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.cut_out import cut_out

_TEXTS = st.one_of(st.none(), st.text(max_size=20), st.text("aя漢\N{GRINNING FACE}", min_size=50, max_size=300))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(texts=st.lists(_TEXTS, max_size=5), data=st.data())
def test_what_is_left(texts: list[str | None], data: st.DataObject) -> None:
    of, starts, ends, expected = list[int](), list[int](), list[int](), list[str]()
    for i, text in enumerate(texts):
        bounds = data.draw(st.lists(st.integers(0, len(text or "")), max_size=6).map(sorted))
        left, at = "", 0
        for low, high in zip(bounds[::2], bounds[1::2], strict=False):
            of, starts, ends = [*of, i], [*starts, low], [*ends, high]
            left, at = left + (text or "")[at:low], high
        expected.append(left + (text or "")[at:])
    skipped = data.draw(st.integers(0, 2))
    column = pa.array(["skipped"] * skipped + texts, pa.string()).slice(skipped)
    places = (np.array(numbers, np.int64) for numbers in (of, starts, ends))
    assert [text or "" for text in cut_out(column, *places).to_pylist()] == expected

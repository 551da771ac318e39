"""The haystack: fields laid out in one buffer, places in it as code points, and texts cut out of it, beside plain Python."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.haystack import build, texts, to_code_points

_LETTERS = "ab \n\N{ARABIC LETTER BEH}\N{CYRILLIC SMALL LETTER ZHE}\N{CJK UNIFIED IDEOGRAPH-4E2D}\N{GRINNING FACE}"
_FIELD = st.text(st.sampled_from(_LETTERS), max_size=60)
_RECORDS = st.lists(st.tuples(_FIELD | st.none(), _FIELD | st.none()), min_size=1, max_size=6)
_CUTS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 60), st.integers(0, 60)), max_size=30)


@settings(max_examples=200, deadline=None)
@given(
    records=_RECORDS,
    cuts=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 60), st.integers(0, 60)), max_size=30),
    limit=st.integers(1, 9),
)
def test_places_are_code_points_of_their_field(
    records: list[tuple[str | None, str | None]], cuts: list[tuple[int, int, int]], limit: int
) -> None:
    """In whatever order ranges come, and wherever lines begin."""
    haystack = build({"a": pa.array([a for a, _ in records], pa.string()), "b": pa.array([b for _, b in records], pa.string())})
    fields = [field or "" for record in records for field in record]
    assert [haystack.text(a, b) for a, b in zip(haystack.starts, haystack.ends, strict=True)] == fields
    line_start, line_first = [], []
    for begin, field in zip(haystack.starts.tolist(), fields, strict=True):
        at = 0
        for line in field.split("\n"):
            # Only lines that are more than white space are known.
            if line.strip():
                line_start.append(begin + len(field[:at].encode()))
                line_first.append(at)
            at += len(line) + 1
    ranges = []
    for segment, x, y in cuts:
        if segment < len(fields):
            low, high = sorted((min(x, len(fields[segment])), min(y, len(fields[segment]))))
            ranges.append((segment, low, high))
    segment = np.array([s for s, _, _ in ranges], np.int64)
    start, end = (np.array([haystack.starts[s] + len(fields[s][: place[k]].encode()) for s, *place in ranges], np.int64) for k in (0, 1))
    found = to_code_points(
        haystack.data, haystack.starts, segment, start, end, np.array(line_start, np.int64), np.array(line_first, np.int64)
    )
    assert list(zip(*(column.tolist() for column in found), strict=True)) == [(low, high) for _, low, high in ranges]
    assert texts(haystack.data, start, end, limit).to_pylist() == [fields[s][low:high][:limit] for s, low, high in ranges]

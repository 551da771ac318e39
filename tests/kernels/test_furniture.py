"""Lines of frames, beside an obvious way to find them."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.furniture import add_own, ends_sentence, sentence_ends, standing
from corpusgate.kernels.haystack import build
from corpusgate.kernels.sieve import add, sieve

#: Lines of a few records, in their order: record, key, letters.
_LINES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12), st.integers(0, 300)), max_size=60).map(sorted)


def _keys(numbers: list[int]) -> np.ndarray:  # type: ignore[type-arg]
    """Hashes of small numbers: all bits take part, and none of these few share a bucket."""
    return np.array([(number + 1) * 0x9E3779B97F4A7C15 % (1 << 64) - (1 << 63) for number in numbers], np.int64)


@settings(max_examples=300, deadline=None)
@given(lines=_LINES, least=st.integers(1, 4))
def test_own_lines_stand_once_and_framing_ones_often(lines: list[tuple[int, int, int]], least: int) -> None:
    rows, numbers, letters = ([line[i] for line in lines] for i in range(3))
    often = Counter(numbers)
    buckets, own = sieve(1000), np.zeros(6, np.int64)
    add(buckets, _keys(numbers))
    add_own(buckets, np.array(rows, np.int64), _keys(numbers), np.array(letters, np.int64), own)
    assert own.tolist() == [sum(n for row, number, n in lines if row == record and often[number] == 1) for record in range(6)]
    assert standing(buckets, _keys(numbers), least).tolist() == [often[number] >= least for number in numbers]


@settings(max_examples=300, deadline=None)
@given(
    texts=st.lists(st.text(st.sampled_from('a.!\u061f\u3002\u06d4)]\u00bb\u201d"\U0001d7d9') | st.characters(exclude_categories=["Cs"])))
)
def test_a_sentence_ends_with_its_mark_or_with_a_quotation_mark_behind_it(texts: list[str]) -> None:
    haystack = build({"text": pa.array(texts, pa.string())})
    found = ends_sentence(haystack.data, haystack.starts, haystack.ends, sentence_ends())
    mark = re.compile("[.!?\u2026\u061f\u06d4\u3002\uff01\uff1f\u0964][\"')\\]\u00bb\u201d\u2019\u300d]?\\Z")
    assert found.tolist() == [mark.search(text) is not None for text in texts]

"""Characters of a class in ranges of text, and sums of lines over pages, beside what Python says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpusgate.kernels.characters import SENTENCE, classes, holds_class
from corpusgate.kernels.haystack import build
from corpusgate.kernels.sums import page_sums

_TEXTS = st.lists(st.text(st.sampled_from("aé漢ب 。.،\U0001f600") | st.characters(codec="utf-8"), max_size=12), max_size=6)


@settings(deadline=None)
@given(_TEXTS)
@example(["", ".", "a.", ".a", "漢。", "a\U0001f600", "a"])
def test_a_range_holds_a_class_wherever_it_stands(texts: list[str]) -> None:
    haystack = build({"text": pa.array(texts, pa.string())})
    marks = {point for point in range(0x10000) if classes()[point] & SENTENCE}
    found = holds_class(haystack.data, classes(), haystack.starts, haystack.ends, SENTENCE)
    assert found.tolist() == [any(ord(character) in marks for character in text) for text in texts]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(-9, 9), max_size=5), max_size=5))
def test_numbers_and_flags_are_summed_page_by_page(pages: list[list[int]]) -> None:
    values = np.array([value for page in pages for value in page], np.int64)
    places = np.cumsum([0, *map(len, pages)]).astype(np.int64)
    assert page_sums(values, places).tolist() == [sum(page) for page in pages]
    assert page_sums(values > 0, places).tolist() == [sum(value > 0 for value in page) for page in pages]

"""Characters of a class in ranges of text, and sums of lines over pages, beside what Python says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpusgate.kernels.characters import SENTENCE, classes, holds_class, neighbours
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


@settings(deadline=None)
@given(_TEXTS, st.data())
def test_what_stands_before_and_behind_a_range(texts: list[str], data: st.DataObject) -> None:
    haystack = build({"text": pa.array(texts, pa.string())})
    places = [sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2))) for text in texts]
    start, end = (np.array([len(text[: pair[i]].encode()) for text, pair in zip(texts, places, strict=True)], np.int64) for i in range(2))
    found = neighbours(haystack.data, haystack.starts, haystack.ends, haystack.starts + start, haystack.starts + end)
    padded = [f"\0{text}\0" for text in texts]
    expected = [[ord(text[low]), ord(text[high + 1])] for text, (low, high) in zip(padded, places, strict=True)]
    edges = [[low == 0, high == len(text)] for text, (low, high) in zip(texts, places, strict=True)]
    assert np.stack(found, axis=1).tolist() == [
        [-1 if edge else point for point, edge in zip(points, at, strict=True)] for points, at in zip(expected, edges, strict=True)
    ]

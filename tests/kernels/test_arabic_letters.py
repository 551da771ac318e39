"""Yeh and kaf of the other language: what is passed 64 bytes at a time beside a look at each line."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.arabic_letters import of_the_other
from corpusgate.kernels.machine import PADDING

ARABIC, PERSIAN = "\u064a\u0643", "\u06cc\u06a9"
texts = st.lists(
    st.text(st.one_of(st.sampled_from(ARABIC + PERSIAN + "\u0627\u0686 .\nab\u060c"), st.characters()), max_size=90), max_size=4
)


def slow(text: str, letters: str) -> list[str]:
    """The first such word of each line."""
    found = [re.search(rf"[^\x00-\x7f]*[{letters}][^\x00-\x7f]*", line) for line in text.split("\n")]
    return [match.group() for match in found if match]


@settings(max_examples=300, deadline=None)
@given(written=texts, persian=st.booleans())
def test_the_first_word_of_each_line(written: list[str], persian: bool) -> None:
    raw = [text.encode("utf-8", "replace") for text in written]
    data = np.frombuffer(b"\n".join(raw) + bytes(PADDING), np.uint8)
    ends = np.cumsum([len(text) + 1 for text in raw], dtype=np.int64) - 1
    starts = ends - np.array([len(text) for text in raw], np.int64)
    found = of_the_other(data, starts, ends, persian)
    for segment, text in enumerate(raw):
        mine = [data[low:high].tobytes().decode() for of, low, high in found.tolist() if of == segment]
        assert mine == slow(text.decode(), ARABIC if persian else PERSIAN)

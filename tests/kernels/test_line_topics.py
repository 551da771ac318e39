"""Whether a line speaks of what its page speaks of, against the same told slowly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.haystack import build
from corpusgate.kernels.line_shapes import kinds
from corpusgate.kernels.line_topics import PLACES, TOPIC, topic_rows
from corpusgate.kernels.survey_tables import hashes_of, known_of, words_in

#: None of these share a place; the last two bind.
WORDS = ("ferry", "harbour", "tide", "крыша", "ميناء", "lamp", "the", "and")
BINDING = ("the", "and")
LINES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
PAGE = st.tuples(
    st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.lists(st.tuples(LINES, st.booleans(), st.booleans()), max_size=8)
)


def slowly(title: str, lines: list[tuple[str, bool, bool]], i: int) -> list[int]:
    telling = [word for word in words_in(lines[i][0]) if word not in BINDING]
    prose = [set(words_in(text)) for j, (text, is_prose, _) in enumerate(lines) if is_prose and j != i] + [set(words_in(title))]
    often = [sum(word in each for each in prose) for word in telling]
    told = sum(count > 0 for count in often)
    n = max(len(telling), 1)
    return [100 * told // n, told, 10 * sum(min(count, 20) for count in often) // n, len(telling)]


def test_the_words_of_these_tests_have_places_of_their_own() -> None:
    hashes = hashes_of(WORDS)
    assert len({int(word) >> 51 for word in hashes[hashes != 0]}) == len(WORDS) < PLACES


@settings(deadline=None)
@given(st.lists(PAGE, min_size=1, max_size=4))
def test_topics_are_as_told_slowly(pages: list[tuple[str, list[tuple[str, bool, bool]]]]) -> None:
    haystack = build(
        {
            "headline": pa.array([title for title, _ in pages]),
            "text": pa.array(["\n".join(text for text, *_ in lines) for _, lines in pages]),
        }
    )
    lines = [line for _, page in pages for line in page]
    bounds = np.cumsum([0, *(len(page) for _, page in pages)])
    sizes = np.array([len(text.encode()) for text, *_ in lines], np.int64)
    start = np.concatenate(
        [
            haystack.starts[2 * p + 1] + np.cumsum([0, *(sizes[low:high] + 1)])[:-1]
            for p, (low, high) in enumerate(pairwise(bounds.tolist()))
        ]
    ).astype(np.int64)
    bind = hashes_of(BINDING)
    values = np.where(bind != 0, 1, 0).astype(np.int16)
    doubtful = np.flatnonzero(np.array([doubt for *_, doubt in lines], np.bool_))
    rows = np.zeros((len(doubtful), 6), np.int16)
    telling = [[hashes_of((word,)).max() for word in words_in(lines[i][0]) if word not in BINDING] for i in doubtful.tolist()]
    places = np.array([int(word) >> 51 for words in telling for word in words], np.uint16)
    topic_rows(
        haystack.data, start, start + sizes, bounds, haystack.starts[0::2].copy(), haystack.ends[0::2].copy(),
        np.array([is_prose for _, is_prose, _ in lines], np.int16), doubtful, np.ones(len(doubtful), np.bool_),
        np.cumsum([0, *map(len, telling)]), places, known_of(""), kinds(), bind, values, rows,
    )  # fmt: skip
    for row, line in zip(rows, doubtful.tolist(), strict=True):
        page = int(np.searchsorted(bounds, line, "right")) - 1
        assert row[-len(TOPIC) :].tolist() == slowly(*pages[page], line - int(bounds[page]))

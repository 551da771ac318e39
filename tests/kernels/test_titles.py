"""Kernels that compare headlines, beside obvious ways to do the same."""

from __future__ import annotations

import math
from collections import Counter
from itertools import accumulate, combinations, pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels import titles
from corpusgate.kernels.folding import fold_table
from corpusgate.kernels.haystack import build
from corpusgate.kernels.survey import survey
from corpusgate.kernels.survey_tables import Wanted, tables, words_in
from corpusgate.signals.charset_model import model
from corpusgate.signals.charsets import first_test
from corpusgate.signals.titles import lay, likeness, rank, weights
from corpusgate.strategies import any_text

_TEXTS = st.lists(any_text(60) | st.text("ab -\u0627\u0623\u0640\u064b\u4e2d", max_size=30), min_size=1, max_size=6)


def _letters(text: str) -> str:
    """Folded letters by words."""
    index, targets = fold_table()
    folded = [
        "".join(
            "".join(map(chr, targets[index[ord(letter)] : index[ord(letter) + 1]])) if ord(letter) < 0x10000 else letter for letter in word
        )
        for word in words_in(text)
    ]
    return " ".join(filter(None, folded))


def _clean(texts: list[str]) -> list[str]:
    return [text.encode("utf-8", "replace").decode() for text in texts]


def _laid(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    haystack, known = build({"headline": pa.array(texts, pa.string())}), tables(Wanted())
    return titles.letters_of(haystack.data, haystack.starts, haystack.ends, known.known, known.index, known.targets)  # type: ignore[no-any-return]


@settings(max_examples=300, deadline=None)
@given(texts=_TEXTS)
def test_letters_are_folded_with_gaps_between_words(texts: list[str]) -> None:
    texts = _clean(texts)
    letters, bounds = _laid(texts)
    found = ["".join(map(chr, letters[a:b])).replace("\0", " ") for a, b in pairwise(bounds)]
    assert found == [_letters(text) for text in texts]


@settings(max_examples=200, deadline=None)
@given(texts=_TEXTS)
def test_the_hash_of_letters_is_that_of_the_survey(texts: list[str]) -> None:
    texts = _clean(texts)
    haystack = build({"headline": pa.array(texts, pa.string()), "text": pa.nulls(len(texts), pa.string())})
    seen = survey(haystack, Wanted(), 12, first_test(), model())
    hashes, _ = titles.hash_letters(*_laid(texts))
    assert hashes.tolist() == seen.folded[haystack.segment("headline")].tolist()


def _runs(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[i : i + titles.RUN] for i in range(max(1, len(padded) - titles.RUN + 1))} if text else set()


@settings(max_examples=200, deadline=None)
@given(texts=_TEXTS)
def test_likeness_is_a_cosine_of_rare_runs(texts: list[str]) -> None:
    texts = _clean([text for text in texts if not any(map(str.isnumeric, text))])
    laid = lay(pa.array(texts, pa.string()))
    rarity = weights(laid, np.arange(len(texts)))
    runs = [_runs(_letters(text)) for text in texts]
    often = Counter(run for own in runs for run in own)
    square = {run: math.log((len(texts) + 1001) / (count + 0.5)) ** 2 for run, count in often.items()}

    def size(own: set[str]) -> float:
        return sum(square[run] for run in own)

    for i, j in combinations(range(len(texts)), 2):
        found = likeness(laid, rarity, np.array([i]), np.array([j]))[0]
        known = size(runs[i] & runs[j]) / math.sqrt(size(runs[i]) * size(runs[j])) if runs[i] and runs[j] else 0
        assert abs(found - known) < 1e-3


@settings(max_examples=200, deadline=None)
@given(texts=_TEXTS, cut=st.integers(0, 20))
def test_a_cut_copy_begins_like_the_whole(texts: list[str], cut: int) -> None:
    texts = _clean([texts[0][:cut], *texts])
    letters, bounds = _laid(texts)
    bare = [_letters(text).replace(" ", "") for text in texts]
    for i, j in combinations(range(len(texts)), 2):
        shorter, longer = sorted((bare[i], bare[j]), key=len)
        found = titles.begin_alike(letters, bounds, np.array([i]), np.array([j]))[0]
        if not longer.startswith(shorter) or len(longer) == len(shorter):
            assert found == titles.APART
            continue
        words = _letters(max((texts[i], texts[j]), key=lambda text: len(_letters(text).replace(" ", "")))).split()
        gaps = set(accumulate(map(len, words)))
        assert found == (titles.AT_GAP if len(shorter) in gaps else titles.IN_WORD)


@settings(max_examples=200, deadline=None)
@given(texts=_TEXTS, length=st.integers(1, 8), count=st.integers(1, 6))
def test_a_sketch_holds_the_smallest_runs(texts: list[str], length: int, count: int) -> None:
    texts = _clean(texts)
    rows, keys = titles.smallest(*_laid(texts), length, count)
    for i, text in enumerate(texts):
        bare = _letters(text).replace(" ", "")
        runs = {bare[k : k + length] for k in range(max(1, len(bare) - length + 1))} if bare else set()
        single = {int(titles.hash_run(np.array(list(map(ord, run)), np.int32))) for run in runs}
        assert keys[rows == i].tolist() == sorted(single)[:count]


def test_rank_puts_nearly_the_same_first() -> None:
    same, near, scores, other = rank(
        [
            ("Old mill finds a buyer", "OLD MILL FINDS A BUYER!"),
            ("Old mill finds a buyer at last", "Old mill finds a new buyer at last"),
            ("Reeds beat Willows 3 to 1", "Reeds beat Willows 4 to 2"),
            ("Old mill finds a buyer", "Bridge closes for a week"),
        ]
    )
    assert same == 1
    assert 0.6 < near < 1
    assert scores < near
    assert other < 0.2

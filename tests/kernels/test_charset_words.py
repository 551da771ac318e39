"""Words that are known whole: looked up as a plain dictionary would."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.charset_text import NO_LETTER, cost, is_known, with_letter
from corpusgate.signals.charset_model import model

WORDS = ("mañana", "für", "że", "içerik", "сообщение", "город", "qzkx", "ñaañ", "straße", "the", "مدينة")
PIECES = st.lists(st.sampled_from([*WORDS, " ", "-", ".", "7", "\N{LATIN SMALL LETTER E WITH ACUTE}"]), max_size=6).map("".join)
LANGUAGES = model().bigram.shape[2]


def _points(text: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([ord(char) for char in text], np.int32)


def _languages_of(word: str) -> int:
    key = NO_LETTER
    for char in word.lower():
        key = with_letter(key, int(model().symbol[ord(char)]))
    known = dict(zip(model().word.tolist(), model().speaks.tolist(), strict=True))
    return int(known.get(int(key), 0))


def _words_of(text: str) -> list[str]:
    parted = "".join(char if 0 < model().symbol[ord(char)] <= model().letters else " " for char in text)
    return parted.split()


@settings(max_examples=60, deadline=None)
@given(PIECES, st.sets(st.integers(0, LANGUAGES - 1)))
def test_a_chunk_is_known_where_all_its_words_are_of_a_likely_language(text: str, likely: set[int]) -> None:
    costs = np.full(LANGUAGES, 100, np.int32)
    costs[list(likely)] = 0
    words = _words_of(text)
    expected = bool(words) and all(any(_languages_of(word) >> k & 1 for k in likely) for word in words)
    assert is_known(_points(text), len(text), model(), costs) == expected


def test_keys_are_ascending_and_found_by_their_upper_bits() -> None:
    known = model()
    assert (np.diff(known.word.astype(np.int64)) > 0).all()
    for upper in (0, 1, 777, 65535):
        own = known.word[known.word_at[upper] : known.word_at[upper + 1]]
        assert own.tolist() == known.word[known.word >> 16 == upper].tolist()


def test_words_of_some_languages_are_there() -> None:
    for word in ("mañana", "für", "że", "сообщение"):
        assert _languages_of(word), word
    assert not _languages_of("ñaañ")
    assert not _languages_of("þey")


def _cost(text: str) -> int:
    return int(cost(_points(text), len(text), model(), np.zeros(LANGUAGES, np.int32), np.empty(LANGUAGES, np.int32)))


def test_a_known_word_costs_less_than_its_letters() -> None:
    assert _cost("mañana") < _cost("mañanb")


def test_a_lone_letter_that_is_no_word_is_dear_but_not_in_quotes() -> None:
    assert _cost("ĝ") > _cost("\N{LATIN SMALL LETTER E WITH GRAVE}") + 30
    assert _cost("(ĝ)") - _cost("(g)") < _cost("ĝ") - _cost("g")


def test_an_abbreviation_is_not_bound_by_pairs_of_letters() -> None:
    assert _cost("ФПК") < _cost("ФПКЩЪЬ") / 2

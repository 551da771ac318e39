"""The words that the model of lines knows in languages that it has no pages of."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from corpusgate.kernels.line_shapes import look_up
from corpusgate.signals import phrase_lists

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
import known_words  # noqa: E402


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("Gallery", 2),
        ("\N{ARABIC LETTER SAD}\N{ARABIC LETTER WAW}\N{ARABIC LETTER REH}", 2),
        ("the", 1),
        ("\u56fe\u7247", 2),
        ("ferries", 0),
    ],
)
def test_words_of_menus_are_told_from_those_that_bind_and_from_all_others(word: str, value: int) -> None:
    keys, values = known_words.unweighed_table()
    (hashed,) = known_words.hashes_of([word])
    assert look_up(hashed, keys, values) == value


def test_no_word_is_listed_and_binds() -> None:
    assert not len(np.intersect1d(known_words.listed_hashes(), known_words.function_hashes()))


def test_words_of_sentences_in_the_phrase_lists_are_not_listed_for_that() -> None:
    texts = {phrase.text for phrase in phrase_lists.all_phrases() if phrase.language in ("en", "de", "ru", "ar")}
    long = {text for text in texts if len(text.split()) > known_words.SHORT}
    menus = " ".join(yaml.safe_load(known_words.MENU_WORDS.read_text("utf-8")).values()).split()
    others = known_words.hashes_of([*menus, *(phrase.text for phrase in phrase_lists.all_phrases() if phrase.text not in long)])
    only_long = np.setdiff1d(known_words.hashes_of(long), others)
    assert len(only_long) > 50
    assert not np.isin(only_long, known_words.listed_hashes()).any()


def test_every_language_of_the_phrase_lists_has_words_of_menus() -> None:
    words = yaml.safe_load(known_words.MENU_WORDS.read_text("utf-8"))
    assert set(words) == {phrase.language for phrase in phrase_lists.all_phrases()}
    for language, of_language in words.items():
        each = of_language.split()
        assert len(each) >= 40, language

"""Languages told by script and function words: the loop against a slow, obvious count, and what it makes of real sentences."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.characters import classes
from corpusgate.kernels.haystack import build
from corpusgate.kernels.languages import count_words, hash_points
from corpusgate.kernels.lookup import index
from corpusgate.signals.language import FUNCTION_WORDS, languages

_WORDS = ("of", "in", "de", "и", "في")
#: Which of three made-up languages have each word.
_BITS = (0b001, 0b011, 0b110, 0b100, 0b111)


def _counted(text: str, sure: int) -> list[int]:
    """Word by word, all counts gone through each time."""
    counts = [0, 0, 0]
    for word in re.findall(r"[a-zа-яء-ي]+", text):
        if word in _WORDS:
            for j in range(3):
                counts[j] += _BITS[_WORDS.index(word)] >> j & 1
            second, best = sorted(counts)[-2:]
            if best >= sure and best >= 2 * second:
                break
    return counts


@settings(deadline=None)
@given(st.lists(st.sampled_from([*_WORDS, "x", "ofin", "д", "في2"]), max_size=40), st.integers(1, 9))
def test_counts_are_those_of_a_slow_count(words: list[str], sure: int) -> None:
    text = " ".join(words)
    data = build({"text": pa.array([text])})
    keys = np.array([hash_points(np.array([ord(c) for c in word], np.int64)) for word in _WORDS], np.int64)
    counts, letters = count_words(
        data.data, classes(), data.starts, data.ends, index(keys), keys, np.array(_BITS, np.int64), 3, np.zeros(512, np.int64), 1, sure
    )
    assert counts[0].tolist() == _counted(text.replace("في2", "x"), sure)
    assert letters[0, 0] <= sum(character.isalnum() for character in text)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "The keeper of the lamp was not at home, and this is all that was said of it."),
        ("de", "Der Wärter ist nicht zu Hause, und das ist auch alles, was von ihm gesagt wird."),
        ("fr", "La gardienne est dans une barque avec les enfants, et elle est plus sûre que le pont."),
        ("ru", "Смотритель не был дома, и это все, что он сказал, так же как его сосед по реке."),
        ("uk", "Доглядач не був вдома, але це все, що він сказав про море та його берег, які він знає з дитинства."),
        ("ar", "قال الحارس إن المصباح في البيت وهذا كل ما قال عن ذلك بعد أن عاد من البحر."),
        ("fa", "نگهبان در خانه است و این را با خود به دریا می برد که از آن آمده است."),
        ("ja", "灯台の番人は家にいませんでした。"),
        ("zh", "守灯人不在家里。"),
        ("ko", "등대지기는 집에 없었다."),
        ("", "12 34"),
    ],
)
def test_a_text_is_sorted_by_its_words(code: str, text: str) -> None:
    assert languages(pa.nulls(1, pa.string()), build({"headline": pa.nulls(1, pa.string()), "text": pa.array([text])})) == [code]


def test_what_the_column_says_comes_first() -> None:
    haystack = build({"headline": pa.nulls(3, pa.string()), "text": pa.array(["the of and to in is that"] * 3)})
    assert languages(pa.array(["de-AT", " FR ", "english"]), haystack) == ["de", "fr", "en"]


def test_every_word_is_of_some_language() -> None:
    assert all(word == word.lower() for words in FUNCTION_WORDS.values() for word in words.split())

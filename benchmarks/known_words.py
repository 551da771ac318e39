"""Words that are known in languages of which no page is labelled: those that bind sentences, and those of menus, prompts and forms."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import yaml
from numpy.typing import NDArray

from corpusgate.kernels.haystack import build
from corpusgate.kernels.line_model import line_words
from corpusgate.kernels.line_shapes import kinds
from corpusgate.kernels.survey_tables import HASH_AT, known_of
from corpusgate.signals import phrase_lists
from corpusgate.signals.language import FUNCTION_WORDS

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]

#: Words of menus by language; and words of the longest furniture phrase whose words count as well, since longer ones are sentences.
MENU_WORDS, SHORT = Path(__file__).parent / "menu_words.yaml", 3


def function_hashes() -> Hashes:
    """Hashes of the words that bind sentences, in all languages of `FUNCTION_WORDS`."""
    return hashes_of(word for words in FUNCTION_WORDS.values() for word in words.split())


def listed_hashes() -> Hashes:
    """Hashes of the words of menus and forms, and of those of short furniture phrases; without those that bind sentences.

    Phrases without spaces, as in Chinese, are all short: their words are each two neighbours.
    """
    words = [word for of_language in yaml.safe_load(MENU_WORDS.read_text("utf-8")).values() for word in of_language.split()]
    words += [phrase.text for phrase in phrase_lists.all_phrases() if len(phrase.text.split()) <= SHORT]
    return np.setdiff1d(hashes_of(words), function_hashes())


def hashes_of(texts: Iterable[str]) -> Hashes:
    """Hashes of all words in some texts, rising."""
    haystack = build({"word": pa.array(sorted(set(texts)))})
    everything = np.arange(len(haystack.starts))
    return np.unique(line_words(haystack.data, haystack.starts, haystack.ends, everything, known_of(""), kinds())[1])


def unweighed_table() -> tuple[Hashes, Shorts]:
    """A table of the words that are known in any language, before any is weighed."""
    bind, listed = function_hashes(), listed_hashes()
    return table_of(np.concatenate([bind, listed]), np.concatenate([np.ones(len(bind), np.int64), np.full(len(listed), 2)]))


def table_of(hashes: Hashes, values: Ints) -> tuple[Hashes, Shorts]:
    """Lay words out as `line_shapes.look_up` finds them."""
    size = max(64, 1 << (2 * len(hashes)).bit_length())
    keys, laid = np.zeros(size, np.uint64), np.zeros(size, np.int16)
    for word, value in zip(hashes.tolist(), values.tolist(), strict=True):
        place = word >> HASH_AT & size - 1
        while keys[place]:
            place = (place + 1) % size
        keys[place], laid[place] = word, value
    return keys, laid

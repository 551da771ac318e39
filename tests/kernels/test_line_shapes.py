"""What a line looks like by itself, against the same told slowly."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels import line_shapes as shapes
from corpusgate.kernels.characters import BMP
from corpusgate.kernels.haystack import build
from corpusgate.kernels.survey_tables import ALONE, BASE, BEYOND, FOLDED, FOLDED_AT, GLUE, LETTER, known_of

_PIECES = (
    "Read more",
    "\N{BLACK CIRCLE} 12:30",
    "«Il»",
    "\u0639\u0627\u062c\u0644",
    "\u9996\u9875",
    "ABC",
    "e\u0301",
    "...",
    "© 2024",
    "a@b.c/d",
    "?!",
)
TEXTS = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(_PIECES)), max_size=12).map(
    lambda parts: " ".join(parts).replace("\n", " ").encode("utf-8", "ignore").decode()
)
MASK = (1 << 64) - 1


def _kind(character: str) -> int:
    return int(shapes.kinds()[ord(character)]) if ord(character) < BMP else shapes.OTHER


def _trait(character: str) -> int:
    return int(known_of("")[ord(character)]) if ord(character) < BMP else BEYOND


def slow_words(text: str) -> tuple[list[int], dict[str, int]]:
    """Hashes of the words of what is read of a line, and its numbers."""
    read, size = "", 0
    for character in text:
        if size >= shapes.READ:
            break
        read += character
        size += len(character.encode())
    runs: list[list[str]] = []
    words: list[list[str] | tuple[str, str]] = []
    run: list[str] = []
    lone = ""
    for character in [*read, "\n"]:
        trait = _trait(character) if character != "\n" else 0
        if trait & LETTER and not trait & ALONE:
            run.append(character)
            lone = ""
        elif not trait & GLUE:
            if run:
                runs.append(run)
                words.append(run)
                run = []
            if trait & LETTER:
                if lone:
                    words.append((lone, character))
                lone = character
            else:
                lone = ""
    hashes = []
    for word in words:
        value = 0
        for i, character in enumerate(word):
            trait = _trait(character)
            folded = trait >> FOLDED_AT & FOLDED if isinstance(word, list) else 0
            value = (ord(character) if isinstance(word, tuple) and i == 0 else value * int(BASE) + (folded or ord(character))) & MASK
        hashes.append(value)
    letters = [c for c in read if _trait(c) & LETTER]
    joined = [c for word in runs for c in word]
    others = [(c, before) for before, c in zip(["", *read], read, strict=False) if not _trait(c) & (LETTER | GLUE)]

    def of(kind: int) -> int:
        return sum(_kind(c) == kind for c, _ in others)

    n = len(words)
    numbers = {
        "words": n,
        "wordlength": 10 * len(joined) // max(len(runs), 1),
        "letters": 100 * len(letters) // max(len(read), 1),
        "digits": 100 * sum(_kind(c) == shapes.DIGIT for c in joined) // max(len(read), 1),
        "numbers": sum(all(_kind(c) == shapes.DIGIT for c in word) for word in runs),
        "upper": 100 * sum(_kind(word[0]) == shapes.UPPER for word in runs) // max(n, 1),
        "capitals": 100 * sum(len(word) > 1 and all(_kind(c) == shapes.UPPER for c in word) for word in runs) // max(n, 1),
        "begin": _kind(read[0]) if read else shapes.OTHER,
        "commas": 200 * of(shapes.COMMA) // max(len(read), 1),
        "stops": of(shapes.STOP),
        "bars": of(shapes.BAR),
        "quotes": of(shapes.QUOTE),
        "signs": of(shapes.SIGN),
        "exclaims": sum(_kind(c) == shapes.STOP and c not in ".\N{IDEOGRAPHIC FULL STOP}" for c, _ in others),
        "longest": max(map(len, runs), default=0),
        "colons": of(shapes.COLON),
        "brackets": of(shapes.OPEN) + of(shapes.CLOSE),
        "copyright": sum(c == "©" for c, _ in others),
        "at": sum(c == "@" for c, _ in others),
        "slashes": sum(c == "/" for c, _ in others),
        "dashes": of(shapes.DASH),
        "clock": sum(_kind(c) == shapes.COLON and before != "" and _kind(before) == shapes.DIGIT for c, before in others),
        "ellipsis": of(shapes.ELLIPSIS)
        + sum(_kind(c) == shapes.STOP and before != "" and _kind(before) == shapes.STOP for c, before in others),
    }
    return hashes, numbers


def _read(text: str) -> tuple[list[int], np.ndarray]:
    haystack = build({"text": pa.array([text])})
    words, row = np.empty(shapes.READ + 2, np.uint64), np.zeros(shapes.SHAPES, np.int16)
    n = shapes.words_of(haystack.data, 0, int(haystack.ends[0]), known_of(""), shapes.kinds(), words, row)
    return words[:n].tolist(), row


@settings(deadline=None)
@given(TEXTS)
def test_words_and_numbers_are_those_told_slowly(text: str) -> None:
    hashes, row = _read(text)
    expected, numbers = slow_words(text)
    assert hashes == expected
    assert {name: int(row[shapes.SHAPE.index(name)]) for name in numbers} == numbers


@settings(deadline=None)
@given(TEXTS, st.dictionaries(st.integers(0, 20), st.integers(-800, 803), max_size=8))
def test_words_are_weighed_as_they_are_told_slowly(text: str, chosen: dict[int, int]) -> None:
    hashes, row = _read(text)
    value = {hashes[i]: v for i, v in chosen.items() if i < len(hashes) and hashes[i] and v}
    keys, values = np.zeros(64, np.uint64), np.zeros(64, np.int16)
    for word, v in value.items():
        place = word >> 40 & 63
        while keys[place]:
            place = (place + 1) % 64
        keys[place], values[place] = word, v
    words = np.array(hashes, np.uint64)
    kept = shapes.weigh(words, len(hashes), keys, values, row)
    assert words[:kept].tolist() == [word for word in hashes if value.get(word, 0) & 1 == 0]
    weights = [value.get(word, 0) >> 2 for word in hashes]
    binding = sum(value.get(word, 0) & 1 for word in hashes)
    n = max(len(hashes), 1)
    expected = {
        "sum": max(min(sum(weights), 3000), -3000),
        "mean": 4 * sum(weights) // n,
        "most": max([0, *weights]),
        "least": min([0, *weights]),
        "first": weights[0] if weights else 0,
        "function": 100 * binding // n,
        "functions": binding,
        "known": 100 * sum(value.get(word, 2) != 2 for word in hashes) // n,
        "listed": 100 * sum(value.get(word, 0) >> 1 & 1 for word in hashes) // n,
    }
    assert {name: int(row[shapes.SHAPE.index(name)]) for name in expected} == expected


@settings(deadline=None)
@given(TEXTS)
def test_ends_are_told_behind_quotes_and_brackets(text: str) -> None:
    data = build({"text": pa.array([text])})
    found = shapes.ending(data.data, 0, int(data.ends[0]), shapes.kinds())
    last, rest = shapes.OTHER, text
    for _ in range(3):
        if not rest:
            break
        kind = _kind(rest[-1])
        if last == shapes.OTHER or kind == shapes.STOP:
            last = kind
        if kind == shapes.STOP and rest.endswith(".."):
            last = shapes.ELLIPSIS
            break
        if kind not in (shapes.QUOTE, shapes.CLOSE):
            break
        rest = rest[:-1]
    assert found == last


def test_a_character_of_the_far_east_says_more() -> None:
    for text, long in (("Home", 4), ("Größe", 5), ("الرئيسية", 8), ("首页", 5), ("首页 Home", 10), ("", 0)):
        haystack = build({"text": pa.array([text])})
        assert shapes.effective(haystack.data, 0, int(haystack.ends[0]), len(text)) == long

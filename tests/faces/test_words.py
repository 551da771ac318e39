"""The catalogues of languages, and the colours: each says all that the report needs, and all can be read."""

from __future__ import annotations

import re
from importlib import resources
from itertools import product
from pathlib import Path
from string import Formatter

import pytest

from corpusgate import packs
from corpusgate.faces import html
from corpusgate.faces.change import change
from corpusgate.faces.words import known, words
from corpusgate.results import Bound, Results

FACES = resources.files("corpusgate.faces")


def _names(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.parametrize("code", known())
def test_a_language_has_the_keys_of_english_with_their_values(code: str) -> None:
    english, other = words("en").phrases, words(code).phrases
    keys = [{key for key in catalogue if not key.endswith(".one")} for catalogue in (english, other)]
    assert keys[0] == keys[1]
    for key in keys[0]:
        assert _names(other[key]) == _names(english[key]), key
    for key in (key for key in other if key.endswith(".one")):
        assert _names(other[key]) <= _names(other[key.removesuffix(".one")]), key


def test_every_phrase_that_a_template_asks_for_is_there_and_none_is_left_over() -> None:
    folders = ((FACES / "templates", "*.html"), (FACES, "*.py"), (FACES / "words", "*.py"))
    said = "\n".join(path.read_text("utf-8") for folder, kind in folders for path in Path(str(folder)).glob(kind))
    asked = set(re.findall(r'"([a-z_]+)"', said))
    made = tuple(prefix for prefix in re.findall(r'"([a-z]+_)" ~', said))
    made += ("nav_", "open", "held", "undecided", "allow_", "change_only", "field_", "kind_")
    phrases = {key.removesuffix(".one") for key in words("en").phrases} - {"language", "direction"}
    assert {key for key in phrases if key not in asked and not key.startswith(made)} == set()
    assert set(re.findall(r'\bw\("([a-z_]+)"[,)]', said)) <= phrases


def test_translations_are_of_checks_that_there_are() -> None:
    there = {check.id for check in packs.built_in()} | {"COR001"}
    for code in known():
        assert set(words(code).checks) <= there
        assert all(set(said) <= {"name", "summary", "why", "remedy"} for said in words(code).checks.values())


def test_bounds_in_words() -> None:
    w = words("en")
    told = [
        w.bound(Bound(max=most, mostly=mostly, max_records=records, words=""))
        for most, mostly, records in [(0, 1.0, None), (0, 0.999, None), (2, 0.5, 30), (0, None, 1200), (0, None, None)]
    ]
    assert told == [
        "every record without one",
        "at least 99.9 % of records without one",
        "at least 50 % of records with at most 2 and at most 30 records",
        "at most 1,200 records",
        "any number",
    ]


def test_the_report_in_each_language_is_a_whole(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    for code in known():
        page = html.render(results, code, change=change(results, [results]))
        assert f'<html lang="{code}" dir="{words(code).direction}">' in page
        assert words(code)("whole_records") in page


#: Text and what it stands on, of all pairs of colours in the style sheet.
PAIRS = [
    ("ink", "card"), ("ink", "ground"), ("muted", "card"), ("muted", "ground"), ("link", "card"), ("link", "ground"), ("mark-ink", "mark"),
    ("ground", "ink"), ("ink", "clean-bg"), *((state, f"{state}-bg") for state in ("fail", "warn", "tolerated", "clean")),
    *product(("fail", "warn", "tolerated", "clean"), ("card",)), *product(("card",), ("fail", "warn", "tolerated")),
]  # fmt: skip


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_contrast_is_that_of_wcag_aa(theme: int) -> None:
    found = re.findall(r"--([a-z-]+):light-dark\((#[0-9A-F]{6}),(#[0-9A-F]{6})\)", html.style_sheet())
    colours = {name: values[theme] for name, *values in found}
    for text, ground in PAIRS:
        assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    # What borders a control, and columns of a chart on their card.
    for line, ground in (("line", "card"), ("line", "ground"), ("fail", "card")):
        assert _contrast(colours[line], colours[ground]) >= 3, (line, ground)
    assert _contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_dates_in_sentences_from_right_to_left_are_not_turned_around() -> None:
    said = words("ar")("baseline_counts", made="2026-01-31", new=1, known=2, gone=3)
    assert "\N{LEFT-TO-RIGHT ISOLATE}2026-01-31\N{POP DIRECTIONAL ISOLATE}" in said
    assert "\N{LEFT-TO-RIGHT ISOLATE}" not in words("en")("baseline_counts", made="2026-01-31", new=1, known=2, gone=3)

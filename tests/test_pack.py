"""The built-in pack as documentation: every check says what, why and what to do, and shows what it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpusgate import packs, signals
from corpusgate.checks import Check
from corpusgate.signals import phrase_lists

ROOT = Path(__file__).parents[1]
PREFIX = {"boilerplate": "BLP", "headlines": "HDL", "dates": "DAT", "encoding": "ENC"}
CHECKS = packs.built_in()
each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)

LANGUAGES = {"ar", "de", "el", "en", "es", "fa", "fr", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "uk", "ur", "zh"}


def test_ids_count_through_each_family_without_a_gap() -> None:
    for family, prefix in PREFIX.items():
        ids = sorted(check.id for check in CHECKS if check.family == family)
        assert ids == [f"{prefix}{i:03d}" for i in range(1, len(ids) + 1)]
    assert {check.family for check in CHECKS} == set(PREFIX)


@each_check
def test_a_check_says_what_why_and_what_to_do(check: Check) -> None:
    for text in (check.summary, check.why.strip(), check.remedy.strip()):
        assert text[0].isupper()
        assert text.endswith(".")
    assert len(check.why.split()) >= 12
    assert len(check.remedy.split()) >= 6


@each_check
def test_a_check_shows_what_it_finds_and_what_it_leaves_alone(check: Check) -> None:
    assert check.examples.bad
    assert len(check.examples.good) >= 2


@each_check
def test_a_check_that_can_hold_a_release_bounds_each_source_too(check: Check) -> None:
    if check.severity == "info":
        assert not check.per
    else:
        assert "source" in check.per
        assert (check.expect.mostly or 0) >= check.per["source"].mostly


@each_check
def test_its_signal_is_of_its_family_and_documented(check: Check) -> None:
    signal = signals.find(check.signal, check.name)
    assert signal.family == check.family
    assert signal.doc.endswith(".")


def test_every_signal_is_read_by_a_check_or_meant_for_a_users_own() -> None:
    assert set(signals.REGISTRY) - {check.signal for check in CHECKS} == {"own_phrases"}


def test_phrase_lists_are_clean_data() -> None:
    phrases = phrase_lists.all_phrases()
    assert {phrase.language for phrase in phrases} == LANGUAGES
    seen: set[tuple[str, str, str]] = set()
    for phrase in phrases:
        assert phrase.text == phrase.text.strip()
        assert "\n" not in phrase.text
        assert len(phrase.text) >= 2
        key = (phrase.language, phrase.kind, phrase.text.casefold())
        assert key not in seen, key
        seen.add(key)


def test_no_file_in_the_repository_is_longer_than_the_house_allows() -> None:
    long = {}
    for folder in ("src", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            count = len(path.read_text("utf-8").splitlines())
            if count > 330:
                long[path.relative_to(ROOT).as_posix()] = count
    assert not long


def test_odd_characters_are_escaped_in_code() -> None:
    odd = re.compile(
        "[\N{ZERO WIDTH SPACE}\N{NO-BREAK SPACE}\N{RIGHT-TO-LEFT OVERRIDE}\N{REPLACEMENT CHARACTER}\x00-\x08\x0b-\x1f\x7f-\x9f]"
    )
    for path in [*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/**/*.py"), *ROOT.glob("checks/**/*.yaml")]:
        found = odd.search(path.read_text("utf-8"))
        assert found is None, (path, found)

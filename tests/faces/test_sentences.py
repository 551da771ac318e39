"""What runs say in English is said in the language of the report: nothing of ours is left in English in it."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusgate import calibrate, packs, policy, wording
from corpusgate.acceptance import TOLERANCE
from corpusgate.faces import html
from corpusgate.faces.words import _read, known, words
from corpusgate.faces.words.sentences import Said, catalogue, translated
from corpusgate.planting import Trial
from corpusgate.results import Accepted, Calibration, Results, Waiver
from corpusgate.signals import furniture
from corpusgate.signals.across import AcrossSignal, Query
from corpusgate.signals.base import REGISTRY
from corpusgate.signals.charset_channels import CHANNELS
from corpusgate.signals.date_contradictions import contradictions
from corpusgate.wording import Over

ROOT = Path(__file__).parents[2]
TRANSLATED = [code for code in known() if code != "en"]

each_language = pytest.mark.parametrize("code", TRANSLATED)


def _pairs(code: str) -> dict[str, str]:
    found: dict[str, str] = _read(f"{code}.sentences.yaml")
    return found


def _filled(sentence: str) -> tuple[str, set[str]]:
    """A sentence with a value in each place, and the values."""
    names = re.findall(r"\{(\w+)(?::said)?\}", sentence)
    return re.sub(r"\{(\w+)(?::said)?\}", r"\1-value", sentence), {f"{name}-value" for name in names}


@each_language
def test_each_sentence_is_found_with_all_of_its_values(code: str) -> None:
    for english, translation in _pairs(code).items():
        text, values = _filled(english)
        said = translated(text, words(code).sentences)
        assert said is not None
        assert "".join(one.text for one in said) == _filled(translation)[0], english
        assert {one.text for one in said if one.is_value} == values == _filled(translation)[1], english


@each_language
def test_no_sentence_is_left_that_nothing_says(code: str) -> None:
    code_says = "\n".join(path.read_text("utf-8") for path in (ROOT / "src" / "corpusgate").rglob("*.py"))
    # What Python's reader of JSON says, kinds of slices and what facts are called are put together elsewhere.
    pairs, foreign = _pairs(code), {"Expecting", "Unterminated", "Invalid", "Extra", "Illegal"}
    for english in pairs:
        longest = " ".join(max(re.split(r"\{\w+\}|[,;:.]", english), key=len).split()[:3])
        is_known = longest in code_says or longest.replace(" ", "_") in code_says
        assert is_known or english.split()[0] in foreign or "(" in longest, english


def test_values_are_what_stands_between_the_words() -> None:
    sentences = catalogue({"{a} is a {b}, not {c}.": "<{c}> {a} {b:said}", "dog": "chien", "cat": "chat"})
    assert translated("x, y is a dog, not a cat.", sentences) == (
        Said("<", False), Said("a cat", True), Said("> ", False), Said("x, y", True), Said(" ", False), Said("chien", False),
    )  # fmt: skip
    assert translated("cat", sentences) == (Said("chat", False),)
    for text in ("", "a cat", "x is a , not y.", " is a dog, not y.", "x is a dog, not .", "x is a dog, not y"):
        assert translated(text, sentences) is None


@given(st.lists(st.text("ab. ", max_size=4), min_size=3, max_size=3), st.text("ab. ", max_size=12))
def test_a_sentence_is_found_as_a_regular_expression_finds_it(literals: list[str], text: str) -> None:
    expected = re.fullmatch(f"{re.escape(literals[0])}(.+?){re.escape(literals[1])}(.+){re.escape(literals[2])}", text, re.DOTALL)
    (sentence,) = catalogue({f"{literals[0]}{{a}}{literals[1]}{{b}}{literals[2]}": "{a} {b}"})
    values = sentence.values(text)
    if values is not None:
        assert f"{literals[0]}{values['a']}{literals[1]}{values['b']}{literals[2]}" == text
        assert literals[1] == "" or literals[1] not in (values["a"] + literals[1])[: -len(literals[1])]
    elif literals[1]:
        # A value is never empty: where the words between stand at once, later ones are not looked for.
        assert expected is None or text.startswith(literals[1], len(literals[0])) or not expected[2]


@each_language
def test_all_that_signals_say_is_translated(code: str) -> None:
    w = words(code)
    notes = [
        query.told(7, [f"part-{i}.jsonl" for i in range(8)])
        for check in packs.built_in()
        if isinstance(signal := REGISTRY[check.signal], AcrossSignal)
        for query in signal.queries(check.with_)
        if isinstance(query, Query) and query.note
    ]
    bits = range(len(furniture._REASONS))
    notes += [furniture._words(sum(1 << bit for bit in chosen)) for n in range(5) for chosen in combinations(bits, n)]
    notes += [channel.name for channel in CHANNELS]
    text = "Monday, 3 March 2026. Monday, 03/04/2026. 30 February 2021. شباط / مارس 2024"
    notes += [one.message for one in contradictions(text, "en")]
    assert len(notes) > 100
    assert [note for note in notes if w.sentence(note) is None] == []


@each_language
def test_no_finding_of_the_sample_is_told_in_english(sample_run: tuple[Results, Path], code: str) -> None:
    page = html.render(sample_run[0], code)
    assert re.findall(r"<[a-z]+[^>]* lang=\"en\"[^>]*>[^<]*", page) == []
    english = {e.message for v in sample_run[0].verdicts for e in v.examples if e.message}
    assert len(english) > 20
    assert [message for message in english if message in page] == []


@each_language
def test_policy_and_calibration_are_told_in_the_language_of_the_report(sample_run: tuple[Results, Path], code: str) -> None:
    results, _ = sample_run
    trials = [(Trial("", language, "", (), ()), False) for language in ("en", "") for _ in range(20)]
    seen = calibrate._told(packs.built_in()[0], trials, np.zeros(9, np.bool_), ["en", "xx", ""])
    unplanted = {
        "a/b": "needs published",
        "a/c": "needs published and url",
        "a/d": "there is no corruptor for it",
        "a/e": "no record here can carry it",
    }
    calibration = Calibration(measures="", seed=0, records=9, marked=False, checks=[seen], unplanted=unplanted)
    used = Waiver(
        check="a/b",
        scope="source",
        value="x",
        reason="r",
        owner="",
        last_day="2026-01-01",
        state="used",
        days_left=3,
        records=1,
        findings=1,
    )
    waivers = [
        used,
        used.model_copy(update={"state": "unused", "scope": "record"}),
        used.model_copy(update={"state": "expired", "days_left": -3, "scope": "fingerprint"}),
        used.model_copy(update={"state": "expired", "days_left": None, "last_day": "soon"}),
    ]
    past = Accepted(corpus="c", made="2026-01-01", tolerance=TOLERANCE, ratchet=True, known=1, new=1, gone=3)
    notes = policy._notes(waivers, past)
    assert len(notes) == 5
    over = [Over("corpus", "", 30, 3), Over("source", "x", 3, 2), Over("language", "ar", 3, 2), Over("month", "2026-01", 3, 2)]
    worse = [f"New or worse than the baseline: {wording.named(over[: n + 1])}." for n in range(4)]
    worse += [f"Worse than the baseline, which is a ratchet: {wording.named(over[n:])}." for n in range(4)]
    check = packs.built_in()[0]
    idle = [wording.idle(check, lacking) for lacking in ((), ("published",), ("published", "url"))]
    verdicts = (
        [v.model_copy(update={"worse": said}) for v, said in zip(results.verdicts, worse, strict=False)] + results.verdicts[8:] + idle
    )
    gate = results.gate.model_copy(update={"notes": [*notes, "Not to be told from this sample: BLP001, BLP002."]})
    update = {"waivers": waivers, "baseline": past, "verdicts": verdicts, "gate": gate, "calibration": calibration}
    page = html.render(results.model_copy(update=update), code)
    assert re.findall(r"<[a-z]+[^>]* lang=\"en\"[^>]*>[^<]*", page) == []
    assert str(date(2026, 1, 1)) in page

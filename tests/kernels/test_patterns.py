"""The pattern engine: what matches where, against Python's `re`; and that no set of our patterns crashes it."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.errors import Problem
from corpusgate.kernels.chunk_letters import HOLDS_WORD
from corpusgate.kernels.haystack import Haystack, build
from corpusgate.kernels.patterns import Matches, Pattern, PatternSet, literal
from corpusgate.kernels.survey import survey
from corpusgate.kernels.survey_tables import Wanted
from corpusgate.signals import REGISTRY
from corpusgate.signals.charset_model import model
from corpusgate.signals.charsets import first_test

TEXTS = st.lists(
    st.text(st.sampled_from("ab \n\N{LATIN SMALL LETTER E WITH ACUTE}\N{ARABIC LETTER ALEF}\ufffd?"), max_size=30), min_size=1, max_size=4
)


def haystack(texts: list[str]) -> Haystack:
    return build({"text": pa.array(texts, pa.string())})


def found(pattern: Pattern, texts: list[str]) -> list[tuple[int, str]]:
    laid = haystack(texts)
    matches = PatternSet([pattern]).scan(laid)
    spans = zip(matches.segment.tolist(), matches.start.tolist(), matches.end.tolist(), strict=True)
    return [(segment, laid.text(start, end)) for segment, start, end in spans]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts=TEXTS, expression=st.sampled_from(["ab", "a+", r"\x{FFFD}\x{FFFD}*", "[ab]{2,4}", "a[^\n]*b", r"\?\?\?*"]))
def test_leftmost_longest_without_overlap_as_re_finds_it(texts: list[str], expression: str) -> None:
    python = re.compile(expression.replace(r"\x{FFFD}", "\ufffd"))
    expected = [(i, match[0]) for i, text in enumerate(texts) for match in python.finditer(text)]
    assert found(Pattern(expression, caseless=False), texts) == expected


@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts=TEXTS)
def test_words_begin_and_end_at_borders(texts: list[str]) -> None:
    word = re.compile("(?<![\\w\ufffd])ab(?!\\w)".replace("\ufffd", ""))
    expected = [(i, match[0]) for i, text in enumerate(texts) for match in word.finditer(text)]
    assert found(Pattern("ab", words=True, caseless=False), texts) == expected


def test_quotes_and_case_do_not_matter_in_a_phrase() -> None:
    patterns = literal("Don't miss")
    laid = haystack(["DON\N{RIGHT SINGLE QUOTATION MARK}T MISS it, don't missed, don't miss"])
    matches = PatternSet(patterns).scan(laid).longest()
    assert [laid.text(s, e) for s, e in zip(matches.start.tolist(), matches.end.tolist(), strict=True)] == [
        "DON\N{RIGHT SINGLE QUOTATION MARK}T MISS",
        "don't miss",
    ]


def test_equal_patterns_are_compiled_once() -> None:
    assert len(PatternSet([Pattern("a"), Pattern("b"), Pattern("a")]).patterns) == 2


_CRASH = """
import random
from corpusgate import packs
from corpusgate.checks import Suite
from corpusgate.kernels.haystack import build
from corpusgate.kernels.patterns import PatternSet
from corpusgate.records import FIELDS
from corpusgate.runners import plan
import pyarrow as pa

texts = ["The ferry sails again at noon. " * 400, "\\ufffd\\ufffd \\u0640\\u0640 <b> &amp; \\u2026 ??? ?? 3. M\\u00e4rz 2026\\n" * 300,
         "?" * 5000, "\\n" * 3000, ("x" * 63 + "\\u00e9") * 100, "", "\\u041f\\u0440\\u0438\\u0432\\u0435\\u0442 " * 300]
haystack = build({"text": pa.array(texts, pa.string())})
checks = packs.built_in()
draw = random.Random(1)
suites = [(check,) for check in checks] + [tuple(draw.sample(checks, size)) for size in (2, 3, 5, 8, 13) for _ in range(3)]
for chosen in suites:
    plan.make(Suite(name="some", checks=chosen), FIELDS).patterns.scan(haystack)
for pattern in plan.make(Suite(name="all", checks=checks), FIELDS).patterns.patterns:
    if not pattern.words:
        PatternSet([pattern]).scan(haystack)
"""


def test_no_pattern_alone_and_no_set_of_checks_crashes_the_engine() -> None:
    """In a process of its own, since a crash would take pytest with it."""
    done = subprocess.run([sys.executable, "-c", _CRASH], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-1000:] or f"ended by signal {-done.returncode}"


@pytest.mark.parametrize("phrase", ["", "  ", "a\nb"])
def test_phrases_of_ones_own_are_words_on_one_line(phrase: str) -> None:
    with pytest.raises(Problem, match=r"with\.phrases"):
        REGISTRY["own_phrases"].patterns_for({"phrases": ["a b", phrase]})


_LINES = st.lists(st.text(st.sampled_from("abAB?<\N{ARABIC TATWEEL} 1998xyz."), max_size=24), min_size=1, max_size=5).map("\n".join)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(rows=st.lists(st.tuples(_LINES, _LINES), min_size=1, max_size=4))
def test_patterns_that_look_in_some_lines_miss_nothing_there(rows: list[tuple[str, str]]) -> None:
    patterns = (
        Pattern("ab", caseless=False),
        Pattern("a[?<]", needs="?<", caseless=False),
        Pattern("b ", longest_line=6, caseless=False),
        Pattern("x?y", year=True, caseless=False),
        Pattern("a", field="headline", caseless=False),
        *literal("Ab z"),
        *literal("?<"),
    )
    laid = build({"headline": pa.array([row[0] for row in rows]), "text": pa.array([row[1] for row in rows])})
    wanted = PatternSet(patterns)
    lines = survey(laid, wanted.wanted, 4, first_test(), model()).lines
    got, everywhere = wanted.scan(laid, lines), wanted.scan(laid)

    def places(matches: Matches) -> set[tuple[int, int, int]]:
        return set(zip(matches.pattern.tolist(), matches.start.tolist(), matches.end.tolist(), strict=True))

    assert places(got) <= places(everywhere)
    assert (lines.start[got.line] <= got.start).all()
    assert (lines.end[got.line] >= got.end).all()
    for pattern, start, end in places(everywhere) - places(got):
        line = int(lines.at(np.array([start]))[0])
        text = laid.text(int(lines.start[line]), int(lines.end[line]))
        if start < lines.start[line] or end > lines.end[line]:
            continue  # white space at the ends of lines is no part of them
        assert 2 <= pattern < 5, "needed characters and words mark their lines"
        if pattern == 2:
            assert sum(map(str.isalnum, text)) > 6
        if pattern == 3:
            assert not re.search("[0-9]{4}", text)
        if pattern == 4:
            assert lines.segment[line] % 2 == 1


FOLDED = [
    "Don't miss",
    "STRASSE 5",
    "\u0645\u064f\u062d\u062a\u0648\u0649 \u0622\u062e\u0631",
    "\u4e2d\u6587\u5b57",
    "###",
    "\U0001f600 here",
]


@pytest.mark.parametrize("phrase", FOLDED)
def test_phrases_are_found_in_lines_that_are_known_to_hold_their_words(phrase: str) -> None:
    line = f"Before it, {phrase.upper()}, after it."
    laid = build({"headline": pa.array([""]), "text": pa.array([f"Nothing in here.\n{line}\nnor here"])})
    wanted = PatternSet(literal(phrase))
    lines = survey(laid, wanted.wanted, 4, first_test(), model()).lines
    assert wanted.patterns[0].holds or wanted.patterns[0].needs
    for matches in (wanted.scan(laid, lines), wanted.scan(laid)):
        assert [laid.text(start, end) for start, end in zip(matches.start.tolist(), matches.end.tolist(), strict=True)] == [phrase.upper()]


def test_words_that_are_looked_out_for_mark_their_lines() -> None:
    texts = ["the Harbour", "harbours", "(harbour)", "har\N{SOFT HYPHEN}bour", "x-harbour-y-z", "no", "\u4e2d"]
    laid = build({"headline": pa.array([""]), "text": pa.array(["\n".join(texts)])})
    lines = survey(laid, Wanted("", ("harbour",)), 4, first_test(), model()).lines
    assert (lines.marks & HOLDS_WORD > 0).tolist() == [True, False, True, True, True, False, True]

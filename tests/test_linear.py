"""Cost grows with the text, whatever the text is: patterns, kernels, readers and what is written for each finding.

Each text is a unit repeated: nested repeats, long runs of one character, near misses of patterns, lines without an end. Four
times the text may take up to eight times the CPU time, of the best of some tries, since machines are shared; what grows with
the square takes sixteen times. Work too short to be measured is not judged.
"""

from __future__ import annotations

import ast
import gc
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import corpusgate
from corpusgate import suites
from corpusgate.corpora.columns import complete
from corpusgate.corpora.manifest import open_corpus
from corpusgate.corpora.model import Block
from corpusgate.corpora.reading import read
from corpusgate.kernels.haystack import build
from corpusgate.kernels.patterns import PatternSet
from corpusgate.records import FIELDS, SEARCHED
from corpusgate.runners import plan as planning
from corpusgate.runners.measure import measure
from corpusgate.runners.plan import Plan

TIMES, ALLOWED, TRIES = 4, 8, 3

#: Seconds that are not judged: four times them could be noise.
SHORT = 0.1

UNITS = {
    # Long runs of one character.
    "a": "a", "space": " ", "newline": "\n", "digit": "1", "question mark": "?", "ampersand": "&", "less than": "<", "brace": "{",
    "bracket": "[", "quote": '"', "backslash": "\\", "apostrophe": "'", "replacement": "\ufffd", "tatweel": "\N{ARABIC TATWEEL}",
    "euro": "\N{EURO SIGN}", "copyright": "\N{COPYRIGHT SIGN}", "acute": "\N{COMBINING ACUTE ACCENT}", "control": "\x01", "null": "\0",
    "C1 control": "\x85", "zero width": "\N{ZERO WIDTH SPACE}", "no-break": "\N{NO-BREAK SPACE}", "noncharacter": "\ufdd0",
    "override": "\N{LEFT-TO-RIGHT OVERRIDE}", "alef": "\N{ARABIC LETTER ALEF}", "waw": "\N{ARABIC LETTER WAW}", "thai": "\u0e01",
    "han": "\u6f22", "kana": "\u30ab", "emoji": "\U0001f600", "ligature": "\N{LATIN SMALL LIGATURE FI}", "ellipsis": "...",
    # Evidence without end, with and without white space.
    "replaced letters": "\ufffda ", "replaced, no space": "\ufffda", "entity": "&amp;", "nested entity": "&amp;amp;", "tag": "<a>",
    "comment": "<!--", "end of comment": "-->", "placeholder": "{{ a }}", "object": "[object Object]", "undefined": "undefined ",
    "phrase": "All rights reserved ", "shared": "Share on Facebook ", "teaser": "... ", "separator": " | ",
    "mojibake": "Caf\u00c3\u00a9 ", "mojibake, no space": "\u00c3\u00a9", "quotation": "\u201a\u201e ",
    "koi8": "\u00f0\u00d2\u00c9\u00d7\u00c5\u00d4 ",
    "two scripts": "a\u041fa", "two scripts apart": "a \u041f ", "marks out of order": "\u0301\u0316", "decomposed": "a\u0301",
    "jamo": "\u1100\u1161\u11a8",
    # Dates, right and wrong and near misses.
    "date": "Monday, 17 May 2024 ", "date, no space": "Monday,17May2024,", "wrong weekday": "Monday 18 May 2024. ",
    "no such day": "30 February 2024 ", "glued year": "22 Dec 202322", "months": "4 أكتوبر/تشرين الأول 2021 ",
    "east asian": "2024\u5e745\u6708", "numbers": "1. 1. 2024 Tuesday ", "year": "2024-", "time": "10:30:", "weekday": "Monday",
    # Near misses of patterns: what opens and never closes.
    "tag opens": "<a ", "tag and spaces": "<a" + " " * 200, "attribute": "<div x=1 ", "template opens": "{% a", "dollar": "${a",
    "asp": "<% ",
    "style rule": ".a{b:c;", "style name": ".a-", "function": "function a(", "arguments": "function a(a,", "variable": "var a = ",
    "shortcode": "[caption ", "entity opens": "&#", "phrase cut": "All rights reserve", "joined": "and ", "joined, no space": "andand",
    "glued and": "\u0648\u0632\u0627 ", "letter and apostrophe": "a'", "letter and hyphen": "a-", "address": "http://",
}  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planning.make(suites.load_suite(), FIELDS)


def block(**fields: str) -> Block:
    columns = {name: pa.array([fields[name]], pa.string()) for name in fields}
    return Block(complete("made", columns, 1, lambda: ["made:1"]), np.zeros(1, np.int64))


def linear(work: Callable[[int], Callable[[], object]], size: int) -> None:
    """What `work` prepares for a size and for four times the size takes at most eight times as long."""
    few = _seconds(work(size), SHORT)
    many = _seconds(work(TIMES * size), ALLOWED * max(few, SHORT))
    assert many <= ALLOWED * max(few, SHORT), f"{size:,} bytes took {few:.3f} s, {TIMES} times as many {many:.3f} s"


def _seconds(task: Callable[[], object], enough: float) -> float:
    """CPU seconds of a task: the best of some tries, of which the last is the first that took no more than enough or took long."""
    best = float("inf")
    for _ in range(TRIES):
        gc.collect()
        begun = time.thread_time()
        task()
        took = time.thread_time() - begun
        best = min(best, took)
        if took <= enough or (enough == SHORT and took > 1):
            break
    return best


def repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit.encode()) + 1)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_a_text_of_any_kind(plan: Plan, unit: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = repeated(unit, size)
        whole = block(headline="A ferry sails again", text=text, published="2024-05-17", source="a.example")
        return lambda: measure(whole, plan, date(2026, 1, 1))

    linear(work, 100_000)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_a_headline_of_any_kind_that_stands_in_its_text(plan: Plan, unit: str) -> None:
    def work(size: int) -> Callable[[], object]:
        whole = block(headline=repeated(unit, size // 2), text=repeated(unit, size), source="a.example")
        return lambda: measure(whole, plan, date(2026, 1, 1))

    linear(work, 50_000)


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in ("headline", "text")])
def test_other_fields(plan: Plan, name: str) -> None:
    units = ("a", "/", "1", "2024-", "/2024/05/", "http://a@", "Monday, 17 May 2024 ", "\u0301\u0316", "\ufffd ", "...", " ")

    def work(size: int) -> Callable[[], object]:
        given = {"headline": "A ferry", "text": "It sails.", "published": "2024-05-17", "url": "http://a.example/2024/05/19/b"}
        made = [block(**{**given, name: repeated(unit, size)}) for unit in units]
        return lambda: [measure(whole, plan, date(2026, 1, 1)) for whole in made]

    linear(work, 200_000)


def test_every_pattern_everywhere(plan: Plan) -> None:
    """Also where the survey would not have looked."""
    patterns = PatternSet(plan.patterns.patterns)

    def work(size: int) -> Callable[[], object]:
        texts = pa.array([repeated(unit, size) for unit in UNITS.values()])
        haystack = build({name: texts if name == "text" else pa.array([""] * len(UNITS)) for name in SEARCHED})
        return lambda: patterns.scan(haystack)

    linear(work, 20_000)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["a", "a ", "\u6f22", "\ufffd"])
def test_a_line_of_fifty_megabytes(plan: Plan, tmp_path: Path, unit: str) -> None:
    def work(size: int) -> Callable[[], object]:
        path = tmp_path / f"{size}.jsonl"
        path.write_text(json.dumps({"id": "1", "text": repeated(unit, size)}, ensure_ascii=False) + "\n", "utf-8")
        corpus, _ = open_corpus([path])
        return lambda: [measure(made, plan, date(2026, 1, 1)) for part in corpus.parts for made in read(corpus, part) if len(made)]

    linear(work, 12_500_000)


LINES = {
    "a.jsonl": ["{", "[", '"', "\\", '{"text":"', '{"text":[', '{"a":', '{"text":"a","text":"b",', " ", '{"text":"\\u', "a", "1", "-",
                '{"text":"a"}', '{"text":"\n', "\n", "{}\n", '{"text":"\\ud83d"}\n', '{"text":"\\n"}\n', "\x00", "a\n"],
    "a.csv": ['1,"abc\n', '1,"a"b\n', '1,"abc""\n', '"', '""', '",', ",", "\n", "a", '"a\nb\n', '1,x\n"', '1,2\n"x', "\r",
              '1,"a"b,"\n1,x\n',
              '1,"a"b,"\nx\n', '1,"x\n2,"y\n3,z\n', "1,2\n"],
    "a.tsv": ['1\t"abc\n', '1\t"a"b\n', '"', '"\t', "\t", '"a\nb\n', '1\tx\n"', '1\t"x\n2\t"y\n3\tz\n'],
}  # fmt: skip


@pytest.mark.parametrize(("name", "unit"), [(name, unit) for name, units in LINES.items() for unit in units])
def test_files_of_any_kind_are_read(tmp_path: Path, name: str, unit: str) -> None:
    head = {"a.jsonl": '{"id": "1", "text": "a"}\n', "a.csv": "id,text\n", "a.tsv": "id\ttext\n"}[name]

    def work(size: int) -> Callable[[], object]:
        path = tmp_path / str(size) / name
        path.parent.mkdir()
        path.write_text(head + repeated(unit, size), "utf-8", newline="")
        corpus, _ = open_corpus([path])
        return lambda: [len(made) for part in corpus.parts for made in read(corpus, part)]

    linear(work, 100_000)


#: Modules that use Python's `re`, which backtracks, and on what instead of scraped text.
MAY_BACKTRACK = {
    "kernels/patterns.py": "escapes phrases of lists",
    "pytest_plugin.py": "check files",
    "examples_test.py": "examples in check files",
    "faces/evidence.py": "messages of our own, whose length is bounded",
    "runners/strip.py": "runs of digits, which can be taken in one way only",
    "faces/words/__init__.py": "sentences of our own, whose length is bounded",
    "corpora/addresses.py": "an address, as somebody wrote it",
    "corpora/objects.py": "a pattern for names of objects, as somebody wrote it",
    "corpora/samples.py": "the size of a sample, as somebody wrote it",
}


def test_no_engine_that_backtracks_sees_scraped_text() -> None:
    root = Path(corpusgate.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {name.split(".")[0] for name in names} & {"re", "regex", "fnmatch", "sre_compile"}:
                found.add(path.relative_to(root).as_posix())
    assert found == MAY_BACKTRACK.keys()

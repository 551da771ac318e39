"""The lines to strip from a source, as patterns."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusgate.api import check
from corpusgate.errors import Problem
from corpusgate.faces import html
from corpusgate.runners.strip import pattern
from corpusgate.strip_lines import strip_lines

STORIES = (
    "The ferry sails again after a winter in the yard, and its crew has painted it green.",
    "A bridge of oak will stand where the ford is now, says the council of Lower Mill.",
    "Bees stopped the tram for an hour, until a retired teacher carried them home.",
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    rows = [
        {"id": str(i), "source": "mill.example", "headline": f"Story {i}", "text": f"{story}\nShare on Facebook ({i + 7})"}
        for i, story in enumerate(STORIES)
    ]
    path = tmp_path / "mill.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_line_is_told_with_its_numbers_open() -> None:
    written = pattern(["Show all 23 comments (a+b) »"], "comments (a+b) »")
    assert re.match(written, "Show all 7 comments (a+b) »")
    assert not re.match(written, "Show all comments (a+b) »")


def test_the_pattern_takes_what_the_lines_have_in_common() -> None:
    cases = [
        (["Share this", "Share this"], "Share this", "^Share this$"),
        (["3 comments", "12 comments"], "comments", r"^\d+ comments$"),
        (["Read more: bees", "Read more: oak"], "Read more", "^Read more: .*$"),
        (["By Ann | Share this page", "By Bo | Share this page"], "Share this page", r"^By .* \| Share this page$"),
        (["Ann: share this page, Bo", "Zoe: share this page, Cy"], "share this page", "^.*share this page.*$"),
        (["The ferry sails again, and the crew asks you to share this"], "share this", "share this"),
        (["a\N{ZERO WIDTH SPACE}b\N{NO-BREAK SPACE}c.\N{TAG LATIN SMALL LETTER A}"], "a", "a"),
    ]
    for lines, match, expected in cases:
        assert pattern(lines, match) == expected
        assert all(re.search(expected, line) for line in lines)


@given(st.text(max_size=40))
def test_a_pattern_is_printable_and_finds_the_line_it_was_made_of(line: str) -> None:
    line = " ".join(line.split())
    written = pattern([line], re.sub("[0-9]+", "0", line))
    assert written.isprintable()
    assert re.fullmatch(written, line)


def test_the_report_has_a_row_a_line_with_the_pattern_to_copy(corpus: Path) -> None:
    results = check(corpus)
    (line,) = results.strip
    assert (line.source, line.records, re.sub(r"\d", "N", line.line)) == ("mill.example", 3, "Share on Facebook (N)")
    page = html.render(results)
    assert f'data-id="{line.pattern}"' in page
    assert line.pattern not in html.render(results, evidence=False)


def test_what_several_records_have_is_one_pattern(corpus: Path) -> None:
    ((source, (line,)),) = strip_lines([corpus], "mill.example")
    assert (source, line.records, line.checks) == ("mill.example", 3, ["boilerplate/share-and-subscribe"])
    assert line.pattern == r"^Share on Facebook \(\d+\)$"


def test_a_source_that_is_not_there_is_a_problem(corpus: Path) -> None:
    with pytest.raises(Problem, match="no record is of this source"):
        strip_lines([corpus], "mil.example")

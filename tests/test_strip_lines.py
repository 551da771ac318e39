"""The lines to strip from a source, as patterns."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from corpusgate.errors import Problem
from corpusgate.strip_lines import expression, strip_lines

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
    pattern = expression("Show all 23 comments (a+b) »")
    assert re.match(pattern, "Show all 7 comments (a+b) »")
    assert not re.match(pattern, "Show all comments (a+b) »")


def test_what_several_records_have_is_one_pattern(corpus: Path) -> None:
    ((source, (line,)),) = strip_lines([corpus], "mill.example")
    assert (source, line.records, line.checks) == ("mill.example", 3, ("boilerplate/share-and-subscribe",))
    assert line.expression == "^Share on Facebook$"


def test_a_source_that_is_not_there_is_a_problem(corpus: Path) -> None:
    with pytest.raises(Problem, match="no record is of this source"):
        strip_lines([corpus], "mil.example")

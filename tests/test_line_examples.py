"""Posts that teach the model of lines: sentences of the page and lines of its furniture, each with its label, and nothing else."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from line_examples import SHORTEST, in_brief

PROSE = "The mill is sold. Who bought it? Nobody says so before the 1.5 million are paid. بيعت المطحنة. 水车卖掉了。谁买下了它？"
PAGE = {
    "id": "mill",
    "title": "A mill changes hands",
    "lines": [
        {"text": "Home", "label": "boilerplate"},
        {"text": PROSE, "label": "content"},
        {"text": "Share this", "label": "boilerplate"},
        {"text": "Sentences of furniture. They are left out.", "label": "boilerplate"},
    ],
}
SENTENCES = {"The mill is sold.", "Who bought it?", "水车卖掉了。", "谁买下了它？", "بيعت المطحنة."}


def posts() -> list[list[dict[str, str]]]:
    made = [in_brief(PAGE, Random(seed)) for seed in range(300)]
    assert all(made)
    return [post["lines"] for post in made if post]


def test_what_a_post_tells_are_sentences_of_the_story() -> None:
    assert {line["text"] for post in posts() for line in post if line["label"] == "content"} == SENTENCES


def test_furniture_of_a_post_is_that_of_its_page_and_stands_at_one_end() -> None:
    for post in posts():
        labels = [line["label"] for line in post]
        assert {line["text"] for line in post if line["label"] == "boilerplate"} <= {line["text"] for line in PAGE["lines"]}
        assert sum(before != after for before, after in pairwise(labels)) <= 1
        assert 1 <= labels.count("content") <= 3
        assert labels.count("boilerplate") <= 2


def test_a_page_without_sentences_has_no_post() -> None:
    assert in_brief({**PAGE, "lines": [{"text": "Table of tides", "label": "content"}]}, Random(0)) is None


@pytest.mark.parametrize("many", [SHORTEST, 5 * SHORTEST])
def test_the_shortest_sentences_are_drawn(many: int) -> None:
    story = " ".join(f"It was {'so ' * n}cold." for n in range(many))
    page = {"id": "", "lines": [{"text": story, "label": "content"}]}
    drawn = {line["text"] for seed in range(300) for line in (in_brief(page, Random(seed)) or {})["lines"]}
    assert drawn == {f"It was {'so ' * n}cold." for n in range(SHORTEST)}

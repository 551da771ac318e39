"""The model of lines on pages of invented portals in Arabic, Persian and Urdu: stories and sites that it has not seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import yaml

from corpusgate.kernels.line_model import CLEARED, SPOKEN_FOR
from corpusgate.signals import line_model

PORTALS = yaml.safe_load((Path(__file__).parents[1] / "data" / "portals.yaml").read_text("utf-8"))


def pages() -> list[tuple[str, list[tuple[str, bool]]]]:
    """Headline and lines of each page, and whether they are furniture: odd stories on odd sites, since even ones teach."""
    made = []
    for story in PORTALS["stories"][1::2]:
        for site in [site for site in PORTALS["sites"] if site["language"] == story["language"]][1::2]:
            title, *told = story["lines"]
            parts = [(site["before"], True), (told[:1], False), (site["between"], True), (told[1:], False), (site["behind"], True)]
            made.append((title, [(text, furniture) for texts, furniture in parts for text in texts]))
    return made


def scored(shown: list[tuple[str, list[tuple[str, bool]]]]) -> tuple[np.ndarray, np.ndarray]:
    """The scores of all lines, and which are furniture."""
    texts = pa.array(["\n".join(text for text, _ in lines) for _, lines in shown])
    haystack, text = line_model.surveyed_text(pa.array([title for title, _ in shown]), texts)
    return line_model.scored(haystack, text).score, np.array([furniture for _, lines in shown for _, furniture in lines])


def test_much_of_the_furniture_is_found_and_hardly_a_line_of_a_story_is_lost() -> None:
    shown = pages()
    assert len(shown) >= 20
    score, furniture = scored(shown)
    least = line_model.thresholds()
    for name, recall, lost in (("careful", 0.65, 0.005), ("normal", 0.7, 0.01), ("eager", 0.9, 0.08)):
        flag = score >= least[name]
        assert flag[furniture].mean() >= recall, name
        assert flag[~furniture].mean() <= lost, name


def test_stories_by_themselves_are_left_alone() -> None:
    alone = [(title, [line for line in lines if not line[1]]) for title, lines in pages()]
    score, _ = scored(alone)
    assert not (score >= line_model.thresholds()["careful"]).any()


def test_what_a_phrase_says_and_what_is_cleared_at_a_glance_needs_no_model() -> None:
    long = "The ferries stayed where they were until Sunday evening, and the fishermen walked out to the first island over the ice. "
    score, _ = scored([("", [(long * 2, False), ("Skip to main content", True), (long * 2, False)])])
    assert score.tolist() == [CLEARED, SPOKEN_FOR, CLEARED]


def test_thresholds_rise_with_care() -> None:
    least = line_model.thresholds()
    assert least["careful"] > least["normal"] > least["eager"] > 0

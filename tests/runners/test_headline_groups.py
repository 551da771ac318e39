"""Groups of headlines over a whole corpus: texts decide, outlet names do not count, and it does not matter how the corpus is cut."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from corpusgate import suites
from corpusgate.api import prepare
from corpusgate.runners import headlines, parts
from corpusgate.runners.local import run
from corpusgate.signals.headlines import GLUED_RECORDS

#: Invented headlines with no run of letters in common but by chance.
PLACES = ["mill", "weir", "tower", "harbour", "library", "orchard", "ferry", "bakery", "lighthouse", "quarry"]


def measured(rows: list[dict[str, str]], folder: Path) -> tuple[list[dict[str, Any]], list[int | None]]:
    """Findings of the headlines family, and the headline group of each record."""
    suite = suites.load_suite()
    suite = suite.model_copy(update={"checks": tuple(check for check in suite.checks if check.family == "headlines")})
    chosen, corpus = prepare(pd.DataFrame([{"id": str(i), **row} for i, row in enumerate(rows)]), suite)
    folder.mkdir(exist_ok=True)
    with run(corpus, chosen, folder, date(2026, 11, 1)) as outcome:
        tables = [pq.read_table(outcome.folder / f"{name}.parquet") for name in ("findings", "signals")]
    return tables[0].to_pylist(), tables[1]["headline_group"].to_pylist()


def row(source: str, headline: str, text: str = "") -> dict[str, str]:
    return {"source": source, "headline": headline, "text": text}


def said(findings: list[dict[str, Any]], check: str) -> dict[int, str]:
    """What is said of each record by a check."""
    return {found["ordinal"]: found["message"] for found in findings if found["check"] == f"headlines/{check}"}


def test_texts_decide_which_headlines_are_one(tmp_path: Path) -> None:
    sold, river = "The mill is sold to the baker's son.", "A barge with apples came up from the sea."
    rows = [
        row("mill", "Old mill finds a buyer", sold),
        row("mill", "Old mill at last finds a buyer", sold),
        row("weir", "OLD MILL FINDS A BUYER!", f"{sold} "),
        row("mill", "Old mill finds a bu", sold),
        row("mill", "This morning on the river", river),
        row("mill", "This morning on the river", "Ice, and nobody about but the ferryman and his dog."),
        row("mill", "Old mill finds a buyer", "Another mill, another year."),
    ]
    findings, groups = measured(rows, tmp_path)
    assert groups == [0, 0, 0, 0, None, None, None]
    near, cut = said(findings, "near-in-source"), said(findings, "cut-copy")
    assert list(near) == [1]
    assert near[1].startswith("Nearly the headline of 0, 7")
    assert cut == {3: "The headline of 0, cut off."}
    assert list(said(findings, "recurring")) == [0, 4, 5, 6]


def test_without_a_text_the_headline_must_be_the_same_or_very_nearly(tmp_path: Path) -> None:
    long = "Council of Lower Weir votes to rebuild the northern pier before the winter"
    rows = [
        row("mill", "Old mill finds a buyer"),
        row("weir", "Old mill finds a buyer"),
        row("mill", "Old mill at last finds a buyer"),
        row("mill", long),
        row("mill", f"{long}."),
        row("mill", long.replace("the winter", "winter")),
        row("mill", "Reeds beat Willows 3 to 1 in a match that nobody saw for the fog"),
        row("mill", "Reeds beat Willows 4 to 2 in a match that nobody saw for the fog"),
    ]
    findings, groups = measured(rows, tmp_path)
    assert groups == [0, 0, None, 3, 3, 3, None, None]
    assert list(said(findings, "duplicate-without-text")) == [3, 4, 5]
    assert not said(findings, "near-in-source")


def test_without_a_text_a_record_goes_with_the_only_story_of_its_headline(tmp_path: Path) -> None:
    one = [row("mill", "Old mill finds a buyer", "The mill is sold."), row("weir", "Old mill finds a buyer")]
    assert measured(one, tmp_path / "one")[1] == [0, 0]
    several = [*one, row("mill", "Old mill finds a buyer", "A second one was sold as well.")]
    assert measured(several, tmp_path / "several")[1] == [None, None, None]


def _glued(source: str, name: str, count: int) -> list[dict[str, str]]:
    return [row(source, f"The {place} opens its doors{name}", f"A story of the {place} in {source}.") for place in PLACES[:count]]


def test_an_outlets_name_does_not_count(tmp_path: Path) -> None:
    rows = [*_glued("mill", " - The Mill Post", 6), row("weir", "The tower opens its doors", "A story of the tower in mill.")]
    findings, groups = measured(rows, tmp_path / "learned")
    assert groups == [None, None, 2, None, None, None, 2]
    assert list(said(findings, "duplicate-across-sources")) == [2, 6]
    # What stands on a few headlines is no name, nor is what is left too short without it.
    rows = [*_glued("mill", " - The Mill Post", 3), row("weir", "The tower opens its doors", "A story of the tower in mill.")]
    assert not said(measured(rows, tmp_path / "seldom")[0], "duplicate-across-sources")
    rows = [row("mill", f"Sport - {place} Post", "The same.") for place in ["Mill"] * 6]
    assert list(said(measured(rows, tmp_path / "short")[0], "duplicate-in-source")) == list(range(6))


def test_names_are_learned_as_the_check_finds_them(tmp_path: Path) -> None:
    for count in (4, 5, 7):
        rows = [*_glued("mill", " | Mill Post", count), *_glued("weir", "", 10)]
        rows.append(row("weir", "The weir opens its doors", f"A story of the {PLACES[1]} in mill."))
        findings, _ = measured(rows, tmp_path / str(count))
        assert bool(said(findings, "duplicate-across-sources")) == bool(said(findings, "outlet-glued-on")) == (count >= GLUED_RECORDS)


def test_it_does_not_matter_how_the_corpus_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    rows = []
    for _ in range(250):
        place, other = chance.choice(PLACES), chance.choice(PLACES)
        headline = f"The {place} opens its doors to all who come from the {other}"
        headline = chance.choice([headline, headline.upper(), headline[:40], f"{headline} today", f"{headline} - The Mill Post"])
        text = chance.choice(
            [f"A story of the {place} and the {other}.", f"A story of the {place} and the {other}!", "", f"{chance.random()}"]
        )
        rows.append(row(chance.choice(["mill", "weir"]), headline, text))
    whole = measured(rows, tmp_path / "whole")
    assert len({group for group in whole[1] if group is not None}) > 20
    monkeypatch.setattr(parts, "STRETCH_BYTES", 1 << 12)
    monkeypatch.setattr(headlines, "TOGETHER", 40)
    assert measured(rows, tmp_path / "stretches") == whole

"""What a terminal shows, as snapshots: read the difference before you write one anew."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from corpusgate.api import check
from corpusgate.faces import terminal
from corpusgate.results import Results

SNAPSHOTS = Path(__file__).parents[1] / "snapshots"
DAY = date(2026, 11, 1)
GOOD = {"id": "g", "source": "post.example", "headline": "The ferry sails again", "text": "It sails at noon.", "published": "2026-03-04"}


def same_as(name: str, shown: str) -> None:
    """Hold a text to its snapshot; with CORPUSGATE_UPDATE=1 write it instead."""
    path = SNAPSHOTS / name
    if os.environ.get("CORPUSGATE_UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == path.read_text("utf-8")


def test_the_sample_corpus(sample_run: tuple[Results, Path]) -> None:
    same_as("sample-news.txt", terminal.render(sample_run[0], width=100))


def test_a_narrow_terminal_cuts_only_the_worst_source(sample_run: tuple[Results, Path]) -> None:
    shown = terminal.render(sample_run[0], width=70)
    same_as("sample-news-narrow.txt", shown)
    table = [line for line in shown.splitlines() if line.startswith("✗ fail")]
    assert all(re.search(r"[A-Z]{3}[0-9]{3} [a-z]+/[a-z-]+ +[0-9]+ +[0-9.]+ %", line) for line in table)


def test_an_open_gate() -> None:
    same_as("open.txt", terminal.render(check(pd.DataFrame([GOOD]), today=DAY)))


def test_colour_is_escape_codes_around_the_same_text(sample_run: tuple[Results, Path]) -> None:
    coloured = terminal.render(sample_run[0], colour=True)
    assert "\x1b[" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == terminal.render(sample_run[0]).splitlines()


@pytest.mark.parametrize("hostile", ["\x1b[2J\x1b]0;pwned\x07", "[red]not markup[/red]", "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe"])
def test_scraped_text_cannot_steer_the_terminal(hostile: str) -> None:
    record = {**GOOD, "id": hostile, "source": hostile, "text": f"A \ufffd {hostile} here."}
    shown = terminal.render(check(pd.DataFrame([record]), today=DAY))
    assert "\x1b" not in shown
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in shown
    assert "ENC001" in shown
    if hostile.startswith("[red]"):
        assert hostile in shown

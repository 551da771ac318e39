"""Every face of one small run, as snapshots: read the difference before you write them anew with CORPUSGATE_UPDATE=1."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest
from test_terminal import same_as

from corpusgate.api import check
from corpusgate.faces import html
from corpusgate.faces.formats import FORMATS
from corpusgate.results import Results, Run, Tool

DAY = date(2026, 11, 1)
HARBOUR = "\u0627\u0644\u0645\u0631\u0641\u0623"


@pytest.fixture(scope="module")
def small() -> Results:
    """Four records: mojibake, a turned direction, a date that cannot be, and a sound one in Arabic."""
    rows = [
        ("a", "post.example", "The ferry sails again", "The caf\u00c3\u00a9 at the pier has reopened.", "2026-03-04"),
        ("b", "post.example", "A bell for the harbour", "The bell \N{RIGHT-TO-LEFT OVERRIDE}rings\ufffd at noon.", "2026-04-05"),
        ("c", "tide.example", "=SUM(A1) | <b>tides</b>", "All tides of the year are printed here.", "1970-01-01"),
        ("d", "almarfa.example", f"{HARBOUR} \u064a\u0641\u062a\u062d", f"\u0641\u062a\u062d {HARBOUR}.", "2026-04-06"),
    ]  # fmt: skip
    results = check(pd.DataFrame(rows, columns=["id", "source", "headline", "text", "published"]), today=DAY)
    fixed = {
        "schema_version": "1",
        "run": Run(started="2026-11-01T12:00:00+00:00", seconds=1.5),
        "tool": Tool(name="corpusgate", version="0"),
    }
    # A hash of the suite changes with every bound of it, and says nothing of a face.
    suite = results.suite.model_copy(update={"hash": "0123456789abcdef"})
    corpus = results.corpus.model_copy(update={"fingerprint": "0" * 64})
    failing = [v for v in results.verdicts if v.status not in ("clean", "not_run")]
    return results.model_copy(update={**fixed, "suite": suite, "corpus": corpus, "verdicts": failing})


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("html", "terminal")])
def test_faces(small: Results, name: str) -> None:
    same_as(f"small-{name}.txt", FORMATS[name].render(small))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_report(small: Results, lang: str) -> None:
    """Without its style sheet and script, which tests in a browser are for."""
    page = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1\3", html.render(small, lang), flags=re.DOTALL)
    same_as(f"small-report-{lang}.html.txt", re.sub(r"'sha256-[^']*'|&#39;sha256-[^&]*&#39;", "#", page))

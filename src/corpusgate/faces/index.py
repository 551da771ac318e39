"""index.html over a folder of reports: every run with its answer, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from corpusgate.faces import html
from corpusgate.faces.words import words
from corpusgate.results import Results, holding


@dataclass(frozen=True, slots=True)
class Run:
    """A run and where its report lies, as a path relative to the index with `/` between its parts."""

    path: str
    results: Results


@dataclass(frozen=True, slots=True)
class _Row:
    href: str
    name: str
    path: str
    day: str
    edge: str
    over: int
    records: int
    damaged: int


def render(runs: Sequence[Run], lang: str = "en") -> str:
    """The index as one HTML page.

    Args:
        runs: what lies below the folder.
        lang: its language.

    Raises:
        Problem: there is no such language.
    """
    rows = [_row(run) for run in sorted(runs, key=lambda run: (run.results.run.started, run.path), reverse=True)]
    return html.page("index.html", words(lang), rows=rows)


def _row(run: Run) -> _Row:
    results = run.results
    return _Row(
        quote(run.path),
        results.corpus.name,
        run.path,
        results.run.started[:16].replace("T", " "),
        html.edge(results),
        len(holding(results)),
        results.corpus.checked,
        sum(share.damaged for share in results.distributions.language),
    )

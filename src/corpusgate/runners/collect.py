"""A small corpus run at once, for examples and tests: evidence and how many records break the bound."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from corpusgate.checks import Suite
from corpusgate.corpora.model import Corpus
from corpusgate.runners.local import run


def collect(corpus: Corpus, suite: Suite, today: date) -> tuple[list[str], int]:
    """The evidence of all findings (empty for whole records), and the records that break the first check."""
    with tempfile.TemporaryDirectory() as folder, run(corpus, suite, Path(folder), today) as outcome:
        path = outcome.folder / "findings.parquet"
        table = pq.read_table(path).to_pylist() if path.exists() else []
    placed = [row["match"] if row["start"] is not None else "" for row in table]
    return placed, int(outcome.totals.slices.corpus[2]) if outcome.totals.checks else 0

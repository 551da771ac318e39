"""The lines of furniture of each source as patterns, so that one rule in an extractor mends all of its records."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from corpusgate.api import prepare
from corpusgate.corpora.addresses import Named
from corpusgate.errors import Problem, nearest
from corpusgate.results import StripLine
from corpusgate.runners.local import Options, run
from corpusgate.runners.strip import NO_LINES, Wanted

#: More lines than anybody strips: all are told.
_ALL = 100_000


def strip_lines(paths: Sequence[Named], source: str | None = None, min_records: int = 2) -> list[tuple[str, list[StripLine]]]:
    """The patterns of each source, those of most records first.

    Args:
        paths: a corpus.yaml, a file or a folder; several files are one corpus.
        source: the only source to tell of.
        min_records: fewest records that a line stands in.

    Raises:
        Problem: the corpus cannot be read, or holds no such source.
    """
    suite, corpus = prepare(paths)
    checks = tuple(check for check in suite.checks if check.family == "boilerplate" and check.name not in NO_LINES)
    suite, options = suite.model_copy(update={"checks": checks}), Options(strip=Wanted(source, min_records, _ALL))
    with tempfile.TemporaryDirectory() as folder, run(corpus, suite, Path(folder), datetime.now(UTC).date(), options) as outcome:
        lines = outcome.totals.shown.strip
        sources = set(pq.read_table(outcome.folder / "signals.parquet", columns=["source"])["source"].to_pylist())
    if source is not None and source not in sources:
        raise Problem(source, "no record is of this source", nearest(source, sorted(filter(None, sources))))
    return [(name, [line for line in lines if line.source == name]) for name in sorted({line.source for line in lines})]

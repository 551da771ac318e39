"""The lines of furniture of each source as patterns, so that one rule in an extractor mends all of its records."""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pyarrow.parquet as pq

from corpusgate.api import prepare
from corpusgate.errors import Problem, nearest
from corpusgate.records import MATCH_LIMIT
from corpusgate.runners.local import run

#: Checks whose evidence is no line that could be stripped as it stands.
_NO_LINES = ("boilerplate/wall-page", "boilerplate/empty-text", "boilerplate/mostly-furniture", "boilerplate/cut-off")


_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class StripLine:
    """A pattern that takes out a line.

    Attributes:
        expression: a regular expression for a whole line, or for its beginning where the line is longer than what is kept of evidence.
        records: how many records hold such a line.
        checks: names of the checks that found it.
    """

    expression: str
    records: int
    checks: tuple[str, ...]


def expression(line: str) -> str:
    """A line as a regular expression, in which numbers may differ."""
    pieces = ["".join(run) for _, run in groupby(line, _DIGITS.__contains__)]
    written = (r"\d+" if piece[0] in _DIGITS else re.escape(piece).replace(r"\ ", " ") for piece in pieces)
    return "^" + "".join(written) + ("" if len(line) >= MATCH_LIMIT else "$")


def strip_lines(paths: Sequence[Path], source: str | None = None, min_records: int = 2) -> list[tuple[str, list[StripLine]]]:
    """The patterns of each source, those of most records first.

    Args:
        paths: a corpus.yaml, a file or a folder; several files are one corpus.
        source: the only source to tell of.
        min_records: fewest records that a line stands in.

    Raises:
        Problem: the corpus cannot be read, or holds no such source.
    """
    suite, corpus = prepare(paths)
    suite = suite.model_copy(
        update={"checks": tuple(check for check in suite.checks if check.family == "boilerplate" and check.name not in _NO_LINES)}
    )
    with tempfile.TemporaryDirectory() as folder, run(corpus, suite, Path(folder), datetime.now(UTC).date()) as outcome:
        findings = pq.read_table(outcome.folder / "findings.parquet", columns=["record_id", "source", "check", "match"]).to_pylist()
        sources = set(pq.read_table(outcome.folder / "signals.parquet", columns=["source"])["source"].to_pylist())
    if source is not None and source not in sources:
        raise Problem(source, "no record is of this source", nearest(source, sorted(filter(None, sources))))
    records: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    checks: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in findings:
        if row["match"] and source in (None, row["source"]):
            pattern = expression(row["match"])
            records[row["source"]][pattern].add(row["record_id"])
            checks[row["source"], pattern].add(row["check"])
    told = []
    for name in sorted(records, key=lambda name: name or ""):
        lines = [
            StripLine(key, len(ids), tuple(sorted(checks[name, key]))) for key, ids in records[name].items() if len(ids) >= min_records
        ]
        if lines:
            told.append((name, sorted(lines, key=lambda line: (-line.records, line.expression))))
    return told

"""findings.csv: findings for a spreadsheet. No cell is a formula, whatever a page put into its text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpusgate.faces.evidence import plain
from corpusgate.results import Results

COLUMNS = ("record_id", "source", "check", "family", "severity", "field", "start", "end", "match", "message", "fingerprint")

#: With what spreadsheets begin a formula, or skip on their way to one (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
            "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip


def cell(value: Any) -> Any:
    """A value that a spreadsheet shows and does not reckon: an apostrophe before what would be a formula."""
    if not isinstance(value, str):
        return value
    shown = plain(value)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A table line by line, its header first.

    Args:
        rows: with the columns of findings.parquet.
    """
    for row in ({name: name for name in COLUMNS}, *rows):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([cell(row[name]) for name in COLUMNS])
        yield out.getvalue()


def render(results: Results) -> str:
    """The findings that results.json shows."""
    return "".join(lines(_rows(results)))


def _rows(results: Results) -> Iterator[dict[str, Any]]:
    for v in results.verdicts:
        for e in v.examples:
            yield {**e.model_dump(), "check": v.check, "family": v.family, "severity": v.severity}

"""Examples of findings for results.json: few, spread over sources, chosen by their fingerprints alone, each in its surroundings.

The choice does not depend on the order of records or on the number of cores.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from corpusgate.corpora.model import Corpus
from corpusgate.corpora.reading import fetch
from corpusgate.results import Example

#: Examples of each check in results.json.
EXAMPLES = 20

#: Code points of surroundings on each side of the evidence.
AROUND = 80

#: From each source its smallest fingerprints first, so that one broken site does not hide the others.
_CHOICE = f"""
    SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY "check" ORDER BY turn, fingerprint, start) AS place FROM (
            SELECT *, row_number() OVER (PARTITION BY "check", source ORDER BY fingerprint, start) AS turn FROM read_parquet(?)
        )
    ) WHERE place <= {EXAMPLES} ORDER BY "check", place
"""


def choose(corpus: Corpus, folder: Path, starts: tuple[int, ...]) -> dict[str, list[Example]]:
    """Choose examples from findings.parquet and read their surroundings.

    Args:
        corpus: the corpus they are of.
        folder: where findings.parquet and signals.parquet lie.
        starts: first ordinal of each part.

    Returns:
        Examples by name of the check, in the order in which they were chosen.
    """
    path = folder / "findings.parquet"
    if not path.exists():
        return {}
    with duckdb.connect() as connection:
        cursor = connection.execute(_CHOICE, [str(path)])
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    records = _records(corpus, sorted({row["ordinal"] for row in rows}), starts)
    chosen: dict[str, list[Example]] = {}
    for row in rows:
        chosen.setdefault(row["check"], []).append(_example(row, records[row["ordinal"]]))
    return chosen


def _records(corpus: Corpus, ordinals: list[int], starts: tuple[int, ...]) -> dict[int, Mapping[str, str | None]]:
    records: dict[int, Mapping[str, str | None]] = {}
    bounds = [*starts[1:], 1 << 62]
    for part, start, stop in zip(corpus.parts, starts, bounds, strict=True):
        mine = [ordinal for ordinal in ordinals if start <= ordinal < stop]
        if mine:
            rows = [ordinal - start for ordinal in mine]
            records |= dict(zip(mine, fetch(corpus, part, rows, []), strict=True))
    return records


def _example(row: Mapping[str, Any], record: Mapping[str, str | None]) -> Example:
    text = record.get(row["field"]) or ""
    start, end = row["start"], row["end"]
    placed = start is not None
    return Example(
        record_id=row["record_id"],
        source=row["source"],
        url=record.get("url") or "",
        field=row["field"],
        start=start,
        end=end,
        before=text[max(0, start - AROUND) : start] if placed else "",
        match=row["match"] or "",
        after=text[end : end + AROUND] if placed else text[: 2 * AROUND],
        message=row["message"],
        fingerprint=row["fingerprint"],
    )

"""Reading a folder of gold files, running checks over rows, and keeping figures."""

from __future__ import annotations

import gzip
import json
import random
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from corpusgate import suites
from corpusgate.api import prepare
from corpusgate.checks import Check, Suite
from corpusgate.runners.local import run

Row = dict[str, Any]
SEED = 20_261_124


@dataclass
class Figures:
    """All figures of a run: printed as they come, kept under flat names.

    Attributes:
        values: figure by name; a peer's stand under the same name with `.<peer>` behind it.
        notes: what was sampled, missing or broken.
    """

    values: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def head(self, title: str) -> None:
        """Begin a section."""
        print(f"\n{title}", flush=True)

    def note(self, text: str) -> None:
        """Say something about how the figures came about."""
        if text not in self.notes:
            self.notes.append(text)
        print(f"  # {text}", flush=True)

    def add(self, name: str, count: int, ours: float, **peers: float) -> None:
        """Keep one figure of ours and those of the peers, over `count` rows."""
        self.values[name] = round(ours, 4)
        self.values[f"{name}.rows"] = count
        for peer, value in peers.items():
            self.values[f"{name}.{peer}"] = round(value, 4)
        beside = "".join(f"  {peer} {value:.3f}" for peer, value in peers.items())
        print(f"  {name:<78} {ours:.3f}{beside}  ({count:,})", flush=True)


Shape = Mapping[str, type | tuple[type, ...]]


def rows(folder: Path, name: str, figures: Figures, limit: int = 0, shape: Shape | None = None) -> list[Row]:
    """The rows of a file, sampled without regard to their order if there are more than `limit`; empty if it is missing.

    Args:
        folder: where the file is.
        name: its name; `.gz` is unpacked.
        figures: is told what is missing, sampled or malformed.
        limit: most rows to take; 0 for all.
        shape: columns that a row must have, with their types; a row without them is left out.
    """
    path = folder / name
    if not path.is_file():
        figures.note(f"{name} is missing: not scored")
        return []
    lines = _lines(path, figures)
    if limit and len(lines) > limit:
        figures.note(f"{name}: {limit:,} of {len(lines):,} rows, seed {SEED}")
        lines = random.Random(SEED).sample(lines, limit)
    else:
        figures.note(f"{name}: all {len(lines):,} rows")
    read = [_row(line, shape or {}) for line in lines]
    good = [row for row in read if row is not None]
    if len(good) < len(read):
        figures.note(f"{name}: malformed and left out: {len(read) - len(good):,} rows")
    return good


def _lines(path: Path, figures: Figures) -> list[str]:
    """The lines of a file, as far as it can be read."""
    lines = []
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", errors="replace") as file:
            lines.extend(line for line in file if line.strip())
    except (OSError, EOFError, zlib.error) as error:
        figures.note(f"{path.name} breaks off after {len(lines):,} rows: {error}")
    return lines


def _row(line: str, shape: Shape) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and all(isinstance(row.get(key), kind) for key, kind in shape.items()) else None


def suite_of(chosen: Callable[[Check], bool]) -> Suite:
    """The built-in suite with some of its checks only."""
    suite = suites.load_suite()
    return suite.model_copy(update={"checks": tuple(check for check in suite.checks if chosen(check))})


def measured(records: Sequence[Row], suite: Suite) -> tuple[pa.Table, pa.Table]:
    """findings.parquet and signals.parquet of a suite over records; `ordinal` in the first is the row of the second.

    Nobody judges them here: verdicts would cost a second for each suite.
    """
    chosen, corpus = prepare(pd.DataFrame(records), suite)
    with tempfile.TemporaryDirectory() as folder, run(corpus, chosen, Path(folder), datetime.now(UTC).date()) as outcome:
        tables = [pq.read_table(outcome.folder / f"{name}.parquet") for name in ("findings", "signals")]
    if tables[1].num_rows != len(records):
        raise RuntimeError(f"{len(records):,} records went in, {tables[1].num_rows:,} were checked: ordinals are not positions")
    return tables[0], tables[1]


def findings(records: Sequence[Row], suite: Suite) -> list[Row]:
    """Findings of a suite over records, as in findings.parquet; `ordinal` is the record's position."""
    found: list[Row] = measured(records, suite)[0].to_pylist()
    return found


def share(part: float, whole: float) -> float:
    """A share; 0 of nothing is 0."""
    return part / whole if whole else 0.0

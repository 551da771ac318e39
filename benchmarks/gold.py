"""Reading a folder of gold files, running checks over rows, and keeping figures."""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from corpusgate import suites
from corpusgate.api import check
from corpusgate.checks import Check, Suite

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


def rows(folder: Path, name: str, figures: Figures, limit: int = 0) -> list[Row]:
    """The rows of a file, sampled without regard to their order if there are more than `limit`; empty if it is missing."""
    path = folder / name
    if not path.is_file():
        figures.note(f"{name} is missing: not scored")
        return []
    with gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else path.open(encoding="utf-8") as file:
        lines = file.readlines()
    if limit and len(lines) > limit:
        figures.note(f"{name}: {limit:,} of {len(lines):,} rows, seed {SEED}")
        lines = random.Random(SEED).sample(lines, limit)
    else:
        figures.note(f"{name}: all {len(lines):,} rows")
    return [json.loads(line) for line in lines]


def suite_of(chosen: Callable[[Check], bool]) -> Suite:
    """The built-in suite with some of its checks only."""
    suite = suites.load_suite()
    return suite.model_copy(update={"checks": tuple(check for check in suite.checks if chosen(check))})


def findings(records: Sequence[Row], suite: Suite) -> list[Row]:
    """Findings of a suite over records, as in findings.parquet; `ordinal` is the record's position."""
    with tempfile.TemporaryDirectory() as folder:
        check(pd.DataFrame(records), suite, out=folder)
        found: list[Row] = pq.read_table(Path(folder) / "findings.parquet").to_pylist()
    return found


def share(part: int, whole: int) -> float:
    """A share; 0 of nothing is 0."""
    return part / whole if whole else 0.0

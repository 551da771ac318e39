"""Corpora of several files for tests of the engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

RECORDS = Path(__file__).parents[2] / "corpora" / "sample-news" / "records"

Copies = Callable[[int], Path]
Outputs = Callable[[Path], dict[str, object]]


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    """Makes a folder with the files of the sample corpus several times over; ids tell the copies apart."""

    def make(count: int) -> Path:
        folder = tmp_path / "corpora" / "news"
        folder.mkdir(parents=True)
        for number in range(count):
            for path in RECORDS.glob("*.jsonl"):
                lines = path.read_text("utf-8").splitlines()
                told = [line.replace('"url": "https://', f'"url": "https://{number}.') for line in lines]
                (folder / f"{path.stem}-{number}.jsonl").write_text("\n".join(told) + "\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def outputs() -> Outputs:
    """All that a run wrote, as bytes; of results.json all but the times."""

    def read(folder: Path) -> dict[str, object]:
        found: dict[str, object] = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".parquet", ".jsonl")}
        results = json.loads((folder / "results.json").read_text("utf-8"))
        del results["run"]
        return {**found, "results.json": results}

    return read

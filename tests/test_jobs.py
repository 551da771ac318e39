"""The same corpus gives the same bytes, on one core or two, in this order or that."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest

from corpusgate import api
from corpusgate.results import Results
from corpusgate.runners import workers

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus as ten files without a manifest, which make ten parts."""
    folder = tmp_path_factory.mktemp("corpora") / "news"
    folder.mkdir()
    for path in (ROOT / "corpora" / "sample-news" / "records").glob("*.jsonl"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(autouse=True)
def _several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start them however little there is to do."""
    monkeypatch.setattr(workers, "WORTH", 1)


def run(corpus: Path, out: Path, jobs: int) -> tuple[object, ...]:
    api.check(corpus, out=out, jobs=jobs, today=DAY)
    results = json.loads((out / "results.json").read_text("utf-8"))
    del results["run"]
    names = ("findings.parquet", "signals.parquet", "slices.parquet", "quarantine.jsonl")
    return results, *((out / name).read_bytes() for name in names)


def test_one_process_or_two_or_again(corpus: Path, tmp_path: Path) -> None:
    once = run(corpus, tmp_path / "1", 1)
    assert run(corpus, tmp_path / "2", 2) == once
    assert run(corpus, tmp_path / "3", 3) == once
    assert run(corpus, tmp_path / "1", 1) == once


def test_results_json_is_the_same_text_but_for_the_run(corpus: Path, tmp_path: Path) -> None:
    one, two = (api.check(corpus, out=tmp_path / str(jobs), jobs=jobs, today=DAY) for jobs in (1, 2))
    assert one.model_copy(update={"run": two.run}).to_json() == two.to_json()


def _told(results: Results) -> list[object]:
    return [
        (v.check, v.status, v.findings, v.records_with_findings, v.slices, sorted(e.fingerprint for e in v.examples))
        for v in results.verdicts
    ]


def test_the_order_of_records_changes_no_count_and_no_example(corpus: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "news"
    shuffled.mkdir()
    for path in corpus.glob("*.jsonl"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        random.Random(7).shuffle(lines)
        (shuffled / path.name).write_text("".join(lines), encoding="utf-8")
    assert _told(api.check(shuffled, today=DAY, fields={"id": "url"})) == _told(api.check(corpus, today=DAY, fields={"id": "url"}))


def test_nothing_is_left_behind_in_the_output_folder(corpus: Path, tmp_path: Path) -> None:
    api.check(corpus, out=tmp_path, jobs=2, today=DAY)
    assert {path.name for path in tmp_path.iterdir()} == {
        "results.json",
        "findings.parquet",
        "signals.parquet",
        "slices.parquet",
        "quarantine.jsonl",
    }

"""The sample corpus: everything planted is found, and nothing else is reported at level fail or warn."""

from __future__ import annotations

import json
import runpy
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpusgate import packs
from corpusgate.faces import html
from corpusgate.results import Results, load

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "corpora" / "sample-news"
Evidence = tuple[str, str, str, str | None]


def _planted() -> Counter[Evidence]:
    rows = [json.loads(line) for line in (FOLDER / "planted.jsonl").read_text("utf-8").splitlines()]
    return Counter((row["record_id"], row["check"], row["field"], row["match"]) for row in rows if row["record_id"])


def _found(out: Path, severities: tuple[str, ...]) -> Counter[Evidence]:
    rows = pq.read_table(out / "findings.parquet").to_pylist()
    return Counter(
        (row["record_id"], row["check"], row["field"], row["match"] if row["start"] is not None else None)
        for row in rows
        if row["severity"] in severities
    )


def test_all_that_was_planted_is_found(sample_run: tuple[Results, Path]) -> None:
    missing = _planted() - _found(sample_run[1], ("fail", "warn", "info"))
    assert not missing


def test_nothing_else_is_reported_at_fail_or_warn(sample_run: tuple[Results, Path]) -> None:
    surplus = _found(sample_run[1], ("fail", "warn")) - _planted()
    assert not surplus


def test_the_line_that_cannot_be_read_is_quarantined(sample_run: tuple[Results, Path]) -> None:
    results, out = sample_run
    assert (results.corpus.records, results.corpus.checked, results.corpus.quarantined) == (219, 218, 1)
    (piece,) = (json.loads(line) for line in (out / "quarantine.jsonl").read_text("utf-8").splitlines())
    assert (piece["file"], piece["line"]) == ("records/sobh-sepidrud.jsonl", 19)


def test_the_gate_is_held(sample_run: tuple[Results, Path]) -> None:
    assert sample_run[0].gate.exit_code == 1


def test_every_check_that_can_hold_a_release_is_planted() -> None:
    planted = {check for _, check, _, _ in _planted()}
    assert {check.name for check in packs.built_in() if check.severity != "info"} <= planted


def test_it_is_as_large_and_as_varied_as_it_says(sample_run: tuple[Results, Path]) -> None:
    shares = sample_run[0].distributions
    assert len(shares.source) == 10
    assert {share.name for share in shares.language} == {"ar", "en", "fr", "de", "es", "ru", "fa", "zh"}
    damaged = {record for record, _, _, _ in _planted()}
    assert len(damaged) < 0.5 * sample_run[0].corpus.checked


def test_the_builder_writes_what_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    runpy.run_path(str(ROOT / "benchmarks" / "build_sample_news.py"))["build"](tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] == "sample_news"]:
        monkeypatch.delitem(sys.modules, name)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(written) == 11
    for path, content in written.items():
        assert (FOLDER / path).read_bytes() == content, path


def test_the_committed_report_is_of_this_corpus(sample_run: tuple[Results, Path]) -> None:
    """Everything but the run's time and the tool's version is as a run gives it now."""
    folder = ROOT / "reports" / "sample-news"
    committed = load(folder)
    now = sample_run[0].model_copy(update={"run": committed.run, "tool": committed.tool})
    assert committed == now, "run: make demo"
    assert (folder / "report.html").read_text("utf-8") == html.render(committed), "run: make demo"

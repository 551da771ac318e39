"""`corpusgate gate`: other bounds on what was measured give what a whole run with them gives, and nothing else is accepted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corpusgate import api, results, suites
from corpusgate.cli import main
from corpusgate.errors import Problem
from corpusgate.rejudge import judge_again

Copies = Callable[[int], Path]

DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run on the sample corpus by the built-in suite."""
    out = tmp_path_factory.mktemp("ran")
    api.check(Path(__file__).parents[2] / "corpora" / "sample-news", out=out, today=DAY)
    return out


@pytest.fixture
def folder(ran: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    out = tmp_path / "run"
    out.mkdir()
    for path in ran.iterdir():
        (out / path.name).write_bytes(path.read_bytes())
    return out


def suite(tmp_path: Path, checks: str = "[boilerplate, headlines, dates, encoding]", overrides: str = "{}", more: str = "") -> Path:
    path = tmp_path / "other.suite.yaml"
    path.write_text(f"name: other\nchecks: {checks}\noverrides: {overrides}\n{more}", encoding="utf-8")
    return path


def gate(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["gate", *map(str, arguments)])


def told(found: results.Results) -> dict[str, Any]:
    # Which records are shown as a whole follows from the checks that were measured.
    return {**found.model_dump(), "run": None, "pages": None}


@pytest.mark.parametrize(
    ("checks", "overrides"),
    [
        ("[boilerplate, headlines, dates, encoding]", "{encoding/mojibake: {expect: {mostly: 0.5}, per: {}}}"),
        ("[boilerplate, headlines, dates, encoding]", "{encoding/mojibake: {severity: info}, encoding/tatweel: {severity: fail}}"),
        ("[encoding, headlines/truncated]", "{}"),
        ("[dates]", "{dates/piled-up: {expect: {max_records: 3}, per: {source: {mostly: 0.99, min_records: 5}}}}"),
    ],
)
def test_other_bounds_give_what_a_whole_run_gives(folder: Path, tmp_path: Path, checks: str, overrides: str) -> None:
    path = suite(tmp_path, checks, overrides)
    whole = api.check(Path(__file__).parents[2] / "corpora" / "sample-news", suite=path, out=tmp_path / "whole", today=DAY)
    before = results.load(folder)
    again = judge_again(folder, suites.load_suite(path))
    assert told(again) == told(whole)
    assert again.run == before.run
    judged = {verdict.check for verdict in again.verdicts}
    assert again.pages
    assert all(page.findings.keys() <= judged and {place.check for place in page.places} <= judged for page in again.pages)
    assert results.load(folder) == again


def test_a_suite_of_few_checks_takes_nothing_from_later_ones(folder: Path, tmp_path: Path) -> None:
    before = results.load(folder)
    few = suites.load_suite(suite(tmp_path, "[dates]"))
    judge_again(folder, few)
    # One a check, and the one on input that could not be read.
    assert len(results.load(folder).verdicts) == len(few.checks) + 1
    assert judge_again(folder, suites.load_suite()) == before


def test_exit_codes_and_what_is_written(folder: Path, tmp_path: Path) -> None:
    clean = suite(tmp_path, "[encoding/presentation-forms]", more="quarantine: {max_records: 1}")
    assert gate(folder, "--suite", clean).exit_code == 0
    assert "other" in (folder / "report.html").read_text("utf-8")
    warned = suite(tmp_path, "[dates/piled-up]", more="quarantine: {max_records: 1}")
    assert gate(folder, "--suite", warned).exit_code == 0
    done = gate(folder, "--suite", warned, "--fail-on", "warn")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == f"Report: {folder / 'report.html'}"
    assert gate(folder).exit_code == 0
    assert gate(folder, "--fail-on", "warn").exit_code == 1
    assert json.loads((folder / "results.json").read_text("utf-8"))["gate"]["exit_code"] == 1


def test_what_was_measured_otherwise_is_named(folder: Path, tmp_path: Path) -> None:
    overrides = """
  headlines/repeated-in-text: {expect: {max: 3}}
  boilerplate/repeated-lines: {with: {min_records: 3}}
  encoding/mojibake: {expect: {mostly: 0.1}}
"""
    done = gate(folder, "--suite", suite(tmp_path, overrides=overrides))
    assert done.exit_code == 2
    assert "2 of its checks were measured otherwise" in done.stderr
    assert "boilerplate/repeated-lines (with), headlines/repeated-in-text (expect.max)" in done.stderr
    before = results.load(folder)
    assert before.suite.name == "news", "nothing was written"


def test_a_check_that_was_not_measured_is_named(folder: Path, tmp_path: Path) -> None:
    judged = suites.load_suite()
    stranger = judged.checks[0].model_copy(update={"name": "boilerplate/own", "id": "OWN001"})
    with pytest.raises(Problem, match=r"boilerplate/own \(not measured\)"):
        judge_again(folder, judged.model_copy(update={"checks": (*judged.checks, stranger)}))


def test_other_columns_are_another_run(folder: Path, tmp_path: Path) -> None:
    done = gate(folder, "--suite", suite(tmp_path, more="fields: {text: body}"))
    assert done.exit_code == 2
    assert "that run read content for it, not body" in done.stderr


def test_checks_that_could_not_run_still_cannot(tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_text('{"id": "1", "text": "The ferry sails at noon."}\n', encoding="utf-8")
    api.check(tmp_path / "texts.jsonl", out=tmp_path / "run", today=DAY)
    again = judge_again(tmp_path / "run", suites.load_suite(suite(tmp_path, "[dates, encoding]")))
    assert {v.check for v in again.verdicts if v.status == "not_run"} >= {"dates/missing", "dates/piled-up"}
    assert again.gate.exit_code == 0


def test_a_file_that_breaks_off_stays_no_judgement(tmp_path: Path) -> None:
    import gzip

    whole = gzip.compress(b'{"id": "1", "text": "The ferry sails at noon."}\n' * 2000)
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
    assert api.check(tmp_path / "cut.jsonl.gz", out=tmp_path / "run", today=DAY).gate.exit_code == 2
    lax = suite(tmp_path, "[encoding]", more="quarantine: {mostly: 0.0}")
    assert gate(tmp_path / "run", "--suite", lax).exit_code == 2
    assert gate(tmp_path / "run").exit_code == 2


@pytest.mark.parametrize("damage", ["missing", "truncated", "another table"])
def test_a_folder_without_its_sums_is_no_judgement(folder: Path, damage: str) -> None:
    path = folder / "slices.parquet"
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:200])
    else:
        path.write_bytes((folder / "findings.parquet").read_bytes())
    done = gate(folder)
    assert done.exit_code == 2
    assert "slices.parquet" in done.stderr


def test_other_severities_need_the_signals(folder: Path, tmp_path: Path) -> None:
    (folder / "signals.parquet").unlink()
    assert gate(folder, "--suite", suite(tmp_path, overrides="{encoding/mojibake: {severity: warn}}")).exit_code == 1
    done = gate(folder, "--suite", suite(tmp_path, overrides="{encoding/mojibake: {severity: info}}"))
    assert done.exit_code == 2
    assert "signals.parquet" in done.stderr

"""A suite exported to Great Expectations, and the same verdicts from it as from corpusgate."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import great_expectations
import pandas as pd
import pytest
from click.testing import CliRunner
from great_expectations.checkpoint.actions import ValidationAction

from corpusgate import api, gx, packs
from corpusgate.checks import Expect
from corpusgate.cli import main
from corpusgate.errors import Problem
from corpusgate.results import Results
from corpusgate.suites import load_suite
from corpusgate.waivers import Entry

LEVELS = {"critical": "fail", "warning": "warn", "info": "info"}
NEWS = packs.pack_folder() / "news.suite.yaml"

OWN = """
name: strict
checks: [encoding, headlines, dates/missing]
overrides:
  encoding/mojibake: {expect: {max_records: 1}, per: {source: {mostly: 0.98, min_records: 5}, month: {max_records: 2}}}
  encoding/replacement-character: {expect: {mostly: 0.5}, warn: {mostly: 1.0, per: {source: {mostly: 0.99}}}}
  headlines/truncated: {severity: info}
quarantine: {max_records: 3}
"""


def statuses(results: Sequence[Any]) -> dict[str, str]:
    """By check the worst level of which a bound is broken."""
    broken: dict[str, list[str]] = {}
    for single in results:
        assert not single.exception_info["raised_exception"]
        levels = broken.setdefault(single.expectation_config.meta["check"], [])
        if not single.success:
            levels.append(LEVELS[single.expectation_config.severity])
    return {check: min(levels, key=list(LEVELS.values()).index, default="") for check, levels in broken.items()}


def own(results: Results) -> dict[str, str]:
    return {verdict.check: verdict.status if verdict.status in LEVELS.values() else "" for verdict in results.verdicts}


@pytest.mark.parametrize("name", ["news", "strict"])
def test_the_exported_suite_gives_the_same_verdicts(
    name: str, sample_run: tuple[Results, Path], tmp_path: Path, context: Any, batch: Any
) -> None:
    path = NEWS if name == "news" else tmp_path / "strict.suite.yaml"
    if name == "strict":
        path.write_text(OWN, encoding="utf-8")
    sample = Path(__file__).parents[2] / "corpora" / "sample-news"
    results, out = sample_run if name == "news" else (api.check(sample, path, tmp_path / "out"), tmp_path / "out")
    ran = CliRunner().invoke(main, ["export-gx", str(path), "--out", str(tmp_path / "suite.json")])
    assert (ran.exit_code, ran.output) == (0, f"wrote {tmp_path / 'suite.json'}\n")
    written = json.loads((tmp_path / "suite.json").read_text("utf-8"))
    suite = context.suites.add(great_expectations.ExpectationSuite(**written))
    assert len(suite.expectations) == len(written["expectations"]) > 20
    judged = batch(gx.slice_table(out)).validate(suite)
    assert statuses(judged.results) == own(results)
    assert {"fail", "warn", ""} <= set(own(results).values())


def test_it_writes_to_standard_output_and_names_a_suite_that_is_not_there(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["export-gx", str(NEWS)])
    assert json.loads(ran.output)["name"] == "news"
    ran = CliRunner().invoke(main, ["export-gx", str(tmp_path / "none.suite.yaml")])
    assert ran.exit_code == 2
    assert "none.suite.yaml" in ran.output
    ran = CliRunner().invoke(main, ["export-gx", str(NEWS), "--out", str(tmp_path / "no" / "suite.json")])
    assert ran.exit_code == 2
    assert "cannot be read or written" in ran.output


def test_a_check_that_could_not_run_has_its_columns_and_holds(tmp_path: Path, batch: Any) -> None:
    api.check([{"text": "The ferry sails again."}], out=tmp_path)
    table = gx.slice_table(tmp_path)
    suite = load_suite(NEWS)
    idle = [column for column in table.columns if column.startswith("dates/missing")]
    assert idle
    assert table[idle].isna().all(axis=None)
    judged = batch(table).validate(
        great_expectations.ExpectationSuite(**json.loads(CliRunner().invoke(main, ["export-gx", str(NEWS)]).output))
    )
    assert judged.success
    assert {single.expectation_config.meta["check"] for single in judged.results} >= {check.name for check in suite.checks}


def test_other_bounds_can_be_put_on_a_run(sample_run: tuple[Results, Path], tmp_path: Path) -> None:
    suite = load_suite(NEWS)
    checks = [
        check.model_copy(update={"expect": Expect(max=check.expect.max, mostly=0.0), "per": {}, "warn": None}) for check in suite.checks
    ]
    lax = suite.model_copy(update={"checks": tuple(checks)})
    result = gx.run_checkpoint(sample_run[1], suite=lax)
    (judged,) = result.run_results.values()
    assert {check for check, status in statuses(judged.results).items() if status} == {"corpus/unreadable"}


def test_what_is_waived_in_a_run_does_not_count(tmp_path: Path) -> None:
    suite = load_suite(NEWS)
    suite = suite.model_copy(update={"checks": tuple(check for check in suite.checks if check.id == "ENC001")})
    waiver = Entry(check="ENC001", source="skarn.example", reason="Their archive has it so.", owner="desk", last_day="2999-01-31")
    records = [{"source": "skarn.example", "text": "The \ufffd ferry sails again."}] * 3
    for waivers, success in (([], False), ([waiver], True)):
        results = api.check(records, suite, out=tmp_path, waivers=waivers)
        assert results.gate.open is success
        assert gx.run_checkpoint(tmp_path).success is success
    # A suite without the check knows nothing of its waiver.
    assert "encoding" not in "".join(gx.slice_table(tmp_path, suite.model_copy(update={"checks": ()})).columns)


def test_runs_that_allow_no_judgement_are_refused(tmp_path: Path) -> None:
    rows = pd.DataFrame([{"id": str(i), "text": f"The ferry sails again, {i}."} for i in range(40)])
    api.check(rows, out=tmp_path / "sample", sample=20)
    with pytest.raises(Problem, match="the run of a sample"):
        gx.slice_table(tmp_path / "sample")
    with pytest.raises(Problem, match=r"slices\.parquet: is not there"):
        gx.slice_table(tmp_path / "nothing")
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(b'{"text": "The ferry sails again."}\n' * 2000)[:-20])
    api.check(cut, out=tmp_path / "cut")
    with pytest.raises(Problem, match="no judgement"):
        gx.slice_table(tmp_path / "cut")


class Noted(ValidationAction):  # type: ignore[misc]
    """An action of somebody's own."""

    type: Literal["corpusgate_test_noted"] = "corpusgate_test_noted"

    def run(self, checkpoint_result: Any, action_context: Any = None) -> dict[str, Any]:
        NOTES.append(checkpoint_result)
        return {}


NOTES: list[Any] = []


def test_a_run_is_pushed_through_a_checkpoint_of_a_project_again_and_again(sample_run: tuple[Results, Path], tmp_path: Path) -> None:
    NOTES.clear()
    for _ in range(2):
        project = great_expectations.get_context(mode="file", project_root_dir=tmp_path)
        project.variables.progress_bars = {"globally": False}
        result = gx.run_checkpoint(sample_run[1], project, [Noted(name="noted")], name="news")
        (judged,) = result.run_results.values()
        assert statuses(judged.results) == own(sample_run[0])
        assert str(judged.get_max_severity_failure().value) == "critical"
        assert not result.success
    assert len(NOTES) == 2
    project = great_expectations.get_context(mode="file", project_root_dir=tmp_path)
    assert [checkpoint.name for checkpoint in project.checkpoints.all()] == ["news"]
    assert [suite.name for suite in project.suites.all()] == ["news"]
    over = next(single for single in judged.results if not single.success and ".source." in single.expectation_config.kwargs["column"])
    assert {row["kind"] for row in over.result["partial_unexpected_index_list"]} == {"source"}

"""`corpusgate init`: what it writes runs at once, passes its own tests, and never overwrites."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from corpusgate import api, examples_test, packs
from corpusgate.cli import main
from corpusgate.errors import Problem
from corpusgate.project import LAYOUT, write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path / "mine")
    return tmp_path / "mine"


def test_it_writes_checks_corpora_reports_and_a_workflow(project: Path) -> None:
    assert {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()} == set(LAYOUT.values())


def test_its_corpus_opens_the_gate_and_shows_one_warning(project: Path) -> None:
    results = api.check(project / "corpora" / "example")
    assert results.gate.exit_code == 0
    assert results.suite.name == "my-suite"
    assert [v.check for v in results.verdicts if v.status == "warn"] == ["headlines/truncated"]
    assert "house/our-newsletter" in {v.check for v in results.verdicts}


def test_its_own_check_finds_what_it_is_for(project: Path) -> None:
    cases = list(examples_test.cases(project / "checks"))
    assert len(cases) == 4
    assert not [examples_test.run(case) for case in cases if examples_test.run(case)]
    assert packs.load_folder(project / "checks")[0].id not in {check.id for check in packs.built_in()}


def test_its_workflow_runs_the_gate(project: Path) -> None:
    workflow = yaml.safe_load((project / ".github" / "workflows" / "corpusgate.yml").read_text("utf-8"))
    steps = [step.get("run", "") for step in workflow["jobs"]["gate"]["steps"]]
    assert "corpusgate check corpora/example" in steps


def test_it_overwrites_nothing(project: Path) -> None:
    (project / "checks" / "my.suite.yaml").write_text("name: mine\n", encoding="utf-8")
    with pytest.raises(Problem, match="exists already"):
        write_project(project)
    assert (project / "checks" / "my.suite.yaml").read_text("utf-8") == "name: mine\n"


def test_it_fits_beside_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n", encoding="utf-8")
    write_project(tmp_path)
    assert (tmp_path / "README.md").read_text("utf-8") == "mine\n"


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Problem, match="cannot be written to"):
        write_project(tmp_path / "file" / "project")


def test_the_command_says_what_to_type_next(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["init", str(tmp_path / "my corpus")])
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == f"Run it: cd '{tmp_path}/my corpus' && corpusgate check corpora/example"
    again = CliRunner().invoke(main, ["init", str(tmp_path / "my corpus")])
    assert again.exit_code == 2
    assert "exists already" in again.output

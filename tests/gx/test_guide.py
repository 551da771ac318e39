"""docs/great-expectations.md and the project beside it do what they say."""

from __future__ import annotations

import doctest
import re
import runpy
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_public import same_surface, surface

from corpusgate import gx
from corpusgate.cli import main
from corpusgate.gx import expectations

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example project, copied."""
    shutil.copytree(DOCS / "great-expectations", tmp_path / "project", ignore=shutil.ignore_patterns("gx"))
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def test_every_block_of_the_guide_runs(project: Path) -> None:
    page = (DOCS / "great-expectations.md").read_text("utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL)
    assert [language for language, _ in blocks] == ["python", "sh", "python", "python"]
    names: dict[str, Any] = {}
    for language, block in blocks:
        if language == "sh":
            for line in block.splitlines():
                words = shlex.split(line)
                assert words[0] == "corpusgate"
                # The gate of a corpus with damage is held.
                assert CliRunner().invoke(main, words[1:]).exit_code == (1 if words[1] == "check" else 0)
        else:
            exec(compile(block, "great-expectations.md", "exec"), names)


def test_the_guide_names_every_expectation_and_its_checks() -> None:
    page = (DOCS / "great-expectations.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(Expect\w+)`", page, re.MULTILINE)) == {name for name in gx.__all__ if name.startswith("Expect")}


def test_the_interface_grows_by_no_accident() -> None:
    same_surface("public-gx.txt", surface("corpusgate.gx", with_members=False))


def test_the_project_runs_and_runs_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert runpy.run_path(str(project / "run.py"))["main"]() == 1
        told = capsys.readouterr().out.splitlines()
        assert told == [
            "held expect_column_values_to_not_be_null ",
            "over expect_column_values_to_have_no_mojibake (3)",
            "held expect_column_values_to_be_free_of_boilerplate (4)",
            "held expect_column_values_to_have_no_replacement_characters ",
            "held expect_column_values_to_have_no_markup ",
            "over expect_column_values_to_be_sane_publication_dates (5)",
            "over expect_headlines_to_be_unique_within_source (1, 2)",
            "held expect_headline_not_repeated_in_text ",
        ]
    assert len(list((project / "gx").rglob("index.html"))) == 1


def test_a_suite_with_an_expectation_that_is_not_known_is_no_judgement(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = project / "suite.json"
    suite.write_text(suite.read_text("utf-8").replace("no_mojibake", "no_mojibak"), encoding="utf-8")
    assert runpy.run_path(str(project / "run.py"))["main"]() == 2


def test_examples_in_the_expectations_run() -> None:
    ran = doctest.testmod(expectations)
    assert (ran.failed, ran.attempted > 25) == (0, True)

"""What pipelines use: the table in pyproject.toml, the action, the hooks, and every recipe of docs/ci.md, run as far as they can be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from corpusgate.cli import main

ROOT = Path(__file__).parents[1]
RECIPES = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.S)
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `corpusgate init` writes, as the working folder."""
    assert call("init", tmp_path / "p").exit_code == 0
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


def table(project: Path, text: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.corpusgate]\n{text}\n", encoding="utf-8")


def bash(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script run with a `corpusgate` on the path, and a `pip` that does nothing."""
    programs = folder / ".programs"
    programs.mkdir(exist_ok=True)
    for name, line in (("corpusgate", f'exec "{sys.executable}" -m corpusgate.cli "$@"'), ("pip", "exit 0")):
        (programs / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", **environment}
    return subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)


def hold(project: Path) -> None:
    """Break the corpus of the project."""
    path = project / "corpora" / "example" / "records.jsonl"
    path.write_text(path.read_text("utf-8").replace("a", "\N{REPLACEMENT CHARACTER}"), encoding="utf-8")


def test_the_table_says_what_the_command_line_need_not(project: Path) -> None:
    toml = next(text for kind, text in RECIPES if kind == "toml")
    (project / "pyproject.toml").write_text(toml, encoding="utf-8")
    done = call("check")
    assert done.exit_code == 0, done.output
    assert "suite my-suite" in done.stdout
    assert (project / "reports" / "example" / "results.json").exists()
    assert call("gate", "reports/example").exit_code == 0


def test_paths_are_relative_to_the_file_and_the_command_line_wins(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(project, 'corpus = "corpora/example"\nsuite = "checks/my.suite.yaml"\nout = "reports/a"\nsample = "2"\nseed = 4')
    (project / "deep" / "er").mkdir(parents=True)
    # One without the table is passed by.
    (project / "deep" / "pyproject.toml").write_text("[tool.other]\nx = 1\n", encoding="utf-8")
    monkeypatch.chdir(project / "deep" / "er")
    done = call("check")
    assert "2 of 8 records checked (a sample of 2, seed 4)" in done.stdout
    assert (project / "reports" / "a" / "results.json").exists()
    assert "seed 5" in call("check", "--seed", "5", "--out", "here").stdout
    assert Path("here/results.json").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('siute = "x"', "tool.corpusgate.siute: unknown key 'siute'. Did you mean 'suite'"),
        ('fail_on = "warn"', "unknown key 'fail_on'. Did you mean 'fail-on'"),
        ('fail-on = "wrn"', "tool.corpusgate.fail-on"),
        ("jobs = 0", "tool.corpusgate.jobs"),
        ('jobs = "many"', "tool.corpusgate.jobs"),
        ("suite = 3", "a path is expected"),
        ('suite = ["a"]', "a single value is expected"),
        ("suite = {a = 1}", "a single value is expected"),
        ("corpus = 3", "a list is expected"),
        ("resume = true", "unknown key 'resume'"),
        ("jobs = [", "is not TOML"),
        ('baseline = "nowhere.json"\ncorpus = "corpora/example"', "the baseline cannot be read"),
    ],
)
def test_a_mistake_in_the_table_is_no_judgement(project: Path, text: str, says: str) -> None:
    table(project, text)
    done = call("check", *([] if "corpora" in text else ["corpora/example"]))
    assert (done.exit_code, says in done.stderr) == (2, True), done.stderr
    assert "pyproject.toml" in done.stderr or "nowhere.json" in done.stderr
    assert call("checks").exit_code == 0, "other commands take nothing from it"


def test_the_action_passes_its_inputs_and_the_exit_code(project: Path) -> None:
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "check"]
    assert "${{" not in step["run"], "a value must not become a part of the script"
    names = {name: re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)[1] for name, value in step["env"].items()}  # type: ignore[index]
    inputs = {name: spec["default"] for name, spec in ACTION["inputs"].items()}

    def act(**given: str) -> tuple[int, str, str]:
        chosen = {**inputs, **{name.replace("_", "-"): value for name, value in given.items()}}
        out, summary = project / "output", project / "summary"
        out.write_text("")
        environment = {name: chosen[key] for name, key in names.items()}
        done = bash(step["run"], project, **environment, GITHUB_OUTPUT=str(out), GITHUB_STEP_SUMMARY=str(summary))
        return done.returncode, out.read_text("utf-8"), done.stdout + done.stderr

    code, output, said = act(corpus="corpora/example\n", suite="checks/my.suite.yaml", fail_on="fail")
    assert (code, output) == (0, "exit-code=0\n"), said
    assert (project / "reports" / "corpus" / "summary.md").exists()
    assert act(corpus="nowhere")[:2] == (2, "exit-code=2\n")
    assert act(corpus="corpora/example", baseline="nowhere.json")[0] == 2
    hold(project)
    code, output, said = act(corpus="corpora/example")
    assert (code, output) == (1, "exit-code=1\n"), said
    assert "::error" in said
    table(project, 'corpus = "corpora/example"')
    assert act()[0] == 1


def test_the_action_installs_what_it_lies_in_and_uploads_always() -> None:
    steps = ACTION["runs"]["steps"]
    assert ACTION["runs"]["using"] == "composite"
    assert [step["run"] for step in steps if step.get("name") == "Install"] == ['python -m pip install "$GITHUB_ACTION_PATH"']
    assert all("shell" in step for step in steps if "run" in step)
    assert "always()" in steps[-1]["if"]
    assert set(ACTION["inputs"]) >= {"corpus", "suite", "baseline", "fail-on"}


def commands(text: str) -> list[str]:
    """What a recipe in YAML would run."""

    def walk(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [line for key, one in value.items() for line in (one if key == "script" else walk(one))]
        return [line for one in value for line in walk(one)] if isinstance(value, list) else []

    return walk(yaml.safe_load(text))


def test_the_recipe_for_github_uses_inputs_that_there_are(project: Path) -> None:
    (text,) = [text for kind, text in RECIPES if kind == "yaml" and "OWNER/corpusgate@" in text]
    steps = yaml.safe_load(text)["jobs"]["gate"]["steps"]
    (step,) = [step for step in steps if "corpusgate@" in step["uses"]]
    assert set(step["with"]) <= set(ACTION["inputs"])
    assert (project / step["with"]["corpus"]).exists()
    assert (project / step["with"]["suite"]).exists()


def test_the_recipe_for_gitlab_runs(project: Path) -> None:
    (text,) = [text for kind, text in RECIPES if kind == "yaml" and "artifacts:" in text]
    lines = commands(text)
    assert len(lines) == 3
    done = bash("\n".join(lines), project)
    assert done.returncode == 0, done.stderr
    job = yaml.safe_load(text)["corpus"]
    for path in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"], *job["cache"]["paths"]):
        assert (project / path).exists(), path
    hold(project)
    assert bash("\n".join(lines), project).returncode == 1


def test_the_recipes_for_a_shell_run(project: Path) -> None:
    first, second = [text for kind, text in RECIPES if kind == "sh"]
    done = bash(first, project)
    assert done.returncode == 0, done.stderr
    assert (project / "reports" / "example" / "attestation.json").exists()
    assert bash(second, project).returncode == 0
    hold(project)
    done = bash(first, project)
    assert (done.returncode, "The gate is held" in done.stderr) == (1, True)
    (project / "corpora" / "example" / "records.jsonl").unlink()
    done = bash(first, project)
    assert (done.returncode, "There is no judgement" in done.stderr) == (2, True)


def test_the_hooks_that_the_recipe_names_run(project: Path) -> None:
    (text,) = [text for kind, text in RECIPES if "pre-commit-config" in text]
    wanted = [hook["id"] for repository in yaml.safe_load(text)["repos"] for hook in repository["hooks"]]
    assert wanted == [hook["id"] for hook in HOOKS]
    table(project, 'corpus = "corpora/example"')
    for hook in HOOKS:
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)
        done = bash(" ".join([hook["entry"], *hook.get("args", [])]), project)
        assert done.returncode == 0, done.stderr
    hold(project)
    assert bash(HOOKS[0]["entry"], project).returncode == 1

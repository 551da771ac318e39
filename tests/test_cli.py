"""The command line: exit codes, what it prints, and that help is quick to come."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpusgate import packs
from corpusgate.cli import main

ROOT = Path(__file__).parents[1]
GOOD = {"id": "1", "site": "post.example", "title": "The ferry sails again", "content": "It sails at noon.", "date": "2026-03-04"}


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("good.jsonl").write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
    Path("bad.jsonl").write_text(json.dumps({**GOOD, "content": "The caf\u00c3\u00a9 opens."}) + "\n", encoding="utf-8")
    Path("warn.jsonl").write_text(json.dumps({**GOOD, "title": "The ferry sails to the\u2026"}) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "good.jsonl"], 0),
        (["check", "bad.jsonl"], 1),
        (["check", "warn.jsonl"], 0),
        (["check", "warn.jsonl", "--fail-on", "warn"], 1),
        (["check", "good.jsonl", "warn.jsonl", "bad.jsonl", "--jobs", "2"], 1),
        (["check", "nowhere.jsonl"], 2),
        (["check"], 2),
        (["check", "good.jsonl", "--jobs", "0"], 2),
        (["check", "good.jsonl", "--fail-on", "info"], 2),
        (["chekc", "good.jsonl"], 2),
        (["check", "good.jsonl", "--sweet"], 2),
        (["explain", "ENC002"], 0),
        (["explain", "encoding/mojibake"], 0),
        (["explain", "ENC999"], 2),
        (["report", "nowhere"], 2),
        (["checks"], 0),
        (["schema", "check"], 0),
        (["test", "nowhere"], 2),
        (["--version"], 0),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert call(*arguments).exit_code == code


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "corpusgate", "check", "bad.jsonl"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Gate: held" in done.stdout
    asked = subprocess.run([sys.executable, "-m", "corpusgate", "--help"], capture_output=True, text=True, check=True)
    assert asked.stdout.startswith("Usage: corpusgate ")


def test_a_run_prints_the_columns_the_answer_and_the_way_to_the_report() -> None:
    done = call("check", "bad.jsonl")
    assert "Columns: id = id, source = site, headline = title, text = content, published = date" in done.stderr
    assert "ENC002 encoding/mojibake" in done.stdout
    assert "Gate: held (exit code 1), by ENC002." in done.stdout
    assert done.stdout.splitlines()[-1] == "Report: reports/bad/report.html"
    assert {path.name for path in Path("reports/bad").iterdir()} == {
        "report.html", "results.json", "findings.parquet", "signals.parquet", "slices.parquet", "quarantine.jsonl"
    }  # fmt: skip


def test_no_progress_bar_where_there_is_no_terminal() -> None:
    assert "MB/s" not in call("check", "good.jsonl").output


def test_the_report_is_written_again_without_the_corpus() -> None:
    call("check", "bad.jsonl", "--out", "out")
    first = Path("out/report.html").read_bytes()
    Path("bad.jsonl").unlink()
    Path("out/report.html").unlink()
    assert call("report", "out").exit_code == 0
    assert Path("out/report.html").read_bytes() == first
    assert call("report", "out/results.json", "--out", "again.html").exit_code == 0
    assert Path("again.html").read_bytes() == first


def test_explain_tells_why_what_and_shows_examples() -> None:
    told = call("explain", "enc002").output
    for word in ("ENC002 encoding/mojibake (fail)", "Why.", "Do next.", "Bound.", "Found:", "Not found:"):
        assert word in told
    assert "Did you mean" in call("explain", "encoding/mojibak").output


def test_explain_knows_what_no_built_in_file_describes() -> None:
    for name in ("COR001", "cor001", "corpus/unreadable"):
        assert "COR001 corpus/unreadable (fail)" in call("explain", name).output
    Path("house").mkdir()
    why = "It says nothing of the story, and a model that reads it often repeats it."
    words = f"summary: The letter is advertised.\nwhy: {why}\nremedy: Leave the box out of the text.\n"
    own = f"id: OWN001\n{words}signal: own_phrases\nwith: {{phrases: [Get the Letter]}}\nfields: [text]\n"
    Path("house/letter.yaml").write_text(own + "examples: {bad: ['[[Get the Letter]] now'], good: ['A letter']}\n", encoding="utf-8")
    Path("my.suite.yaml").write_text("name: my\nchecks: [house, ENC002]\noverrides: {ENC002: {severity: info}}\n", encoding="utf-8")
    assert "OWN001 house/letter" in call("explain", "OWN001", "--suite", "my.suite.yaml").output
    assert "ENC002 encoding/mojibake (info)" in call("explain", "ENC002", "--suite", "my.suite.yaml").output
    assert call("explain", "OWN001").exit_code == 2


def test_checks_lists_each_once() -> None:
    lines = call("checks").output.splitlines()
    assert len(lines) == len({line.split()[0] for line in lines}) == len(packs.built_in())


def test_a_mistake_of_its_own_is_no_held_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr("corpusgate.job.check_and_write", broken)
    done = call("check", "good.jsonl")
    assert done.exit_code == 2
    assert "a mistake of its own: ZeroDivisionError: by accident" in done.output
    assert "Traceback" not in done.output


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom corpusgate.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = ('numpy', 'pandas', 'pyarrow', 'duckdb', 'numba', 'pydantic', 'rich', 'great_expectations', 'yaml')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "0 gate open, 1 gate held" in done.stdout


def test_the_demo_ends_well_and_says_what_the_check_would_do(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "corpusgate.demo"], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("itself exits with 1.")
    assert (tmp_path / "reports" / "sample-news" / "report.html").is_file()

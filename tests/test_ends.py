"""How a run ends when it does not end well: no old answer is left, nothing is left running, and the exit code says so."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corpusgate import cli
from corpusgate.cli import main

GOOD = {"id": "1", "site": "post.example", "title": "The ferry sails again", "content": "It sails at noon.", "date": "2026-03-04"}
SUITE = "name: small\nchecks: [ENC001, HDL001]\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("good.jsonl").write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
    Path("small.suite.yaml").write_text(SUITE, encoding="utf-8")
    return tmp_path


def call(*arguments: str) -> Result:
    done = CliRunner().invoke(main, list(arguments))
    assert "Traceback" not in done.output
    assert "a mistake of its own" not in done.output
    return done


@pytest.mark.parametrize("out", [["--out", "out"], []])
def test_a_run_that_fails_leaves_no_open_gate_of_the_run_before(out: list[str]) -> None:
    place = Path("out" if out else "reports/good")
    arguments = ["check", "good.jsonl", "--suite", "small.suite.yaml", *out]
    assert call(*arguments).exit_code == 0
    assert json.loads((place / "results.json").read_bytes())["gate"]["open"]
    for data, suite in ((b"{\n", SUITE), (None, SUITE), (b"{}", "name: small\nchecks: [ENC1]\n")):
        call(*arguments)
        Path("good.jsonl").unlink()
        if data is not None:
            Path("good.jsonl").write_bytes(data)
        Path("small.suite.yaml").write_text(suite, encoding="utf-8")
        assert call(*arguments).exit_code == 2
        assert not (place / "results.json").exists()
        assert not (place / "report.html").exists()
        Path("good.jsonl").write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
        Path("small.suite.yaml").write_text(SUITE, encoding="utf-8")


def test_a_folder_that_cannot_be_written_to_is_named() -> None:
    Path("file").write_text("", encoding="utf-8")
    Path("taken/report.html").mkdir(parents=True)
    for out in ("file", "file/deeper", "taken"):
        done = call("check", "good.jsonl", "--suite", "small.suite.yaml", "--out", out)
        assert done.exit_code == 2
        assert re.search(rf"^corpusgate: {out}[^\n]*(cannot be|written)", done.stderr, re.MULTILINE), done.stderr
    if os.geteuid() != 0:
        Path("shut").mkdir(mode=0o500)
        assert "cannot be written to" in call("check", "good.jsonl", "--out", "shut").stderr


def test_a_report_goes_into_a_folder_or_a_file() -> None:
    call("check", "good.jsonl", "--suite", "small.suite.yaml", "--out", "out")
    Path("there").mkdir()
    for out, path in (("there", "there/report.html"), ("new/folder", "new/folder/report.html"), ("a/b.html", "a/b.html")):
        assert call("report", "out", "--out", out).exit_code == 0
        assert Path(path).read_bytes() == Path("out/report.html").read_bytes()
    assert call("report", "out", "--out", "small.suite.yaml/x").exit_code == 2


def test_names_cannot_steer_the_terminal() -> None:
    Path("\x1b[31mred.docx").write_text("", encoding="utf-8")
    Path("a.jsonl").write_text('{"\\u001b[31mkopf": "x"}\n', encoding="utf-8")
    for arguments in (["check", "\x1b[31mred.docx"], ["check", "\x1b[31m"], ["check", "a.jsonl"]):
        done = call(*arguments)
        assert "\x1b" not in done.output
        assert "\\x1b[31m" in done.output


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(("jobs", "side_by_side"), [("1", 4), ("2", 4), ("2", 1)])
def test_an_interrupted_run_says_so_and_cleans_up(number: signal.Signals, code: int, jobs: str, side_by_side: int) -> None:
    row = json.dumps({**GOOD, "content": "It sails at noon, and again at night. " * 10}) + "\n"
    Path("large.jsonl").write_text(row * 200_000, encoding="utf-8")
    run = (
        f"from corpusgate.runners import threads, workers; workers.MUCH, threads.SIDE_BY_SIDE = 1, {side_by_side}\n"
        "if __name__ == '__main__':\n    from corpusgate.cli import program; program()"
    )
    command = [sys.executable, "-c", run, "check", "large.jsonl", "--out", "out", "--jobs", jobs, "--no-cache"]
    # Programs that a shell began in the background ignore Ctrl-C.
    listening = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    begun = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **listening)  # type: ignore[call-overload]
    while begun.poll() is None and not list(Path().glob("out/.work-*")):
        time.sleep(0.05)
    begun.send_signal(number)
    # All ends of the pipes are closed: no worker is left that holds them.
    _, said = begun.communicate(timeout=120)
    assert begun.returncode == code, said
    assert [line for line in said.splitlines() if not line.startswith("Columns")] == ["corpusgate: interrupted before it could judge."]
    assert list(Path("out").iterdir()) == []


def test_a_signal_that_comes_within_a_callback_of_the_compiler_is_not_lost() -> None:
    """What is raised there is printed and swallowed, so that the run would go on."""
    compiler: dict[str, Any] = {"__name__": "llvmlite.binding.executionengine", "os": os, "signal": signal}
    exec("def callback():\n    os.kill(os.getpid(), signal.SIGTERM)\n    return sum(range(1000))\n", compiler)
    told = []

    def run() -> None:
        with cli._ending_well():
            told.append(compiler["callback"]())
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        run()
    assert told == [499500]

"""Runs that are killed in the middle: they leave nothing half-written, and the next one goes on from what was finished."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

Copies = Callable[[int], Path]
Outputs = Callable[[Path], dict[str, object]]

#: Has several threads or processes though the corpus is small.
_RUN = """
from corpusgate.runners import threads, workers
threads.WORTH = workers.WORTH = workers.MUCH = 1
threads.SIDE_BY_SIDE = {}
if __name__ == '__main__':
    from corpusgate.cli import program; program()
"""


def command(corpus: Path, out: Path, cache: Path, jobs: int, *more: str, side_by_side: int = 4) -> list[str]:
    return [
        sys.executable,
        "-c",
        _RUN.format(side_by_side),
        "check",
        str(corpus),
        "--out",
        str(out),
        "--cache",
        str(cache),
        "--jobs",
        str(jobs),
        *more,
    ]


def finished(cache: Path) -> int:
    return len(list((cache / "parts").glob("*/*/*/part.json"))) if cache.exists() else 0


def children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in path.read_text("ascii").split()]
    return found + [grandchild for child in found for grandchild in children(child)]


def runs(pid: int) -> bool:
    """Whether a process is there and not merely unburied."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return False


def kill_in_the_middle(corpus: Path, out: Path, cache: Path, jobs: int, parts: int, side_by_side: int = 4) -> None:
    """Kill a run, which gets no chance to clean up, once some parts are finished."""
    process = subprocess.Popen(
        command(corpus, out, cache, jobs, side_by_side=side_by_side), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while finished(cache) < parts:
        assert process.poll() is None, "the run ended before it was killed"
        time.sleep(0.002)
    workers = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert bool(workers) == (jobs > 1)
    deadline = time.monotonic() + 30
    while any(runs(worker) for worker in workers):
        assert time.monotonic() < deadline, "workers outlive their run"
        time.sleep(0.02)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize(("jobs", "side_by_side"), [(1, 4), (2, 4), (2, 1)])
def test_a_killed_run_goes_on_where_it_was(copies: Copies, outputs: Outputs, tmp_path: Path, jobs: int, side_by_side: int) -> None:
    corpus, cache, out = copies(6), tmp_path / "cache", tmp_path / "out"
    kill_in_the_middle(corpus, out, cache, jobs, 10, side_by_side)
    assert [path.name[:6] for path in out.iterdir()] == [".work-"]
    before = finished(cache)
    assert 10 <= before < 60
    again = command(corpus, out, cache, jobs, "--resume", side_by_side=side_by_side)
    done = subprocess.run(again, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 1, done.stderr
    assert f"Measured before and unchanged: {before} of 60 parts." in done.stderr
    names = {"results.json", "report.html", "findings.parquet", "signals.parquet", "slices.parquet", "quarantine.jsonl"}
    assert {path.name for path in out.iterdir()} == names
    undisturbed = subprocess.run(
        command(corpus, tmp_path / "other", tmp_path / "none", 1), capture_output=True, text=True, check=False, timeout=300
    )
    assert undisturbed.returncode == 1
    assert outputs(out) == outputs(tmp_path / "other")
    assert done.stdout.replace(str(out), "") == undisturbed.stdout.replace(str(tmp_path / "other"), "")


def test_a_killed_run_leaves_neither_half_an_answer_nor_an_old_one(copies: Copies, outputs: Outputs, tmp_path: Path) -> None:
    corpus, out = copies(6), tmp_path / "out"
    subprocess.run(command(corpus, out, tmp_path / "1", 1), capture_output=True, check=False, timeout=300)
    assert (out / "results.json").exists()
    kill_in_the_middle(corpus, out, tmp_path / "2", 1, parts=5)
    assert not {"results.json", "report.html"} & {path.name for path in out.iterdir()}


def test_resuming_judges_by_the_day_of_the_killed_run(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    record = {"id": "1", "source": "post.example", "title": "The ferry sails", "text": "At noon."}
    corpus, out = tmp_path / "one.jsonl", tmp_path / "out"
    corpus.write_text(json.dumps({**record, "date": today.isoformat()}) + "\n", encoding="utf-8")
    first = subprocess.run([*command(corpus, out, tmp_path / "cache", 1)], capture_output=True, text=True, check=False, timeout=300)
    assert first.returncode == 0, first.stderr
    # What a run of last week left behind when it was killed: its folder, whose lock nobody holds.
    state = {"corpus": "one", "fields": json.loads((out / "results.json").read_text("utf-8"))["corpus"]["fields"]}
    left = out / ".work-left"
    left.mkdir()
    suite = json.loads((out / "results.json").read_text("utf-8"))["suite"]["hash"]
    described = {**state, "fields": str(state["fields"]), "suite": suite, "today": (today - timedelta(7)).isoformat()}
    (left / "run.json").write_text(json.dumps(described), encoding="utf-8")
    resumed = subprocess.run(command(corpus, out, tmp_path / "cache", 1, "--resume"), capture_output=True, text=True, check=False)
    assert resumed.returncode == 1, resumed.stderr
    assert "DAT003" in resumed.stdout
    assert not left.exists()
    again = subprocess.run(command(corpus, out, tmp_path / "cache", 1, "--resume"), capture_output=True, text=True, check=False)
    assert again.returncode == 0, "there is no killed run any more"


def test_the_folder_of_a_run_at_work_is_left_alone(copies: Copies, tmp_path: Path) -> None:
    corpus, out, cache = copies(6), tmp_path / "out", tmp_path / "cache"
    process = subprocess.Popen(command(corpus, out, cache, 1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while finished(cache) < 3:
            assert process.poll() is None
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGSTOP)
        small = tmp_path / "small.jsonl"
        small.write_text('{"id": "1", "text": "The ferry sails at noon."}\n', encoding="utf-8")
        subprocess.run(command(small, out, cache, 1), capture_output=True, check=True, timeout=300)
        assert len(list(out.glob(".work-*"))) == 1
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert process.wait(timeout=300) == 1
    assert not list(out.glob(".work-*"))

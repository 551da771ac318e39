"""The wheel, installed into an empty environment and run outside the checkout, as a user gets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_carries_the_pack_the_lists_and_the_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    checks = {path.relative_to(ROOT / "checks").as_posix() for path in (ROOT / "checks").rglob("*.yaml")}
    assert {f"corpusgate/pack/{name}" for name in checks} <= names
    for path in (ROOT / "src" / "corpusgate").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert path.relative_to(ROOT / "src").as_posix() in names, path
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "corpora"))]


@pytest.mark.slow
def test_it_works_in_an_empty_environment_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Dependencies come from where this environment has them; corpusgate itself from the wheel alone."""
    place = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, timeout=300)
    python = place / "bin" / "python"
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "CORPUSGATE"))}
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-c",
        str(ROOT / "constraints.txt"),
        str(wheel),
    ]
    done = subprocess.run(install, capture_output=True, text=True, env=clean, timeout=900)
    assert done.returncode == 0, done.stderr[-2000:]
    command = place / "bin" / "corpusgate"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(command), *arguments], capture_output=True, text=True, cwd=tmp_path, env=clean, timeout=300)

    row = {"title": "Caf\u00c3\u00a9 reopens", "content": "It opens at noon.", "url": "https://post.example/1"}
    (tmp_path / "news.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    held = run("check", "news.jsonl")
    assert held.returncode == 1, held.stdout + held.stderr
    assert "ENC002" in held.stdout
    assert (tmp_path / "reports" / "news" / "report.html").is_file()
    started = run("init", "project")
    assert started.returncode == 0, started.stderr
    opened = run("check", "project/corpora/example", "--out", "out")
    assert opened.returncode == 0, opened.stdout + opened.stderr
    assert run("test").returncode == 0

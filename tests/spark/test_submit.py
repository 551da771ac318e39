"""`spark-submit` with the package shipped by `--py-files`: executors whose Python has what it needs, but not the package itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

RUN = "from corpusgate.cli import main\n\nmain()\n"


@pytest.mark.slow
def test_the_package_ships_as_a_file(spark_session: Any, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    # Folders named in a .pth file are searched, but what stands in their own .pth files, such as this checkout, is not.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True, timeout=300)
    python = tmp_path / "venv" / "bin" / "python"
    known = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
    )
    (Path(known.stdout.strip()) / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYSPARK", "SPARK", "CORPUSGATE"))}
    assert subprocess.run([str(python), "-c", "import corpusgate"], env=clean, capture_output=True, cwd=tmp_path).returncode != 0
    (tmp_path / "run.py").write_text(RUN, encoding="utf-8")
    submit = Path(sysconfig.get_path("scripts")) / "spark-submit"
    command = [str(submit), "--master", "local[2]", "--conf", "spark.ui.enabled=false", "--py-files", str(wheel), "run.py", "check"]
    options = [str(ROOT / "corpora" / "sample-news"), "--engine", "spark", "--out", str(tmp_path / "out"), "--today", "2026-11-01"]
    environment = {**clean, "PYSPARK_PYTHON": str(python), "PYSPARK_DRIVER_PYTHON": str(python)}
    done = subprocess.run([*command, *options], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 1, done.stderr[-3000:]
    results = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert (results["corpus"]["checked"], results["gate"]["exit_code"]) == (218, 1)
    assert list(tmp_path.glob("*.whl.unpacked"))

"""`spark-submit` with the package shipped by `--py-files`: executors whose Python has what it needs, but not the package itself."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from corpusgate import suites
from corpusgate.kept import user_folder

ROOT = Path(__file__).parents[2]

#: What an executor says of the package: how many checks it has, and where it lies.
RUN = """
import pyarrow as pa
from corpusgate.spark.session import session


def told(batches):
    from corpusgate import kernels, suites

    for batch in batches:
        yield pa.record_batch([[len(suites.load_suite().checks)], [kernels.__file__]], names=["checks", "file"])


(row,) = session().range(0, 1, 1, 1).mapInArrow(told, "checks bigint, file string").collect()
print("told", row["checks"], row["file"])
"""


def test_the_package_ships_as_a_file(spark_session: Any, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    # Spark knows archives by their ending.
    archive = wheel.rename(tmp_path / "corpusgate.zip")
    # Folders named in a .pth file are searched, but what stands in their own .pth files, such as this checkout, is not.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True, timeout=300)
    python = tmp_path / "venv" / "bin" / "python"
    known = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
    )
    (Path(known.stdout.strip()) / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYSPARK", "SPARK", "CORPUSGATE"))}
    assert subprocess.run([str(python), "-c", "import corpusgate.api"], env=clean, capture_output=True, cwd=tmp_path).returncode != 0
    (tmp_path / "run.py").write_text(RUN, encoding="utf-8")
    submit = Path(sysconfig.get_path("scripts")) / "spark-submit"
    command = [str(submit), "--master", "local[1]", "--conf", "spark.ui.enabled=false", "--py-files", str(archive), "run.py"]
    environment = {**clean, "PYSPARK_PYTHON": str(python), "PYSPARK_DRIVER_PYTHON": str(python)}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("told "))
    _, checks, file = line.split(" ", 2)
    assert int(checks) == len(suites.load_suite().checks)
    assert Path(file).is_file()
    assert user_folder() / "packages" in Path(file).parents

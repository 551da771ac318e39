"""A session of Spark: the one there is, or a new one, with what Arrow and Python need."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from typing import Any

from corpusgate.errors import Problem

#: What a new session has beside its own defaults. Arrow must be on: without it a missing value becomes the word 'nan'. A task that is
#: done twice at a time would write its files twice.
_SETTINGS = {
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.speculation": "false",
    "spark.ui.showConsoleProgress": "false",
}


def session(master: str | None = None) -> Any:
    """A session to work with: the one that runs already, such as that of a notebook or of `spark-submit`, else a new one.

    Args:
        master: where a new one finds its executors, such as `local[2]` or `spark://host:7077`; without it all cores of this machine.

    Raises:
        Problem: there is no pyspark or no Java here, or no such master.
    """
    if find_spec("pyspark") is None:
        raise Problem("--engine spark", "needs pyspark, which is not installed", "pip install 'corpusgate[spark]'")
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise Problem("--engine spark", "needs a Java runtime, and finds none", "Install Java 17, or set JAVA_HOME")
    # Executors would take the first Python on their path, which need not have what this one has.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("corpusgate")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    # What spark-submit said stands.
    builder = builder.master(master) if master else builder
    try:
        return builder.getOrCreate()
    except Exception as error:
        what = " ".join(str(error).split())[:300]
        raise Problem(
            f"--master {master}" if master else "Spark", f"cannot be reached ({what})", "Check the address and the network"
        ) from None

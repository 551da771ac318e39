"""What tests share: where shared evaluation data lies, and skips that CI does not let pass."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import s3_server
from needs import unavailable as unavailable

import corpusgate.kernels  # settles where compiled kernels lie, before the cache folder becomes one of the tests' own
from corpusgate import results
from corpusgate.api import check
from corpusgate.kept import user_folder

ROOT = Path(__file__).parents[1]

#: Evaluation data, where it lies beside the checkout.
SHARED = ROOT.parent / "shared"

pytest_plugins = ["pytester"]


def pytest_configure(config: pytest.Config) -> None:
    """Keep the user's own cache of measured parts out of the tests; compiled kernels and patterns are taken from there."""
    assert corpusgate.kernels.__file__
    folder = Path(tempfile.mkdtemp(prefix="corpusgate-tests-"))
    (folder / "corpusgate").mkdir()
    made = user_folder() / "made"
    made.mkdir(parents=True, exist_ok=True)
    (folder / "corpusgate" / "made").symlink_to(made)
    os.environ["XDG_CACHE_HOME"] = str(folder)
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder with the scraped page that the project began with."""
    if not (SHARED / "seeds").is_dir():
        pytest.skip("the shared seeds are not here")
    return SHARED / "seeds"


@pytest.fixture(scope="session")
def raw() -> Path:
    """The folder with raw scraped corpora."""
    if not (SHARED / "gold" / "raw_scraped").is_dir():
        pytest.skip("the shared raw corpora are not here")
    return SHARED / "gold" / "raw_scraped"


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[results.Results, Path]:
    """The results of the sample corpus and the folder they were written to."""
    out = tmp_path_factory.mktemp("sample-news")
    return check(ROOT / "corpora" / "sample-news", out=out), out


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """A session of Spark with two cores of this machine; needs pyspark and a Java runtime."""
    if find_spec("pyspark") is None or shutil.which("java") is None:
        unavailable("spark", "pyspark or Java is not here")
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        # Executors have the environment that Java was started with.
        for name, value in s3_server.ENVIRONMENT.items():
            patch.setenv(name, value)
        settings = {
            "spark.sql.execution.arrow.pyspark.enabled": "true",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.codegen.wholeStage": "false",
        }
        builder = SparkSession.builder.master("local[2]").appName("corpusgate-tests")
        for name, value in settings.items():
            builder = builder.config(name, value)
        made = builder.getOrCreate()
        yield made
        made.stop()

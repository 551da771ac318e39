"""A browser, and runs that faces show."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from chromium import Chromium, program
from hostile import records

from corpusgate.api import check
from corpusgate.results import Results


@pytest.fixture(scope="session")
def hostile() -> Results:
    """A run over records that attack whoever reads the report."""
    return check(pd.DataFrame(records()), today=date(2026, 11, 1))


ROOT = Path(__file__).parents[2]


def node_module(path: str) -> Path:
    """A file of a package that `.ci/run` installs from the npm registry."""
    for folder in (os.environ.get("CORPUSGATE_NODE_MODULES"), ROOT / ".venv" / "node_modules"):
        if folder and (Path(folder) / path).is_file():
            return Path(folder) / path
    if "npm" in os.environ.get("CORPUSGATE_REQUIRE", "").split(","):
        pytest.fail(f"{path} is not installed, and CORPUSGATE_REQUIRE names npm")
    pytest.skip(f"{path} is not installed")


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, the checker of accessibility, as a script."""
    return node_module("axe-core/axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def sarif_schema() -> dict[str, Any]:
    """The JSON schema of SARIF 2.1.0, as OASIS has it."""
    found: dict[str, Any] = json.loads(node_module("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A headless Chromium."""
    if program() is None:
        if "browser" in os.environ.get("CORPUSGATE_REQUIRE", "").split(","):
            pytest.fail("there is no Chromium on this machine, and CORPUSGATE_REQUIRE names it")
        pytest.skip("there is no Chromium on this machine")
    running = Chromium(tmp_path_factory.mktemp("profile"))
    yield running
    running.close()

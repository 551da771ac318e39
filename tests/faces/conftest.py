"""A browser, and runs that faces show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

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

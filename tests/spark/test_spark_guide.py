"""docs/spark.md does what it says, and the interface that it tells of grows by no accident."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from guides import DOCS, commands, output, run_python, says
from test_public import same_surface, surface

PAGE = DOCS / "spark.md"

pytestmark = pytest.mark.filterwarnings("ignore")


def test_every_example_runs(spark_session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news.jsonl").write_text('{"title": "Caf\\u00c3\\u00a9 reopens", "text": "It opens at noon."}\n', encoding="utf-8")
    for command, shown in commands(PAGE):
        told = output(command)
        assert says(shown, told), told
    assert run_python(PAGE) == 3


def test_the_interface_is_on_the_page() -> None:
    same_surface("public-spark.txt", surface("corpusgate.spark"))
    assert "`spark.check`" in PAGE.read_text("utf-8")

"""What the API takes, and what it says of the rest."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from corpusgate import check, inspect
from corpusgate.errors import Problem
from corpusgate.results import Results

DAY = date(2026, 11, 1)
ROWS: list[dict[str, Any]] = [
    {"id": 1, "site": "post.example", "title": "Caf\u00c3\u00a9 opens", "content": "It opens at noon.", "date": date(2026, 3, 4)},
    {"site": "post.example", "title": "Ferry sails again", "content": ["It sails.", None, "It sinks \ufffd."]},
]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "small.suite.yaml"
    path.write_text("name: small\nchecks: [ENC001, ENC002, HDL001]\n", encoding="utf-8")
    return path


def told(results: Results) -> dict[str, list[tuple[str, str]]]:
    return {v.id: [(e.record_id, e.match) for e in v.examples] for v in results.verdicts if v.examples}


def test_records_come_in_many_shapes(suite: Path) -> None:
    expected = {"ENC001": [("1", "\ufffd")], "ENC002": [("1", "Caf\u00c3\u00a9")]}
    frame = pd.DataFrame(ROWS, dtype=object)
    table = pa.table(
        {name: [row.get(name) for row in ROWS] for name in ("site", "title")} | {"content": [["It opens."], ROWS[1]["content"]]}
    )
    assert told(check(ROWS, suite, today=DAY)) == expected
    assert told(check(tuple(ROWS), suite, today=DAY)) == expected
    assert told(check(frame, suite, today=DAY)) == expected
    assert told(check(table, suite, today=DAY)) == {"ENC001": [("1", "\ufffd")], "ENC002": [("0", "Caf\u00c3\u00a9")]}


def test_columns_may_be_called_by_numbers(suite: Path) -> None:
    frame = pd.DataFrame([["Rain", "It \ufffd rains."]])
    assert told(check(frame, suite, fields={"headline": "0", "text": "1"}, today=DAY)) == {"ENC001": [("0", "\ufffd")]}
    assert inspect({7: "x", "title": "Rain", "text": "It \ufffd rains."})[0].check == "encoding/replacement-character"


@pytest.mark.parametrize(
    ("corpus", "words"),
    [
        ([], "nothing is named to be checked"),
        (None, "NoneType is no corpus"),
        (7, "int is no corpus"),
        ([{"title": "a"}, 7], "list is no corpus"),
        ({"title": "a"}, "dict is no corpus"),
        (np.zeros(3), "ndarray is no corpus"),
        (pd.DataFrame([["a", "b"]], columns=["text", "text"]), "two columns are called 'text'"),
        (pd.DataFrame([["a", "b"]], columns=["1", 1]), "two columns are called '1'"),
        (pa.Table.from_arrays([pa.array(["a"])] * 2, names=["text", "text"]), "two columns are called 'text'"),
        (pd.DataFrame(), "there is no column"),
        (pd.DataFrame([{"kopf": "a"}]), "the columns are 'kopf'"),
    ],
)
def test_what_is_no_corpus_is_a_problem(suite: Path, corpus: Any, words: str) -> None:
    with pytest.raises(Problem, match=words):
        check(corpus, suite, today=DAY)


def test_what_is_no_record_is_a_problem() -> None:
    for record, words in (("a", "str is no record"), ({"kopf": "a"}, "the columns are 'kopf'"), ({}, "there is no column")):
        with pytest.raises(Problem, match=words):
            inspect(record)  # type: ignore[arg-type]


def test_a_status_that_holds_no_gate(suite: Path) -> None:
    with pytest.raises(Problem, match=r"'bogus' is no status that holds a gate. Known are: fail, warn"):
        check(ROWS, suite, fail_on="bogus")  # type: ignore[arg-type]


def test_a_record_is_inspected_with_a_suite_of_ones_own(suite: Path) -> None:
    record = {"title": "Caf\u00c3\u00a9 opens", "text": "Post a comment"}
    assert {finding.check for finding in inspect(record, str(suite))} == {"encoding/mojibake"}
    assert {finding.check for finding in inspect(record, suite)} == {"encoding/mojibake"}
    with pytest.raises(Problem, match="cannot be read"):
        inspect(record, suite.with_name("none.suite.yaml"))

"""Expectations count what corpusgate counts, show little of it, and are silent about nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate import api, gx, packs
from corpusgate.corpora.columns import as_text
from corpusgate.gx import expectations, kinds
from corpusgate.results import Results
from corpusgate.rows import broken, shown, suite_of

FOLDER = Path(__file__).parents[2] / "corpora" / "sample-news"
KINDS = [value for value in vars(kinds).values() if isinstance(value, kinds.Kind)]
EXPECTATIONS = [getattr(gx, name) for name in gx.__all__ if name.startswith("Expect")]

CASES = [
    (gx.ExpectColumnValuesToHaveNoMojibake(column="content"), "text"),
    (gx.ExpectColumnValuesToHaveNoMojibake(column="title"), "headline"),
    (gx.ExpectColumnValuesToBeFreeOfBoilerplate(column="content"), "text"),
    (gx.ExpectColumnValuesToHaveNoReplacementCharacters(column="content"), "text"),
    (gx.ExpectColumnValuesToHaveNoMarkup(column="content"), "text"),
    (gx.ExpectColumnValuesToBeSanePublicationDates(column="published"), "published"),
    (gx.ExpectHeadlinesToBeUniqueWithinSource(column_list=["site", "title", "content"]), "headline"),
    (gx.ExpectHeadlineNotRepeatedInText(column_list=["title", "content"]), "text"),
]


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    rows = []
    for path in sorted((FOLDER / "records").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except ValueError:
                continue
    # A DataFrame can hold no lone surrogate, as Great Expectations uses it.
    return pd.DataFrame([{name: as_text(value) for name, value in row.items()} for row in rows], dtype=object)


@pytest.mark.parametrize(("expectation", "field"), CASES, ids=lambda case: case if isinstance(case, str) else type(case).__name__)
def test_what_is_unexpected_is_what_corpusgate_finds(
    expectation: Any, field: str, sample: pd.DataFrame, sample_run: tuple[Results, Path], batch: Any
) -> None:
    result_format = {"result_format": "COMPLETE", "unexpected_index_column_names": ["url"]}
    result = batch(sample).validate(expectation, result_format=result_format)
    found = pq.read_table(sample_run[1] / "findings.parquet").to_pylist()
    own = {row["record_id"] for row in found if row["check"] in expectation.kind.checks and row["field"] == field}
    if isinstance(expectation, gx.ExpectColumnValuesToBeSanePublicationDates):
        # What is null is missing, of which Great Expectations has an expectation of its own.
        own -= set(sample["url"][sample["published"].isna()])
    assert own
    assert {row["url"] for row in result.result["unexpected_index_list"]} == own
    assert result.result["unexpected_count"] == len(own)
    assert not result.success


def test_there_is_a_case_for_every_expectation() -> None:
    assert {type(expectation) for expectation, _ in CASES} == set(EXPECTATIONS)
    assert len(EXPECTATIONS) == len(KINDS) == 7


def test_the_checks_of_each_kind_exist_and_none_but_the_unique_compares_records() -> None:
    known = {check.name for check in packs.built_in()}
    for kind in KINDS:
        assert set(kind.checks) <= known
        assert len(suite_of(kind.checks).checks) == len(kind.checks)


def test_headlines_are_compared_without_texts_too(batch: Any, sample: pd.DataFrame) -> None:
    expectation = gx.ExpectHeadlinesToBeUniqueWithinSource(column_list=["site", "title"])
    found = batch(sample).validate(expectation).result["unexpected_count"]
    results = api.check(sample[["site", "title"]], suite_of(kinds.UNIQUE.checks))
    assert found == sum(verdict.records_with_findings for verdict in results.verdicts if verdict.check in kinds.UNIQUE.checks)
    assert found


@pytest.mark.parametrize(("mostly", "success"), [(0.75, True), (0.76, False), (1, False)])
def test_mostly_is_a_share_of_the_values_that_are_there(batch: Any, mostly: float, success: bool) -> None:
    table = pd.DataFrame({"body": ["a \ufffd b", "a", "b", "c", None]})
    result = batch(table).validate(gx.ExpectColumnValuesToHaveNoReplacementCharacters(column="body", mostly=mostly))
    assert (result.success, result.result["unexpected_count"], result.result["missing_count"]) == (success, 1, 1)


@pytest.mark.parametrize("values", [[], [None, None]])
@pytest.mark.parametrize(("expectation", "field"), CASES[:1] + CASES[5:], ids=lambda case: "")
def test_nothing_is_neither_expected_nor_unexpected(batch: Any, expectation: Any, field: str, values: list[Any]) -> None:
    table = pd.DataFrame(dict.fromkeys(["site", "title", "content", "published"], values), dtype=object)
    result = batch(table).validate(expectation)
    assert (result.success, result.exception_info["raised_exception"]) == (True, False)


def test_rows_keep_their_index_and_conditions_choose_among_them(batch: Any) -> None:
    table = pd.DataFrame({"body": ["a", "\ufffd b", "\ufffd c"], "lang": ["en", "en", "de"]}, index=[7, 7, 3])
    expectation = gx.ExpectColumnValuesToHaveNoReplacementCharacters(column="body", row_condition='lang=="de"', condition_parser="pandas")
    assert batch(table).validate(expectation).result["unexpected_count"] == 1


@pytest.mark.parametrize("kind", ["SUMMARY", "COMPLETE", "BASIC"])
def test_values_in_results_are_bounded_and_show_the_evidence(batch: Any, kind: str) -> None:
    long = "word " * 50_000
    table = pd.DataFrame(
        {"id": range(30), "title": ["Ferry sails"] * 30, "body": [f"{long} a caf\u00c3\u00a9 by the sea {i} {long}" for i in range(30)]}
    )
    result_format = {"result_format": kind, "unexpected_index_column_names": ["id"]}
    result = batch(table).validate(gx.ExpectColumnValuesToHaveNoMojibake(column="body"), result_format=result_format).to_json_dict()
    assert result["result"]["unexpected_count"] == 30
    assert len(json.dumps(result)) < 30_000
    assert all("\u00abcaf\u00c3\u00a9\u00bb by the sea" in value for value in result["result"]["partial_unexpected_list"])
    if kind == "COMPLETE":
        assert [row["id"] for row in result["result"]["unexpected_index_list"]] == list(range(30))


def test_cells_of_several_columns_are_bounded_too(batch: Any) -> None:
    title = "Ferry sails again to Skarn"
    table = pd.DataFrame({"title": [title], "body": ["word " * 900 + f"\n{title}\n" + "word " * 900 + f"\n{title}"]})
    (value,) = batch(table).validate(gx.ExpectHeadlineNotRepeatedInText(column_list=["title", "body"])).result["partial_unexpected_list"]
    assert value["title"] == title
    assert f"\u00ab{title}\u00bb" in value["body"]
    assert len(value["body"]) < 300


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.one_of(st.none(), st.text(), st.integers(), st.sampled_from(["caf\u00c3\u00a9", "\ufffd", "1970-01-01", "\ud800"])), max_size=8
    )
)
def test_any_value_can_be_looked_at_and_shown(values: list[Any]) -> None:
    for kind in KINDS:
        if len(kind.fields) == 1:
            table = pd.DataFrame({kind.fields[0]: values}, dtype=object)
            flags, cells = broken(table, kind.checks, "2026-11-25"), shown(table, kind.checks, "2026-11-25")
            assert len(flags) == len(cells) == len(values)
            assert all(cell is None or (len(cell) < 300 and "\n" not in cell) for row in cells for cell in row.values())
            alone = [broken(table.iloc[i : i + 1], kind.checks, "2026-11-25")[0] for i in range(len(values))]
            assert flags.tolist() == alone


def test_values_of_other_types_are_read_as_a_corpus_has_them(batch: Any) -> None:
    values = [datetime(1970, 1, 1), date(2026, 1, 1), b"1970-01-01", {"a": "soon" * 999}, ["so", "on"], 5, 1.5, float("nan"), None]
    expectation = gx.ExpectColumnValuesToBeSanePublicationDates(column="d", today="2026-11-25")
    result = batch(pd.DataFrame({"id": range(len(values)), "d": pd.Series(values, dtype=object)})).validate(
        expectation, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["id"]}
    )
    assert not result.exception_info["raised_exception"]
    assert [row["id"] for row in result.result["unexpected_index_list"]] == [0, 2, 3, 4, 5, 6]
    assert result.result["missing_count"] == 2
    assert len(str(result.to_json_dict())) < 6000


def test_dates_are_held_against_the_day_that_is_said(batch: Any) -> None:
    table = pd.DataFrame({"published": ["2026-11-24", "2027-02-01"]})
    counts = [
        batch(table).validate(gx.ExpectColumnValuesToBeSanePublicationDates(column="published", today=day)).result["unexpected_count"]
        for day in ("2026-11-25", "2027-03-01")
    ]
    assert counts == [1, 0]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: gx.ExpectColumnValuesToBeSanePublicationDates(column="published", today="soon"), "'soon' is no day"),
        (lambda: gx.ExpectHeadlineNotRepeatedInText(column_list=["a", "b", "c"]), "headline, text, in this order"),
        (lambda: gx.ExpectHeadlinesToBeUniqueWithinSource(column_list=["a", "a"]), "source, headline, text, in this order"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_at_once(make: Any, says: str) -> None:
    with pytest.raises(Exception, match=says):
        make()


def test_suites_go_to_json_and_back() -> None:
    import great_expectations

    made = great_expectations.ExpectationSuite(name="texts", expectations=[expectation for expectation, _ in CASES])
    again = great_expectations.ExpectationSuite(**json.loads(json.dumps(made.to_json_dict())))
    assert [
        expectation.to_json_dict() if hasattr(expectation, "to_json_dict") else expectation.configuration
        for expectation in again.expectations
    ] == [expectation.configuration for expectation in made.expectations]
    assert len(again.expectations) == len(CASES)


def test_each_is_documented_with_an_example() -> None:
    for expectation in EXPECTATIONS:
        assert expectation.__module__ == expectations.__name__
        assert ">>> " in expectation.__doc__


def test_corpusgate_starts_without_great_expectations() -> None:
    modules = "corpusgate, corpusgate.cli, corpusgate.api, corpusgate.rows, corpusgate.slice_suite, corpusgate.commands.exporting"
    program = f"import sys, {modules}; print('great_expectations' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"

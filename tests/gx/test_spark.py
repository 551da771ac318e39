"""The same counts and the same evidence on Spark; needs pyspark and a Java runtime."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from corpusgate import gx

pytestmark = pytest.mark.filterwarnings("ignore")

TITLE = "Ferry sails again to Skarn"
TABLE = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "title": [TITLE, "Caf\u00c3\u00a9 reopens", None, "Fish is back"],
        "body": [
            f"{TITLE}\nIt is back.\n{TITLE}",
            "The caf\u00c3\u00a9 <b>reopens</b>.",
            None,
            "Fish &amp; chips \ufffd back\nLeave a comment\nYour email address",
        ],
        "published": ["1970-01-01", "soon", "2026-03-01", None],
    }
)

CASES = [
    (gx.ExpectColumnValuesToHaveNoMojibake(column="body"), 1),
    (gx.ExpectColumnValuesToBeFreeOfBoilerplate(column="body", mostly=0.6), 1),
    (gx.ExpectColumnValuesToHaveNoReplacementCharacters(column="body"), 1),
    (gx.ExpectColumnValuesToHaveNoMarkup(column="body"), 2),
    (gx.ExpectColumnValuesToBeSanePublicationDates(column="published", today="2026-11-25"), 2),
    (gx.ExpectHeadlineNotRepeatedInText(column_list=["title", "body"]), 1),
]


@pytest.fixture
def on_spark(spark_session: Any, context: Any) -> Any:
    asset = context.data_sources.add_spark("spark", persist=False).add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": spark_session.createDataFrame(TABLE)})


FORMAT = {"result_format": "SUMMARY", "unexpected_index_column_names": ["id"]}


def test_results_are_those_of_pandas(on_spark: Any, batch: Any) -> None:
    for expectation, count in CASES:
        spark, pandas = (one.validate(expectation, result_format=FORMAT).to_json_dict() for one in (on_spark, batch(TABLE)))
        assert spark["result"]["unexpected_count"] == count
        assert spark["success"] == pandas["success"]
        for name in ("element_count", "missing_count", "unexpected_count", "partial_unexpected_list", "partial_unexpected_index_list"):
            assert spark["result"][name] == pandas["result"][name], (type(expectation).__name__, name)


def test_what_compares_all_rows_says_that_it_cannot(on_spark: Any) -> None:
    result = on_spark.validate(gx.ExpectHeadlinesToBeUniqueWithinSource(column_list=["id", "title"]))
    assert not result.success
    assert "Run `corpusgate check` instead" in str(result.exception_info)

"""A project of Great Expectations that holds scraped articles to corpusgate's expectations. Run it in this folder: python run.py"""

import json
import sys
from pathlib import Path

import great_expectations
import pandas as pd
from great_expectations.checkpoint import UpdateDataDocsAction

import corpusgate.gx  # noqa: F401 - registers the expectations, before a suite that names them is read

HERE = Path(__file__).parent


def main() -> int:
    """Judge articles.jsonl by suite.json, write Data Docs, and return an exit code."""
    context = great_expectations.get_context(mode="file", project_root_dir=HERE)
    written = json.loads((HERE / "suite.json").read_text("utf-8"))
    suite = great_expectations.ExpectationSuite(**written)
    if len(suite.expectations) != len(written["expectations"]):
        # Great Expectations leaves out what it does not know.
        print("Some expectations of suite.json are not known.")
        return 2
    source = context.data_sources.add_or_update_pandas("scraped").add_dataframe_asset("articles")
    definition = great_expectations.ValidationDefinition(
        name="articles", data=source.add_batch_definition_whole_dataframe("all"), suite=context.suites.add_or_update(suite)
    )
    checkpoint = great_expectations.Checkpoint(
        name="articles",
        validation_definitions=[context.validation_definitions.add_or_update(definition)],
        actions=[UpdateDataDocsAction(name="pages")],
        result_format={"result_format": "SUMMARY", "unexpected_index_column_names": ["id"]},
    )
    table = pd.read_json(HERE / "articles.jsonl", lines=True, convert_dates=False, dtype={"id": str})
    (result,) = context.checkpoints.add_or_update(checkpoint).run(batch_parameters={"dataframe": table}).run_results.values()
    for single in result.results:
        rows = ", ".join(str(row["id"]) for row in single.result["partial_unexpected_index_list"])
        print("held" if single.success else "over", single.expectation_config.type, f"({rows})" if rows else "")
    failed = [single for single in result.results if not single.success and single.expectation_config.severity == "critical"]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

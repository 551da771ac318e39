"""What expectations on texts cost: `python benchmarks/gx_cost.py corpus.jsonl`, beside the same checks without Great Expectations.

CPU time of one process, the best of several runs, after a first one that compiles and fills caches.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import great_expectations
import pandas as pd

from corpusgate import gx
from corpusgate.rows import broken, broken_together

#: Runs of each, of which the best counts.
RUNS = 3

EXPECTATIONS = (
    gx.ExpectColumnValuesToHaveNoMojibake(column="text", mostly=0.9),
    gx.ExpectColumnValuesToHaveNoReplacementCharacters(column="text", mostly=0.9),
    gx.ExpectColumnValuesToHaveNoMarkup(column="text", mostly=0.9),
    gx.ExpectColumnValuesToBeFreeOfBoilerplate(column="text", mostly=0.9),
    gx.ExpectHeadlineNotRepeatedInText(column_list=["headline", "text"]),
    gx.ExpectHeadlinesToBeUniqueWithinSource(column_list=["source", "headline", "text"]),
)


def seconds(task: Callable[[], Any]) -> float:
    """The least CPU time of the task."""
    task()
    times = []
    for _ in range(RUNS):
        begun = time.process_time()
        task()
        times.append(time.process_time() - begun)
    return min(times)


def main() -> None:
    """Print a row for each expectation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--records", type=int, default=20_000)
    chosen = parser.parse_args()
    with chosen.corpus.open(encoding="utf-8") as lines:
        table = pd.DataFrame([json.loads(line) for _, line in zip(range(chosen.records), lines, strict=False)])
    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("table").add_batch_definition_whole_dataframe("all")
    batch = asset.get_batch(batch_parameters={"dataframe": table})
    print(f"{len(table):,} records, {table['text'].str.len().sum() / 1e6:.1f} million characters")
    print("| expectation | checks alone, s | expectation, s |\n|---|---|---|")
    for expectation in EXPECTATIONS:
        kind = expectation.kind
        columns = list(getattr(expectation, "column_list", None) or [expectation.column])
        named = table[columns].set_axis(list(kind.fields), axis="columns")
        alone = seconds(lambda: (broken_together if kind.together else broken)(named, kind.checks))  # noqa: B023
        whole = seconds(lambda: batch.validate(expectation, result_format="SUMMARY"))  # noqa: B023
        print(f"| `{type(expectation).__name__}` | {alone:.2f} | {whole:.2f} |")


if __name__ == "__main__":
    main()

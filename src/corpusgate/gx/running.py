"""Runs of `corpusgate check` judged in a project of Great Expectations, and tables held to expectations without one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd

from corpusgate import slice_suite, stored
from corpusgate.checks import Suite
from corpusgate.evaluation import load_strictly

#: What a checkpoint asks for: the slices over a bound, by kind and name, and no query of all of them.
_FORMAT = {
    "result_format": "SUMMARY",
    "unexpected_index_column_names": ["kind", "name", "records"],
    "return_unexpected_index_query": False,
}


def slice_table(folder: str | Path, suite: Suite | None = None) -> pd.DataFrame:
    """The slices of a run as the table that a suite from `corpusgate export-gx` is about; see `slice_suite.table`."""
    return slice_suite.table(Path(folder), suite)


def run_checkpoint(
    folder: str | Path, context: Any = None, actions: Sequence[Any] = (), name: str = "corpusgate", suite: Suite | None = None
) -> Any:
    """Push the run of `corpusgate check` in a folder through a checkpoint, with the actions that the project has for one.

    Data source, suite, validation definition and checkpoint are made in the project under one name, and renewed the next time.

    Args:
        folder: the output folder of the run.
        context: the project; without it one that is gone afterwards.
        actions: of Great Expectations or your own: messages, Data Docs and the like.
        name: what all of it is called.
        suite: the suite to judge by; without it the one the run was last judged by.

    Returns:
        The CheckpointResult. Its `success` is false where any bound is broken, of whatever severity; `gate` of `results.json` says
        whether the corpus may be released.

    Raises:
        Problem: as `slice_suite.table`.
    """
    table = slice_table(folder, suite)
    context = context or gx.get_context(mode="ephemeral")
    judged = load_strictly(slice_suite.as_gx(suite or stored.load(Path(folder)).suite)["expectations"])
    judged.name = name
    batch = _batch(context, name)
    kept = context.suites.add_or_update(judged)
    definition = context.validation_definitions.add_or_update(gx.ValidationDefinition(name=name, data=batch, suite=kept))
    checkpoint = gx.Checkpoint(name=name, validation_definitions=[definition], actions=list(actions), result_format=_FORMAT)
    return context.checkpoints.add_or_update(checkpoint).run(batch_parameters={"dataframe": table})


def validate(table: pd.DataFrame, expectation: Any) -> Any:
    """Hold one expectation to a DataFrame, without a project; for trying things out.

    Returns:
        The ExpectationValidationResult.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return _batch(context, "table").get_batch(batch_parameters={"dataframe": table}).validate(expectation)


def _batch(context: Any, name: str) -> Any:
    """The batch definition of whole DataFrames under a name, made if it is not there."""
    source = context.data_sources.add_or_update_pandas(name)
    return source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)

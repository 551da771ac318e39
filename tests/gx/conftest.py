"""Great Expectations, imported without the warnings of its own dependencies."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import great_expectations

#: Why tests ignore warnings here: the library's own dependencies deprecate what it uses.
QUIET = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/gx/" in item.path.as_posix():
            item.add_marker(QUIET)


@pytest.fixture
def context() -> Any:
    made = great_expectations.get_context(mode="ephemeral")
    made.variables.progress_bars = {"globally": False}
    return made


@pytest.fixture
def batch(context: Any) -> Any:
    """A function from a DataFrame to a batch of it."""
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("table").add_batch_definition_whole_dataframe("all")

    def of(table: pd.DataFrame) -> Any:
        return asset.get_batch(batch_parameters={"dataframe": table})

    return of

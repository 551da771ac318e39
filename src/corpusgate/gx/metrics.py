"""The metrics behind the expectations: for each row whether it holds the checks, on pandas and on Spark.

The classes of metric providers are no public interface of Great Expectations; the tests hold what is used of them.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine, SparkDFExecutionEngine
from great_expectations.expectations.metrics import ColumnMapMetricProvider, column_condition_partial
from great_expectations.expectations.metrics.map_metric_provider import MulticolumnMapMetricProvider
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import multicolumn_condition_partial

from corpusgate.errors import Problem
from corpusgate.gx import kinds
from corpusgate.gx.kinds import Kind
from corpusgate.rows import broken, broken_together, holder


def _on_pandas(kind: Kind, table: pd.DataFrame, today: str | None = None) -> pd.Series[bool]:
    named = table.set_axis(list(kind.fields[: table.shape[1]]), axis="columns")
    flags = broken_together(named, kind.checks) if kind.together else broken(named, kind.checks, today)
    return pd.Series(~flags, index=table.index, dtype=bool)


def _on_spark(kind: Kind, columns: list[Any], today: str | None = None) -> Any:
    """A Spark column that is true where a row holds the checks; executors need corpusgate, and Arrow."""
    from pyspark.sql.functions import pandas_udf

    return pandas_udf(holder(kind.fields, kind.checks, today), "boolean")(*columns)


class _OneColumn(ColumnMapMetricProvider):
    kind: ClassVar[Kind]

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Any, today: str | None = None, **_: Any) -> Any:  # noqa: N805 - called with the class.
        return _on_pandas(cls.kind, column.to_frame(), today)

    @column_condition_partial(engine=SparkDFExecutionEngine)
    def _spark(cls, column: Any, today: str | None = None, **_: Any) -> Any:  # noqa: N805
        return _on_spark(cls.kind, [column], today)


class _Columns(MulticolumnMapMetricProvider):
    kind: ClassVar[Kind]

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, columns: Any, **_: Any) -> Any:  # noqa: N805
        return _on_pandas(cls.kind, columns)


class NoMojibake(_OneColumn):
    """Values without text of a wrong character set."""

    kind = kinds.MOJIBAKE
    condition_metric_name = kinds.MOJIBAKE.metric


class FreeOfBoilerplate(_OneColumn):
    """Values without the furniture of pages."""

    kind = kinds.BOILERPLATE
    condition_metric_name = kinds.BOILERPLATE.metric


class NoReplacementCharacters(_OneColumn):
    """Values without U+FFFD."""

    kind = kinds.REPLACEMENT
    condition_metric_name = kinds.REPLACEMENT.metric


class NoMarkup(_OneColumn):
    """Values without markup and entities."""

    kind = kinds.MARKUP
    condition_metric_name = kinds.MARKUP.metric


class SaneDates(_OneColumn):
    """Values that are dates on which something can have been published."""

    kind = kinds.DATES
    condition_metric_name = kinds.DATES.metric
    condition_value_keys = ("today",)


class UniqueHeadlines(_Columns):
    """Rows whose headline no other row of their source has."""

    kind = kinds.UNIQUE
    condition_metric_name = kinds.UNIQUE.metric

    @multicolumn_condition_partial(engine=SparkDFExecutionEngine)
    def _spark(cls, columns: Any, **_: Any) -> Any:  # noqa: N805
        raise Problem(
            "ExpectHeadlinesToBeUniqueWithinSource", "compares the rows of a DataFrame of pandas", "Run `corpusgate check` instead"
        )


class NotRepeated(_Columns):
    """Rows whose text does not repeat their headline."""

    kind = kinds.REPEATED
    condition_metric_name = kinds.REPEATED.metric

    @multicolumn_condition_partial(engine=SparkDFExecutionEngine)
    def _spark(cls, columns: Any, **_: Any) -> Any:  # noqa: N805
        return _on_spark(cls.kind, [columns[name] for name in columns.columns])

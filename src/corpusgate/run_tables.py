"""The tables of a run, read back by those who judge it: which findings there are, and in which slices their records lie."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from corpusgate.errors import Problem
from corpusgate.slices import KINDS, Slices

Ints = NDArray[np.int64]


def read(path: Path, columns: Collection[str], filters: Any = None) -> pa.Table:
    """Some columns of a table of a run.

    Raises:
        Problem: it cannot be read, or has no such columns.
    """
    try:
        table = pq.read_table(path, columns=list(columns), filters=filters)
    except FileNotFoundError:
        raise Problem(str(path), "is not there", "Name the folder of a run with all that it wrote") from None
    except (OSError, KeyError, pa.ArrowException) as error:
        raise Problem(str(path), f"cannot be read ({error})", "Run the check again") from None
    if missing := [name for name in columns if name not in table.column_names]:
        raise Problem(str(path), f"has no column '{missing[0]}'", "Run the check again")
    return table


def findings(folder: Path, checks: Collection[str], columns: Collection[str]) -> pa.Table:
    """Some columns of the findings of some checks, and `check` and `ordinal`, in the order of records."""
    path = folder / "findings.parquet"
    wanted = ["ordinal", "check", *columns]
    # Where no check is wanted, the bounds of row groups tell that none need be read.
    table = read(path, wanted, pc.field("check").isin(sorted(checks)) if checks else pc.field("ordinal") < 0)
    # Dictionaries differ from row group to row group.
    plain = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    return pa.table(dict(zip(table.column_names, plain, strict=True)))


def count(folder: Path, slices: Slices, broken: dict[str, Ints]) -> Slices:
    """How many records lie in each slice.

    Args:
        folder: of the run.
        slices: the slices of that run.
        broken: for each check the ordinals of records to count, each once.
    """
    counted = slices.none()
    if not any(map(len, broken.values())):
        return counted
    signals = read(folder / "signals.parquet", KINDS)
    for check, ordinals in broken.items():
        index = 2 + slices.checks.index(check)
        counted.corpus[index] = len(ordinals)
        rows = signals.take(pa.array(ordinals))
        for kind in KINDS:
            for pair in pc.value_counts(rows[kind].combine_chunks().cast(pa.string())).to_pylist():
                counted.by[kind][pair["values"]][index] = pair["counts"]
    return counted

"""Columns of some records, gathered from the tables of parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.runners.part_tables import batches
from corpusgate.runners.work import PartResult


def taken(
    parts: Sequence[PartResult], starts: Sequence[int], table: str, columns: Sequence[str], ordinals: NDArray[np.integer]
) -> dict[str, pa.Array]:
    """Some columns of a table with a row a record.

    Args:
        parts: all parts in order.
        starts: first ordinal of each.
        table: its name.
        columns: theirs; dictionaries come as plain strings.
        ordinals: the records, in any order.

    Returns:
        A column each, in the order of `ordinals`; of no records it has no type.
    """
    distinct, index = np.unique(ordinals, return_inverse=True)
    held: dict[str, list[pa.Array]] = {name: [] for name in columns}
    for part, start in zip(parts, starts, strict=True):
        low, high = np.searchsorted(distinct, (start, start + part.measurement.records))
        at = start
        for batch in batches(part.folder, table) if low < high else ():
            first, last = np.searchsorted(distinct, (at, at + len(batch)))
            for name in columns if first < last else ():
                column = batch.column(name).take(pa.array(distinct[first:last] - at))
                held[name].append(column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column)
            at += len(batch)
    places = pa.array(index)
    return {name: (pa.concat_arrays(pieces) if pieces else pa.nulls(0)).take(places) for name, pieces in held.items()}

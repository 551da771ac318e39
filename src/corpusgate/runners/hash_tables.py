"""Hash tables of a part as queries see them: each row with what is known of its record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.hashing import combine
from corpusgate.runners.part_tables import batches

Ints = NDArray[np.int64]

#: Columns that the rows of a table have from the row of their record, so that they are kept once a record.
OF_RECORD = ("source", "story", "silent", "title")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a stretch.

    Attributes:
        first: the first record of the stretch, within its part.
        own: what the table itself has.
        records: the rows of the table `records`: one a record.
    """

    first: int
    own: pa.RecordBatch
    records: pa.RecordBatch

    @property
    def names(self) -> list[str]:
        """All columns, those of the record included."""
        own: list[str] = self.own.schema.names
        return [*own, *(name for name in OF_RECORD if name in self.records.schema.names and name not in own)]

    def column(self, name: str, rows: Ints | None = None) -> pa.Array:
        """A column, of all rows or of some."""
        if name in self.own.schema.names:
            own = self.own.column(name)
            return own if rows is None else own.take(pa.array(rows))
        record = self.own.column("row").to_numpy()
        return self.records.column(name).take(pa.array((record if rows is None else record[rows]) - self.first))

    def ints(self, name: str, rows: Ints | None = None) -> Ints:
        """A column without nulls, as int64 (n,)."""
        return np.asarray(self.column(name, rows).to_numpy(), np.int64)

    def keys(self, names: Sequence[str]) -> tuple[Ints, Ints | None]:
        """One integer for the key columns of each row, and which rows those are if nulls leave some out."""
        columns = [self.column(name) for name in names]
        valid = [np.asarray(column.is_valid()) for column in columns if column.null_count]
        rows = np.flatnonzero(np.logical_and.reduce(valid)) if valid else None
        if rows is not None:
            columns = [column.take(pa.array(rows)) for column in columns]
        return key_of([np.asarray(column.to_numpy(), np.int64) for column in columns]), rows


def key_of(columns: Sequence[Ints]) -> Ints:
    """One integer for several: int64 (n,)."""
    return reduce(combine, columns)


def stretches_of(folder: Path, name: str, stories: NDArray[np.int32] | None = None, titles: Ints | None = None) -> Iterator[Rows]:
    """The stretches of a hash table of a part.

    Args:
        folder: where the part's tables lie.
        name: of the table.
        stories: int32 (records,): story of each record of the part, -1 where it has none, if they are known already.
        titles: int64 (records,): headline of each record of the part that others have too, 0 for others; likewise.
    """
    first = 0
    for own, records in zip(batches(folder, name), batches(folder, "records"), strict=True):
        if stories is not None:
            told = stories[first : first + len(records)].astype(np.int64)
            records = records.append_column("story", pa.array(told, mask=told < 0))
            records = records.append_column("silent", pa.array(np.ones(len(told), np.int64), mask=told >= 0))
        if titles is not None:
            title = titles[first : first + len(records)]
            records = records.append_column("title", pa.array(title, mask=title == 0))
        yield Rows(first, own, records)
        first += len(records)

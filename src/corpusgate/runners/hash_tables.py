"""Hash tables of a part as queries see them: each row with what is known of its record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.series import NOWHERE, Place
from corpusgate.kernels.hashing import combine
from corpusgate.runners.part_tables import batches

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """The rows of a stretch.

    Attributes:
        first: the first record of the stretch, within its part.
        own: what the table itself has.
        sources: int64 (records,): hash of the source of each record of the stretch.
        stories: int32 (records,): story of each, -1 where it has none; empty while they are not known.
        titles: int64 (records,): headline of each that others have too, 0 for others; likewise.
        place: where their file stands among those that follow each other; None while nobody asks.
    """

    first: int
    own: pa.RecordBatch
    sources: Ints
    stories: NDArray[np.int32]
    titles: Ints
    place: Place | None = None

    @property
    def names(self) -> list[str]:
        """All columns, those that rows have from their record included."""
        own: list[str] = self.own.schema.names
        of_record = [name for name in ("source",) if name not in own]
        of_record += ["story", "silent"] if len(self.stories) else []
        return [*own, *of_record, *(["title"] if len(self.titles) else []), *(Place._fields if self.place is not None else ())]

    @cached_property
    def record(self) -> Ints:
        """The record of each row, within the stretch."""
        return np.asarray(self.own.column("row").to_numpy() - np.int64(self.first))

    def values(self, name: str, rows: Ints | None = None) -> tuple[Ints, Flags | None]:
        """A column of all rows or of some, int64 (n,), and where it is null, if it is anywhere: what stands there says nothing."""
        if name not in self.own.schema.names:
            record = self.record if rows is None else self.record[rows]
            if name == "source":
                return self.sources[record], None
            if name in Place._fields:
                placed = np.full(len(record), getattr(self.place or NOWHERE, name), np.int64)
                return placed, _if_any(placed < 0)
            if name == "title":
                title = self.titles[record]
                return title, _if_any(title == 0)
            story = self.stories[record].astype(np.int64)
            if name == "silent":
                return np.ones(len(story), np.int64), _if_any(story != -1)
            return story, _if_any(story == -1)
        column = self.own.column(name)
        null = np.asarray(column.is_null()) if column.null_count else None
        column = column.fill_null(0) if null is not None else column
        found = np.asarray(column.to_numpy(zero_copy_only=False))
        found, null = (found, null) if rows is None else (found[rows], null if null is None else null[rows])
        return np.asarray(found, np.int64), null

    def column(self, name: str, rows: Ints) -> pa.Array:
        """A column of some rows, with its nulls."""
        found, null = self.values(name, rows)
        return pa.array(found, mask=null)

    def ints(self, name: str, rows: Ints | None = None) -> Ints:
        """A column without nulls, as int64 (n,)."""
        return self.values(name, rows)[0]

    def keys(self, names: tuple[str, ...]) -> tuple[Ints, Ints | None]:
        """One integer for the key columns of each row, and which rows those are if nulls leave some out."""
        if names not in self._keys:
            self._keys[names] = self._made(names)
        return self._keys[names]

    @cached_property
    def _keys(self) -> dict[tuple[str, ...], tuple[Ints, Ints | None]]:
        # Several signals may ask for the rows of one table by the same key.
        return {}

    def _made(self, names: tuple[str, ...]) -> tuple[Ints, Ints | None]:
        columns = [self.values(name) for name in names]
        nulls = [null for _, null in columns if null is not None]
        rows = np.flatnonzero(~np.logical_or.reduce(nulls)) if nulls else None
        return key_of([found if rows is None else found[rows] for found, _ in columns]), rows


def _if_any(flags: Flags) -> Flags | None:
    return flags if flags.any() else None


def key_of(columns: Sequence[Ints]) -> Ints:
    """One integer for several: int64 (n,)."""
    return reduce(combine, columns)


_UNKNOWN: tuple[NDArray[np.int32], Ints] = np.zeros(0, np.int32), np.zeros(0, np.int64)


def stretches_of(folder: Path, name: str, stories: NDArray[np.int32] = _UNKNOWN[0], titles: Ints = _UNKNOWN[1]) -> Iterator[Rows]:
    """The stretches of a hash table of a part.

    Args:
        folder: where the part's tables lie.
        name: of the table.
        stories: int32 (records,): story of each record of the part, -1 where it has none, if they are known already.
        titles: int64 (records,): headline of each record of the part that others have too, 0 for others; likewise.
    """
    for rows in tables_of(folder, (name,), stories, titles):
        yield rows[name]


def tables_of(
    folder: Path,
    names: Sequence[str],
    stories: NDArray[np.int32] = _UNKNOWN[0],
    titles: Ints = _UNKNOWN[1],
    place: Place | None = None,
) -> Iterator[dict[str, Rows]]:
    """The stretches of several hash tables of a part, by name; arguments are as above, and where its file stands."""
    first = 0
    for records, *tables in zip(batches(folder, "records"), *(batches(folder, name) for name in names), strict=True):
        here = slice(first, first + len(records))
        source = records.column("source").to_numpy()
        yield {name: Rows(first, own, source, stories[here], titles[here], place) for name, own in zip(names, tables, strict=True)}
        first += len(records)

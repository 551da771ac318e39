"""Slices: how many records each source, language and month has, and how many of them break each check. Sums only, so they merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

KINDS = ("source", "language", "month")


@dataclass
class Slices:
    """The sums, growing as tables are added.

    Attributes:
        checks: names of the checks, in the order of the columns.
        corpus: int64 (2 + checks,): records, damaged records, and records that break each check.
        by: the same for each slice: kind, then name.
    """

    checks: tuple[str, ...]
    corpus: NDArray[np.int64]
    by: dict[str, dict[str, NDArray[np.int64]]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    @classmethod
    def empty(cls, checks: Sequence[str]) -> Slices:
        """No records yet."""
        return cls(tuple(checks), np.zeros(2 + len(checks), np.int64))

    def add(self, names: Mapping[str, pa.Array], breaks: NDArray[np.bool_], damaging: NDArray[np.bool_]) -> None:
        """Add records.

        Args:
            names: for each kind of slice the name of each record's.
            breaks: bool (checks, records): whether a record has more findings than the check allows it.
            damaging: bool (checks,): whether a check is of severity fail or warn.
        """
        # A kernel, which is loaded where records are, and not where sums are judged again.
        from corpusgate.kernels.sums import sums

        rows = breaks.shape[1]
        if not rows:
            return
        damaged = np.any(breaks[damaging], axis=0)
        self.corpus += sums(np.zeros(rows, np.int32), 1, damaged, breaks)[0]
        for kind in KINDS:
            column: Any = names[kind].combine_chunks() if isinstance(names[kind], pa.ChunkedArray) else names[kind]
            encoded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
            codes = encoded.indices.to_numpy(zero_copy_only=False)
            found = sums(codes.astype(np.int32, copy=False), len(encoded.dictionary), damaged, breaks)
            # A dictionary may have words that none of the records has.
            self._add(kind, {name: each for name, each in zip(encoded.dictionary.to_pylist(), found, strict=True) if each[0]})

    def merge(self, other: Slices) -> None:
        """Add the sums of other records, by the same checks."""
        self.corpus += other.corpus
        for kind in KINDS:
            self._add(kind, other.by[kind])

    def rows(self) -> tuple[NDArray[np.str_], list[str], NDArray[np.int64]]:
        """All slices in order, the corpus first and each kind by name: kinds, names, and int64 (slices, 2 + checks): the sums."""
        named = [(kind, name, sums) for kind, of_kind in self.by.items() for name, sums in sorted(of_kind.items())]
        kinds = np.array(["corpus", *(kind for kind, _, _ in named)])
        return kinds, ["", *(name for _, name, _ in named)], np.stack([self.corpus, *(sums for _, _, sums in named)])

    def none(self) -> Slices:
        """The same slices, each with no record."""
        zeros = {kind: {name: np.zeros_like(sums) for name, sums in named.items()} for kind, named in self.by.items()}
        return Slices(self.checks, np.zeros_like(self.corpus), zeros)

    def _add(self, kind: str, sums: Mapping[str, NDArray[np.int64]]) -> None:
        mine = self.by[kind]
        for name, total in sums.items():
            known = mine.get(name)
            mine[name] = total.copy() if known is None else known + total

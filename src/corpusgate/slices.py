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
        rows = breaks.shape[1]
        damaged = np.any(breaks[damaging], axis=0)
        weights = np.concatenate([np.ones((1, rows), np.int64), damaged[None].astype(np.int64), breaks.astype(np.int64)])
        self.corpus += weights.sum(axis=1)
        for kind in KINDS:
            column: Any = names[kind].combine_chunks() if isinstance(names[kind], pa.ChunkedArray) else names[kind]
            encoded = pc.dictionary_encode(column)
            codes = encoded.indices.to_numpy(zero_copy_only=False)
            for code, name in enumerate(encoded.dictionary.to_pylist()):
                total = weights[:, codes == code].sum(axis=1)
                known = self.by[kind].get(name)
                self.by[kind][name] = total if known is None else known + total

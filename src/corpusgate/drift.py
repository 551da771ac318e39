"""Whether two corpora differ beyond chance: tests of shares and of lengths. SciPy is loaded when the first is asked for.

Large corpora differ beyond chance by next to nothing, so each test goes with a size: how many of the records would have to be
others for the two to be alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusgate import chance

#: Records that a cell of a table must be expected to have, for the chi-square test to hold (Cochran, Biometrics 10, 1954).
_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class Shift:
    """One name whose share changed: shares before and after, from 0 to 1."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Drift:
    """What a comparison found.

    Attributes:
        kind: what was compared, such as `language`.
        chance: how often chance alone would make two such corpora differ as much, from 0 to 1.
        size: share of records that are elsewhere now, from 0 to 1; for lengths the largest gap between the two distributions.
        shifts: the names that changed most, those with more first.
    """

    kind: str
    chance: float
    size: float
    shifts: tuple[Shift, ...]


def shares(kind: str, before: Mapping[str, int], after: Mapping[str, int], most: int = 5) -> Drift:
    """Compare how records fall on names: Pearson's chi-square test of homogeneity, rare names taken together.

    Args:
        kind: what the names are of.
        before: records by name.
        after: the same of the other corpus.
        most: shifts to tell.
    """
    names = sorted(set(before) | set(after))
    table = np.array([[before.get(name, 0) for name in names], [after.get(name, 0) for name in names]], np.float64)
    totals = table.sum(axis=1, keepdims=True)
    if not np.all(totals):
        return Drift(kind, 1.0, 0.0, ())
    share = table / totals
    gap = np.abs(share[1] - share[0])
    size = float(gap.sum() / 2)
    chosen = [i for i in np.argsort(-gap, kind="stable")[:most].tolist() if gap[i] > 0]
    shifts = tuple(Shift(names[i], float(share[0, i]), float(share[1, i])) for i in chosen)
    return Drift(kind, chi_square(table), size, shifts)


def chi_square(table: NDArray[np.float64]) -> float:
    """The p value of Pearson's test that both rows of a table, float64 (2, names), have the same shares."""
    least = table.sum(axis=0) * table.sum(axis=1).min() / table.sum()
    rare = least < _EXPECTED
    if rare.any():
        table = np.concatenate([table[:, ~rare], table[:, rare].sum(axis=1, keepdims=True)], axis=1)
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return 1.0
    expected = table.sum(axis=0) * table.sum(axis=1, keepdims=True) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return float(chance.load().chdtrc(table.shape[1] - 1, statistic))


def lengths(before: NDArray[np.int64], after: NDArray[np.int64]) -> Drift:
    """Compare lengths: the two-sample test of Kolmogorov and Smirnov, by its asymptotic distribution; shifts are of quartiles."""
    if not len(before) or not len(after):
        return Drift("length", 1.0, 0.0, ())
    before, after = np.sort(before), np.sort(after)
    every = np.concatenate([before, after])
    gap = np.abs(np.searchsorted(before, every, "right") / len(before) - np.searchsorted(after, every, "right") / len(after)).max()
    effective = len(before) * len(after) / (len(before) + len(after))
    quartiles = [(name, np.quantile(before, at), np.quantile(after, at)) for name, at in (("25 %", 0.25), ("half", 0.5), ("75 %", 0.75))]
    shifts = tuple(Shift(name, float(old), float(new)) for name, old, new in quartiles if old != new)
    return Drift("length", float(chance.load().kolmogorov(np.sqrt(effective) * gap)), float(gap), shifts)

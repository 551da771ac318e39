"""The bounds of checks as numbers: what is compared with what, for every slice. Great Expectations does the comparing.

A slice of `min_records` or more is judged by its share as it is. A smaller one says little: it is over its bound only where
its broken records are more than chance explains, which is the share's lower bound (`chance.lower`), with 5 % of doubt for
all small slices of the kind together. So one bad record of three holds nothing up, and twenty of thirty do.

Of a sample, shares are bounds too. A bound over the corpus is broken where the lower one is beyond it, and held where the
upper one is within it; in between nobody knows. Doubt is shared between bounds where the answer is that one is broken,
since each of them may be wrong; where it is that all are held, the one that is not would have to look like it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpusgate import chance
from corpusgate.checks import Check, Expect, PerSlice, SliceKind
from corpusgate.records import Severity
from corpusgate.slices import Slices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Measure = Literal["held", "broken"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound.

    Attributes:
        check: name of the check.
        level: what the check says where the bound is broken.
        kind: of the slices it is put on.
        measure: what it bounds: the share of records that hold the check, or the number that break it.
        at: the least share, or the greatest number.
        min_records: records from which on a slice is judged by its share as it is.
    """

    check: str
    level: Severity
    kind: Literal["corpus"] | SliceKind
    measure: Measure
    at: float
    min_records: int = 1

    @property
    def column(self) -> str:
        """Name of the column of the slice table that it is put on."""
        return f"{self.check}.{self.level}.{self.kind}.{self.measure}"

    @property
    def sure(self) -> str:
        """Name of the column that says, of a sample, what is certain."""
        return f"{self.column}.sure"

    def holds(self, value: float) -> bool:
        """Whether a value of the column is within the bound."""
        return value >= self.at if self.measure == "held" else value <= self.at

    def beyond(self, values: Floats) -> NDArray[np.bool_]:
        """bool (n,): which values of the column are not; one that is NaN is bound by nothing."""
        return values < self.at if self.measure == "held" else values > self.at


def of_check(check: Check) -> list[Limit]:
    """All bounds of a check: first those that its severity goes with, then those that warn."""
    limits = list(_limits(check.name, check.severity, check.expect, check.per))
    if check.warn is not None:
        limits += _limits(check.name, "warn", check.warn, check.warn.per)
    return limits


def of_quarantine(name: str, expect: Expect) -> list[Limit]:
    """The bounds on input that could not be read."""
    return list(_limits(name, "fail", expect, {}))


def _limits(name: str, level: Severity, whole: Expect, per: dict[SliceKind, PerSlice]) -> Iterator[Limit]:
    if whole.mostly is not None:
        yield Limit(name, level, "corpus", "held", whole.mostly)
    if whole.max_records is not None:
        yield Limit(name, level, "corpus", "broken", whole.max_records)
    for kind, limit in per.items():
        if limit.mostly is not None:
            yield Limit(name, level, kind, "held", limit.mostly, limit.min_records)
        if limit.max_records is not None:
            yield Limit(name, level, kind, "broken", limit.max_records, limit.min_records)


@dataclass(frozen=True)
class Rows:
    """The slices that bounds are put on.

    Attributes:
        kinds: str (n,): `corpus` or a kind of slice.
        names: str (n,): their names.
        records: int64 (n,): records of each.
        found: int64 (n, checks): records of each that break each check.
        counts: int64 (n, checks): the same without those that are waived.
        checks: column of each check, by its name.
        fraction: share of all records that these are: 1 but for a sample.
        bounds: how many bounds are judged at a time, which share the doubt of a sample.
    """

    kinds: NDArray[np.str_]
    names: Sequence[str]
    records: Ints
    found: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    counts: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    checks: Mapping[str, int] = field(default_factory=dict)
    fraction: float = 1.0
    bounds: int = 1

    def broken(self, check: str) -> Ints:
        """int64 (n,): records that break a check and are not waived."""
        column: Ints = self.counts[:, self.checks[check]]
        return column

    @property
    def is_sample(self) -> bool:
        """Whether there are more records than were looked at."""
        return self.fraction < 1

    @property
    def doubt(self) -> float:
        """Doubt of each bound that a sample is found to break."""
        return chance.DOUBT / max(self.bounds, 1)


def rows(slices: Slices, limits: Sequence[Limit], fraction: float = 1.0, waived: Slices | None = None) -> Rows:
    """The slices that were summed: the corpus, then each kind by name.

    Args:
        slices: the sums.
        limits: the bounds to be put on them.
        fraction: share of all records that these are.
        waived: how many of the broken records are waived, in the same slices.
    """
    kinds, names, sums = slices.rows()
    left = sums if waived is None else sums - waived.rows()[2]
    judged = sum(int(np.count_nonzero(kinds == limit.kind)) for limit in limits)
    columns = {check: column for column, check in enumerate(slices.checks)}
    return Rows(kinds, names, sums[:, 0], sums[:, 2:], left[:, 2:], columns, fraction, judged)


def values(limit: Limit, broken: Ints, rows: Rows) -> Floats:
    """What a bound is put on: a number for each slice, NaN where the slice is not bound by it.

    Of a sample, and of small slices, the number is as good as it can plausibly be.
    """
    mine = rows.kinds == limit.kind
    small = mine & (rows.records < limit.min_records)
    if limit.measure == "broken":
        worst = chance.lower(broken, rows.records, rows.doubt) * rows.records / rows.fraction if rows.is_sample else broken
        return np.where(mine & ~small, worst, np.nan)
    # A quotient of two integers is the float nearest to it, and so is a bound read from YAML: equal stays equal.
    held = (rows.records - broken) / np.maximum(rows.records, 1)
    if rows.is_sample:
        held = 1 - chance.lower(broken, rows.records, rows.doubt)
    elif np.any(small):
        held[small] = 1 - chance.lower(broken[small], rows.records[small], chance.DOUBT / np.count_nonzero(small))
    return np.where(mine, held, np.nan)


def certain(limit: Limit, broken: Ints, rows: Rows) -> Floats:
    """What is certain of a sample, as `values`: as bad as it can plausibly be. Only the corpus as a whole is asked for that."""
    worst = chance.upper(broken, rows.records)
    if limit.measure == "broken":
        worst = worst * rows.records / rows.fraction
        return np.where(rows.kinds == limit.kind, worst, np.nan)
    return np.where(rows.kinds == limit.kind, 1 - worst, np.nan)

"""The best stretch of months is what trying all of them gives."""

from __future__ import annotations

from math import log

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.breaks import best_stretches
from corpusgate.signals.extraction import broken

MONTHS = st.lists(st.integers(0, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=12)


def entropy(k: int) -> float:
    return k * log(k) if k else 0.0


def likelihood(bad: int, n: int) -> float:
    return entropy(bad) + entropy(n - bad) - entropy(n)


def slow(months: list[tuple[int, int]], least: int, few: float) -> tuple[int, int, int]:
    """First and last month of the best stretch, and how many were tried."""
    records, broken = (sum(column) for column in zip(*months, strict=True)) if months else (0, 0)
    if min(broken, records - broken) < few:
        return -1, -1, 0
    found, tried = (-float("inf"), -1, -1), 0
    for i in range(len(months)):
        for j in reversed(range(i, len(months))):
            n, bad = (sum(column) for column in zip(*months[i : j + 1], strict=True))
            if sum(n for n, _ in months[:i]) < least or n < least:
                continue
            tried += 1
            gain = likelihood(bad, n) + likelihood(broken - bad, records - n) - likelihood(broken, records)
            if bad * (records - n) > (broken - bad) * n and gain > found[0]:
                found = gain, i, j
    return found[1], found[2], tried


@settings(deadline=None)
@given(st.lists(MONTHS, max_size=4), st.integers(1, 8), st.floats(0, 5))
def test_the_best_stretch_is_that_of_all(runs: list[list[tuple[int, int]]], least: int, few: float) -> None:
    begins = np.cumsum([0, *map(len, runs)])
    n, bad = np.array([month for run in runs for month in run], np.int64).reshape(-1, 2).T.copy()
    known = np.array([entropy(k) for k in range(int(n.sum()) + 1)])
    found = best_stretches(begins, n, bad, known, least, few)
    at, none = begins[:-1], -1
    first, last = (np.where(column == none, none, column - at).tolist() for column in (found.first, found.last))
    assert list(zip(first, last, found.tried.tolist(), strict=True)) == [slow(run, least, few) for run in runs]


def test_without_months_nothing_is_broken() -> None:
    nothing = dict.fromkeys(("source", "month", "level", "detail"), np.zeros(0, np.int64))
    assert not len(broken(nothing, 0, min_records=8, min_jump=0.4, doubt=0.01)["detail"])

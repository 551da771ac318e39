"""Bounds of shares: against SciPy's own, at their ends, and by drawing corpora whose true share is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from corpusgate import chance


@given(st.integers(1, 5000), st.data(), st.sampled_from([0.05, 0.01, 1e-6]))
def test_bounds_are_those_of_the_exact_test(records: int, data: st.DataObject, doubt: float) -> None:
    broken = data.draw(st.integers(0, records))
    low = stats.binomtest(broken, records, alternative="greater").proportion_ci(1 - doubt, "exact").low
    high = stats.binomtest(broken, records, alternative="less").proportion_ci(1 - doubt, "exact").high
    assert chance.lower(broken, records, doubt) == pytest.approx(low, abs=1e-9)
    assert chance.upper(broken, records, doubt) == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize(
    ("broken", "records", "low", "high"),
    # One-sided 95 % bounds that follow from their definition: none of n gives 1 - 0.05 ** (1 / n), all of n its counterpart.
    [(0, 10, 0.0, 1 - 0.05 ** (1 / 10)), (10, 10, 0.05 ** (1 / 10), 1.0), (0, 0, 0.0, 1.0), (1, 3, 1 - 0.95 ** (1 / 3), None)],
)
def test_bounds_at_the_ends(broken: int, records: int, low: float, high: float | None) -> None:
    assert chance.lower(broken, records) == pytest.approx(low)
    assert high is None or chance.upper(broken, records) == pytest.approx(high)


@given(st.integers(1, 3000), st.data())
def test_wilsons_interval_is_that_of_scipy(tried: int, data: st.DataObject) -> None:
    found = data.draw(st.integers(0, tried))
    interval = stats.binomtest(found, tried).proportion_ci(0.95, "wilson")
    assert chance.wilson(found, tried) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_nothing_tried_says_nothing() -> None:
    assert chance.wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("share", "allowed", "most", "records"),
    [
        # None broken: 0.05 ** (1 / n) must come to 1 - allowed.
        (0.0, 0.001, 10**6, math.ceil(math.log(0.05) / math.log(0.999))),
        (0.0, 0.0, 5000, 5000),
        (0.01, 0.01, 400, 400),
        (1.0, 0.5, 10**6, 5),
    ],
)
def test_how_many_records_a_sample_needs(share: float, allowed: float, most: int, records: int) -> None:
    assert chance.enough(share, allowed, most) == records


def test_the_doubt_is_kept_for_every_share() -> None:
    random = np.random.default_rng(20)
    for share in (0.001, 0.02, 0.5):
        for records in (30, 3000):
            drawn = random.binomial(records, share, 4000)
            # Three standard errors of a rate of 5 % in 4,000 draws.
            assert np.mean(chance.lower(drawn, records) > share) <= 0.05 + 0.0104
            assert np.mean(chance.upper(drawn, records) < share) <= 0.05 + 0.0104

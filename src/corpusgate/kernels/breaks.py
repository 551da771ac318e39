"""The stretch of months whose share differs most from that of the other months, for each of many runs of months.

All stretches are looked at: their number grows with the square of the months, of which a source has some hundreds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Stretches(NamedTuple):
    """The best stretch of each run of months.

    Attributes:
        first: int64 (runs,): its first month, -1 if there is none.
        last: int64 (runs,): its last one, likewise.
        gain: float64 (runs,): how much likelier two shares are than one, as a logarithm.
        tried: int64 (runs,): how many stretches there were to choose from.
    """

    first: Ints
    last: Ints
    gain: Floats
    tried: Ints


@njit(cache=True, nogil=True, inline="always")
def _likelihood(entropy: Floats, bad: int, n: int) -> float:
    """The logarithm of the likelihood of so many bad ones of `n`, at their own share."""
    return float(entropy[bad] + entropy[n - bad] - entropy[n])


@njit(cache=True, nogil=True)
def best_stretches(begins: Ints, n: Ints, bad: Ints, entropy: Floats, least: int, few: float) -> Stretches:
    """Of the likeliest stretches of each run that have a higher share than what is outside of them the first, and of those the longest.

    Args:
        begins: int64 (runs + 1,): first month of each run, and the end.
        n: int64 (months,): how many there are in each.
        bad: int64 (months,): how many of them are bad.
        entropy: float64: `k * ln(k)` for all numbers up to the sum of any run.
        least: how many a stretch must have, and what stands before it.
        few: runs with fewer bad ones, or fewer others, are not looked at.
    """
    runs = len(begins) - 1
    first, last, tried = np.full(runs, -1, np.int64), np.full(runs, -1, np.int64), np.zeros(runs, np.int64)
    gains = np.full(runs, -np.inf)
    for run in range(runs):
        records = broken = np.int64(0)
        for i in range(begins[run], begins[run + 1]):
            records += n[i]
            broken += bad[i]
        if broken < few or records - broken < few:
            continue
        whole = _likelihood(entropy, broken, records)
        before = np.int64(0)
        for i in range(begins[run], begins[run + 1]):
            inside = wrong = np.int64(0)
            for j in range(i, begins[run + 1] if before >= least else i):
                inside += n[j]
                wrong += bad[j]
                if inside < least:
                    continue
                tried[run] += 1
                if wrong * (records - inside) <= (broken - wrong) * inside:
                    continue
                gain = _likelihood(entropy, wrong, inside) + _likelihood(entropy, broken - wrong, records - inside) - whole
                if gain > gains[run] or (gain == gains[run] and first[run] == i):
                    first[run], last[run], gains[run] = i, j, gain
            before += n[i]
    return Stretches(first, last, gains, tried)

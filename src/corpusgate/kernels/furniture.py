"""Lines that records of a source share though each has an article of its own: the frame around texts, told without a list.

Copies of one story share lines too, but have none of their own. So a line is counted only in records with a fair part that
stands nowhere else. Counts are those of a sieve (`kernels/sieve.py`): never too small, and seldom too large.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.sieve import Buckets

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def add_own(buckets: Buckets, rows: Ints, keys: Ints, letters: Ints, own: Ints) -> None:
    """Add up the letters of lines that stand in no other place.

    Args:
        buckets: a sieve that all keys were added to.
        rows: int64 (n,): record of each line.
        keys: int64 (n,): hash of its source and of the line.
        letters: int64 (n,): letters and digits in it.
        own: int64 (records,): the sums, changed.
    """
    mask = np.int64(len(buckets) - 1)
    for i in range(len(keys)):
        own[rows[i]] += letters[i] * np.int64(buckets[keys[i] & mask] == 1)


@njit(cache=True, nogil=True)
def standing(buckets: Buckets, keys: Ints, least: int) -> NDArray[np.bool_]:
    """Which keys may stand at least so often: bool (n,); arguments as for `sieve.pass_through`."""
    mask = np.int64(len(buckets) - 1)
    out = np.empty(len(keys), np.bool_)
    for i in range(len(keys)):
        out[i] = buckets[keys[i] & mask] >= least
    return out

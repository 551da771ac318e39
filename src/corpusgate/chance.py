"""What chance alone can do to a share: bounds of binomial shares. SciPy is loaded when the first of them is asked for.

Functions take numbers or arrays of one shape, and give arrays of float64.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: How often a bound may be wrong: what is called certain here is so in 95 of 100 cases.
DOUBT = 0.05


def load() -> Any:
    """Load what bounds are computed with."""
    from scipy import special

    return special


def lower(broken: ArrayLike, records: ArrayLike, doubt: ArrayLike = DOUBT) -> Floats:
    """The smallest share of broken records that is still plausible: the one-sided bound of Clopper and Pearson (Biometrika 26, 1934).

    Args:
        broken: how many of the records are broken.
        records: how many there are; where there are none, the bound is 0.
        doubt: how often the true share may lie below the bound.
    """
    k, n, left = np.broadcast_arrays(np.asarray(broken, np.float64), np.asarray(records, np.float64), np.asarray(doubt, np.float64))
    found = np.zeros(k.shape, np.float64)
    # Most slices have nothing broken, and the function is dear.
    some = k > 0
    if some.any():
        found[some] = load().betaincinv(k[some], np.maximum(n - k, 0)[some] + 1, left[some])
    return found


def upper(broken: ArrayLike, records: ArrayLike, doubt: ArrayLike = DOUBT) -> Floats:
    """The largest share of broken records that is still plausible, as `lower`; where there are no records it is 1."""
    k, n = np.asarray(broken, np.float64), np.asarray(records, np.float64)
    found = load().betaincinv(k + 1, np.maximum(n - k, 1), 1 - np.asarray(doubt))
    return np.where(k < n, found, 1.0)


def wilson(found: int, tried: int, doubt: float = DOUBT) -> tuple[float, float]:
    """The interval of Wilson (JASA 22, 1927) around a share, two-sided: for a reader, who wants it short and about right.

    A gate does not use it. Its ends are wrong in too many cases where shares and numbers are small, which is where a gate
    looks: see `benchmarks/gate_chance.py`.
    """
    if not tried:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(1 - doubt / 2)
    share = found / tried
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    half = z * float(np.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))) / (1 + z * z / tried)
    return max(0.0, middle - half) if found else 0.0, min(1.0, middle + half) if found < tried else 1.0


def enough(share: float, allowed: float, most: int, within: float = DOUBT, beyond: float = DOUBT) -> int:
    """How many records a sample needs, to tell whether a share is within what is allowed.

    Args:
        share: of broken records, if it is what it seems to be.
        allowed: share of records that may be broken.
        most: how many records there are: no sample needs more.
        within: doubt that is left where the answer is that it is within.
        beyond: doubt that is left where it is beyond.
    """
    low, high = 1, most

    def tells(records: int) -> bool:
        broken = share * records
        if share <= allowed:
            return bool(upper(np.ceil(broken), records, within) <= allowed)
        return bool(lower(np.floor(broken), records, beyond) > allowed)

    if not tells(most):
        return most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if tells(middle) else (middle + 1, high)
    return low

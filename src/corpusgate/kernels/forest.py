"""The ties that hold groups together: of all pairs as few as do, the best ones, as trees with the smallest member for their root."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.union_find import root_of

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def parents(count: int, left: Ints, right: Ints) -> Ints:
    """For each member the pair that ties it to its parent, -1 for a root: int64 (count,).

    Pairs that come first are preferred (Kruskal 1956), so that each path is one of the best.

    Args:
        count: how many members there are.
        left: int64 (n,): a member of each pair, best pairs first.
        right: int64 (n,): the other.
    """
    least = np.arange(count)
    kept, degree = np.empty(max(count - 1, 0), np.int64), np.zeros(count + 1, np.int64)
    n = 0
    for i in range(len(left)):
        a, b = root_of(least, left[i]), root_of(least, right[i])
        if a != b:
            least[max(a, b)] = min(a, b)
            kept[n] = i
            n += 1
            degree[left[i] + 1] += 1
            degree[right[i] + 1] += 1
    begins = np.cumsum(degree)
    place, ties = begins[:-1].copy(), np.empty(2 * n, np.int64)
    for k in range(n):
        for member in (left[kept[k]], right[kept[k]]):
            ties[place[member]] = kept[k]
            place[member] += 1
    out, queue, seen = np.full(count, -1, np.int64), np.empty(count, np.int64), np.zeros(count, np.bool_)
    for root in range(count):
        if seen[root]:
            continue
        queue[0], seen[root], at, end = root, True, 0, 1
        while at < end:
            member = queue[at]
            at += 1
            for k in range(begins[member], begins[member + 1]):
                other = left[ties[k]] + right[ties[k]] - member
                if not seen[other]:
                    seen[other], out[other], queue[end] = True, ties[k], other
                    end += 1
    return out

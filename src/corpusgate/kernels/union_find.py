"""Groups of what belongs together: each is known by its smallest member."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Short = NDArray[np.int32]


@njit(cache=True, nogil=True, inline="always")
def root_of(least: Short, member: int) -> int:
    """The smallest member of a member's group, on whose way each step is halved."""
    while least[member] != member:
        least[member] = least[least[member]]
        member = least[member]
    return member


@njit(cache=True, nogil=True, inline="always")
def _join(least: Short, one: int, other: int) -> None:
    a, b = root_of(least, one), root_of(least, other)
    least[max(a, b)] = min(a, b)


@njit(cache=True, nogil=True)
def _settle(least: Short) -> None:
    # Nobody's parent is greater than themselves, so that one pass in order does.
    for i in range(len(least)):
        least[i] = least[least[i]]


@njit(cache=True, nogil=True)
def unite(least: Short, left: Short, right: Short) -> None:
    """Join groups: union-find with halved paths, where the smallest member stands for its group (Tarjan and van Leeuwen 1984).

    Args:
        least: int32 (members,): for each the smallest member of its group, at first itself; it is changed.
        left: int32 (n,): a member of each pair to join.
        right: int32 (n,): the other.
    """
    for i in range(len(left)):
        _join(least, left[i], right[i])
    _settle(least)


@njit(cache=True, nogil=True)
def unite_with_whole(least: Short, part: Short, whole: Short, run: Ints) -> None:
    """Join parts with the whole that holds them, unless that holds parts of several groups, such as a round-up of the day.

    Args:
        least: as for `unite`.
        part: int32 (n,): the smaller member of each pair.
        whole: int32 (n,): the larger one.
        run: int64 (m + 1,): where the pairs of each whole begin, and the end. Wholes that are parts of others must come before them.
    """
    for k in range(len(run) - 1):
        root = root_of(least, part[run[k]])
        same = True
        for i in range(run[k], run[k + 1]):
            same &= root_of(least, part[i]) == root
        if same:
            for i in range(run[k], run[k + 1]):
                _join(least, part[i], whole[i])
    _settle(least)

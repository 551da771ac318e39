"""Different keys and how often each stands, counted as rows come along: what DuckDB then groups are few rows with a number each.

A hash table of its own beside `lookup`, since it grows with what it meets and is emptied where that is too much.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Slots = NDArray[np.int32]

#: Different keys that are held at a time: 50 MB of them.
MOST = 1 << 21
_LEAST = 1 << 10


@njit(cache=True, nogil=True)
def _lay(slots: Slots, known: Ints, count: int) -> None:
    mask = np.int64(len(slots) - 1)
    for i in range(count):
        at = known[i] & mask
        while slots[at] >= 0:
            at = at + 1 & mask
        slots[at] = i


@njit(cache=True, nogil=True)
def _count(slots: Slots, known: Ints, counts: Ints, held: int, keys: Ints, weights: Ints, new: Ints) -> int:
    mask = np.int64(len(slots) - 1)
    n = held
    for i in range(len(keys)):
        at = keys[i] & mask
        while slots[at] >= 0 and known[slots[at]] != keys[i]:
            at = at + 1 & mask
        entry = slots[at]
        if entry < 0:
            slots[at] = n
            known[n], counts[n] = keys[i], weights[i]
            new[n - held] = i
            n += 1
        else:
            counts[entry] += weights[i]
    return n


class Tally:
    """Keys that were met and what the rows that have them weigh together.

    Attributes:
        held: how many different keys it holds.
    """

    def __init__(self) -> None:
        self.held = 0
        self._slots = np.full(2 * _LEAST, -1, np.int32)
        self._known, self._counts = np.empty(_LEAST, np.int64), np.empty(_LEAST, np.int64)

    @property
    def keys(self) -> Ints:
        """The keys, in the order in which they were met: int64 (held,)."""
        return self._known[: self.held]

    @property
    def counts(self) -> Ints:
        """What the rows of each weigh: int64 (held,)."""
        return self._counts[: self.held]

    def add(self, keys: Ints, weights: Ints) -> Ints:
        """Count rows, and tell the first of each key that was not met before: their indices, rising.

        Args:
            keys: int64 (n,): hashes.
            weights: int64 (n,).
        """
        room = len(self._known)
        while room < self.held + len(keys):
            room *= 2
        if room > len(self._known):
            more = np.empty(room - self.held, np.int64)
            self._known, self._counts = np.concatenate([self.keys, more]), np.concatenate([self.counts, more])
            self._slots = np.full(2 * room, -1, np.int32)
            _lay(self._slots, self._known, self.held)
        new = np.empty(len(keys), np.int64)
        before = self.held
        self.held = _count(self._slots, self._known, self._counts, before, keys, weights, new)
        return new[: self.held - before]

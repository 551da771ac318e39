"""Keys found again in constant time: an index of known keys, and which rows of a column are alike.

Open addressing with linear probing (Knuth, The Art of Computer Programming 3, 6.4), by the low bits of keys that are hashes.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Slots = NDArray[np.int32]


@njit(cache=True, nogil=True, inline="always")
def _size(keys: int) -> int:
    size = 16
    while size < 2 * keys:
        size *= 2
    return size


@njit(cache=True, nogil=True)
def index(known: Ints) -> Slots:
    """An index of keys, all different, for `find`: int32, at least two slots a key."""
    slots = np.full(_size(len(known)), -1, np.int32)
    mask = np.int64(len(slots) - 1)
    for i in range(len(known)):
        at = known[i] & mask
        while slots[at] >= 0:
            at = at + 1 & mask
        slots[at] = i
    return slots


@njit(cache=True, nogil=True, inline="always")
def place(slots: Slots, known: Ints, key: int) -> int:
    """The index of a key among the known ones; -1 if it is not one of them."""
    mask = np.int64(len(slots) - 1)
    at = key & mask
    while slots[at] >= 0 and known[slots[at]] != key:
        at = at + 1 & mask
    return slots[at]


@njit(cache=True, nogil=True)
def find(slots: Slots, known: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Which keys are known: their indices, rising, and the index of each among the known ones; int64 (m,) both."""
    rows, places = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        found = place(slots, known, keys[i])
        if found >= 0:
            rows[n], places[n] = i, found
            n += 1
    return rows[:n].copy(), places[:n].copy()


@njit(cache=True, nogil=True)
def distinct(keys: Ints) -> tuple[Ints, Ints]:
    """The index of the first row of each distinct key, in their order, and for each row which of them it is; int64."""
    slots = np.full(_size(len(keys)), -1, np.int32)
    mask = np.int64(len(slots) - 1)
    first, which = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        at = keys[i] & mask
        while slots[at] >= 0 and keys[first[slots[at]]] != keys[i]:
            at = at + 1 & mask
        if slots[at] < 0:
            slots[at] = n
            first[n] = i
            n += 1
        which[i] = slots[at]
    return first[:n].copy(), which

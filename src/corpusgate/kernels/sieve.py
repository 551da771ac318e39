"""Sieves for keys: which of many cannot be among those that stand often, or among some that are known.

Keys fall into buckets by their low bits. A bucket counts at least as many as each of its keys, so what a sieve lets
through holds all that is looked for; where keys are hashes and buckets many, it holds little else. A counting Bloom filter
(Fan et al. 2000) with one hash function: the work behind it is exact, and one look a key is the cheapest.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Buckets = NDArray[np.uint8]

#: Bytes of the smallest and the largest sieve.
LEAST, MOST = 1 << 12, 1 << 26

#: Buckets for each key, if there is room: of keys that stand once one in eight shares its bucket.
ROOM = 8
#: Most buckets of a sieve whose counts are part of a rule: how often a key stands is told by its bucket.
COUNTED = 1 << 26


def sieve(keys: int, most: int = 0) -> Buckets:
    """An empty sieve for about so many keys, of at most so many bytes: `MOST` unless it is said."""
    return np.zeros(min(max(1 << (keys * ROOM - 1).bit_length(), LEAST), most or MOST) if keys else LEAST, np.uint8)


@njit(cache=True, nogil=True)
def add(buckets: Buckets, keys: Ints) -> None:
    """Count keys; a bucket stays at 255."""
    mask = np.int64(len(buckets) - 1)
    for i in range(len(keys)):
        at = keys[i] & mask
        buckets[at] += np.uint8(buckets[at] != 255)


@njit(cache=True, nogil=True)
def pass_through(buckets: Buckets, keys: Ints, least: int) -> Ints:
    """Indices of the keys that may stand at least so often, rising: all that do, and few others.

    Args:
        buckets: a sieve that all keys were added to.
        keys: int64 (n,).
        least: from 1 to 255; more are as good as 255.
    """
    mask, bound = np.int64(len(buckets) - 1), min(least, 255)
    out = np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        # Written always and kept by counting on, since nobody could foretell the branch.
        out[n] = i
        n += np.int64(buckets[keys[i] & mask] >= bound)
    return out[:n].copy()


@njit(cache=True, nogil=True)
def pass_each(buckets: Buckets, keys: Ints, owners: Ints, least: NDArray[np.uint8]) -> Ints:
    """The same where each owner says how often its keys must stand.

    Args:
        buckets: as above.
        keys: as above.
        owners: int64 (n,): index of each key's owner.
        least: uint8 (owners,): how often.
    """
    mask = np.int64(len(buckets) - 1)
    out = np.empty(len(keys), np.int64)
    n = 0
    for i in range(len(keys)):
        out[n] = i
        n += np.int64(buckets[keys[i] & mask] >= least[owners[i]])
    return out[:n].copy()

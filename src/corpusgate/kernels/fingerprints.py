"""Fingerprints of findings: by check, record, field and evidence, never by an offset.

So a finding keeps its fingerprint when the text around it is mended. Of findings that are alike in one record the second
has another fingerprint than the first: how many stood before is part of it.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.hashing import BASIS, PRIME, finish

Ints = NDArray[np.int64]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True, inline="always")
def _combined(left: np.int64, right: np.int64) -> np.int64:
    return finish(((np.uint64(left) ^ BASIS) * PRIME) ^ np.uint64(right) * _FACTOR)


@njit(cache=True, nogil=True)
def fingerprints(kind: Ints, row: Ints, record: Ints, evidence: Ints) -> Ints:
    """Fingerprint of each finding, int64 (n,).

    Args:
        kind: int64 (n,): hash of the check's id plus the number of the field.
        row: int64 (n,): number of the record; rows must be in the order of the text.
        record: int64 (n,): hash of the record's id.
        evidence: int64 (n,): hash of the evidence without white space.
    """
    size = 16
    while size < 2 * len(row):
        size *= 2
    mask = np.int64(size - 1)
    # Open addressing: for each key its hash and how often it has stood.
    known, counts = np.empty(size, np.int64), np.zeros(size, np.int64)
    out = np.empty(len(row), np.int64)
    for i in range(len(row)):
        key = _combined(_combined(record[i], evidence[i]), kind[i])
        own = _combined(key, row[i])
        at = own & mask
        while counts[at] and known[at] != own:
            at = at + 1 & mask
        known[at] = own
        out[i] = _combined(key, counts[at])
        counts[at] += 1
    return out

"""How much records have in common that may be kin: what each has, as a set of numbers, and what pairs of sets share."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Short = NDArray[np.int32]

#: Keys of one record that are told apart.
_KEYS = 1 << 12


@njit(cache=True, nogil=True)
def of_records(rows: Short, keys: Ints, wanted: NDArray[np.bool_], sizes: Ints) -> NDArray[np.uint32]:
    """The upper halves of the keys of some records, uint32 (m,), in their order.

    Args:
        rows: int32 (n,): index of each key's record into `wanted`.
        keys: int64 (n,).
        wanted: bool (records,): of which records.
        sizes: int64 (records,): how many there are of each is added.
    """
    out = np.empty(len(keys), np.uint32)
    n = 0
    for i in range(len(keys)):
        out[n] = np.uint32(np.uint64(keys[i]) >> np.uint64(32))
        chosen = np.int64(wanted[rows[i]])
        n += chosen
        sizes[rows[i]] += chosen
    return out[:n].copy()


@njit(cache=True, nogil=True)
def in_common(keys: NDArray[np.uint32], starts: Ints, left: Ints, right: Ints) -> Short:
    """How many keys pairs of records have in common, int32 (n,), or a few less: keys of one record may push each other out.

    Args:
        keys: uint32: the keys of all records, each once in its record, in any order.
        starts: int64 (records + 1,): where those of each record begin, and the end.
        left: int64 (n,): a record of each pair.
        right: int64 (n,): the other; quick if it comes back from pair to pair.
    """
    out = np.zeros(len(left), np.int32)
    seen, of = np.zeros(_KEYS, np.uint32), np.full(_KEYS, -1, np.int64)
    mask = np.uint32(_KEYS - 1)
    last = np.int64(-1)
    for i in range(len(left)):
        record = right[i]
        if record != last:
            for j in range(starts[record], starts[record + 1]):
                at = keys[j] & mask
                seen[at], of[at] = keys[j], record
            last = record
        count = 0
        for j in range(starts[left[i]], starts[left[i] + 1]):
            at = keys[j] & mask
            count += np.int64((of[at] == record) & (seen[at] == keys[j]))
        out[i] = count
    return out


@njit(cache=True, nogil=True)
def overlap(values: NDArray[np.uint32], starts: Ints, left: Ints, right: Ints) -> Short:
    """How many numbers pairs of sets have in common, int32 (n,).

    Args:
        values: uint32: the numbers of all sets, rising in each.
        starts: int64 (sets + 1,): where each set begins, and the end.
        left: int64 (n,): a set of each pair.
        right: int64 (n,): the other.
    """
    out = np.zeros(len(left), np.int32)
    for i in range(len(left)):
        a, a_end, b, b_end = starts[left[i]], starts[left[i] + 1], starts[right[i]], starts[right[i] + 1]
        count = 0
        while a < a_end and b < b_end:
            one, other = values[a], values[b]
            count += np.int64(one == other)
            a += np.int64(one <= other)
            b += np.int64(other <= one)
        out[i] = count
    return out

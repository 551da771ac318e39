"""Sums over records by slice and over lines by page, the first numbers of groups, and numbers written out, in loops over columns."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def page_sums(values: NDArray[np.generic], pages: Ints) -> Ints:
    """Sums of numbers or flags of lines over each page, int64 (pages,).

    Args:
        values: bool or int64 (lines,).
        pages: int64 (pages + 1,): first line of each page, and the number of lines.
    """
    out = np.zeros(len(pages) - 1, np.int64)
    for p in range(len(out)):
        total = 0
        for i in range(pages[p], pages[p + 1]):
            total += np.int64(values[i])
        out[p] = total
    return out


@njit(cache=True, nogil=True)
def sums(codes: NDArray[np.int32], slices: int, damaged: NDArray[np.bool_], breaks: NDArray[np.bool_]) -> Ints:
    """For each slice its records, damaged records, and records that break each check, int64 (slices, 2 + checks).

    Args:
        codes: int32 (records,): the slice of each record.
        slices: how many there are.
        damaged: bool (records,).
        breaks: bool (checks, records).
    """
    out = np.zeros((slices, 2 + len(breaks)), np.int64)
    for i in range(len(codes)):
        out[codes[i], 0] += 1
        out[codes[i], 1] += np.int64(damaged[i])
    for check in range(len(breaks)):
        # Most checks hold for all records of a stretch, which many at a time are looked at to tell.
        broken = 0
        for i in range(len(codes)):
            broken += np.int64(breaks[check, i])
        for i in range(len(codes) if broken else 0):
            out[codes[i], 2 + check] += np.int64(breaks[check, i])
    return out


@njit(cache=True, nogil=True)
def first_of_each(group: Ints, values: Ints, groups: int, most: int) -> Ints:
    """The first few numbers of each group, int64 (groups, most); of fewer the last one is repeated.

    Args:
        group: int64 (n,): the group of each number; each has one or more.
        values: int64 (n,): the numbers.
        groups: how many there are.
        most: how many of each.
    """
    out, held = np.zeros((groups, most), np.int64), np.zeros(groups, np.int64)
    for i in range(len(group)):
        at = held[group[i]]
        if at < most:
            for k in range(at, most):
                out[group[i], k] = values[i]
            held[group[i]] = at + 1
    return out


@njit(cache=True, nogil=True)
def hexadecimal(values: Ints) -> NDArray[np.uint8]:
    """Each number as 16 hex digits, as an unsigned one, uint8 (16 * n,)."""
    out = np.empty(16 * len(values), np.uint8)
    for i in range(len(values)):
        value = np.uint64(values[i])
        for k in range(15, -1, -1):
            digit = np.uint8(value & np.uint64(15))
            out[16 * i + k] = digit + (48 if digit < 10 else 87)
            value >>= np.uint64(4)
    return out

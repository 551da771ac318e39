"""Texts without some places, which are told in code points."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.haystack import after
from corpusgate.kernels.machine import copy

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


def cut_out(texts: pa.StringArray, of: Ints, start: Ints, end: Ints) -> pa.StringArray:
    """The texts without some places in them.

    Args:
        texts: string (n,): what is null has no places.
        of: int64 (m,): the text of each place, rising.
        start: int64 (m,): its first code point, rising in each text.
        end: int64 (m,): the code point after it; no place reaches into the next one.
    """
    _, offsets, data = texts.buffers()
    if not len(of) or data is None:
        return texts
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    kept, left = _cut_out(np.frombuffer(data, np.uint8), bounds, of, start, end)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(left), pa.py_buffer(kept))


@njit(cache=True, nogil=True)
def _cut_out(data: Bytes, bounds: NDArray[np.int32], of: Ints, start: Ints, end: Ints) -> tuple[Bytes, NDArray[np.int32]]:
    out, left = np.empty(bounds[-1] - bounds[0], np.uint8), np.zeros(len(bounds), np.int32)
    place = n = 0
    for i in range(len(bounds) - 1):
        at, points = np.int64(bounds[i]), 0
        until = np.int64(bounds[i + 1])
        while place < len(of) and of[place] == i:
            low = after(data, at, until, start[place] - points)
            copy(out, n, data, at, low - at)
            n += low - at
            at, points = after(data, low, until, end[place] - start[place]), end[place]
            place += 1
        copy(out, n, data, at, until - at)
        n += until - at
        left[i + 1] = n
    return out[:n].copy(), left

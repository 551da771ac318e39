"""Values that were found in lines of JSON, without their escapes: a column as Arrow lays strings out, or several as a haystack."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.json_lines import ESCAPED, NULL, STRINGS
from corpusgate.kernels.json_syntax import string_end
from corpusgate.kernels.machine import PADDING, byte, copy, copy64, lean, same64, zeros

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


@lean
def _hex(data: Bytes, at: int) -> int:
    value = 0
    for k in range(at, at + 4):
        b = byte(data, k)
        value = value << 4 | (b - 48 if b <= 57 else (b | 32) - 87)
    return value


@lean
def _put(out: Bytes, n: int, point: int) -> int:
    if point < 0x80:
        out[n] = point
        return n + 1
    if point < 0x800:
        out[n], out[n + 1] = 0xC0 | point >> 6, 0x80 | point & 0x3F
        return n + 2
    if point < 0x10000:
        out[n], out[n + 1], out[n + 2] = 0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
        return n + 3
    out[n], out[n + 1] = 0xF0 | point >> 18, 0x80 | point >> 12 & 0x3F
    out[n + 2], out[n + 3] = 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
    return n + 4


@lean
def _unescape(data: Bytes, at: int, end: int, out: Bytes, n: int, lone: int) -> int:
    while at < end:
        if byte(data, at) != 92:
            # More may be copied than is counted, into room that is filled later or is behind the last value.
            copy64(out, n, data, at)
            run = min(zeros(same64(data, at, 92)), end - at)
            n += run
            at += run
            continue
        b = byte(data, at + 1)
        at += 2
        if b != 117:
            out[n] = 10 if b == 110 else 9 if b == 116 else 13 if b == 114 else 8 if b == 98 else 12 if b == 102 else b
            n += 1
            continue
        point = _hex(data, at)
        at += 4
        if 0xD800 <= point < 0xDC00 and at + 6 <= end and byte(data, at) == 92 and byte(data, at + 1) == 117:
            second = _hex(data, at + 2)
            if 0xDC00 <= second < 0xE000:
                point = 0x10000 + (point - 0xD800 << 10) + (second - 0xDC00)
                at += 6
        n = _put(out, n, lone if 0xD800 <= point < 0xE000 else point)
    return n


@lean
def _joined(data: Bytes, at: int, end: int, out: Bytes, n: int, lone: int) -> int:
    """The strings of a list as lines."""
    first = True
    while at < end:
        if byte(data, at) != 34:
            at += 1
            continue
        if not first:
            out[n] = 10
            n += 1
        first = False
        close = string_end(data, at + 1, end)[0]
        n = _unescape(data, at + 1, close, out, n, lone)
        at = close + 1
    return n


@lean
def _value(data: Bytes, start: int, stop: int, kind: int, out: Bytes, n: int, lone: int) -> int:
    if kind == ESCAPED:
        return _unescape(data, start, stop, out, n, lone)
    if kind == STRINGS:
        return _joined(data, start, stop, out, n, lone)
    if kind != NULL:
        copy(out, n, data, start, stop - start)
        return n + stop - start
    return n


@njit(cache=True, nogil=True)
def values(data: Bytes, start: Ints, stop: Ints, kind: Bytes, lone: int) -> tuple[Bytes, NDArray[np.int32], Bytes]:
    """One column's values as Arrow lays strings out: bytes, int32 offsets (lines + 1,), and a bitmap of those that are not null.

    Args:
        data: the lines.
        start: int64 (lines,): first byte of each value.
        stop: int64 (lines,): byte after its last.
        kind: uint8 (lines,): what it is; whatever is escaped takes no more room unescaped.
        lone: code point put for a surrogate without its other half.
    """
    size = 0
    for i in range(len(start)):
        if kind[i] != NULL:
            size += stop[i] - start[i]
    out = np.empty(size + PADDING, np.uint8)
    offsets, bitmap = np.zeros(len(start) + 1, np.int32), np.zeros((len(start) + 7) // 8, np.uint8)
    n = 0
    for i in range(len(start)):
        if kind[i] != NULL:
            bitmap[i >> 3] |= np.uint8(1 << (i & 7))
            n = _value(data, start[i], stop[i], kind[i], out, n, lone)
        offsets[i + 1] = n
    return out[:n], offsets, bitmap


@njit(cache=True, nogil=True)
def laid_out(data: Bytes, start: Ints, stop: Ints, kind: Bytes, lone: int) -> tuple[Bytes, Ints, Ints]:
    """The values of several columns record by record, as `haystack.Haystack` has them: bytes, first byte of each, byte after its last.

    Args:
        data: the lines.
        start: int64 (columns, lines), as for `values`.
        stop: likewise.
        kind: uint8 (columns, lines): what it is; null counts as empty.
        lone: as for `values`.
    """
    columns, lines = kind.shape
    size = 0
    for k in range(columns):
        for i in range(lines):
            size += 1 + (stop[k, i] - start[k, i] if kind[k, i] != NULL else 0)
    out = np.empty(size + PADDING, np.uint8)
    starts, ends = np.empty(columns * lines, np.int64), np.empty(columns * lines, np.int64)
    n = segment = 0
    for i in range(lines):
        for k in range(columns):
            starts[segment] = n
            n = _value(data, start[k, i], stop[k, i], kind[k, i], out, n, lone)
            ends[segment] = n
            out[n] = 10
            n += 1
            segment += 1
    out[n : n + PADDING] = 0
    return out[:n], starts, ends

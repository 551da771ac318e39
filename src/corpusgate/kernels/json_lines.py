"""Finds the values of some columns in lines of JSON without building anything.

It takes the road that nearly all lines of a corpus go, and is sure of what it takes: a line that it calls read is an
object by RFC 8259, and the values are where it says. Anything else (an escaped key, a nested value in a wanted column,
any mistake) is called odd, and a whole parser has to look at that line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.json_syntax import DEEPEST, blank, nested_end, number_end, scalar_end, string_end, strings_end, word_end
from corpusgate.kernels.machine import PADDING, byte, copy, copy64, lean, ones, same64, zeros
from corpusgate.kernels.utf8 import next_line

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

_ONE = np.uint64(1)

#: What became of a line.
BLANK, READ, ODD = 0, 1, 2
#: What a value is: absent or null, as it stands (a string or a whole number), a string with escapes, a list of strings.
NULL, PLAIN, ESCAPED, STRINGS = 0, 1, 2, 3


@lean
def _column(data: Bytes, low: int, high: int, names: Bytes, offsets: Ints) -> int:
    for k in range(len(offsets) - 1):
        if offsets[k + 1] - offsets[k] == high - low:
            same = True
            for j in range(high - low):
                if data[low + j] != names[offsets[k] + j]:
                    same = False
                    break
            if same:
                return k
    return -1


@lean
def _line(data: Bytes, at: int, end: int, names: Bytes, offsets: Ints, stack: Bytes, start: Ints, stop: Ints, kind: Bytes) -> int:
    at = blank(data, at, end)
    if at == end:
        return BLANK
    if byte(data, at) != 123:
        return ODD
    at = blank(data, at + 1, end)
    more = not (at < end and byte(data, at) == 125)
    while more:
        if at >= end or byte(data, at) != 34:
            return ODD
        close, escaped = string_end(data, at + 1, end)
        if close < 0 or escaped:
            return ODD
        column = _column(data, at + 1, close, names, offsets)
        at = blank(data, close + 1, end)
        if at >= end or byte(data, at) != 58:
            return ODD
        at = blank(data, at + 1, end)
        if at >= end:
            return ODD
        b = byte(data, at)
        if column < 0:
            at = nested_end(data, at, end, stack) if b == 123 or b == 91 else scalar_end(data, at, end)
            if at < 0:
                return ODD
        elif b == 34:
            close, escaped = string_end(data, at + 1, end)
            if close < 0:
                return ODD
            start[column], stop[column], kind[column] = at + 1, close, ESCAPED if escaped else PLAIN
            at = close + 1
        elif b == 91:
            close = strings_end(data, at + 1, end)
            if close < 0:
                return ODD
            start[column], stop[column], kind[column] = at + 1, close, STRINGS
            at = close + 1
        elif b == 110:
            at = word_end(data, at, end)
            if at < 0:
                return ODD
            kind[column] = NULL
        else:
            close, whole = number_end(data, at, end)
            if close < 0 or not whole:
                return ODD
            start[column], stop[column], kind[column] = at, close, PLAIN
            at = close
        at = blank(data, at, end)
        if at >= end:
            return ODD
        b = byte(data, at)
        if b == 44:
            at = blank(data, at + 1, end)
        elif b == 125:
            more = False
        else:
            return ODD
    return READ if blank(data, at + 1, end) == end else ODD


@dataclass(frozen=True, slots=True)
class Scanned:
    """What stands in some lines of JSON.

    Attributes:
        line_start: int64 (lines,): first byte of each line.
        line_end: int64 (lines,): byte after its last, where its newline stands.
        became: uint8 (lines,): `BLANK`, `READ` or `ODD`; the following mean nothing where a line is odd.
        start: int64 (columns, lines): first byte of each value, without its quotes.
        stop: int64 (columns, lines): byte after its last.
        kind: uint8 (columns, lines): `NULL`, `PLAIN`, `ESCAPED` or `STRINGS`.
    """

    line_start: Ints
    line_end: Ints
    became: Bytes
    start: Ints
    stop: Ints
    kind: Bytes


@lean
def _count_lines(data: Bytes, size: int) -> int:
    lines, at = 1, 0
    while at < size:
        found = same64(data, at, 10)
        lines += ones(found if size - at >= 64 else found & ((_ONE << np.uint64(size - at)) - _ONE))
        at += 64
    return lines


@njit(cache=True, nogil=True)
def _scan(
    data: Bytes,
    size: int,
    names: Bytes,
    offsets: Ints,
    line_start: Ints,
    line_end: Ints,
    became: Bytes,
    starts: Ints,
    stops: Ints,
    kinds: Bytes,
) -> int:
    columns = len(offsets) - 1
    start, stop, kind = np.zeros(columns, np.int64), np.zeros(columns, np.int64), np.zeros(columns, np.uint8)
    stack = np.zeros(DEEPEST, np.uint8)
    n = at = 0
    while at < size:
        end, valid = next_line(data, at, size)
        kind[:] = NULL
        line_start[n], line_end[n] = at, end
        became[n] = _line(data, at, end, names, offsets, stack, start, stop, kind) if valid else ODD
        for k in range(columns):
            starts[k, n], stops[k, n], kinds[k, n] = start[k], stop[k], kind[k]
        n += 1
        at = end + 1
    return n


def scan(data: Bytes, size: int, columns: Sequence[str]) -> Scanned:
    """Find the values of some columns in lines of JSON.

    Args:
        data: text, with `machine.PADDING` bytes that can be read behind it.
        size: bytes of text.
        columns: names of top-level columns, each once.
    """
    encoded = [column.encode("utf-8", "surrogatepass") for column in columns]
    names = np.frombuffer(b"".join(encoded), np.uint8)
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.int64)
    lines = _count_lines(data, size)
    found = Scanned(
        np.empty(lines, np.int64), np.empty(lines, np.int64), np.empty(lines, np.uint8),
        np.empty((len(columns), lines), np.int64), np.empty((len(columns), lines), np.int64), np.empty((len(columns), lines), np.uint8),
    )  # fmt: skip
    n = _scan(data, size, names, offsets, *(getattr(found, name) for name in Scanned.__slots__))
    return Scanned(*(getattr(found, name)[..., :n] for name in Scanned.__slots__))


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
            if kind[i] == ESCAPED:
                n = _unescape(data, start[i], stop[i], out, n, lone)
            elif kind[i] == STRINGS:
                n = _joined(data, start[i], stop[i], out, n, lone)
            else:
                length = stop[i] - start[i]
                copy(out, n, data, start[i], length)
                n += length
        offsets[i + 1] = n
    return out[:n], offsets, bitmap

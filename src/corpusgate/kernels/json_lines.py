"""Finds the values of some columns in lines of JSON without building anything.

It takes the road that nearly all lines of a corpus go, and is sure of what it takes: a line that it calls read is an
object by RFC 8259, and the values are where it says. Anything else (an escaped key, a list of other things than strings in a
wanted column, any mistake) is called odd, and a whole parser has to look at that line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.json_syntax import DEEPEST, blank, nested_end, number_end, scalar_end, string_end, strings_end, word_end
from corpusgate.kernels.machine import byte, lean, ones, same64
from corpusgate.kernels.utf8 import next_line

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

_ONE = np.uint64(1)

#: Bytes that hardly any line of a corpus has less of: there is room at first for lines as long.
_USUAL_LINE = 256

#: What became of a line.
BLANK, READ, ODD = 0, 1, 2
#: What a value is: absent or null, as it stands (a string or a whole number), a string with escapes, a list of strings, an object.
NULL, PLAIN, ESCAPED, STRINGS, OBJECT = 0, 1, 2, 3, 4


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
        elif b == 123:
            close = nested_end(data, at, end, stack)
            if close < 0:
                return ODD
            start[column], stop[column], kind[column] = at, close, OBJECT
            at = close
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
        start: int64 (columns, lines): first byte of each value, without its quotes; of an object its brace.
        stop: int64 (columns, lines): byte after its last.
        kind: uint8 (columns, lines): `NULL`, `PLAIN`, `ESCAPED`, `STRINGS` or `OBJECT`.
    """

    line_start: Ints
    line_end: Ints
    became: Bytes
    start: Ints
    stop: Ints
    kind: Bytes


@njit(cache=True, nogil=True)
def newlines(data: Bytes, size: int) -> int:
    """How many newlines the first bytes have; `machine.PADDING` more can be read."""
    count = at = 0
    while at < size:
        found = same64(data, at, 10)
        count += ones(found if size - at >= 64 else found & ((_ONE << np.uint64(size - at)) - _ONE))
        at += 64
    return count


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
    n: int,
    at: int,
) -> tuple[int, int]:
    """Go through the lines from byte `at` on, as far as there is room from the n-th on: lines that are done, and where the next begins."""
    columns = len(offsets) - 1
    start, stop, kind = np.zeros(columns, np.int64), np.zeros(columns, np.int64), np.zeros(columns, np.uint8)
    stack = np.zeros(DEEPEST, np.uint8)
    while at < size and n < len(became):
        end, valid = next_line(data, at, size)
        kind[:] = NULL
        line_start[n], line_end[n] = at, end
        became[n] = _line(data, at, end, names, offsets, stack, start, stop, kind) if valid else ODD
        for k in range(columns):
            starts[k, n], stops[k, n], kinds[k, n] = start[k], stop[k], kind[k]
        n += 1
        at = end + 1
    return n, at


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
    found, n, at = _room(len(columns), size // _USUAL_LINE + 64), 0, 0
    while True:
        n, at = _scan(data, size, names, offsets, *(getattr(found, name) for name in Scanned.__slots__), n, at)
        if at >= size:
            return Scanned(*(getattr(found, name)[..., :n] for name in Scanned.__slots__))
        # Short lines: room for as many as the rest would have, and half as many again.
        more = _room(len(columns), n + 64 + (size - at) * n // at * 3 // 2)
        for name in Scanned.__slots__:
            getattr(more, name)[..., :n] = getattr(found, name)
        found = more


def _room(columns: int, lines: int) -> Scanned:
    shapes = [(lines, np.int64), (lines, np.int64), (lines, np.uint8)]
    return Scanned(*(np.empty(shape, kind) for shape, kind in shapes), *(np.empty((columns, lines), kind) for _, kind in shapes))

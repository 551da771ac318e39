"""All searched fields of a block of records in one buffer, so that one pass of a kernel sees them all.

Segment `record * len(fields) + field` is `data[starts[i]:ends[i]]`, valid UTF-8, followed by one newline.
The newline keeps matches from running over into the next segment: no pattern may match a newline.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import PADDING, copy, leads64, lean, load8, ones

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

_SIX, _SEVEN, _EACH = np.uint64(6), np.uint64(7), np.uint64(0x0101010101010101)


@dataclass(frozen=True, slots=True)
class Haystack:
    """The searched fields of `records` records, laid out record by record.

    Attributes:
        data: uint8, shape (bytes,); `machine.PADDING` bytes behind it can be read too.
        starts: int64, shape (records * fields,): first byte of each segment.
        ends: int64, same shape: byte after the last one, where a newline stands.
        fields: names of the fields, in their order within a record.
    """

    data: Bytes
    starts: Ints
    ends: Ints
    fields: tuple[str, ...]

    @property
    def records(self) -> int:
        """How many records the block holds."""
        return len(self.starts) // len(self.fields)

    def segment(self, field: str) -> Ints:
        """Segment numbers of one field, one a record."""
        return np.arange(self.fields.index(field), len(self.starts), len(self.fields), dtype=np.int64)

    def text(self, start: int, end: int) -> str:
        """The characters of a byte range that begins and ends at code points."""
        return self.data[start:end].tobytes().decode("utf-8")


@njit(cache=True, nogil=True)
def _copy(out: Bytes, starts: Ints, source: Bytes, offsets: Ints) -> None:
    for i in range(len(starts)):
        length = offsets[i + 1] - offsets[i]
        copy(out, starts[i], source, offsets[i], length)
        out[starts[i] + length] = 10


@njit(cache=True, nogil=True)
def _extract(data: Bytes, start: Ints, end: Ints) -> tuple[Bytes, Ints]:
    starts = np.empty(len(start), np.int64)
    size = 0
    for i in range(len(start)):
        starts[i] = size
        size += end[i] - start[i] + 1
    out = np.empty(size + PADDING, np.uint8)
    out[size:] = 0
    for i in range(len(start)):
        length = end[i] - start[i]
        copy(out, starts[i], data, start[i], length)
        out[starts[i] + length] = 10
    return out[:size], starts


def extract(haystack: Haystack, start: Ints, end: Ints) -> Haystack:
    """Some byte ranges of a haystack as a haystack of their own, with a segment each."""
    data, starts = _extract(haystack.data, start, end)
    return Haystack(data, starts, starts + (end - start), ("piece",))


def _buffers(column: pa.Array) -> tuple[Bytes, Ints]:
    column = pc.fill_null(column.cast(pa.large_string()), "")
    raw = column.buffers()
    offsets = np.frombuffer(raw[1], dtype=np.int64)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(raw[2], dtype=np.uint8) if raw[2] is not None else np.zeros(0, np.uint8)
    return data, offsets


def _room(size: int) -> Bytes:
    out = np.empty(size + PADDING, np.uint8)
    out[size:] = 0
    return out[:size]


def build(columns: dict[str, pa.Array]) -> Haystack:
    """Lay string columns of equal length side by side; null counts as empty.

    Args:
        columns: field name to a string array; the order of the keys is the order of the fields.
    """
    parts = [_buffers(column) for column in columns.values()]
    records = len(parts[0][1]) - 1
    lengths = np.stack([np.diff(offsets) for _, offsets in parts], axis=1).reshape(-1)
    starts = np.zeros(records * len(parts), np.int64)
    np.cumsum(lengths[:-1] + 1, out=starts[1:]) if records else None
    out = _room(int(lengths.sum()) + len(lengths))
    for i, (data, offsets) in enumerate(parts):
        _copy(out, starts[i :: len(parts)], data, offsets)
    return Haystack(out, starts, starts + lengths, tuple(columns))


@njit(cache=True, nogil=True, inline="always")
def _points(data: Bytes, start: int, end: int) -> int:
    """Code points that begin in a byte range, eight bytes at a time: all but those of the form 10xxxxxx."""
    count, at = end - start, start
    while at + 8 <= end:
        eight = load8(data, at)
        count -= ones(eight >> _SEVEN & ~eight >> _SIX & _EACH)
        at += 8
    while at < end:
        count -= np.int64(data[at] & 0xC0 == 0x80)
        at += 1
    return count


@njit(cache=True, nogil=True, inline="always")
def _line(line_start: Ints, place: int, guess: int) -> int:
    """The last line that begins at a place or before it, 0 if none does; quick if it is near the guess (Bentley and Yao 1976)."""
    low, high, step = guess, guess + 1, 1
    while low > 0 and line_start[low] > place:
        high, low, step = low, max(low - step, 0), 2 * step
    while high < len(line_start) and line_start[high] <= place:
        low, high, step = high, min(high + step, len(line_start)), 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        if line_start[middle] <= place:
            low = middle
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def to_code_points(
    data: Bytes, starts: Ints, segment: Ints, start: Ints, end: Ints, line_start: Ints, line_first: Ints
) -> tuple[Ints, Ints]:
    """Turn byte ranges into code points counted from the start of their segment, int64 (n,) both.

    Args:
        data: the haystack's bytes.
        starts: first byte of each segment.
        segment: int64 (n,): the segment of each range.
        start: int64 (n,): its first byte, which begins a code point; quick if they rise.
        end: int64 (n,): the byte after its last one, where another begins or the segment ends.
        line_start: int64 (lines,), rising: first byte of each line, to count from.
        line_first: int64 (lines,): code points of its segment before it.
    """
    first, last = np.empty(len(start), np.int64), np.empty(len(start), np.int64)
    line = 0
    near = reached = np.int64(0)
    for i in range(len(start)):
        at, count = starts[segment[i]], np.int64(0)
        line = _line(line_start, start[i], line)
        if line < len(line_start) and at <= line_start[line] <= start[i]:
            at, count = line_start[line], line_first[line]
        # From the range before, where that is nearer: a line may be long and full of them.
        if at <= near <= start[i]:
            at, count = near, reached
        first[i] = count + _points(data, at, start[i])
        last[i] = first[i] + _points(data, start[i], end[i])
        near, reached = start[i], first[i]
    return first, last


def byte_places(text: str, places: Iterable[int]) -> dict[int, int]:
    """Code points of a text as the bytes of UTF-8 before them; the text is gone through once, however many there are."""
    found: dict[int, int] = {}
    at = size = 0
    for place in sorted(set(places)):
        size += len(text[at:place].encode())
        at = place
        found[place] = size
    return found


@lean
def after(data: Bytes, at: int, until: int, points: int) -> int:
    """The byte after so many code points, `until` if there are fewer."""
    while until - at >= 64:
        many = ones(leads64(data, at))
        if many >= points:
            break
        points -= many
        at += 64
    while at < until and (points > 0 or data[at] & 0xC0 == 0x80):
        points -= np.int64(data[at] & 0xC0 != 0x80)
        at += 1
    return at


@njit(cache=True, nogil=True)
def _gather(data: Bytes, start: Ints, end: Ints, limit: int) -> tuple[Bytes, NDArray[np.int32]]:
    offsets = np.zeros(len(start) + 1, np.int32)
    for i in range(len(start)):
        # As many bytes as code points would do cannot be too many.
        stop = after(data, start[i], end[i], limit) if end[i] - start[i] > limit else end[i]
        offsets[i + 1] = offsets[i] + stop - start[i]
    out = np.empty(offsets[-1], np.uint8)
    for i in range(len(start)):
        copy(out, offsets[i], data, start[i], offsets[i + 1] - offsets[i])
    return out, offsets


def texts(data: Bytes, start: Ints, end: Ints, limit: int) -> pa.Array:
    """The characters of each byte range as a string array, each cut at `limit` code points."""
    out, offsets = _gather(data, start, end, limit)
    return pa.StringArray.from_buffers(len(start), pa.py_buffer(offsets), pa.py_buffer(out))

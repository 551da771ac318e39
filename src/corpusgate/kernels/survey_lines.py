"""Lines of a segment, from what is noted of its chunks: where they stand, their hashes, and what they hold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.charset_chunks import surroundings, token_around
from corpusgate.kernels.chunk_letters import HOLDS_NEEDED, HOLDS_WORD, HOLDS_YEAR, SPACED, STRANGE
from corpusgate.kernels.chunk_marks import SCRIPT_SHIFT
from corpusgate.kernels.chunk_tokens import COUNT_AT, FIRST_SCRIPT_AT, HOLDS, HOLDS_AT, LAST_SCRIPT_AT, SCRIPT
from corpusgate.kernels.chunks import key_of
from corpusgate.kernels.hashing import finish
from corpusgate.kernels.machine import byte, leads64, lean, ones
from corpusgate.kernels.survey_tables import IS_NEEDED, SPACE

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]
Words = NDArray[np.uint64]
Traits = NDArray[np.uint32]

#: Base of the hashes of lines.
_BASE = np.uint64(0xD6E8FEB86659FD93)
_ONE = np.uint64(1)
_MARKS, _SPACED = np.uint64(HOLDS_NEEDED | HOLDS_YEAR | HOLDS_WORD), np.uint64(SPACED) << HOLDS_AT
_IS_STRANGE, _IS_NEEDED = np.uint64(STRANGE) << HOLDS_AT, np.uint64(HOLDS_NEEDED) << HOLDS_AT


@lean
def lines_of(
    data: Bytes, segment: int, start: int, size: int, count: int, begins: Points, stops: Points, keys: Words, chunk_notes: Words,
    traits: Traits, codes: NDArray[np.uint16], lines: Ints, n: int,
) -> tuple[int, Any]:  # fmt: skip
    """Note the lines of a segment that are not empty, from the n-th on.

    Args:
        data: the haystack's bytes.
        segment: number of the segment.
        start: its first byte.
        size: its bytes.
        count: how many chunks it has.
        begins: first byte of each, counted from `start`; behind the last one `size + 1`.
        stops: the byte after its last.
        keys: `chunks.key_of` each.
        chunk_notes: what `chunk_tokens` noted of each.
        traits: `survey_tables.known_of`.
        codes: from `chunk_marks.CharsetTables`.
        lines: room for the columns of `lines.Lines`, one a row.

    Returns:
        How many lines there are now, of which those are filled for which there was room; and what the segment holds.
    """
    held, holds, counted, script = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    line = np.uint64(0)
    points = pointed = low = high = at = 0
    solid = False
    c, last = np.uint64(0), np.uint64(count)
    while True:
        # More than one space between chunks, or the beginning or the end of a line.
        gap = line
        begin = np.int64(begins[c])
        while at < begin:
            b = byte(data, start + at)
            if b == 10:
                if solid:
                    if n < lines.shape[1]:
                        uneven = holds & _SPACED != 0
                        lines[0, n], lines[1, n], lines[2, n] = segment, start + low, start + high
                        lines[3, n] = line_hash(data, start + low, start + high) if uneven else finish(line ^ np.uint64(high - low))
                        lines[4, n], lines[5, n] = np.int64(counted), np.int64(holds >> HOLDS_AT & _MARKS)
                        points += points_of(data, start + pointed, start + low)
                        lines[6, n] = points
                        points += points_of(data, start + low, start + high)
                        lines[7, n] = points
                    pointed = high
                    n += 1
                held |= holds
                holds = counted = np.uint64(0)
                solid = False
            else:
                gap = gap * _BASE + np.uint64(b)
                if b != 32 and b != 9 and b != 13:
                    # A control character is no white space to the scorer of strange characters.
                    holds |= _IS_STRANGE
                    if traits[b] & IS_NEEDED:
                        holds |= _IS_NEEDED
                    if not solid:
                        solid, low, gap = True, at, np.uint64(b)
                    line, high = gap, at + 1
            at += 1
        if c == last:
            return n, np.int64((held | holds) >> HOLDS_AT) & HOLDS
        line = gap if solid else np.uint64(0)
        low = low if solid else at
        # Chunks with one space between them.
        while True:
            note, end = chunk_notes[c], np.int64(stops[c])
            line = line * _BASE + keys[c]
            counted += note >> COUNT_AT
            holds |= note
            if note & _SPACED:
                # White space beyond ASCII may stand at either end, where it belongs to no line.
                first, behind = trimmed(data, traits, start + at, start + end)
                if first < behind:
                    low, high, solid = low if solid else first - start, behind - start, True
            else:
                low, high, solid = low if solid else at, end, True
            first_script = note >> FIRST_SCRIPT_AT & SCRIPT
            if first_script != 0:
                if (
                    first_script != script
                    and holds & _IS_STRANGE == 0
                    and _moved(data, start, start + size, start + at, start + end, codes)
                ):
                    holds |= _IS_STRANGE
                script = note >> LAST_SCRIPT_AT & SCRIPT
            at = end
            c += _ONE
            if np.int64(begins[c]) != at + 1 or byte(data, start + at) != 32:
                break
            at += 1


@lean
def line_hash(data: Bytes, low: int, high: int) -> np.int64:
    """Hash of a line: of the keys of its chunks, and of what is between them where that is not one space.

    Lines that have no white space beyond ASCII have it from keys that are there already.
    """
    h = np.uint64(0)
    at = low
    while at < high:
        end = at
        if byte(data, at) > 32:
            while end < high and byte(data, end) > 32:
                end += 1
            h = h * _BASE + key_of(data, at, end)
        else:
            while end < high and byte(data, end) <= 32:
                end += 1
            if end != at + 1 or byte(data, at) != 32:
                for i in range(at, end):
                    h = h * _BASE + np.uint64(byte(data, i))
        at = end
    return finish(h ^ np.uint64(high - low))


@lean
def points_of(data: Bytes, low: int, high: int) -> int:
    """How many code points begin in a range of bytes."""
    count = 0
    while high - low >= 64:
        count += ones(leads64(data, low))
        low += 64
    return count + ones(leads64(data, low) & ((_ONE << np.uint64(high - low)) - _ONE))


@lean
def trimmed(data: Bytes, traits: Traits, start: int, end: int) -> tuple[int, int]:
    """First byte of a chunk that is no white space, and the byte after its last; the same twice if all is white space."""
    low = high = end
    at = start
    while at < end:
        point, size = decode(data, at)
        at += size
        if point >= 0x10000 or traits[point] & SPACE == 0:
            if low == end:
                low = at - size
            high = at
    return low, high


@lean
def _moved(data: Bytes, low: int, high: int, start: int, end: int, codes: NDArray[np.uint16]) -> bool:
    """Whether the first character of a chunk that has a script has another one than the text around the chunk."""
    i = start
    while i < end:
        point, size = decode(data, i)
        own = int(codes[point]) >> SCRIPT_SHIFT & 7 if point < 0x10000 else 0
        if size > 1 and own:
            first, last = token_around(data, low, high, i)
            return surroundings(data, low, high, first, last, codes) not in (0, own)
        i += size
    return False

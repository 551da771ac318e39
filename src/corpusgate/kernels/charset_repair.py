"""Undoing a wrong reading: from the characters back to the bytes, and from the bytes to what they should have been."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Points = NDArray[np.int32]

#: Penalties, tenths of a nat: a byte that does not fit, a character that the reading does not have (at most three are
#: counted), a byte lost to U+FFFD, a last byte lost to trimming, a single pair of bytes, one whose second byte is ASCII.
_MISFIT, _STRANGER, _LOST, _TRIMMED, _SINGLE, _HALF_ASCII = 30, 40, -40, -5, 25, 30
_NONE = 0xFFFF
_REPLACEMENT = 0xFFFD
#: What a double-byte page has besides pairs; in GB 18030, the number of the sequence of four bytes for U+10000.
KATAKANA, FOUR_BYTES, _ASTRAL = 1, 2, 189_000
#: `source` of a double-byte page is this and its row.
_DOUBLE = 1000


@njit(cache=True, nogil=True)
def _to_bytes(points: Points, n: int, encoder: NDArray[np.uint16], stream: Points, place: Points) -> int:
    """The bytes behind a text, as `stream`; characters without one go as 256 + code point. Returns how many."""
    m = 0
    for i in range(n):
        point = points[i]
        code = int(encoder[point]) if point < 0x10000 else _NONE
        place[m] = i
        if code == _NONE:
            stream[m] = 256 + point
        elif code < 256:
            stream[m] = code
        else:
            stream[m] = code >> 8
            m += 1
            stream[m] = code & 0xFF
            place[m] = -1
        m += 1
    return m


@njit(cache=True, nogil=True)
def _as_utf8(stream: Points, place: Points, m: int, points: Points, out: Points, blank: int, cut: bool) -> tuple[int, int, int]:
    """Read a stream as UTF-8 as far as it goes: code points written, sequences repaired, penalty.

    Args:
        stream: bytes, or 256 + code point.
        place: which of `points` each came from, -1 for the second byte of one.
        m: length of the stream.
        points: the text as it stands, for what cannot be repaired.
        out: the repaired text.
        blank: byte of the no-break space in the reading, which trimming may have lost or made a space; 0 if no such.
        cut: whether white space or nothing follows the text.
    """
    n = good = penalty = strange = 0
    i = 0
    while i < m:
        b = stream[i]
        if b < 0x80:
            out[n] = b
            n += 1
            i += 1
            continue
        need = 0
        if 0xC2 <= b < 0xE0:
            need, point = 1, b & 0x1F
        elif 0xE0 <= b < 0xF0:
            need, point = 2, b & 0x0F
        elif 0xF0 <= b < 0xF5:
            need, point = 3, b & 0x07
        if need:
            lost = 0
            extra = 0
            j = i + 1
            while j <= i + need:
                if j < m and 0x80 <= stream[j] < 0xC0:
                    point = point << 6 | stream[j] & 0x3F
                elif j < m and stream[j] == 256 + _REPLACEMENT:
                    lost += 1
                    point = point << 6
                elif (
                    blank
                    and j == i + need
                    and lost == 0
                    and ((j == m and cut) or (j < m and stream[j] == 0x20))
                    # A lone capital is a word in some languages; a no-break space follows something.
                    and (b != 0xC2 or (i > 0 and stream[i - 1] < 0x80 and stream[i - 1] > 0x20))
                ):
                    point = point << 6 | blank & 0x3F
                    extra = 1
                else:
                    break
                j += 1
            if j > i + need and lost <= need:
                fine = (need == 1 or point >= 0x800) if need < 3 else 0x10000 <= point < 0x110000
                if lost or (fine and not 0xD800 <= point < 0xE000):
                    out[n] = _REPLACEMENT if lost else point
                    n += 1
                    penalty += _LOST if lost else 0
                    if extra:
                        penalty += _TRIMMED
                        # One space for two: the no-break space itself, or the blank that white space was folded into.
                        if point == 0xA0:
                            out[n - 1] = 0x20
                        elif point == 0xE0 and j - 1 < m and (j >= m or stream[j] != 0x20):
                            out[n] = 0x20
                            n += 1
                    good += 1
                    i = min(j, m)
                    continue
        if place[i] >= 0:
            out[n] = points[place[i]]
            n += 1
        if b >= 256:
            strange += 1
        else:
            penalty += _MISFIT
        i += 1
    return n, good, penalty + min(strange, 3) * _STRANGER


@njit(cache=True, nogil=True)
def _as_single(stream: Points, m: int, points: Points, decoder: NDArray[np.uint16], out: Points) -> tuple[int, int, int]:
    """Read a stream as a single-byte page: code points written, characters changed (negative: blanks alone), penalty."""
    good = weak = strange = 0
    for i in range(m):
        b = stream[i]
        if b < 0x80:
            out[i] = b
        elif b < 256:
            if decoder[b] == _NONE:
                return 0, 0, 0
            out[i] = decoder[b]
            if out[i] == points[i]:
                continue
            if points[i] == 0xA0 or points[i] == 0xAD:
                weak += 1
            else:
                good += 1
        else:
            out[i] = b - 256
            strange += 1 if out[i] != _REPLACEMENT else 0
    if strange >= good and strange:
        return 0, 0, 0
    # No-break spaces and soft hyphens are in every text: by themselves they prove nothing.
    return m, good if good else -weak, min(strange, 3) * _STRANGER


@njit(cache=True, nogil=True)
def _as_double(
    stream: Points, place: Points, m: int, points: Points, decoder: NDArray[np.uint16], four: NDArray[np.uint16], out: Points, beyond: int
) -> tuple[int, int, int]:
    """Read a stream as a double-byte page: code points written, pairs read, penalty."""
    n = good = misfit = strange = half_ascii = 0
    i = 0
    while i < m:
        b = stream[i]
        if b < 0x80:
            out[n] = b
        elif b < 256 and i + 1 < m and stream[i + 1] < 256 and decoder[b << 8 | stream[i + 1]] != _NONE:
            out[n] = decoder[b << 8 | stream[i + 1]]
            good += 1
            half_ascii += 1 if stream[i + 1] < 0x80 else 0
            i += 1
        elif beyond == FOUR_BYTES and b < 256 and _is_four(stream, i, m):
            place_of = ((b - 0x81) * 10 + stream[i + 1] - 0x30) * 1260 + (stream[i + 2] - 0x81) * 10 + stream[i + 3] - 0x30
            out[n] = four[place_of] if place_of < len(four) else 0x10000 + place_of - _ASTRAL
            good += 1
            i += 3
        elif beyond == KATAKANA and 0xA1 <= b < 0xE0:
            out[n] = 0xFF61 + b - 0xA1
            good += 1
        else:
            out[n] = points[place[i]]
            if b < 256:
                misfit += 1
            else:
                strange += 1
        n += 1
        i += 1
    if strange >= good:
        return 0, 0, 0
    single = _SINGLE + half_ascii * _HALF_ASCII if good == 1 else 0
    return n, good, misfit * _MISFIT + min(strange, 3) * _STRANGER + single


@njit(cache=True, nogil=True)
def _is_four(stream: Points, i: int, m: int) -> bool:
    """Whether a sequence of four bytes begins here, as GB 18030 has them for all that GBK has not."""
    return (
        i + 3 < m
        and 0x30 <= stream[i + 1] <= 0x39
        and 0x81 <= stream[i + 2] <= 0xFE
        and 0x30 <= stream[i + 3] <= 0x39
        and (stream[i] <= 0x84 or 0x90 <= stream[i] <= 0xE3)
    )


@njit(cache=True, nogil=True)
def repair(points: Points, n: int, channel: int, cut: bool, tables: Any, room: Points) -> tuple[int, int, int]:
    """Undo one reading: `room[0, :]` holds the text; gives its length, what was repaired and a penalty.

    What was repaired is 0 if nothing was (the length is 0 too if the reading cannot be), below 0 if blanks alone.

    Args:
        points: int32: the text as it stands.
        n: its length.
        channel: index of the reading.
        cut: whether white space or nothing follows.
        tables: `signals.charset_channels.Tables`.
        room: int32 (4, at least 2 * n): room to work in.
    """
    encoder, single, double, four = tables.encoder[tables.reading[channel]], tables.single, tables.double, tables.four
    source, twice, beyond = tables.source[channel], tables.twice[channel], tables.beyond[channel]
    return undone(points, n, encoder, source, single, double, four, twice, beyond, cut, room[0], room[1], room[2], room[3])


@njit(cache=True, nogil=True)
def undone(
    points: Points,
    n: int,
    encoder: NDArray[np.uint16],
    source: int,
    single: NDArray[np.uint16],
    double: NDArray[np.uint16],
    four: NDArray[np.uint16],
    twice: bool,
    beyond: int,
    cut: bool,
    out: Points,
    stream: Points,
    place: Points,
    kept: Points,
) -> tuple[int, int, int]:
    """What `repair` does, with the tables and the room taken out beforehand, which for one chunk takes longer than the rest."""
    m = _to_bytes(points, n, encoder, stream, place)
    if source >= _DOUBLE:
        return _as_double(stream, place, m, points, double[source - _DOUBLE], four, out, beyond)
    if source >= 0:
        return _as_single(stream, m, points, single[source], out)
    blank = int(encoder[0xA0])
    if not 0x80 <= blank < 0xC0:
        blank = 0
    length, good, penalty = _as_utf8(stream, place, m, points, out, blank, cut)
    if good and twice:
        kept[:length] = out[:length]
        m = _to_bytes(kept, length, encoder, stream, place)
        length, good, again = _as_utf8(stream, place, m, kept, out, blank, cut)
        penalty += again
    return length, good, penalty

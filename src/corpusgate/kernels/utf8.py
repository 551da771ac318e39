"""Where a line ends and whether it is valid UTF-8 (RFC 3629), 64 bytes at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.machine import lean, least64, same64, zeros

Bytes = NDArray[np.uint8]

_ONE, _TWO, _THREE, _ZERO = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(0)


@lean
def next_line(data: Bytes, at: int, size: int) -> tuple[int, bool]:
    """Where the line ends that begins at `at`, and whether it is valid UTF-8.

    Continuation bytes must stand where lead bytes ask for them and nowhere else, and after some lead bytes the first of them
    must be in half of its range: shorter forms, surrogates and what lies beyond U+10FFFF are none.

    Args:
        data: with `machine.PADDING` bytes that can be read behind `size`.
        at: first byte of the line.
        size: bytes of text.
    """
    # Bits of the continuation bytes that the 64 bytes before ask for.
    carried = _ZERO
    valid = True
    while at < size:
        left = size - at
        length = min(zeros(same64(data, at, 10)), left)
        within = (_ONE << np.uint64(length)) - _ONE if length < 64 else ~_ZERO
        high = least64(data, at, 0x80) & within
        if high | carried:
            two, three, four = least64(data, at, 0xC0) & within, least64(data, at, 0xE0) & within, least64(data, at, 0xF0) & within
            asked = two << _ONE | three << _TWO | four << _THREE | carried
            wrong = (asked ^ (high & ~two)) | (same64(data, at, 0xC0) | same64(data, at, 0xC1) | least64(data, at, 0xF5)) & within
            # The byte after each, which can be read behind the last one too.
            wrong |= same64(data, at, 0xE0) & within & ~least64(data, at + 1, 0xA0)
            wrong |= same64(data, at, 0xED) & within & least64(data, at + 1, 0xA0)
            wrong |= same64(data, at, 0xF0) & within & ~least64(data, at + 1, 0x90)
            wrong |= same64(data, at, 0xF4) & within & least64(data, at + 1, 0x90)
            valid &= wrong == _ZERO
            carried = two >> np.uint64(63) | three >> np.uint64(62) | four >> np.uint64(61) if length == 64 else _ZERO
        at += length
        if length < 64:
            break
    return at, valid and carried == _ZERO

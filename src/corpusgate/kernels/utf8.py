"""A quick test for valid UTF-8, eight bytes at a time; it may doubt what is right, but never takes what is wrong."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import load8, ones

Bytes = NDArray[np.uint8]

_HIGH, _LOW = np.uint64(0x8080808080808080), np.uint64(0x0101010101010101)
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
_BYTE, _TWO_BYTES, _THREE_BYTES = np.uint64(8), np.uint64(16), np.uint64(24)
_ZERO, _NEWLINES = np.uint64(0), np.uint64(0x0A0A0A0A0A0A0A0A)


@njit(cache=True, nogil=True, inline="always")
def _is(eight: np.uint64, value: int) -> np.uint64:
    """Not zero if one of the eight bytes has a value (Mycroft)."""
    other = eight ^ (_LOW * np.uint64(value))
    return (other - _LOW) & ~other & _HIGH


@njit(cache=True, nogil=True, inline="always")
def _at_most(count: int) -> np.uint64:
    """All bits of the first `count` bytes of eight."""
    return ~_ZERO if count >= 8 else (_ONE << np.uint64(8 * count)) - _ONE


@njit(cache=True, nogil=True)
def next_line(data: Bytes, at: int, size: int) -> tuple[int, bool]:
    """Where the line ends that begins at `at`, and whether it is valid UTF-8 for certain.

    Continuation bytes must stand where lead bytes ask for them and nowhere else. Lead bytes that need a look at the next
    byte as well (0xC0, 0xC1, 0xE0, 0xED, 0xF0 and above) are left in doubt, unless they are 0xF0 before 0x90 or more, an emoji.

    Args:
        data: with `machine.PADDING` bytes that can be read behind `size`.
        at: first byte of the line.
        size: bytes of text.
    """
    ask_one = ask_two = ask_three = _ZERO
    sure = True
    while True:
        eight = load8(data, at)
        other = eight ^ _NEWLINES
        ends = (other - _LOW) & ~other & _HIGH
        left = size - at
        last = ends != 0 or left <= 8
        length = 8
        if last:
            # Mycroft's test is right up to the first newline.
            length = min(ones(((ends & (~ends + _ONE)) >> np.uint64(7)) - _ONE) >> 3 if ends else 8, left)
            eight &= _at_most(length)
        top = eight & _HIGH
        if top | ask_one | ask_two | ask_three:
            second, third, fourth = eight << _ONE & _HIGH, eight << _TWO & _HIGH, eight << _THREE & _HIGH
            two, three, four = top & second, top & second & third, top & second & third & fourth
            asked = two << _BYTE | three << _TWO_BYTES | four << _THREE_BYTES | ask_one | ask_two | ask_three
            if asked != top & ~second or _is(eight, 0xC0) | _is(eight, 0xC1) | _is(eight, 0xE0) | _is(eight, 0xED):
                sure = False
            ask_one, ask_two, ask_three = two >> np.uint64(56), three >> np.uint64(48), four >> np.uint64(40)
            if four:
                for k in range(at, at + length):
                    if data[k] >= 0xF0 and not (data[k] == 0xF0 and data[k + 1] >= 0x90):
                        sure = False
        at += length
        if last and (length < 8 or at >= size):
            # What the last lead byte asked for would have stood behind the line, unless the line fills its eight bytes.
            return at, sure and (ask_one | ask_two | ask_three) == 0

"""A quick test for valid UTF-8, eight bytes at a time; it may doubt what is right, but never takes what is wrong."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import load8

Bytes = NDArray[np.uint8]

_HIGH, _LOW = np.uint64(0x8080808080808080), np.uint64(0x0101010101010101)
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
_BYTE, _TWO_BYTES, _THREE_BYTES = np.uint64(8), np.uint64(16), np.uint64(24)
_ZERO = np.uint64(0)


@njit(cache=True, nogil=True, inline="always")
def _is(eight: np.uint64, value: int) -> np.uint64:
    """Not zero if one of the eight bytes has a value (Mycroft)."""
    other = eight ^ (_LOW * np.uint64(value))
    return (other - _LOW) & ~other & _HIGH


@njit(cache=True, nogil=True)
def surely_valid(data: Bytes, size: int) -> bool:
    """Whether `data[:size]` is valid UTF-8 for certain; `machine.PADDING` zero bytes must follow it.

    Continuation bytes must stand where lead bytes ask for them and nowhere else. Lead bytes that need a look at the next
    byte as well (0xC0, 0xC1, 0xE0, 0xED, 0xF0 and above) are left in doubt, unless they are 0xF0 before 0x90 or more, an emoji.
    """
    ask_one = ask_two = ask_three = _ZERO
    at = 0
    while at < size + 1:
        eight = load8(data, at)
        top = eight & _HIGH
        if top == 0 and ask_one | ask_two | ask_three == 0:
            at += 8
            continue
        second, third, fourth = eight << _ONE & _HIGH, eight << _TWO & _HIGH, eight << _THREE & _HIGH
        continuation = top & ~second
        two, three, four = top & second, top & second & third, top & second & third & fourth
        asked = two << _BYTE | three << _TWO_BYTES | four << _THREE_BYTES | ask_one | ask_two | ask_three
        if asked != continuation:
            return False
        ask_one, ask_two, ask_three = two >> np.uint64(56), three >> np.uint64(48), four >> np.uint64(40)
        doubt = _is(eight, 0xC0) | _is(eight, 0xC1) | _is(eight, 0xE0) | _is(eight, 0xED)
        if doubt:
            return False
        if four:
            for k in range(at, at + 8):
                if data[k] >= 0xF0 and not (data[k] == 0xF0 and data[k + 1] >= 0x90):
                    return False
        at += 8
    return True

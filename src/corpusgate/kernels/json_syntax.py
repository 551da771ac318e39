"""Where strings, numbers, arrays and objects of JSON end (RFC 8259): -1 says that something is not right."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import byte, lean, least64, same64, zeros

Bytes = NDArray[np.uint8]

#: Deepest nesting of a value that is skipped.
DEEPEST = 64


@lean
def string_end(data: Bytes, at: int, end: int) -> tuple[int, bool]:
    """Where the closing quote of a string is that begins at `at`, -1 if it has none or is no string; and whether it has escapes."""
    escaped = False
    while at < end:
        # Bytes that are a quote, a backslash or below 0x20.
        stops = same64(data, at, 34) | same64(data, at, 92) | ~least64(data, at, 0x20)
        at += zeros(stops)
        if stops == 0:
            continue
        if at >= end:
            return -1, escaped
        b = byte(data, at)
        if b == 34:
            return at, escaped
        if b != 92 or at + 1 >= end:
            return -1, escaped
        escaped = True
        b = byte(data, at + 1)
        if b == 117:
            if at + 6 > end:
                return -1, escaped
            for k in range(at + 2, at + 6):
                c = byte(data, k)
                if not (48 <= c <= 57 or 65 <= c <= 70 or 97 <= c <= 102):
                    return -1, escaped
            at += 6
        elif b in (34, 92, 47, 98, 102, 110, 114, 116):
            at += 2
        else:
            return -1, escaped
    return -1, escaped


@lean
def number_end(data: Bytes, at: int, end: int) -> tuple[int, bool]:
    """Where a number ends that begins at `at`, -1 if it is none; and whether it is a whole one that Python writes in the same way."""
    begun = at
    if at < end and byte(data, at) == 45:
        at += 1
    if at >= end or not 48 <= byte(data, at) <= 57:
        return -1, False
    whole = True
    if byte(data, at) == 48:
        whole = at == begun
        at += 1
    else:
        while at < end and 48 <= byte(data, at) <= 57:
            at += 1
    # Python refuses to read or write longer ones (sys.int_info).
    whole = whole and at - begun < 4000
    if at < end and byte(data, at) == 46:
        whole = False
        at += 1
        if at >= end or not 48 <= byte(data, at) <= 57:
            return -1, False
        while at < end and 48 <= byte(data, at) <= 57:
            at += 1
    if at < end and (byte(data, at) == 101 or byte(data, at) == 69):
        whole = False
        at += 1
        if at < end and (byte(data, at) == 43 or byte(data, at) == 45):
            at += 1
        if at >= end or not 48 <= byte(data, at) <= 57:
            return -1, False
        while at < end and 48 <= byte(data, at) <= 57:
            at += 1
    return at, whole


@njit(cache=True, nogil=True, inline="always")
def blank(data: Bytes, at: int, end: int) -> int:
    """The first byte from `at` on that is no white space of JSON."""
    while at < end and (byte(data, at) == 32 or byte(data, at) == 9 or byte(data, at) == 13):
        at += 1
    return at


@lean
def word_end(data: Bytes, at: int, end: int) -> int:
    """The end of `true`, `false` or `null` at `at`, -1 if none stands there."""
    if at + 4 <= end:
        a, b, c, d = byte(data, at), byte(data, at + 1), byte(data, at + 2), byte(data, at + 3)
        if (a == 116 and b == 114 and c == 117 and d == 101) or (a == 110 and b == 117 and c == 108 and d == 108):
            return at + 4
        if a == 102 and b == 97 and c == 108 and d == 115 and at + 5 <= end and byte(data, at + 4) == 101:
            return at + 5
    return -1


@lean
def scalar_end(data: Bytes, at: int, end: int) -> int:
    """The end of a string, a number or a word at `at`, -1 if none stands there."""
    b = byte(data, at)
    if b == 34:
        close = string_end(data, at + 1, end)[0]
        return close + 1 if close >= 0 else -1
    if b == 45 or 48 <= b <= 57:
        return number_end(data, at, end)[0]
    return word_end(data, at, end)


@lean
def nested_end(data: Bytes, at: int, end: int, stack: Bytes) -> int:
    """Where an object or array ends that begins at `at`, -1 if it is not right or too deep."""
    depth = 0
    # 0: a value must come; 1: a value or the end of an array; 2: a key or the end of an object; 3: a key; 4: a comma or an end.
    state = 0
    while True:
        at = blank(data, at, end)
        if at >= end:
            return -1
        b = byte(data, at)
        if state == 4:
            if b == 44:
                state = 3 if stack[depth - 1] else 0
                at += 1
                continue
            if b != (125 if stack[depth - 1] else 93):
                return -1
            depth -= 1
            at += 1
            if depth == 0:
                return at
            continue
        if state >= 2:
            if state == 2 and b == 125:
                state = 4
                continue
            if b != 34:
                return -1
            close = string_end(data, at + 1, end)[0]
            if close < 0:
                return -1
            at = blank(data, close + 1, end)
            if at >= end or byte(data, at) != 58:
                return -1
            at += 1
            state = 0
            continue
        if state == 1 and b == 93:
            state = 4
            continue
        if b == 123 or b == 91:
            if depth == DEEPEST:
                return -1
            stack[depth] = b == 123
            depth += 1
            at += 1
            state = 2 if b == 123 else 1
            continue
        at = scalar_end(data, at, end)
        if at < 0:
            return -1
        state = 4


@lean
def strings_end(data: Bytes, at: int, end: int) -> int:
    """Where the closing bracket of an array of strings is that begins at `at`, -1 if it is anything else."""
    at = blank(data, at, end)
    if at < end and byte(data, at) == 93:
        return at
    while at < end and byte(data, at) == 34:
        close = string_end(data, at + 1, end)[0]
        if close < 0:
            return -1
        at = blank(data, close + 1, end)
        if at >= end:
            return -1
        if byte(data, at) == 93:
            return at
        if byte(data, at) != 44:
            return -1
        at = blank(data, at + 1, end)
    return -1

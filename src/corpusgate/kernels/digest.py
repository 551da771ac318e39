"""Digests of bytes that tell whether input has changed, many times as fast as a cryptographic hash of the library.

Four lanes of the rounds of xxHash64 (Collet 2012), merged to 128 bits by the mixer of SplitMix64 (Steele et al. 2014). It
notices any change that is not made to deceive it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.machine import load8

Bytes = NDArray[np.uint8]

_P1 = np.uint64(0x9E3779B185EBCA87)
_P2 = np.uint64(0xC2B2AE3D27D4EB4F)
_P3 = np.uint64(0x165667B19E3779F9)


@njit(cache=True, nogil=True, inline="always")
def _turn(x: np.uint64, bits: int) -> np.uint64:
    return (x << np.uint64(bits)) | (x >> np.uint64(64 - bits))


@njit(cache=True, nogil=True, inline="always")
def _mixed(x: np.uint64) -> np.uint64:
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x


@njit(cache=True, nogil=True)
def _digest(data: Bytes, length: int) -> tuple[np.uint64, np.uint64]:
    a, b, c, d = _P1, _P2, _P3, _P1 ^ _P2
    for at in range(0, length, 32):
        a = _turn(a + load8(data, at) * _P2, 31) * _P1
        b = _turn(b + load8(data, at + 8) * _P2, 31) * _P1
        c = _turn(c + load8(data, at + 16) * _P2, 31) * _P1
        d = _turn(d + load8(data, at + 24) * _P2, 31) * _P1
    size = np.uint64(length)
    high = _mixed(_mixed(_mixed(_mixed(size ^ a) ^ b) ^ c) ^ d)
    low = _mixed(_mixed(_mixed(_mixed(high ^ d) + c) + b) + a)
    return high, low


def digest(buffer: bytearray, length: int) -> str:
    """32 hex digits of the first `length` bytes of a buffer, whose size must be a multiple of 32.

    What follows them in the last 32 bytes is set to zero.
    """
    padded = -(-length // 32) * 32
    buffer[length:padded] = bytes(padded - length)
    return _written(np.frombuffer(buffer, np.uint8), length)


def digest_whole(data: Bytes) -> str:
    """The same of all of an array, which has a multiple of 32 bytes."""
    return _written(data, len(data))


def _written(data: Bytes, length: int) -> str:
    high, low = _digest(data, length)
    return f"{int(high):016x}{int(low):016x}"


def digests(path: Path, start: int, end: int, piece: int, also: Callable[[memoryview], object] | None = None) -> Iterator[tuple[int, str]]:
    """Number and digest of each piece of a file that lies in a stretch of it, wholly or in part.

    Args:
        path: the file.
        start: first byte of the stretch.
        end: byte after the last.
        piece: bytes of a piece, a multiple of 32.
        also: called with the bytes of each piece, which it must not keep.

    Raises:
        OSError: it cannot be read.
    """
    buffer = bytearray(piece)
    with path.open("rb", buffering=0) as file:
        file.seek(start // piece * piece)
        for number in range(start // piece, max(-(-end // piece), start // piece + 1)):
            length = 0
            while length < piece and (got := file.readinto(memoryview(buffer)[length:])):
                length += got
            if also is not None:
                also(memoryview(buffer)[:length])
            yield number, digest(buffer, length)

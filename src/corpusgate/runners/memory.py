"""Memory that a task needed for a while and that goes back to the system: with many processes it adds up."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import pyarrow as pa


@cache
def _trim() -> Callable[[int], object]:
    """glibc's own way to give back what is free; elsewhere nothing."""
    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return lambda _: None
    return trim


def release() -> None:
    """Give back what is free: Arrow's and the C library's. Cycles of Python objects are few and small here."""
    pa.default_memory_pool().release_unused()
    _trim()(0)

"""Memory that a task needed for a while: kept for the next block, and given back at the end, since with many processes it adds up."""

from __future__ import annotations

import ctypes
from functools import cache

import pyarrow as pa

#: glibc's numbers of what can be set (mallopt(3)), the largest buffer that is not the system's own (no more is allowed), and how
#: much freed memory is kept.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS = -1, -3, -8
_LARGEST, _KEPT = 32 << 20, 512 << 20


@cache
def _c_library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(None)
    except (OSError, TypeError):
        return None


@cache
def reuse() -> None:
    """Have the C library keep the buffers of one block for the next: fresh ones are zeroed by the system page by page, which
    takes a third as long again as reading does. Elsewhere than with glibc nothing happens."""
    tune = getattr(_c_library(), "mallopt", None)
    if tune is not None:
        tune(_MMAP_THRESHOLD, _LARGEST)
        tune(_TRIM_THRESHOLD, _KEPT)
        # What one thread has freed serves the others too.
        tune(_ARENAS, 1)


def release() -> None:
    """Give back what is free: Arrow's and the C library's. Cycles of Python objects are few and small here."""
    pa.default_memory_pool().release_unused()
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)

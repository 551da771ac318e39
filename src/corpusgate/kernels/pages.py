"""Addresses of pages compared: one page has many spellings, by scheme, `www.`, slash at the end, fragment and campaign."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.hashing import BASIS, PRIME, finish

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Parameters that say how a reader came, not what there is to read: `utm_…`, `fbclid` and `gclid`, by their first letters.
_CAMPAIGN = tuple(np.frombuffer(name, np.uint8).copy() for name in (b"utm_", b"fbclid=", b"gclid="))
_UTM, _FACEBOOK, _GOOGLE = _CAMPAIGN


@njit(cache=True, nogil=True)
def _begins(data: Bytes, at: int, end: int, word: Bytes) -> bool:
    if end - at < len(word):
        return False
    same = True
    for i in range(len(word)):
        same &= data[at + i] == word[i]
    return same


@njit(cache=True, nogil=True)
def page_keys(data: Bytes, starts: Ints, ends: Ints) -> Ints:
    """A hash of each address that spellings of one page share, int64 (n,); 0 where there is none.

    Left out are white space around it, the scheme, `www.`, a fragment, the parameters of campaigns from the first one on, and
    slashes at the end; the host is compared without case.
    """
    out = np.zeros(len(starts), np.int64)
    for i in range(len(starts)):
        at, end = starts[i], ends[i]
        while at < end and data[at] <= 32:
            at += 1
        slash = at
        while slash < end and data[slash] != 47:
            slash += 1
        if slash + 1 < end and data[slash + 1] == 47 and (slash == at or data[slash - 1] == 58):
            at = slash + 2
        if end - at >= 4 and data[at + 3] == 46:
            lower = (data[at] | 32) == 119 and (data[at + 1] | 32) == 119 and (data[at + 2] | 32) == 119
            at += 4 if lower else 0
        last = at
        while last < end and data[last] != 35:
            if (data[last] == 63 or data[last] == 38) and (
                _begins(data, last + 1, end, _UTM) or _begins(data, last + 1, end, _FACEBOOK) or _begins(data, last + 1, end, _GOOGLE)
            ):
                break
            last += 1
        while last > at and (data[last - 1] == 47 or data[last - 1] <= 32):
            last -= 1
        h, host = BASIS, True
        for j in range(at, last):
            b = data[j]
            host = host and b != 47
            if host and 65 <= b <= 90:
                b |= np.uint8(32)
            h = (h ^ np.uint64(b)) * PRIME
        if last > at:
            out[i] = finish(h)
    return out

"""What rules a wrong reading out: before anything is undone by what it can have made, and afterwards where no word is mended."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Points = NDArray[np.int32]

#: Place of the first bit for readings of legacy pages in what `possible` gives.
LEGACY = 32
_NONE = 0xFFFF
_REPLACEMENT = 0xFFFD


@njit(cache=True, nogil=True)
def possible(points: Points, n: int, tables: Any) -> int:
    """A cheap look before readings are undone; what it rules out is certain.

    Returns:
        A bit for each row of `tables.encoder` under which UTF-8 may have been read: some lead has its continuation, or
        may have lost it. `LEGACY` bits further on, one for each row that shows more characters of a chunk than not.
    """
    lead, trail, inner = tables.lead, tables.trail, tables.inner
    encoder, pages = tables.encoder, tables.pages
    found = open_leads = 0
    foreign = lost = 0
    for i in range(n):
        point = points[i]
        if point < 0x80:
            if point == 0x20:
                found |= open_leads
            open_leads = 0
        elif point == _REPLACEMENT:
            found |= open_leads
            open_leads = 0
            lost += 1
        elif point < 0x10000:
            found |= open_leads & int(trail[point]) | int(inner[point])
            open_leads = int(lead[point])
            foreign += 1
        else:
            open_leads = 0
            foreign += 1
    found |= open_leads
    for k in range(len(pages)):
        row = pages[k]
        known = 0
        for i in range(n):
            if 0x80 <= points[i] < 0x10000 and encoder[row, points[i]] != _NONE:
                known += 1
        if 2 * known > foreign:
            found |= 1 << (LEGACY + row)
    return found


@njit(cache=True, nogil=True)
def wordless(points: Points, n: int, model: Any) -> bool:
    """Whether a chunk has no letter beyond ASCII and no sign that stands for one: then no legacy page explains it."""
    letter = model.letter
    letters = 0
    for i in range(n):
        point = points[i]
        if point < 0x80:
            is_letter = 65 <= point <= 90 or 97 <= point <= 122
            if is_letter and letters and i and points[i - 1] >= 0x80:
                return False
            letters = letters + 1 if is_letter else 0
        elif point < 0xA0 or letters >= 4 or letter[min(point, 0xFFFF)]:
            return False
        elif not (i and points[i - 1] < 0x80):
            letters = 0
    return True


@njit(cache=True, nogil=True, inline="always")
def _is_currency(point: int) -> bool:
    return 0xA2 <= point <= 0xA5 or point == 0x20AC


@njit(cache=True, nogil=True)
def letterless(points: Points, n: int, repaired: Points, length: int, model: Any) -> bool:
    """Whether neither a control nor a letter comes of it: a repair of signs by signs is none, but a letter may have been a currency."""
    for i in range(n):
        if 0x80 <= points[i] < 0xA0:
            return False
    letter = model.letter
    if length == n:
        for i in range(n - 1):
            lone = points[i] >= 0x80 and (i == 0 or not letter[min(points[i - 1], 0xFFFF)])
            if lone and letter[min(points[i], 0xFFFF)] and _is_currency(repaired[i]) and 48 <= points[i + 1] < 58:
                return False
    found = False
    for i in range(length):
        same = length == n and repaired[i] == points[i]
        found = found or (repaired[i] >= 0x80 and not same and letter[min(repaired[i], 0xFFFF)])
    return not found

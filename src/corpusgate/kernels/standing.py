"""What stands in distinct lines, laid at every line that is equal to one of them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def at_each(
    pattern: Ints, segment: Ints, start: Ints, end: Ints, starts: Ints, chosen: Ints, same: Ints, line_segment: Ints, line_start: Ints
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """The matches in distinct lines, which are in the order of those, at each line that they stand for: the columns of `Matches`.

    Args:
        pattern: int64 (n,), as the next three: of each match.
        segment: the distinct line.
        start: first byte where those are laid out.
        end: the byte after its last there.
        starts: int64 (distinct lines,): where they are laid out.
        chosen: int64 (m,): the lines.
        same: int64 (m,): the distinct line of each.
        line_segment: int64 (lines,): the segment of each line of the haystack.
        line_start: int64 (lines,): its first byte.
    """
    first = np.zeros(len(starts) + 1, np.int64)
    for i in range(len(segment)):
        first[segment[i] + 1] += 1
    first = np.cumsum(first)
    total = 0
    for k in range(len(chosen)):
        total += first[same[k] + 1] - first[same[k]]
    patterns, segments, begins, ends, lines = (
        np.empty(total, np.int64),
        np.empty(total, np.int64),
        np.empty(total, np.int64),
        np.empty(total, np.int64),
        np.empty(total, np.int64),
    )
    n = 0
    for k in range(len(chosen)):
        line = chosen[k]
        back = line_start[line] - starts[same[k]]
        for i in range(first[same[k]], first[same[k] + 1]):
            patterns[n], segments[n], lines[n] = pattern[i], line_segment[line], line
            begins[n], ends[n] = start[i] + back, end[i] + back
            n += 1
    return patterns, segments, begins, ends, lines

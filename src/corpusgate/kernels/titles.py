"""Headlines compared: their folded letters, the runs of four of them, and how much two have in common by rarity.

Short texts share few runs of whole words, so runs of letters tell more: measured on pairs of agency headlines, four letters with the
gaps between words rank them as well as any mixture of lengths (benchmarks/RESULTS.md). A run counts by how rare it is (Spärck
Jones 1972), and the measure is the cosine of both.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import decode
from corpusgate.kernels.hashing import finish
from corpusgate.kernels.survey_tables import ALONE, BASE, BEYOND, FOLDED, FOLDED_AT, GLUE, LETTER, MANY

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]
Short = NDArray[np.uint32]
Weights = NDArray[np.float32]

#: Letters a run.
RUN = 4
#: What stands for a gap between words; no letter folds to it.
GAP = 0
#: How a text begins like another.
APART, AT_GAP, IN_WORD = 0, 1, 2
#: Runs of a text that are put in order by moving each to its place, since they are few.
FEW = 128
#: Rarities are kept by the low bits of runs.
SLOTS = 1 << 16


@njit(cache=True, nogil=True)
def letters_of(data: Bytes, starts: Ints, ends: Ints, known: Short, index: Points, targets: Points) -> tuple[Points, Ints]:
    """The folded letters of byte ranges, with a gap between words.

    Args:
        data: uint8: UTF-8.
        starts: int64 (n,): first byte of each range.
        ends: int64 (n,): byte after its last.
        known: `survey_tables.known_of`.
        index: `folding.fold_table`.
        targets: likewise.

    Returns:
        int32: the letters of all; int64 (n + 1,): where those of each begin, and the end.
    """
    # Room is made first: an array that grows in a loop is counted at every use.
    room = 0
    for i in range(len(starts)):
        at = starts[i]
        while at < ends[i]:
            point, width = decode(data, at)
            at += width
            trait = np.int64(known[point]) if point < 0x10000 else BEYOND
            if trait & LETTER:
                room += 2 + (np.int64(index[point + 1] - index[point]) if trait & MANY else 0)
    out, bounds = np.empty(room, np.int32), np.zeros(len(starts) + 1, np.int64)
    n = 0
    for i in range(len(starts)):
        at, begin, gap = starts[i], n, False
        while at < ends[i]:
            point, width = decode(data, at)
            at += width
            trait = np.int64(known[point]) if point < 0x10000 else BEYOND
            # A letter that is a word by itself stands alone, so that a run has two of them.
            gap |= trait & ALONE != 0
            if trait & LETTER:
                first, last = np.int64(0), np.int64(1)
                if trait & MANY:
                    first, last = np.int64(index[point]), np.int64(index[point + 1])
                for k in range(first, last):
                    letter = np.int64(point) if point >= 0x10000 else trait >> FOLDED_AT & FOLDED
                    if trait & MANY:
                        letter = np.int64(targets[k])
                    if letter != GAP:
                        if gap and n > begin:
                            out[n] = GAP
                            n += 1
                        out[n] = letter
                        n, gap = n + 1, False
                gap |= trait & ALONE != 0
            elif trait & GLUE == 0:
                gap = True
        bounds[i + 1] = n
    return out[:n].copy(), bounds


@njit(cache=True, nogil=True)
def hash_letters(letters: Points, bounds: Ints) -> tuple[Ints, Ints]:
    """The folded hash of each text as `survey` has it, and how many letters it has; int64 (n,) both. Arguments from `letters_of`."""
    hashes, sizes = np.empty(len(bounds) - 1, np.int64), np.zeros(len(bounds) - 1, np.int64)
    for i in range(len(hashes)):
        whole = np.uint64(0)
        for k in range(bounds[i], bounds[i + 1]):
            if letters[k] != GAP:
                whole = whole * BASE + np.uint64(letters[k])
                sizes[i] += 1
        hashes[i] = finish(whole ^ np.uint64(sizes[i]))
    return hashes, sizes


@njit(cache=True, nogil=True)
def runs_of(letters: Points, bounds: Ints) -> tuple[Short, Ints]:
    """Hashes of the runs of letters of each text, rising and each once, uint32; where those of each begin, and the end, int64 (n + 1,).

    A gap stands before the first letter and behind the last, so that a text of one letter has a run too.
    """
    values, starts = np.empty(len(letters) + 2 * len(bounds), np.uint32), np.zeros(len(bounds), np.int64)
    n = 0
    for i in range(len(bounds) - 1):
        begin, end = bounds[i], bounds[i + 1]
        first = n
        for k in range(begin - 1, max(end + 2 - RUN, begin)) if end > begin else range(0):
            h = np.uint64(0)
            for j in range(k, k + RUN):
                letter = letters[j] if begin <= j < end else GAP
                h = h * BASE + np.uint64(letter + 1)
            values[n] = np.uint32(np.uint64(finish(h)) >> np.uint64(32))
            n += 1
        if n - first > FEW:
            values[first:n] = np.sort(values[first:n])
        for k in range(first + 1, n if n - first <= FEW else 0):
            value, place = values[k], k
            while place > first and values[place - 1] > value:
                values[place] = values[place - 1]
                place -= 1
            values[place] = value
        last = n
        n = min(first + 1, last)
        for k in range(first + 1, last):
            if values[k] != values[n - 1]:
                values[n] = values[k]
                n += 1
        starts[i + 1] = n
    return values[:n].copy(), starts


@njit(cache=True, nogil=True)
def cosines(values: Short, starts: Ints, weights: Weights, left: Ints, right: Ints) -> NDArray[np.float64]:
    """The cosine of pairs of texts, each run weighted by its rarity: float64 (n,), 0 where one has no letter.

    Args:
        values: of `runs_of`.
        starts: likewise.
        weights: float32 (SLOTS,): squared weight of a run by its low bits.
        left: int64 (n,): a text of each pair.
        right: int64 (n,): the other.
    """
    out = np.zeros(len(left), np.float64)
    mask = np.uint32(SLOTS - 1)
    for i in range(len(left)):
        a, a_end, b, b_end = starts[left[i]], starts[left[i] + 1], starts[right[i]], starts[right[i] + 1]
        one = other = both = 0.0
        for k in range(a, a_end):
            one += weights[values[k] & mask]
        for k in range(b, b_end):
            other += weights[values[k] & mask]
        while a < a_end and b < b_end:
            same = values[a] == values[b]
            if same:
                both += weights[values[a] & mask]
            step = values[a] <= values[b]
            b += np.int64(values[b] <= values[a])
            a += np.int64(step)
        if one > 0 and other > 0:
            out[i] = both / np.sqrt(one * other)
    return out


@njit(cache=True, nogil=True)
def begin_alike(letters: Points, bounds: Ints, left: Ints, right: Ints) -> NDArray[np.int8]:
    """Whether the letters of one of a pair of texts are the beginning of those of the other, which has more; gaps are left out.

    Returns:
        int8 (n,): `APART` if not, `AT_GAP` if a word of the longer one begins there, `IN_WORD` if that is within a word.
    """
    out = np.zeros(len(left), np.int8)
    for i in range(len(left)):
        a, a_end, b, b_end = bounds[left[i]], bounds[left[i] + 1], bounds[right[i]], bounds[right[i] + 1]
        while a < a_end and b < b_end:
            if letters[a] == GAP or letters[b] == GAP:
                a += np.int64(letters[a] == GAP)
                b += np.int64(letters[b] == GAP)
            elif letters[a] == letters[b]:
                a, b = a + 1, b + 1
            else:
                break
        if (a == a_end) != (b == b_end):
            out[i] = AT_GAP if letters[b if a == a_end else a] == GAP else IN_WORD
    return out


@njit(cache=True, nogil=True)
def smallest(letters: Points, bounds: Ints, length: int, count: int) -> tuple[Points, Ints]:
    """A sketch of each text: of its runs of so many letters those with the smallest hashes (Broder 1997), gaps left out.

    Args:
        letters: of `letters_of`.
        bounds: likewise.
        length: letters a run; a text with fewer is one run.
        count: runs kept of each text.

    Returns:
        int32 (m,): the text of each run, rising; int64 (m,): its hash.
    """
    rows, keys = np.empty(count * (len(bounds) - 1), np.int32), np.empty(count * (len(bounds) - 1), np.int64)
    last = np.uint64(1)
    for _ in range(length):
        last *= BASE
    n = 0
    for i in range(len(bounds) - 1):
        first, h, size, back = n, np.uint64(0), 0, bounds[i]
        for k in range(bounds[i], bounds[i + 1]):
            if letters[k] == GAP:
                continue
            h = h * BASE + np.uint64(letters[k])
            size += 1
            if size > length:
                while letters[back] == GAP:
                    back += 1
                h -= last * np.uint64(letters[back])
                back += 1
            if size < length and k + 1 < bounds[i + 1]:
                continue
            key, place = finish(h), n
            if n - first == count:
                if key >= keys[n - 1]:
                    continue
                place = n - 1
            while place > first and keys[place - 1] > key:
                place -= 1
            if place > first and keys[place - 1] == key:
                continue
            if n - first < count:
                n += 1
            for j in range(n - 1, place, -1):
                keys[j] = keys[j - 1]
            keys[place], rows[n - 1] = key, i
    return rows[:n].copy(), keys[:n].copy()


@njit(cache=True, nogil=True)
def hash_run(letters: Points) -> np.int64:
    """What `smallest` knows a run by."""
    h = np.uint64(0)
    for letter in letters:
        h = h * BASE + np.uint64(letter)
    return finish(h)

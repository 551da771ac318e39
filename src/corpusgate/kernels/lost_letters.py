"""Question marks that stand where letters stood: what a character set without those letters makes of a text.

Some runs tell by themselves. One mark tells little (a blank may be missing after a question), so single ones are
evidence together: a field that holds several, in places where no question ends, has lost letters.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import WORD, before, decode
from corpusgate.kernels.charset_text import is_white

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: What marks tell inside a word or before one, and where a sentence goes on behind them; what a field must come to: two
#: of the first, or one and three of the second, which alone only say that somebody types in lower case.
_INSIDE, _BEHIND, _ENOUGH = 16, 1, 19
#: Kinds of runs: nothing, lost for sure, and evidence of some weight from here on.
_NOTHING, _SURE = 0, 1
_QUESTION, _SPACE = 63, 32
_LOWER, _UPPER = 1, 2
#: Bytes on either side of a mark that are looked at.
_NEAR = 128
#: What addresses, expressions and code are made of.
_IN_CODE = np.array([chr(b) in "&/:=@[\\]^_{|}~*+$" for b in range(256)])


@njit(cache=True, nogil=True)
def lost_letters(data: Bytes, segments: Ints, lows: Ints, highs: Ints, table: Bytes, cases: Bytes) -> Ints:
    """Runs of question marks in place of letters, int64 (n, 3): segment, first byte and byte after.

    Args:
        data: haystack bytes.
        segments: int64 (lines,): segment of each line, ascending.
        lows: int64 (lines,): its first byte.
        highs: int64 (lines,): byte after its last.
        table: `characters.classes()`.
        cases: uint8 (65536,): 0 no case, 1 lower, 2 upper.
    """
    # Room for the most there can be, which costs nothing until it is written to; an array that grows would be slow to use.
    found = np.empty(((highs - lows).sum() // 2 + len(segments), 4), np.int64)
    n = first = sum_of_some = 0
    for line in range(len(segments)):
        if line and segments[line] != segments[line - 1]:
            n = _settled(found, first, n, sum_of_some)
            first, sum_of_some = n, 0
        low, high = lows[line], highs[line]
        at = low
        while at < high:
            if data[at] != _QUESTION:
                at += 1
                continue
            start, end, kind = at, at, 0
            words = 0
            # Runs with one space between them were words of one sentence.
            while end < high and data[end] == _QUESTION:
                run = end
                while end < high and data[end] == _QUESTION:
                    end += 1
                words += 1
                at = end
                if end - run < 2 or end + 2 >= high or data[end] != _SPACE or data[end + 1] != _QUESTION or data[end + 2] != _QUESTION:
                    break
                end += 1
            end = at
            kind = _SURE if words > 1 else _kind(data, low, high, start, end, table, cases)
            if kind == _NOTHING:
                continue
            found[n, 0], found[n, 1], found[n, 2], found[n, 3] = segments[line], start, end, kind
            sum_of_some += kind - _SURE
            n += 1
    n = _settled(found, first, n, sum_of_some)
    return found[:n, :3]


@njit(cache=True, nogil=True)
def _settled(found: Ints, first: int, n: int, total: int) -> int:
    """Drops the evidence of one field where all of it is too little; gives how many runs are left."""
    if total >= _ENOUGH:
        return n
    kept = first
    for i in range(first, n):
        if found[i, 3] == _SURE:
            found[kept] = found[i]
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def _case(point: int, table: Bytes, cases: Bytes) -> int:
    """Case of a letter that has one in a script written with spaces; 0 for all else."""
    return int(cases[point]) if 0 <= point < 0x10000 and table[point] & WORD else 0


@njit(cache=True, nogil=True)
def _kind(data: Bytes, low: int, high: int, start: int, end: int, table: Bytes, cases: Bytes) -> int:
    """What one run tells."""
    left = before(data, start, low)
    right = decode(data, end)[0] if end < high else -1
    alone = left == -1 or is_white(left)
    # «what???» asks; «met ???? in Kyiv» and a line of nothing else have lost a word.
    if end - start >= 4 and alone:
        if end == high:
            return _SURE if left == -1 else _NOTHING
        if right == ord(",") or right == ord(";"):
            return _SURE
        if right == _SPACE:
            return _SURE if _case(decode(data, end + 1)[0], table, cases) != _UPPER else _NOTHING
    case_left, case_right = _case(left, table, cases), _case(right, table, cases)
    if case_right:
        # The next sentence begins with a capital, words go on in lower case; addresses and code ask for something else.
        inside = case_left and (case_right == _LOWER or case_left == _UPPER)
        begins = (alone or left == ord("(")) and end - start == 1
        return _SURE + _INSIDE if (inside or begins) and not _is_address(data, low, high, start) else _NOTHING
    goes_on = right == _SPACE and end + 1 < high and _case(decode(data, end + 1)[0], table, cases) == _LOWER
    return _SURE + _BEHIND if goes_on and end - start == 1 and (case_left or left == _SPACE) else _NOTHING


@njit(cache=True, nogil=True)
def _is_address(data: Bytes, low: int, high: int, at: int) -> bool:
    """Whether the piece between white space around a position holds what addresses and code are made of, near it."""
    low, high = max(low, at - _NEAR), min(high, at + _NEAR)
    start = at
    while start > low and data[start - 1] > _SPACE:
        start -= 1
    i = start
    while i < high and data[i] > _SPACE:
        b = data[i]
        if _IN_CODE[b]:
            return True
        i += 1
    return False

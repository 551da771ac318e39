"""Question marks that stand where letters stood: what a character set without those letters makes of a text.

Some runs tell by themselves, and so does a mark that leaves one letter alone which is no word, «don?t», «M?nchen», one
with another behind the next few letters, «d?j?», or one that a letter makes a known word of, «pr?sident» (`lost_words.py`).
Other marks tell little (a blank may be missing after a question), so single ones are evidence together: a field that holds
several, in places where no question ends, has lost letters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.characters import LETTER_OR_DIGIT, WORD, before, decode, flags
from corpusgate.kernels.charset_text import is_white
from corpusgate.kernels.lost_words import is_word_with_letter

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: What marks tell inside a word or before one, and where a sentence goes on behind them; what a field must come to: two
#: of the first, or one and three of the second, which alone only say that somebody types in lower case.
_INSIDE, _BEHIND, _ENOUGH = 16, 1, 19
#: Kinds of runs: nothing, lost for sure, and evidence of some weight from here on; what is both; and the end of a word but of no
#: sentence, which tells something if the word does.
_NOTHING, _SURE, _BOTH, _ENDING = 0, 1, -1, -2
_QUESTION, _SPACE = 63, 32
_LOWER, _UPPER = 1, 2
#: Letters between two marks that both took one.
_FEW = 4
#: Signs that make more of a word than a word.
_JOINS = np.array([chr(b) in "?.-_'*#%<>" for b in range(0x80)])
#: Letters that are words by themselves in some language; all others are what is left of one.
_WORDS = np.array([chr(p) in "aioyàòаиоуявск" for p in range(0x500)])
#: What an apostrophe leaves alone: «don?t», «it?s», «he?d»; other letters at the end are as often those of «colou?r».
_AFTER_APOSTROPHE = np.array([chr(b) in "tsdm" for b in range(0x80)])
#: Signs that follow no question.
_GOES_ON_BEHIND = np.array([chr(b) in ",;." for b in range(0x80)])
#: Bytes on either side of a mark that are looked at.
_NEAR = 128
#: What addresses, expressions and code are made of.
_IN_CODE = np.array([chr(b) in "&/:=@[\\]^_{|}~*+$" for b in range(256)])


@njit(cache=True, nogil=True)
def lost_letters(data: Bytes, segments: Ints, lows: Ints, highs: Ints, table: Bytes, model: Any) -> Ints:
    """Runs of question marks in place of letters, int64 (n, 3): segment, first byte and byte after.

    Args:
        data: haystack bytes.
        segments: int64 (lines,): segment of each line, ascending.
        lows: int64 (lines,): its first byte.
        highs: int64 (lines,): byte after its last.
        table: `characters.classes()`.
        model: `signals.charset_model.Model`.
    """
    cases = model.case
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
            if (kind > _SURE or kind == _ENDING) and is_word_with_letter(data, low, high, start, end, model):
                kind = _BOTH
            if kind in (_NOTHING, _ENDING):
                continue
            found[n, 0], found[n, 1], found[n, 2], found[n, 3] = segments[line], start, end, max(kind, _SURE)
            sum_of_some += _INSIDE if kind == _BOTH else kind - _SURE
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
        begins = (alone or left == ord("(") or left == ord("'") or left == 0x2019) and end - start == 1
        if not (inside or begins) or _is_address(data, low, high, start):
            return _NOTHING
        if end - start > 1 or case_right != _LOWER:
            return _SURE + _INSIDE
        one = inside and _leaves_one(data, low, high, start, table, cases)
        return _BOTH if one or _asks_again(data, high, end, table, cases) else _SURE + _INSIDE
    if end - start > 1 or not (case_left or left == _SPACE):
        return _NOTHING
    behind = decode(data, end + 1)[0] if end + 1 < high else -1
    if right == _SPACE and _case(behind, table, cases) == _LOWER:
        return _SURE + _BEHIND
    goes_on = 0 <= right < 0x80 and _GOES_ON_BEHIND[right] and (behind == -1 or is_white(behind))
    return _ENDING if case_left and goes_on else _NOTHING


@njit(cache=True, nogil=True)
def _leaves_one(data: Bytes, low: int, high: int, at: int, table: Bytes, cases: Bytes) -> bool:
    """Whether a mark leaves one of three letters or more alone: before it no word by itself, behind it what an apostrophe leaves."""
    left, sizes, ends = before(data, at, low), np.zeros(2, np.int64), np.zeros(2, np.bool_)
    i = at
    while i > low and sizes[0] < 2:
        point = before(data, i, low)
        if not _case(point, table, cases):
            break
        sizes[0] += 1
        i -= 1
        while i > low and data[i] & 0xC0 == 0x80:
            i -= 1
    ends[0] = i == low or not _goes_on(before(data, i, low), table)
    right = decode(data, at + 1)[0]
    i = at + 1
    while i < high and sizes[1] < 2:
        point, size = decode(data, i)
        if not _case(point, table, cases):
            break
        sizes[1] += 1
        i += size
    ends[1] = i == high or not _goes_on(decode(data, i)[0], table)
    if sizes[0] == 1 and ends[0] and sizes[1] == 2:
        return not _is_word(left)
    return bool(sizes[1] == 1 and ends[1] and sizes[0] == 2 and right < 0x80 and _AFTER_APOSTROPHE[right])


@njit(cache=True, nogil=True)
def _asks_again(data: Bytes, high: int, at: int, table: Bytes, cases: Bytes) -> bool:
    """Whether a mark is followed by a few letters and by a mark at the end of the word: «d?j?», «l'?t?»."""
    count = 0
    while at < high and count <= _FEW:
        point, size = decode(data, at)
        if not _case(point, table, cases):
            break
        count += 1
        at += size
    behind = decode(data, at + 1)[0] if at + 1 < high else -1
    return 1 <= count <= _FEW and at < high and data[at] == _QUESTION and not _goes_on(behind, table)


@njit(cache=True, nogil=True)
def _goes_on(point: int, table: Bytes) -> bool:
    """Whether a character next to a letter makes it part of something longer: a letter, a digit, a mark, or another sign of code."""
    return flags(table, point) & LETTER_OR_DIGIT != 0 or (0 <= point < 0x80 and _JOINS[point])


@njit(cache=True, nogil=True)
def _is_word(point: int) -> bool:
    """Whether a letter may be a word by itself; capitals are those of their small letters in ASCII."""
    small = point | 0x20 if point < 0x80 else point
    return small >= len(_WORDS) or _WORDS[small]


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

"""Question marks in place of letters, beside a slow and obvious reading of the same rules."""

from __future__ import annotations

import re
from itertools import takewhile

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.characters import WORD, classes
from corpusgate.kernels.charset_text import NO_LETTER, with_letter
from corpusgate.kernels.lost_letters import lost_letters
from corpusgate.kernels.lost_words import _likely
from corpusgate.signals.charset_model import model

LETTERS = model().letters
SPEAKS = dict(zip(model().word.tolist(), model().speaks.tolist(), strict=True))
WHITE = "[\t-\r \u3000\u2028\u2029]"
ADDRESS = re.compile(r"[&/:=@\[\\\]^_{|}~*+$]")


def case(character: str) -> str:
    """`l`, `u` or nothing for a letter with case in a script written with spaces."""
    if not character or character > "\uffff" or not classes()[ord(character)] & WORD:
        return ""
    return " lu"[int(model().case[ord(character)])].strip()


def goes_on(character: str) -> bool:
    """Whether a character, or none, makes what stands beside it part of something longer."""
    return bool(character) and (character in "?.-_'*#%<>" or character > "\uffff" or classes()[ord(character)] & 1 == 1)


def leaves_one(line: str, at: int) -> bool:
    """Whether one letter stands on one side of a mark, no word or what an apostrophe leaves, and two or more on the other."""
    left = "".join(takewhile(case, reversed(line[:at])))
    right = "".join(takewhile(case, line[at + 1 :]))
    ends = [not goes_on(line[: at - len(left)][-1:]), not goes_on(line[at + 1 + len(right) :][:1])]
    if len(left) == 1 and ends[0] and len(right) >= 2:
        small = left.lower() if left.isascii() else left
        return small not in "aioyàòаиоуявск" and small < "\u0500"
    return ends[1] and len(left) >= 2 and right in ("t", "s", "d", "m")


def asks_again(line: str, end: int) -> bool:
    """Whether one to four letters and a mark that ends the word follow."""
    letters = "".join(takewhile(case, line[end:]))
    behind = line[end + len(letters) :]
    return 1 <= len(letters) <= 4 and behind[:1] == "?" and not goes_on(behind[1:2])


def speakers(symbols: list[int]) -> int:
    """The languages in which a word is one, a bit for each."""
    key = NO_LETTER
    for symbol in symbols:
        key = with_letter(key, symbol)
    return int(SPEAKS.get(key, 0))


def latin(text: str) -> list[int]:
    """Symbols of the Latin letters that a text begins with."""
    symbols = [int(model().symbol[ord(character)]) if character <= "\uffff" else 0 for character in text]
    return list(takewhile(lambda symbol: 0 < symbol <= LETTERS and model().script[symbol] == 1, symbols))


def lacks_a_letter(line: str, start: int, end: int) -> bool:
    """Whether one letter beyond ASCII makes a known word of what stands around a run."""
    left, right = latin(line[:start][::-1])[::-1], latin(line[end:])
    size = len(left) + 1 + len(right)
    if not 3 <= size <= 14:
        return False
    raw = np.frombuffer(line.encode() + b"\n" * 16, np.uint8)
    likely = int(_likely(raw, 0, len(line.encode()), len(line[:start].encode()), model()))
    languages, alone = likely, speakers(left) & likely
    if not right:
        languages &= int(model().accented_ends) & ~alone
    elif len(left) > 1 and alone & speakers(right):
        return False
    elif left and size >= 6:
        languages = (1 << 64) - 1
    for symbol, having in zip(model().accented.tolist(), model().accented_in.tolist(), strict=True):
        future = not right and line[start - 1] in "rR" and symbol in (model().symbol[ord("á")], model().symbol[ord("à")])
        if not future and speakers([*left, symbol, *right]) & having & languages:
            return True
    return False


def kind(line: str, start: int, end: int) -> int:
    """0 for nothing, -1 for letters lost for sure, -16 for those that are evidence as well, else the weight of the evidence."""
    left, right, next_one = line[:start][-1:], line[end : end + 1], line[end + 1 : end + 2]
    alone = not left or bool(re.fullmatch(WHITE, left))
    if end - start >= 4 and alone:
        if not right:
            return 0 if left else -1
        if right in ",;":
            return -1
        if right == " ":
            return 0 if case(next_one) == "u" else -1
    if case(right):
        inside = case(left) and (case(right) == "l" or case(left) == "u")
        begins = (alone or left in "('\N{RIGHT SINGLE QUOTATION MARK}") and end - start == 1
        around = re.split("[\x00-\x20]", line[:start])[-1] + re.split("[\x00-\x20]", line[start:])[0]
        if not (inside or begins) or ADDRESS.search(around):
            return 0
        told = end - start == 1 and case(right) == "l" and ((inside and leaves_one(line, start)) or asks_again(line, end))
        return -16 if told or lacks_a_letter(line, start, end) else 16
    if end - start > 1 or not (case(left) or left == " "):
        return 0
    if right == " " and case(next_one) == "l":
        return -16 if lacks_a_letter(line, start, end) else 1
    ends = case(left) and right and right in ",;." and bool(re.fullmatch(WHITE + "?", next_one))
    return -16 if ends and lacks_a_letter(line, start, end) else 0


def slowly(fields: list[list[str]]) -> list[tuple[int, str, int, int]]:
    """Field, line and place of every run that counts."""
    out = []
    for number, lines in enumerate(fields):
        runs = []
        for line in lines:
            for match in re.finditer(r"\?{2,}(?: \?{2,})+|\?+", line):
                weight = -1 if " " in match.group() else kind(line, *match.span())
                if weight:
                    runs.append((weight, number, line, *match.span()))
        enough = sum(abs(run[0]) for run in runs if run[0] != -1) >= 19
        out += [run[1:] for run in runs if enough or run[0] < 0]
    return out


characters = st.text(st.sampled_from("??????? aéÉBtd',;(/=.1中\u0645\u2028\t"), min_size=1, max_size=24)
#: Words without one of their letters, in the company of others.
damaged = ["caf?", "pr?sident", "PR?SIDENT", "M?nchen", "?cole", "perch?", "dir?", "a?o", "for?a", "ni?os,", "Stra?e", "rencontr?."]
sound = ["le", "who said so?and", "der Zug kam", "el", "because of the", "c'est là", "? la"]
words = st.lists(st.sampled_from(damaged + sound), min_size=1, max_size=5).map(" ".join)
text = characters | words


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(text, max_size=4), max_size=3))
def test_the_kernel_agrees(fields: list[list[str]]) -> None:
    raw, segments, lows = b"", [], []
    where = []
    for number, lines in enumerate(fields):
        for line in lines:
            segments.append(number)
            lows.append(len(raw))
            raw += line.encode() + b"\n"
            where.append(line)
    data = np.frombuffer(raw + b" " * 16, np.uint8)
    highs = [low + len(line.encode()) for low, line in zip(lows, where, strict=True)]
    found = lost_letters(data, *(np.array(column, np.int64) for column in (segments, lows, highs)), classes(), model())
    got = []
    for segment, start, end in found.tolist():
        line = max(i for i, low in enumerate(lows) if low <= start)
        first = len(raw[lows[line] : start].decode())
        got.append((segment, where[line], first, first + end - start))
    assert got == slowly(fields)


def test_nothing_is_found_in_nothing() -> None:
    none = np.zeros(0, np.int64)
    assert lost_letters(np.zeros(16, np.uint8), none, none, none, classes(), model()).shape == (0, 3)

"""Question marks in place of letters, beside a slow and obvious reading of the same rules."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.characters import WORD, classes
from corpusgate.kernels.lost_letters import lost_letters
from corpusgate.signals.charset_model import model

WHITE = "[\t-\r \u3000\u2028\u2029]"
ADDRESS = re.compile(r"[&/:=@\[\\\]^_{|}~*+$]")


def case(character: str) -> str:
    """`l`, `u` or nothing for a letter with case in a script written with spaces."""
    if not character or character > "\uffff" or not classes()[ord(character)] & WORD:
        return ""
    return " lu"[int(model().case[ord(character)])].strip()


def kind(line: str, start: int, end: int) -> int:
    """0 for nothing, -1 for letters lost for sure, else the weight of the evidence."""
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
        begins = (alone or left == "(") and end - start == 1
        around = re.split("[\x00-\x20]", line[:start])[-1] + re.split("[\x00-\x20]", line[start:])[0]
        return 16 if (inside or begins) and not ADDRESS.search(around) else 0
    if end - start == 1 and right == " " and (case(left) or left == " ") and case(next_one) == "l":
        return 1
    return 0


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
        enough = sum(max(run[0], 0) for run in runs) >= 19
        out += [run[1:] for run in runs if enough or run[0] == -1]
    return out


text = st.text(st.sampled_from("??????? aéÉB,;(/=.1中\u0645\u2028\t"), min_size=1, max_size=24)


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
    found = lost_letters(data, *(np.array(column, np.int64) for column in (segments, lows, highs)), classes(), model().case)
    got = []
    for segment, start, end in found.tolist():
        line = max(i for i, low in enumerate(lows) if low <= start)
        first = len(raw[lows[line] : start].decode())
        got.append((segment, where[line], first, first + end - start))
    assert got == slowly(fields)


def test_nothing_is_found_in_nothing() -> None:
    none = np.zeros(0, np.int64)
    assert lost_letters(np.zeros(16, np.uint8), none, none, none, classes(), model().case).shape == (0, 3)

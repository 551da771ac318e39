"""Numbers in Chinese characters, as dates of China, Japan and Korea have them: 二〇二四年五月十七日, 令和元年."""

from __future__ import annotations

from itertools import groupby

from corpusgate.signals.date_tokens import NUMBER, WORD, Token

_DIGITS = {character: i for i, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_UNITS = frozenset("年月日号號")


def with_numerals(parts: list[Token]) -> list[Token]:
    """The same with numbers of Chinese characters before a unit as numbers, where some stands before the one for years."""
    if not any("年" in part.text for part in parts):
        return parts
    found: list[Token] = []
    for part in _joined(parts):
        if part.kind != WORD or part.end - part.start != len(part.text) or not _UNITS & set(part.text):
            found.append(part)
            continue
        at, gap = part.start, part.gap
        for kind, group in groupby(part.text, _kind):
            run = "".join(group)
            behind = part.text[at - part.start + len(run) :][:1]
            number = _number(run) if kind == NUMBER and behind in _UNITS and behind else ""
            if run.endswith("元") and behind == "年":
                found += [Token(WORD, run[:-1], at, at + len(run) - 1, gap)] if len(run) > 1 else []
                found.append(Token(NUMBER, "1", at + len(run) - 1, at + len(run), False))
            elif not number and found and found[-1].kind == WORD and found[-1].end == at and at > part.start:
                last = found.pop()
                found.append(Token(WORD, last.text + run, last.start, at + len(run), last.gap))
            else:
                found.append(Token(NUMBER if number else WORD, number or run, at, at + len(run), gap))
            at, gap = at + len(run), False
    return found


def _joined(parts: list[Token]) -> list[Token]:
    """Words and the circles between them, which are no letters, as one word."""
    found: list[Token] = []
    for part in parts:
        text = part.text if part.kind == WORD or part.text in _DIGITS else ""
        if text and found and found[-1].kind == WORD and not part.gap and found[-1].end == part.start:
            last = found.pop()
            found.append(Token(WORD, last.text + text, last.start, part.end, last.gap))
        elif part.text in _DIGITS:
            found.append(Token(WORD, part.text, part.start, part.end, part.gap))
        else:
            found.append(part)
    return found


def _kind(character: str) -> str:
    return NUMBER if character in _DIGITS or character == "十" else "u" if character in _UNITS else WORD


def _number(run: str) -> str:
    """The digits of a number below 100 with a sign for ten, or of one written digit by digit; empty for others."""
    if "十" not in run:
        return "".join(str(_DIGITS[character]) for character in run)
    tens, _, ones = run.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return ""
    return str(10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0))

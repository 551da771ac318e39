"""What kind of character each one is, for telling text from damage: the letters of the model, and classes of all others.

The costs of the classes, tenths of a nat, were set by hand: they say where a sign usually stands, which is much the
same in all languages.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusgate.kept import kept_arrays

BMP = 0x10000

#: Class of a character that is no letter of the model -> cost after a letter, after white space or another class,
#: after its own class, after a digit; last, what a letter costs that comes right after it.
CLASSES: dict[str, tuple[int, int, int, int, int]] = {
    "digit": (55, 25, 23, 23, 30),
    "arabic_digit": (70, 30, 23, 90, 40),
    "stop": (20, 45, 30, 20, 25),
    "bracket": (45, 30, 40, 45, 10),
    "join": (40, 40, 40, 30, 5),
    "quote": (40, 30, 50, 50, 5),
    "other_ascii": (55, 45, 40, 50, 15),
    "apostrophe": (35, 40, 80, 60, 5),
    "opening": (70, 35, 90, 70, 0),
    "closing": (40, 50, 90, 50, 25),
    "dash": (50, 35, 70, 40, 15),
    "ellipsis": (45, 55, 80, 60, 20),
    "bullet": (75, 40, 70, 60, 20),
    "raised": (75, 85, 60, 40, 50),
    "currency": (90, 50, 90, 40, 45),
    "legal": (70, 50, 80, 60, 45),
    "fraction": (90, 65, 80, 45, 50),
    "inverted": (90, 45, 80, 80, 5),
    "rare": (110, 85, 80, 90, 60),
    "accent": (110, 85, 80, 90, 60),
    "no_break_space": (45, 60, 50, 40, 10),
    "soft_hyphen": (60, 100, 90, 90, 5),
    "box": (150, 70, 20, 110, 100),
    "sign": (100, 55, 60, 65, 45),
    "symbol": (80, 55, 45, 65, 35),
    "control": (140, 130, 110, 140, 80),
    "lost": (90, 90, 50, 90, 50),
    "private": (110, 90, 50, 110, 60),
    "format": (60, 80, 60, 80, 5),
    "mark": (70, 100, 60, 100, 5),
    "vowel_mark": (25, 80, 40, 80, 5),
    "han_common": (120, 62, 60, 60, 90),
    "han": (140, 82, 80, 82, 100),
    "han_seldom": (160, 105, 103, 105, 110),
    "han_rare": (170, 125, 115, 125, 110),
    "hiragana": (120, 55, 42, 60, 80),
    "katakana": (120, 55, 42, 60, 80),
    "half_katakana": (140, 105, 75, 105, 100),
    "hangul_common": (90, 55, 50, 55, 50),
    "hangul": (110, 85, 80, 85, 60),
    "hangul_rare": (140, 120, 110, 120, 90),
    "cjk_stop": (70, 55, 40, 50, 30),
    "arabic_stop": (25, 45, 50, 40, 10),
    "other_script": (110, 80, 36, 90, 70),
    "rare_letter": (140, 150, 90, 140, 60),
    "beyond": (140, 120, 60, 140, 100),
}
#: Signs that do not stand between two letters of a word.
NOT_IN_WORDS = frozenset(
    ("opening", "closing", "bullet", "raised", "currency", "legal", "fraction", "inverted", "rare", "accent", "box", "sign", "symbol")
)
#: Classes that no repair brings to light.
NO_REPAIR = frozenset(("box", "soft_hyphen", "accent", "control", "private", "beyond", "half_katakana", "rare_letter"))
_CHARACTERS = {
    "stop": ".,;:!?",
    "bracket": "()[]{}",
    "join": "-/_&+",
    "quote": "'\"",
    "apostrophe": "\u2018\u2019\u02bc",
    "opening": "\u201c\u201e\u201a\u00ab\u2039",
    "closing": "\u201d\u00bb\u203a",
    "dash": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    "ellipsis": "\u2026",
    "bullet": "\u2022\u00b7\u25cf\u25aa\u2023\u25a0\u25ba\u25b6\u2605\u25e6",
    "raised": "\u00b0\u00ba\u00aa\u00b2\u00b3\u00b9\u2032\u2033",
    "currency": "\u20ac\u00a3\u00a5\u20bd\u20b9",
    "legal": "\u00a9\u00ae\u2122\u00a7\u2116",
    "fraction": "\u00bd\u00bc\u00be\u00d7\u00f7\u00b1\u00b5",
    "inverted": "\u00a1\u00bf",
    "accent": "\u00a8\u00af\u00b4\u00b8\u00a4\u00ac\u00a6\u02c6\u02dc\u0384\u0385",
    "no_break_space": "\u00a0\u202f",
    "soft_hyphen": "\u00ad",
    "lost": "\ufffd",
    "arabic_stop": "\u060c\u061b\u061f\u066a\u06d4\u0640",
    "control": "\x7f",
}
_RANGES = (
    ("control", 0x00, 0x1F),
    ("control", 0x80, 0x9F),
    ("arabic_digit", 0x0660, 0x0669),
    ("arabic_digit", 0x06F0, 0x06F9),
    ("vowel_mark", 0x0610, 0x061A),
    ("vowel_mark", 0x064B, 0x065F),
    ("vowel_mark", 0x0670, 0x0670),
    ("format", 0x200B, 0x200F),
    ("format", 0x2028, 0x202E),
    ("format", 0x2060, 0x206F),
    ("sign", 0x2190, 0x23FF),
    ("box", 0x2500, 0x259F),
    ("cjk_stop", 0x3000, 0x3020),
    ("hiragana", 0x3041, 0x309F),
    ("katakana", 0x30A0, 0x30FF),
    ("cjk_stop", 0xFF01, 0xFF60),
    ("half_katakana", 0xFF61, 0xFF9F),
    ("format", 0xFE00, 0xFE0F),
    ("format", 0xFEFF, 0xFEFF),
    ("rare_letter", 0x2C00, 0x2D2F),
    ("private", 0xE000, 0xF8FF),
    ("private", 0xFDD0, 0xFDEF),
    ("private", 0xFFF0, 0xFFFC),
)


def _tiers() -> dict[str, list[int]]:
    """Han and Hangul by how common they are: the first levels of GB 2312, Big5 and JIS X 0208; KS X 1001."""
    common: set[int] = set()
    known: set[int] = set()
    hangul: set[int] = set()
    for codec, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("shift_jis", 0x88, 0x97)):
        for lead in range(0x81, 0xFF):
            for trail in range(0x40, 0xFF):
                char = bytes((lead, trail)).decode(codec, "ignore")
                if len(char) == 1 and 0x4E00 <= ord(char) <= 0x9FFF:
                    known.add(ord(char))
                    if first <= lead <= last:
                        common.add(ord(char))
    for lead in range(0xB0, 0xC9):
        for trail in range(0xA1, 0xFF):
            hangul.add(ord(bytes((lead, trail)).decode("euc_kr")))
    rare = [point for point in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00)) if point not in known]
    return {
        "han_rare": rare,
        "han_seldom": sorted(known - common),
        "han": sorted(common),
        "hangul_rare": [point for point in range(0xAC00, 0xD7A4) if point not in hangul],
        "hangul": sorted(hangul),
    }


def _class_of(point: int) -> str:
    """The class of a character that no list names."""
    category = unicodedata.category(chr(point))
    if category[0] == "M":
        return "other_script" if 0x0590 <= point < 0x1AB0 else "mark"
    if category[0] == "L":
        # Scripts the model does not know are written in their own letters, so a run of them is nothing odd.
        known = point < 0x0590 or 0x0600 <= point < 0x0780 or 0x08A0 <= point < 0x0900
        return "rare_letter" if known or 0x1D00 <= point < 0x2000 or point >= 0xFB00 else "other_script"
    if category in ("Nd", "Nl"):
        return "other_script"
    if category == "No":
        return "raised"
    if category == "Sm":
        return "sign"
    if category == "So":
        return "symbol"
    if category in ("Cn", "Cs", "Co"):
        return "private"
    if category == "Cf":
        return "format"
    return "other_ascii" if point < 0x80 else "rare"


def characters(letters: str, common: dict[str, str]) -> tuple[NDArray[np.uint16], NDArray[np.uint8], NDArray[np.bool_]]:
    """`symbols`, `cases` and `is_letter`, read or made."""

    def made() -> tuple[NDArray[Any], ...]:
        return symbols(letters, common), cases(), is_letter()

    symbol, case, letter = kept_arrays("characters", [__file__], made, repr((letters, common)))
    return symbol, case, letter


def symbols(letters: str, common: dict[str, str]) -> NDArray[np.uint16]:
    """The symbol of each code point of the plane: 0 for a space, from 1 on the letters, then `CLASSES`, uint16 (65536,).

    Args:
        letters: lower-case letters of the model, in their order.
        common: characters by the name of a class that holds nothing else.
    """
    first = len(letters) + 1
    number = {name: first + i for i, name in enumerate(CLASSES)}
    table = np.array([number[_class_of(point)] for point in range(BMP)], np.uint16)
    for name, low, high in _RANGES:
        table[low : high + 1] = number[name]
    for name, points in _tiers().items():
        table[points] = number[name]
    for name, chars in common.items():
        table[[ord(char) for char in chars]] = number[name]
    table[ord("0") : ord("9") + 1] = number["digit"]
    for name, chars in _CHARACTERS.items():
        table[[ord(char) for char in chars]] = number[name]
    table[ord(" ")] = 0
    for i, letter in enumerate(letters):
        table[ord(letter)] = i + 1
        if len(letter.upper()) == 1 and letter.upper().lower() == letter:
            table[ord(letter.upper())] = i + 1
    # Capital sharp s and dotted capital I have no lower-case form of one character.
    table[0x1E9E], table[0x0130] = table[0xDF], table[ord("i")]
    return table


def cases() -> NDArray[np.uint8]:
    """0 no case, 1 lower, 2 upper for each code point of the plane."""
    table = np.zeros(BMP, np.uint8)
    for point in range(BMP):
        char = chr(point)
        if char.isupper():
            table[point] = 2
        elif char.islower():
            table[point] = 1
    return table


def is_letter() -> NDArray[np.bool_]:
    """Whether each code point of the plane is a letter of any script."""
    return np.array([unicodedata.category(chr(point))[0] == "L" for point in range(BMP)], np.bool_)

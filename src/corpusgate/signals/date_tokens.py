"""Written dates cut into numbers, words and marks, whatever the script: one pass over the characters, no expressions.

Words are folded, so that a name is found however it is dressed: letter case, accents, Arabic vowel marks, the forms of
alef and yeh and the invisible marks of right-to-left text make no difference. Digits of every script become numbers.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

NUMBER, WORD, MARK, SPACE = "n", "x", "p", "s"

#: Folded by hand, since Unicode does not decompose them: teh marbuta, the yehs, the kafs, dotless i, sharp s.
_FOLDED = {
    "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER FARSI YEH}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER KEHEH}": "\N{ARABIC LETTER KAF}",
    "\N{ARABIC TATWEEL}": "",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "\N{ZERO WIDTH NON-JOINER}": "",
    "\N{ZERO WIDTH JOINER}": "",
    "\N{SOFT HYPHEN}": "",
}
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}\N{HEBREW PUNCTUATION GERESH}"
_DASHES = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
_MARKS = (
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_DASHES, "-")
    | {
        "\N{DEVANAGARI ABBREVIATION SIGN}": ".",
        "\N{FULLWIDTH SOLIDUS}": "/",
        "\N{FULLWIDTH COLON}": ":",
        "\N{FULLWIDTH FULL STOP}": ".",
        "\N{ARABIC COMMA}": ",",
        "\N{IDEOGRAPHIC COMMA}": ",",
        "\N{FULLWIDTH COMMA}": ",",
        "\N{FULLWIDTH LEFT PARENTHESIS}": "(",
        "\N{FULLWIDTH RIGHT PARENTHESIS}": ")",
    }
)

#: Canonical combining classes of marks that are dress (vowel marks, accents); Indic vowels and viramas are substance.
_DRESS = frozenset(range(10, 36)) | frozenset(range(200, 241))


class Token(NamedTuple):
    """A run of digits, a run of letters or one mark.

    Attributes:
        kind: NUMBER, WORD or MARK.
        text: ASCII digits, the folded word, or the mark.
        start: first code point.
        end: code point after the last.
        gap: whether white space stands before it; the first token counts as having it.
    """

    kind: str
    text: str
    start: int
    end: int
    gap: bool


class _Characters(dict[str, tuple[str, str]]):
    """Kind and folded form of a character, worked out on first sight."""

    def __missing__(self, character: str) -> tuple[str, str]:
        self[character] = value = _character(character)
        return value


def _character(character: str) -> tuple[str, str]:
    category = unicodedata.category(character)
    if character in _FOLDED:
        return WORD, _FOLDED[character]
    if category == "Nd":
        return NUMBER, str(unicodedata.decimal(character))
    if category[0] in "LM":
        plain = unicodedata.normalize("NFKD", character.casefold())
        return WORD, unicodedata.normalize("NFC", "".join(c for c in plain if unicodedata.combining(c) not in _DRESS))
    if category[0] in "ZC" or character == "\N{TIBETAN MARK INTERSYLLABIC TSHEG}":
        return SPACE, " "
    return MARK, _MARKS.get(character, character)


_CHARACTERS = _Characters()


def fold(word: str) -> str:
    """A word without case, accents and vowel marks."""
    return "".join(_CHARACTERS[character][1] for character in word)


def tokens(text: str) -> list[Token]:
    """The numbers, words and marks of a text in order; white space is left out."""
    found: list[Token] = []
    at, gap = 0, True
    for kind, group in groupby(map(_CHARACTERS.__getitem__, text), itemgetter(0)):
        run = [folded for _, folded in group]
        end = at + len(run)
        if kind == SPACE:
            gap = True
        elif kind == MARK:
            for i, mark in enumerate(run):
                found.append(Token(MARK, mark, at + i, at + i + 1, gap))
                gap = False
        else:
            word = "".join(run)
            if not word:
                pass
            elif kind == WORD and _continues(found, gap):
                found.pop()
                head = found.pop()
                found.append(Token(WORD, f"{head.text}'{word}", head.start, end, head.gap))
            else:
                found.append(Token(kind, word, at, end, gap))
            gap = False
        at = end
    return found


def _continues(found: list[Token], gap: bool) -> bool:
    """Whether the next letters go on with the last word over an apostrophe."""
    return not gap and len(found) > 1 and found[-1].text == "'" and not found[-1].gap and found[-2].kind == WORD

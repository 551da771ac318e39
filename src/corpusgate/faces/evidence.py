"""Scraped text made safe to show: what cannot be seen is named, what steers the reader's screen is taken out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from corpusgate.results import Example

#: Short names of the invisible characters that scraped text is full of (Unicode name aliases).
_LABELS = {
    "\N{NO-BREAK SPACE}": "NBSP",
    "\N{SOFT HYPHEN}": "SHY",
    "\N{ZERO WIDTH SPACE}": "ZWSP",
    "\N{ZERO WIDTH NO-BREAK SPACE}": "BOM",
    "\N{WORD JOINER}": "WJ",
    "\N{LEFT-TO-RIGHT MARK}": "LRM",
    "\N{RIGHT-TO-LEFT MARK}": "RLM",
    "\N{LEFT-TO-RIGHT EMBEDDING}": "LRE",
    "\N{RIGHT-TO-LEFT EMBEDDING}": "RLE",
    "\N{POP DIRECTIONAL FORMATTING}": "PDF",
    "\N{LEFT-TO-RIGHT OVERRIDE}": "LRO",
    "\N{RIGHT-TO-LEFT OVERRIDE}": "RLO",
    "\N{LEFT-TO-RIGHT ISOLATE}": "LRI",
    "\N{RIGHT-TO-LEFT ISOLATE}": "RLI",
    "\N{FIRST STRONG ISOLATE}": "FSI",
    "\N{POP DIRECTIONAL ISOLATE}": "PDI",
    "\N{LINE SEPARATOR}": "LS",
    "\N{PARAGRAPH SEPARATOR}": "PS",
    "\N{REPLACEMENT CHARACTER}": "",
}

#: Joiners that writing needs; they are shown as they are.
_KEPT = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")

#: Code points of evidence on one line, and of its surroundings on each side.
_MATCH, _AROUND = 60, 24
_OPEN, _CLOSE = "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}", "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as it is, or the name of a character that cannot be shown."""

    text: str
    is_name: bool


def pieces(text: str) -> list[Piece]:
    """Cut a text into what can be shown and names such as `ZWSP U+200B`; line ends become a sign."""
    out: list[Piece] = []
    plain: list[str] = []
    for character in text:
        name = _name(character)
        if name is None:
            plain.append("\N{RETURN SYMBOL}" if character == "\n" else " " if character in "\t\r" else character)
        else:
            if plain:
                out.append(Piece("".join(plain), False))
                plain = []
            out.append(Piece(name, True))
    if plain:
        out.append(Piece("".join(plain), False))
    return out


def _name(character: str) -> str | None:
    if character in "\n\t\r" or character in _KEPT:
        return None
    code = f"U+{ord(character):04X}"
    if character in _LABELS:
        return f"{_LABELS[character]} {code}".strip()
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"):
        return code
    return None


def plain(text: str) -> str:
    """A text on one line with names in angle brackets: for terminals, Markdown and logs."""
    return "".join(f"<{piece.text}>" if piece.is_name else piece.text for piece in pieces(text))


def middle_cut(text: str, limit: int) -> str:
    """A long text without its middle, saying how much is left out."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]} … {len(text) - 2 * half:,} characters … {text[-half:]}"


def share(part: int, whole: int) -> str:
    """A share in words that never rounds something to nothing."""
    if not part or not whole:
        return "0 %"
    percent = 100 * part / whole
    return "< 0.1 %" if percent < 0.1 else f"{percent:.1f} %"


def where(example: Example) -> str:
    """Record and place of a finding."""
    place = example.field if example.start is None else f"{example.field}:{example.start}"
    return f"{plain(example.record_id)} {place}"


def in_place(example: Example) -> str:
    """The evidence of a finding in its surroundings, on one line; empty where the record as a whole is the finding.

    The text is isolated, so that right-to-left text does not reorder the line around it.
    """
    if example.start is None:
        return ""
    before, after = plain(example.before[-_AROUND:]), plain(example.after[:_AROUND])
    return f"\N{FIRST STRONG ISOLATE}{before}{_OPEN}{plain(middle_cut(example.match, _MATCH))}{_CLOSE}{after}\N{POP DIRECTIONAL ISOLATE}"

"""Scraped text made safe to show: what cannot be seen is named, what steers the reader's screen is taken out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
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

_NAMED = frozenset(_LABELS)

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


def pieces(text: str, line_end: str = "\N{RETURN SYMBOL}") -> list[Piece]:
    """Cut a text into what can be shown and names such as `ZWSP U+200B`; line ends become a sign, or what else is given."""
    shown = text.replace("\n", line_end)
    # Most texts have nothing to name.
    if shown.isprintable() and _NAMED.isdisjoint(shown):
        return [Piece(shown, False)] if shown else []
    out: list[Piece] = []
    plain: list[str] = []
    for character in text:
        name = _name(character)
        if name is None:
            plain.append(line_end if character == "\n" else " " if character in "\t\r" else character)
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


def ends(text: str, limit: int) -> tuple[str, int, str]:
    """A long text in three: its beginning, how many code points are left out, its end. None where leaving out saves hardly anything."""
    half = limit // 2
    return (text, 0, "") if len(text) <= limit + 24 else (text[:half], len(text) - 2 * half, text[-half:])


def marked(text: str) -> list[Piece]:
    """An example of a check, cut into what stands around its evidence and, as names, the evidence in `[[...]]`."""
    return [Piece(part, i % 2 == 1) for i, part in enumerate(_EVIDENCE.split(text)) if part]


def middle_cut(text: str, limit: int) -> tuple[str, str, str]:
    """A long text in three: its beginning, how much is left out, its end. The second is empty where leaving out saves nothing."""
    half = limit // 2
    mark = f"\N{HORIZONTAL ELLIPSIS} {len(text) - 2 * half:,} characters \N{HORIZONTAL ELLIPSIS}"
    return (text, "", "") if len(text) <= 2 * half + len(mark) else (text[:half], mark, text[-half:])


def short(name: str, limit: int = 48) -> str:
    """A name, without its middle where it is long."""
    return name if len(name) <= limit else f"{name[: limit // 2]}\N{HORIZONTAL ELLIPSIS}{name[1 - limit // 2 :]}"


def direction(text: str) -> str:
    """The direction most letters of a text are written in: `ltr` or `rtl`. Its first letter may be of a name in another script."""
    counts = Counter(unicodedata.bidirectional(character) for character in text)
    return "rtl" if counts["R"] + counts["AL"] > counts["L"] else "ltr"


_EVIDENCE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)

#: Words of right-to-left script in a message of ours, with what stands between them.
_RTL = "[\u05d0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
_VALUES = re.compile(f"({_RTL}(?:[^A-Za-z]*{_RTL})?)")


def values(message: str) -> list[Piece]:
    """A message cut into our words and, marked as names, the values among them that run from right to left."""
    return [Piece(part, i % 2 == 1) for i, part in enumerate(_VALUES.split(message)) if part]


def share(part: int, whole: int) -> str:
    """A share in words that never rounds something to nothing."""
    if not part or not whole:
        return "0 %"
    percent = 100 * part / whole
    return "< 0.1 %" if percent < 0.1 else f"{percent:.1f} %"


def where(example: Example) -> str:
    """Record and place of a finding."""
    place = example.field if example.start is None else f"{example.field}:{example.start}"
    return f"{plain(short(example.record_id, 100))} {place}"


def inert(line: str) -> str:
    """A line that is no command to a runner of workflows, which looks for `::` at its beginning and for `##[` anywhere."""
    line = line.replace("##[", "# #[")
    start = len(line) - len(line.lstrip())
    return f"{line[:start]}: :{line[start + 2 :]}" if line.startswith("::", start) else line


def told(example: Example, limit: int = 160) -> str:
    """What is said of a finding, on one line, with the text as it should be where that is known."""
    said = plain(short(example.message, limit))
    return f"{said}; repaired: {_isolated(short(example.repaired, limit))}" if example.repaired else said


def _isolated(text: str) -> str:
    isolate = {"ltr": "\N{LEFT-TO-RIGHT ISOLATE}", "rtl": "\N{RIGHT-TO-LEFT ISOLATE}"}[direction(text)]
    return f"{isolate}{plain(text)}\N{POP DIRECTIONAL ISOLATE}"


def in_place(example: Example) -> str:
    """The evidence of a finding in its surroundings, on one line; empty where the record as a whole is the finding.

    The text is isolated, so that right-to-left text does not reorder the line around it.
    """
    if example.start is None:
        return ""
    before, after = example.before[-_AROUND:], example.after[:_AROUND]
    head, mark, tail = middle_cut(example.match, _MATCH)
    isolate = {"ltr": "\N{LEFT-TO-RIGHT ISOLATE}", "rtl": "\N{RIGHT-TO-LEFT ISOLATE}"}[direction(before + example.match + after)]
    end = "\N{POP DIRECTIONAL ISOLATE}"
    left_out = f" \N{LEFT-TO-RIGHT ISOLATE}{mark}{end} " if mark else ""
    return f"{isolate}{plain(before)}{_OPEN}{plain(head)}{left_out}{plain(tail)}{_CLOSE}{plain(after)}{end}"

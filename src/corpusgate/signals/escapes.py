"""Escapes that nobody undid: letters, line ends, quotes and slashes as scripts, addresses and JSON have them."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import unquote_to_bytes

import numpy as np

from corpusgate.kernels.haystack import Haystack
from corpusgate.kernels.patterns import Pattern
from corpusgate.signals.base import Hits, View, signal

_HEX = "[0-9a-fA-F]"
_ESCAPES = (
    Pattern(rf"%{_HEX}{_HEX}%{_HEX}{_HEX}(?:%{_HEX}{_HEX})*", needs="%"),
    Pattern(r"[a-z]%20[a-z][a-z]*%20[a-z]", needs="%"),
    Pattern(rf"%u{_HEX}{{4}}(?:%u{_HEX}{{4}})*", needs="%"),
    Pattern(rf"\\u{_HEX}{{4}}(?:\\u{_HEX}{{4}})*", needs="\\"),
    Pattern(rf"\\u\{{{_HEX}{{1,6}}\}}", needs="\\"),
    Pattern(rf"\\U{_HEX}{{8}}(?:\\U{_HEX}{{8}})*", caseless=False, needs="\\"),
    Pattern(rf"\\x{_HEX}{_HEX}(?:\\x{_HEX}{_HEX})*", needs="\\"),
    Pattern(r"\\[nrt](?:\\[nrt])*", caseless=False, needs="\\"),
    Pattern(r"\\\"", caseless=False, needs="\\"),
    Pattern(r"\\/(?:\\/)*", needs="\\"),
)
#: What stands before an escape in an address or in code.
_ADDRESS = frozenset("/=&?@#")
_NEAR = 200
#: What writers of JSON escape besides letters beyond ASCII: quotes, and what HTML would take for its own.
_ESCAPED_IN_JSON = frozenset("\"&'<>=")


@signal("encoding", patterns=_ESCAPES)
def escapes(view: View) -> Hits:
    r"""What was left as percent escapes of UTF-8, or as the escapes of JSON, JavaScript and Python, outside of addresses and code."""
    matches, haystack = view.matches, view.haystack
    chosen = []
    for segment, start, end in zip(matches.segment.tolist(), matches.start.tolist(), matches.end.tolist(), strict=True):
        low, high = int(haystack.starts[segment]), int(haystack.ends[segment])
        text = haystack.text(start, end).lower()
        if text[1] in _PLAIN:
            chosen.append(
                _is_sequence(_line(haystack, max(low, start - _NEAR), start, -1), text, _line(haystack, end, min(high, end + _NEAR), 0))
            )
            continue
        if text[0] == "\\" or text[1] == "u":
            chosen.append(_is_escaped(text[1], [int(code.strip("{}"), 16) for code in text.split(text[:2])[1:]]))
            continue
        word = _line(haystack, max(low, start - _NEAR), start, -1).split()[-1:]
        glued = start > low and haystack.data[start - 1] > 32
        in_address = bool(glued and word and _ADDRESS & set(word[0]))
        chosen.append(not in_address and (text[0] != "%" or _is_utf8(unquote_to_bytes(text))))
    return Hits.of(matches.take(np.array(chosen, np.bool_)))


def _is_escaped(form: str, points: list[int]) -> bool:
    r"""Whether escapes stand for more than letters of ASCII, which nobody escapes but to explain how: `\x41`, `\u0041`."""
    if form == "x":
        return min(points) >= 0x80
    return any(point >= 0x80 or chr(point) in _ESCAPED_IN_JSON for point in points)


def _is_utf8(raw: bytes) -> bool:
    """Whether bytes are UTF-8 with a letter beyond ASCII in it."""
    try:
        return not raw.decode().isascii()
    except UnicodeDecodeError:
        return False


#: Second characters of the escapes that JSON writes for what is no letter: line ends, tabs, quotes, slashes.
_PLAIN = frozenset('nrt"/')
#: What code, formulas and patterns hold and prose does not.
_CODE = frozenset("[]{}=<>|^$*+`")
#: What ends a sentence, with the quotation mark or bracket after it.
_ENDS = frozenset(
    ".!?)\N{HORIZONTAL ELLIPSIS}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH EXCLAMATION MARK}\N{FULLWIDTH QUESTION MARK}\N{ARABIC QUESTION MARK}\N{DEVANAGARI DANDA}"
)


def _line(haystack: Haystack, low: int, high: int, which: int) -> str:
    """The first (0) or last (-1) line of a piece of the haystack."""
    return haystack.data[low:high].tobytes().decode("utf-8", "ignore").split("\n")[which]


def _is_sequence(left: str, text: str, right: str) -> bool:
    r"""Whether a sequence such as `\n` stands where prose had a line end, a tab, a quotation mark or a slash.

    Paths, formulas and patterns hold other sequences as well, or letters of code; who explains one sets it apart.

    Args:
        left: what is before it in its line, as far as it matters.
        text: the sequence, or several.
        right: what is behind it.
    """
    head, tail = left.split(" ")[-1], right.split(" ")[0]
    whole = head + text + tail
    if _CODE & set(whole) or '("' in whole or not all(part[:1] and part[:1] in _PLAIN for part in whole.split("\\")[1:]):
        return False
    before, after = left[-1:], right[:1]
    if text[1] == '"':
        return _closes(f"{left}{text}{right}".split(text))
    if text[1] == "/":
        # JSON escapes all slashes of a piece or none.
        return "/" not in whole.replace(r"\/", "") and after.isalnum() and (before.isalnum() or (before == ":" and text == r"\/\/"))
    ends, begins = before in _ENDS and bool(before), after.isalpha() and not after.islower()
    if text.count("\\") > 1:
        return (ends or before.isalnum() or (before == '"' and len(head) > 1)) and (after.isalnum() or not after or after in _OPENS)
    if left.replace(r"\"", "").count('"') % 2:
        # Within quotes, as strings of code are.
        return False
    return (ends and (begins or not after or after == " ")) or (len(head) > 1 and head[-2:].isalnum() and begins)


#: What opens a sentence beside letters.
_OPENS = frozenset(
    '"-\N{EN DASH}\N{EM DASH}\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}\N{INVERTED QUESTION MARK}'
)


def _closes(parts: list[str]) -> bool:
    """Whether escaped quotation marks, between parts of a line, open a quotation and close one, and no others are about, as in code.

    In LaTeX they stand before vowels, as accents.
    """
    if any('"' in part for part in parts):
        return False
    pairs = list(pairwise(parts))
    opened = any((not a or a[-1] in " (") and b[:1].isalnum() for a, b in pairs)
    return opened and any((a[-1:].isalnum() or a[-1:] in _ENDS | {","}) and (not b or b[0] in " .,;:!?)") for a, b in pairs)

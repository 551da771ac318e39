"""What hides in a text or passes for something else: directions, separators, escapes, letters of another script."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import numpy as np

from corpusgate.kernels.arabic_letters import of_the_other
from corpusgate.kernels.mixed_words import letters, mixed_words
from corpusgate.kernels.patterns import Pattern
from corpusgate.signals.base import Hits, View, signal

_OPEN, _OPEN_ISOLATE, _OVERRIDE = "\u202a\u202b", "\u2066\u2067\u2068", "\u202d\u202e"
_CLOSE, _CLOSE_ISOLATE = "\u202c", "\u2069"
_DIRECTIONS = _OPEN + _CLOSE + _OVERRIDE + _OPEN_ISOLATE + _CLOSE_ISOLATE


@signal("encoding", patterns=(Pattern(r"[\x{202A}-\x{202E}\x{2066}-\x{2069}]+", needs=_DIRECTIONS),))
def bidi_controls(view: View) -> Hits:
    """Overrides of direction, and embeddings and isolates that their line does not close (Boucher and Anderson 2021)."""
    matches, haystack = view.matches, view.haystack
    chosen = np.zeros(len(matches), np.bool_)
    open_ones: list[tuple[int, bool]] = []
    before = -1
    for i, (segment, start, end) in enumerate(zip(matches.segment.tolist(), matches.start.tolist(), matches.end.tolist(), strict=True)):
        if i == 0 or segment != matches.segment[i - 1] or (haystack.data[before:start] == 10).any():
            chosen[[place for place, _ in open_ones]] = True
            open_ones = []
        before = end
        for character in haystack.text(start, end):
            if character in _OVERRIDE:
                chosen[i] = True
            if character in _OPEN + _OVERRIDE + _OPEN_ISOLATE:
                open_ones.append((i, character in _OPEN_ISOLATE))
            elif character == _CLOSE and open_ones and not open_ones[-1][1]:
                open_ones.pop()
            elif character == _CLOSE_ISOLATE and any(isolate for _, isolate in open_ones[-_DEEPEST:]):
                while not open_ones.pop()[1]:
                    pass
    chosen[[place for place, _ in open_ones]] = True
    return Hits.of(matches.take(chosen))


#: Levels that may be open within each other (UAX 9, max_depth).
_DEEPEST = 125


@signal("encoding", patterns=(Pattern(r"\x{FEFF}\x{FEFF}*", needs="\N{ZERO WIDTH NO-BREAK SPACE}"),))
def byte_order_marks(view: View) -> Hits:
    """Byte order marks within text: what files were put together from."""
    return Hits.of(view.matches)


# Both in one class end the engine (see `Pattern`).
_SEPARATORS = (
    Pattern(r"\x{2028}\x{2028}*", needs="\N{LINE SEPARATOR}"),
    Pattern(r"\x{2029}\x{2029}*", needs="\N{PARAGRAPH SEPARATOR}"),
)


@signal("encoding", patterns=_SEPARATORS)
def line_separators(view: View) -> Hits:
    """Line and paragraph separators of Unicode between other characters of a line, which few programs take for its end."""
    return Hits.of(view.matches)


_ESCAPES = (
    Pattern(r"%[0-9a-f][0-9a-f]%[0-9a-f][0-9a-f](?:%[0-9a-f][0-9a-f])*", needs="%"),
    Pattern(r"\\u[0-9a-f][0-9a-f][0-9a-f][0-9a-f](?:\\u[0-9a-f][0-9a-f][0-9a-f][0-9a-f])*", needs="\\"),
)
#: What stands before an escape in an address or in code.
_ADDRESS = frozenset("/=&?@#")
_NEAR = 200


@signal("encoding", patterns=_ESCAPES)
def escapes(view: View) -> Hits:
    r"""Letters left as percent escapes of UTF-8, or as \u escapes, outside of addresses."""
    matches, haystack = view.matches, view.haystack
    chosen = []
    for segment, start, end in zip(matches.segment.tolist(), matches.start.tolist(), matches.end.tolist(), strict=True):
        text = haystack.text(start, end)
        if text[0] == "\\":
            chosen.append(any(int(code, 16) >= 0x80 for code in text.lower().split("\\u")[1:]))
            continue
        low = max(int(haystack.starts[segment]), start - _NEAR)
        word = haystack.data[low:start].tobytes().decode("utf-8", "ignore").split()[-1:] if start > low else []
        glued = start > low and haystack.data[start - 1] > 32
        chosen.append(not (glued and word and _ADDRESS & set(word[0])) and _is_utf8(unquote_to_bytes(text)))
    return Hits.of(matches.take(np.array(chosen, np.bool_)))


def _is_utf8(raw: bytes) -> bool:
    """Whether bytes are UTF-8 with a letter beyond ASCII in it."""
    try:
        return not raw.decode().isascii()
    except UnicodeDecodeError:
        return False


#: Languages that write a yeh and a kaf of their own, and those whose letters those are not.
_PERSIAN, _ARABIC = frozenset(("fa", "ur", "ps")), frozenset(("ar",))


def _of_the_other(view: View, languages: frozenset[str], persian: bool) -> Hits:
    """The first word of each line of such records that has a yeh or kaf of the other language."""
    written = np.array([language in languages for language in view.languages], np.bool_)
    suspects = np.flatnonzero(np.repeat(written, len(view.haystack.fields)))
    found = of_the_other(view.haystack.data, view.haystack.starts[suspects], view.haystack.ends[suspects], persian)
    return Hits(suspects[found[:, 0]], found[:, 1], found[:, 2])


@signal("encoding")
def arabic_letters_in_persian(view: View) -> Hits:
    """Lines of Persian, Urdu or Pashto with the yeh or kaf of Arabic; of each its first such word."""
    return _of_the_other(view, _PERSIAN, persian=True)


@signal("encoding")
def persian_letters_in_arabic(view: View) -> Hits:
    """Lines of Arabic with the yeh or keheh of Persian; of each its first such word."""
    return _of_the_other(view, _ARABIC, persian=False)


@signal("encoding")
def mixed_scripts(view: View) -> Hits:
    """Words with letters of another script that look like their own: a Latin «a» in a Russian word."""
    # Such words are strange to the first test for wrong character sets too, so that the rest need not be read.
    suspects = np.flatnonzero(view.survey.strange)
    found = mixed_words(view.haystack.data, view.haystack.starts[suspects], view.haystack.ends[suspects], letters())
    return Hits(suspects[found[:, 0]], found[:, 1], found[:, 2])

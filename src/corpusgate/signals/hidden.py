"""What hides in a text or passes for something else: directions, separators, letters of another script."""

from __future__ import annotations

import numpy as np

from corpusgate.kernels.arabic_letters import of_the_other
from corpusgate.kernels.characters import before, decode
from corpusgate.kernels.mixed_words import letters, mixed_words
from corpusgate.kernels.patterns import Pattern
from corpusgate.signals.base import Hits, View, signal

_OPEN, _OPEN_ISOLATE, _OVERRIDE = "\u202a\u202b", "\u2066\u2067\u2068", "\u202d\u202e"
_CLOSE, _CLOSE_ISOLATE = "\u202c", "\u2069"
_DIRECTIONS = _OPEN + _CLOSE + _OVERRIDE + _OPEN_ISOLATE + _CLOSE_ISOLATE


@signal("encoding", patterns=(Pattern(r"[\x{202A}-\x{202E}\x{2066}-\x{2069}]+", needs=_DIRECTIONS),))
def bidi_controls(view: View) -> Hits:
    """Overrides of direction, and what is opened and not closed in its line (Boucher and Anderson 2021).

    What closes nothing turns nothing.
    """
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


#: Letters of Latin, Greek, Cyrillic and Hebrew, which have neither joints nor clusters.
_UNJOINED = ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x370, 0x52F), (0x5D0, 0x5EA), (0x1E00, 0x1FFF))
_UNJOINED_CLASS = "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in _UNJOINED)
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_BLANKS = "\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{MONGOLIAN VOWEL SEPARATOR}\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
_INVISIBLE = (
    Pattern(r"[\x{200B}\x{2060}\x{180E}\x{3164}\x{FFA0}]+", needs=_BLANKS),
    Pattern(rf"[{_UNJOINED_CLASS}][\x{{200C}}\x{{200D}}]+", needs=_JOINERS),
    Pattern(r"[\x{E0000}-\x{E007F}]+", needs="\N{TAG SPACE}"),
)
#: Scripts without spaces that mark where words end with a zero-width space: Thai, Lao, Tibetan, Burmese, Khmer, Balinese, Javanese.
_UNSPACED = ((0xE00, 0xFFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1B00, 0x1B7F), (0xA980, 0xA9DF))
_MONGOLIAN = (0x1800, 0x18AF)
#: The flag that tags make another flag of.
_FLAG = 0x1F3F4


def _within(point: int, *ranges: tuple[int, int]) -> bool:
    return any(low <= point <= high for low, high in ranges)


@signal("encoding", patterns=_INVISIBLE)
def invisible_characters(view: View) -> Hits:
    """Zero-width spaces, joiners in words without joints, fillers and tags; what Persian, Indic scripts and emoji need is not meant."""
    matches, data = view.matches, view.haystack.data
    starts, chosen = matches.start.copy(), np.zeros(len(matches), np.bool_)
    for i, (pattern, segment, start, end) in enumerate(
        zip(matches.pattern.tolist(), matches.segment.tolist(), matches.start.tolist(), matches.end.tolist(), strict=True)
    ):
        if pattern == 1:
            # "PDFها" has one by right.
            starts[i] = start + decode(data, start)[1]
            chosen[i] = _within(decode(data, end)[0], *_UNJOINED)
            continue
        around = before(data, start, int(view.haystack.starts[segment])), decode(data, end)[0]
        if pattern == 2:
            chosen[i] = around[0] != _FLAG
        else:
            chosen[i] = not any(_within(point, *_UNSPACED, _MONGOLIAN) for point in around)
    return Hits(matches.segment[chosen], starts[chosen], matches.end[chosen])


@signal("encoding", patterns=(Pattern(r"\x{AD}\x{AD}*", needs="\N{SOFT HYPHEN}"),))
def soft_hyphens(view: View) -> Hits:
    """Soft hyphens, which a page has for the browser."""
    return Hits.of(view.matches)


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

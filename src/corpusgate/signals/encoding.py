"""Encoding errors: characters lost, misread or invisible."""

from __future__ import annotations

import html.entities
import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.characters import ARABIC, BMP, WORD, before, classes, neighbours
from corpusgate.kernels.chunk_letters import HOLDS_NEEDED
from corpusgate.kernels.hashing import hash_bytes
from corpusgate.kernels.haystack import byte_places
from corpusgate.kernels.lookup import distinct
from corpusgate.kernels.lost_letters import lost_letters
from corpusgate.kernels.patterns import Pattern
from corpusgate.kernels.unicode_form import mark_runs, may_change
from corpusgate.records import MATCH_LIMIT, REPAIRED
from corpusgate.signals import charsets
from corpusgate.signals.base import Hits, View, signal
from corpusgate.signals.charset_model import model


def _range(*pairs: tuple[int, int]) -> str:
    """All characters of some ranges, both ends included."""
    return "".join(chr(point) for low, high in pairs for point in range(low, high + 1))


@signal("encoding", patterns=(Pattern(r"\x{FFFD}\x{FFFD}*", needs="\N{REPLACEMENT CHARACTER}"),))
def replacement_characters(view: View) -> Hits:
    """Runs of U+FFFD: bytes that a decoder could not read and threw away."""
    return Hits.of(view.matches)


_CONTROLS = r"[\x{0}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{7F}-\x{9F}]+"


@signal("encoding", patterns=(Pattern(_CONTROLS, needs=_range((0, 8), (0xB, 0xC), (0xE, 0x1F), (0x7F, 0x9F))),))
def control_characters(view: View) -> Hits:
    """Runs of C0 and C1 control characters other than tab and line ends."""
    return Hits.of(view.matches)


_NONCHARACTERS = "".join(rf"\x{{{plane:X}FFFE}}\x{{{plane:X}FFFF}}" for plane in range(17))


@signal("encoding", patterns=(Pattern(rf"[\x{{FDD0}}-\x{{FDEF}}{_NONCHARACTERS}]+", needs=_range((0xFDD0, 0xFDEF), (0xFFFE, 0xFFFF))),))
def lone_surrogates(view: View) -> Hits:
    """Surrogates without their other half (read as U+FDD0) and noncharacters."""
    return Hits.of(view.matches)


#: Names of HTML 5, as the standard library lists them.
_ENTITY_NAMES = frozenset(name.rstrip(";") for name in html.entities.html5)
#: Those that browsers of old wrote without a semicolon and that are part of no other word or address, and common typographic ones.
_OPEN_NAMES = frozenset(
    name
    for name in _ENTITY_NAMES
    if name in ("nbsp", "laquo", "raquo", "szlig", "rsquo", "lsquo", "rdquo", "ldquo", "ndash", "mdash", "hellip")
    or (name in html.entities.html5 and name[1:] in ("acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash"))
)
_ENTITIES = (
    Pattern(r"&(?:amp;)*(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", needs="&"),
    Pattern(r"&(?:amp;)*[a-z]{4,6}", needs="&"),
)


@signal("encoding", patterns=_ENTITIES)
def html_entities(view: View) -> Hits:
    """HTML entities left over, once or twice escaped, with their semicolon or without."""
    matches, data = view.matches, view.haystack.data
    chosen = []
    for pattern, start, end in zip(matches.pattern.tolist(), matches.start.tolist(), matches.end.tolist(), strict=True):
        name = view.haystack.text(start, end).removeprefix("&").replace("amp;", "").rstrip(";") or "amp"
        if pattern == 0:
            chosen.append(name.startswith("#") or name in _ENTITY_NAMES or name.lower() in _ENTITY_NAMES)
        else:
            behind = chr(data[end])
            chosen.append(name in _OPEN_NAMES and not behind.isalnum() and behind not in ";=")
    return Hits.of(matches.take(np.array(chosen, np.bool_)))


_FORMS = r"[\x{FB50}-\x{FD3D}\x{FD40}-\x{FDCF}\x{FDF0}-\x{FDF9}\x{FE70}-\x{FEFC}]+"
_FORM_RANGES = ((0xFB50, 0xFD3D), (0xFD40, 0xFDCF), (0xFDF0, 0xFDF9), (0xFE70, 0xFEFC))


@signal("encoding", patterns=(Pattern(_FORMS, needs=_range(*_FORM_RANGES)),))
def presentation_forms(view: View) -> Hits:
    """Runs of Arabic presentation forms: letters frozen in one shape, which searches do not find."""
    return Hits.of(view.matches)


@lru_cache(maxsize=1)
def _arabic() -> NDArray[np.bool_]:
    """Which code points of the plane are Arabic letters or marks on them, bool (65537,); the last entry is for all others, and for none."""
    table = np.append(classes() & (ARABIC | WORD) == ARABIC | WORD, False)
    digits = [point for point in np.flatnonzero(table).tolist() if chr(point).isdigit()]
    table[digits] = False
    return table


@signal("encoding", patterns=(Pattern(r"\x{640}\x{640}*", needs="\N{ARABIC TATWEEL}"),))
def tatweel(view: View) -> Hits:
    """Tatweel between two letters of a word: stretching that belongs to typesetting, not to text."""
    matches, haystack = view.matches, view.haystack
    lows, highs = haystack.starts[matches.segment], haystack.ends[matches.segment]
    # Behind a glued article it is right typography: before a number, a foreign word or a quotation.
    left, right = neighbours(haystack.data, lows, highs, matches.start, matches.end)
    return Hits.of(matches.take(_arabic()[np.minimum(left, BMP)] & _arabic()[np.minimum(right, BMP)]))


@signal("encoding", patterns=(Pattern(r"\?\?\?*", needs="?"),))
def question_mark_runs(view: View) -> Hits:
    """Question marks in place of letters: text that went through a character set without them."""
    # The pattern is there to have the lines marked that hold question marks.
    lines = view.survey.lines.take(view.survey.lines.marks & HOLDS_NEEDED != 0)
    found = lost_letters(view.haystack.data, lines.segment, lines.start, lines.end, classes(), model())
    return Hits(found[:, 0], found[:, 1], found[:, 2])


@signal("encoding")
def not_nfc(view: View) -> Hits:
    """Sequences that Unicode normal form C writes otherwise."""
    haystack = view.haystack
    suspects = np.flatnonzero(view.survey.unordered)
    runs = mark_runs(haystack.data, may_change(), haystack.starts[suspects], haystack.ends[suspects])
    places = Hits(suspects[runs[0]], runs[1], runs[2])
    # The same few letters bear the same marks over and over.
    first, of = distinct(hash_bytes(haystack.data, places.start, places.end))
    starts, ends = places.start[first].tolist(), places.end[first].tolist()
    wrong = np.array([not _is_nfc(haystack.text(start, end)) for start, end in zip(starts, ends, strict=True)], np.bool_)
    return places.take(wrong[of])


#: Marks looked at together. Python sorts them in quadratic time; more than 30 are no text (UAX #15, stream-safe format).
_MARKS_TOGETHER = 64


def _is_nfc(run: str) -> bool:
    # Neighbours must be seen together, so that pieces share a character.
    step = _MARKS_TOGETHER - 1
    return all(unicodedata.is_normalized("NFC", run[at : at + _MARKS_TOGETHER]) for at in range(0, max(len(run) - 1, 1), step))


#: What stands before a no-break space in prose: the end of a word or of a sentence.
_BEFORE_BLANK = frozenset(
    "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?)]%\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
)
_TRIMMED = "\N{LATIN CAPITAL LETTER A WITH CIRCUMFLEX}"


def _blanks_alone(text: str, hit: charsets.Misreading) -> bool:
    """Whether all that was misread are no-break spaces that trimming took the half of, which is a check of its own."""
    places = [place for place in range(hit.start, hit.end) if not text[place].isascii()]
    return all(
        text[place] == _TRIMMED and text[place - 1 : place] in _BEFORE_BLANK and (place + 1 == len(text) or text[place + 1].isspace())
        for place in places
    )


def _misread(view: View, kind: str) -> Hits:
    if "misread" not in view.cache:
        haystack = view.haystack
        found = []
        suspects = np.flatnonzero(view.survey.strange)
        suspects = suspects[charsets.suspicious(haystack.data, haystack.starts[suspects], haystack.ends[suspects])]
        for segment in suspects.tolist():
            low, high = int(haystack.starts[segment]), int(haystack.ends[segment])
            text = haystack.text(low, high)
            hits = [hit for hit in charsets.look(text, haystack.data[low:high]) if not _blanks_alone(text, hit)]
            at = byte_places(text, (place for hit in hits for place in (hit.start, hit.end)))
            found += [(segment, low + at[hit.start], low + at[hit.end], hit) for hit in hits]
        view.cache["misread"] = found
    found = [hit for hit in view.cache["misread"] if hit[3].kind == kind]
    places = np.array([hit[:3] for hit in found], np.int64).reshape(-1, 3)
    notes = tuple(f"{hit[3].channel}{REPAIRED}{hit[3].repaired[:MATCH_LIMIT]}" for hit in found)
    return Hits(places[:, 0], places[:, 1], places[:, 2], notes)


@signal("encoding")
def mojibake(view: View) -> Hits:
    """UTF-8 read as a legacy code page, once or twice."""
    return _misread(view, "utf8")


@signal("encoding")
def wrong_code_page(view: View) -> Hits:
    """One legacy code page read as another."""
    return _misread(view, "legacy")


@signal("encoding", patterns=(Pattern(r"\x{C2}", caseless=False, needs=_TRIMMED),))
def trimmed_no_break_spaces(view: View) -> Hits:
    """Capital A with circumflex glued to the end of a word: no-break spaces of UTF-8, of which trimming took the second byte."""
    matches, data = view.matches, view.haystack.data
    chosen = np.zeros(len(matches), np.bool_)
    for i, (segment, start, end) in enumerate(zip(matches.segment.tolist(), matches.start.tolist(), matches.end.tolist(), strict=True)):
        if start == view.haystack.starts[segment]:
            continue
        cut = end == view.haystack.ends[segment] or chr(data[end]).isspace()
        chosen[i] = cut and chr(before(data, start, int(view.haystack.starts[segment]))) in _BEFORE_BLANK
    places = Hits.of(matches.take(chosen))
    if not len(places):
        return places
    # Where whole words are misread, the blanks between them are part of that.
    misread = _misread(view, "utf8")
    run = np.searchsorted(misread.start, places.start, "right")
    ends = np.concatenate(([0], misread.end))
    return places.take(places.start >= ends[run])

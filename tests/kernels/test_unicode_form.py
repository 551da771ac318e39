"""Normal form C beyond the plane: no code point that it may change, or join to another, is outside the blocks looked at."""

from __future__ import annotations

import sys
import unicodedata

import corpusgate
from corpusgate.kernels.unicode_form import is_beyond


def test_every_mark_and_letter_that_may_change_is_in_a_block() -> None:
    missed = []
    for point in range(0x10000, sys.maxunicode + 1):
        character = chr(point)
        parts = unicodedata.decomposition(character).split()
        halves = [int(part, 16) for part in parts] if len(parts) == 2 and not parts[0].startswith("<") else []
        if unicodedata.combining(character) or unicodedata.normalize("NFC", character) != character:
            halves.append(point)
        missed += [half for half in halves if half >= 0x10000 and not is_beyond(half)]
    assert not missed


def test_emoji_are_in_none() -> None:
    assert not any(is_beyond(point) for point in range(0x1F000, 0x1FB00))


def test_letters_beyond_the_plane_in_two_halves_are_found() -> None:
    whole = "\N{KAITHI LETTER DDDHA}, \N{CJK COMPATIBILITY IDEOGRAPH-2F804} \N{GRINNING FACE}"
    found = [f.match for f in corpusgate.inspect({"text": f"A {whole} B"}) if f.check == "encoding/not-nfc"]
    halves = unicodedata.normalize("NFD", "\N{KAITHI LETTER DDDHA}")
    assert any("\N{CJK COMPATIBILITY IDEOGRAPH-2F804}" in match for match in found)
    found = [f.match.strip() for f in corpusgate.inspect({"text": f"A {halves} B"}) if f.check == "encoding/not-nfc"]
    assert found == [halves]

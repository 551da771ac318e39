"""The survey of a block, beside a slow and obvious one; and that what it keeps in mind changes nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels import survey as kernel
from corpusgate.kernels.characters import WORD, classes
from corpusgate.kernels.chunk_letters import HOLDS_NEEDED, HOLDS_YEAR
from corpusgate.kernels.chunks import SPARE, chunks
from corpusgate.kernels.folding import _fold_character
from corpusgate.kernels.haystack import Haystack, build
from corpusgate.kernels.survey import Survey, survey
from corpusgate.kernels.survey_lines import line_hash
from corpusgate.kernels.survey_tables import Wanted
from corpusgate.signals.charset_model import model
from corpusgate.signals.charsets import first_test, suspicious

NEEDED = "?<\N{REPLACEMENT CHARACTER}\N{ARABIC TATWEEL}\x07"
WORDS = ("harbour", "Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "\u041f\u0440\u0438\u0432\u0435\u0442", "don")
LEAST = 4
SPACES = {9, 10, 13, 32, 0xA0, *range(0x2000, 0x200C), 0x202F, 0x3000}
GLUE = {0x640, 0xAD, *range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF}

PIECES = """
harbour Harbour caf\N{LATIN SMALL LETTER E WITH ACUTE} cafe\N{COMBINING ACUTE ACCENT} 1998 12345 ? <b> don't e-mail Stra\xdfe caf\xc3\xa9
\N{ARABIC LIGATURE BISMILLAH AR-RAHMAN AR-RAHEEM} \N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM} \u4e2d\u6587 \u0645\u064f\u064e
\N{ARABIC LETTER KAF}\N{ARABIC LETTER TEH}\N{ARABIC TATWEEL}\N{ARABIC LETTER BEH} \U0001f600 \U00020000 \x07 \x00 \ufffd \u0301 \xb2
\u041f\u0440\u0438\u0432\u0435\u0442 \u0967\u0968\u0969\u096a
"""
pieces = st.one_of(
    st.sampled_from(
        [
            *PIECES.strip().replace("\n", " ").split(" "),
            "\n",
            " ",
            "  ",
            "\u3000",
            "\xa0",
            "\N{ZERO WIDTH NON-JOINER}",
            "\x85",
            "x" * 70,
            "x" * 300,
            "long" * 9,
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
texts = st.lists(pieces, max_size=14).map("".join)
records = st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5)


def laid(rows: list[tuple[str, str, str]]) -> Haystack:
    names = ("headline", "text", "published")
    return build({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)})


def look(haystack: Haystack) -> Survey:
    return survey(haystack, Wanted(NEEDED, WORDS), LEAST, first_test(), model())


def is_letter(character: str) -> bool:
    point = ord(character)
    return point >= 0x10000 or (bool(classes()[point] & 1) and point not in GLUE)


def folded(text: str) -> str:
    return "".join(character if ord(character) >= 0x10000 else _fold_character(character) for character in text if is_letter(character))


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Folded letters and place of each token: a run of letters with marks and joiners inside; a letter by itself without spaces."""
    found: list[tuple[str, int, int]] = []
    letters, start, end = "", -1, -1

    def close() -> None:
        nonlocal letters, start
        if letters:
            found.append((letters, start, end))
        letters, start = "", -1

    for i, character in enumerate(text):
        point = ord(character)
        if is_letter(character):
            alone = point >= 0x10000 or not classes()[point] & WORD
            if alone:
                close()
            if start < 0 or not letters:
                start = i
            letters += folded(character)
            end = i + 1
            if alone:
                close()
        elif point < 0x10000 and unicodedata.category(character)[0] == "M":
            if letters:
                end = i + 1
        elif point not in GLUE:
            close()
    close()
    return found


def copies(headline: str, text: str) -> list[tuple[int, int]]:
    wanted, parts, found, i = folded(headline), tokens(text), [], 0
    while len(wanted) >= LEAST and i < len(parts):
        run, j = "", i
        while j < len(parts) and len(run) < len(wanted):
            run += parts[j][0]
            j += 1
        if run == wanted:
            found.append((parts[i][1], parts[j - 1][2]))
            i = j
        else:
            i += 1
    return found


def always_needed(character: str) -> bool:
    """Tags, private use and noncharacters beyond the plane."""
    return character > "\uffff" and (character >= "\U000e0000" or ord(character) & 0xFFFE == 0xFFFE)


@settings(max_examples=250, deadline=None)
@given(records)
def test_lines_are_what_python_splits_and_strips(rows: list[tuple[str, str, str]]) -> None:
    haystack = laid(rows)
    lines = look(haystack).lines
    expected = []
    blank = "".join(map(chr, SPACES))
    for segment, text in enumerate(field for row in rows for field in row):
        at = 0
        for line in text.split("\n"):
            solid = line.strip(blank)
            if solid:
                first = at + len(line) - len(line.lstrip(blank))
                marks = HOLDS_NEEDED if set(solid) & set(NEEDED) or any(map(always_needed, solid)) else 0
                expected.append((segment, first, first + len(solid), solid, sum(map(is_letter, solid)), marks))
            at += len(line) + 1
    got = [
        (segment, first, last, haystack.text(start, end), letters, marks & HOLDS_NEEDED)
        for segment, start, end, letters, marks, first, last in zip(
            *(getattr(lines, name).tolist() for name in ("segment", "start", "end", "letters", "marks", "first", "last")), strict=True
        )
    ]
    assert got == expected
    by_text: dict[str, int] = {}
    for value, row in zip(lines.hash.tolist(), expected, strict=True):
        assert by_text.setdefault(row[3], value) == value
    assert len(set(by_text.values())) == len(by_text)


@settings(max_examples=250, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5))
def test_chunks_stand_between_white_space(rows: list[str]) -> None:
    haystack = build({"text": pa.array(rows, pa.string())})
    size = len(haystack.data) + SPARE
    begins, stops, keys = np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.uint64)
    by_bytes: dict[bytes, int] = {}
    for start, end in zip(haystack.starts.tolist(), haystack.ends.tolist(), strict=True):
        n = chunks(haystack.data, start, end - start, begins, stops, keys, np.zeros(1 << 8, np.uint64))
        segment = haystack.data[start:end].tobytes()
        expected = [match.span() for match in re.finditer(rb"[^\x00-\x20]+", segment)]
        assert list(zip(begins[:n].tolist(), stops[:n].tolist(), strict=True)) == expected
        for (first, last), key in zip(expected, keys[:n].tolist(), strict=True):
            assert by_bytes.setdefault(segment[first:last], key) == key != 0
    assert len(set(by_bytes.values())) == len(by_bytes)


@settings(max_examples=250, deadline=None)
@given(records)
def test_hashes_of_lines_are_those_of_their_bytes(rows: list[tuple[str, str, str]]) -> None:
    haystack = laid(rows)
    lines = look(haystack).lines
    assert lines.hash.tolist() == [line_hash(haystack.data, *line) for line in zip(lines.start.tolist(), lines.end.tolist(), strict=True)]


@settings(max_examples=250, deadline=None)
@given(records)
def test_folded_letters_and_copies_of_the_headline(rows: list[tuple[str, str, str]]) -> None:
    rows = [*rows, ("Ferry to the island", 'Ferry to "the" island!\nThe ferry to the islands. FERRY TO THE ISLAND', "")]
    haystack = laid(rows)
    seen = look(haystack)
    fields_ = [field for row in rows for field in row]
    assert seen.letters.tolist() == [len(folded(text)) for text in fields_]
    hashes: dict[str, int] = {}
    for text, value in zip(fields_, seen.folded.tolist(), strict=True):
        assert hashes.setdefault(folded(text), value) == value
    assert len(set(hashes.values())) == len(hashes)
    expected = []
    for i, (headline, text, _) in enumerate(rows):
        expected += [(3 * i + 1, text[start:end]) for start, end in copies(headline, text)]
    assert [(segment, haystack.text(start, end)) for segment, start, end in seen.copies.tolist()] == expected


@settings(max_examples=250, deadline=None)
@given(records)
def test_the_first_tests_never_miss(rows: list[tuple[str, str, str]]) -> None:
    haystack = laid(rows)
    seen = look(haystack)
    fields_ = [field for row in rows for field in row]
    # Old scripts and rare ideographs beyond the plane are left out of the search for what is not in normal form C.
    changed = np.array([not unicodedata.is_normalized("NFC", text) and max(text) < "\U00010000" for text in fields_])
    assert not (changed & ~seen.unordered).any()
    damaged = suspicious(haystack.data, haystack.starts, haystack.ends)
    assert not (damaged & ~seen.strange).any()


@settings(max_examples=100, deadline=None)
@given(records)
def test_what_is_kept_in_mind_changes_nothing(rows: list[tuple[str, str, str]]) -> None:
    haystack = laid(rows)
    kernel._own.__dict__.clear()
    cold, warm = look(haystack), look(haystack)
    for field in fields(Survey):
        if field.name == "lines":
            pairs = [(getattr(cold.lines, name), getattr(warm.lines, name)) for name in cold.lines.__slots__]
        else:
            pairs = [(getattr(cold, field.name), getattr(warm, field.name))]
        assert all(np.array_equal(one, other) for one, other in pairs), field.name


@pytest.mark.parametrize("text", ["in 1998", "\u0661\u0669\u0669\u0668", "a12345b", "12 34", "no year", "199", "\u0967\u0968\u0969\u096a"])
def test_numbers_of_four_digits_mark_their_line(text: str) -> None:
    seen = look(laid([("", text + "\nnone here", "")]))
    has = any(run for run in "".join(character if character.isdigit() else " " for character in text).split() if len(run) >= 4)
    assert (seen.lines.marks & HOLDS_YEAR > 0).tolist() == [has, False]


def test_copies_share_their_shingles_and_other_texts_do_not() -> None:
    story = " ".join(f"word{i * 7919 % 1000} of the tale" for i in range(400))
    haystack = laid([("", story, ""), ("", "Before it.\n" + story + "\nAfter it.", ""), ("", story.replace("tale", "song"), "")])
    found = look(haystack).shingles
    sets = [set(found[found[:, 0] == 3 * i + 1, 1].tolist()) for i in range(3)]
    assert len(sets[0]) > 40
    # The first two tokens of a text have nothing before them.
    assert len(sets[0] - sets[1]) <= 2
    assert len(sets[0] & sets[2]) < len(sets[0]) / 2


def test_a_very_long_line() -> None:
    word = "\N{ARABIC LETTER BEH}\N{ARABIC LETTER TEH}"
    haystack = laid([("", (word + " ") * 6_000_000, "")])
    lines = look(haystack).lines
    assert lines.letters.tolist() == [12_000_000]
    assert lines.last.tolist() == [18_000_000 - 1]

"""Parts of the closer look beside slow, obvious ones: which readings may be, what is judged damaged, which languages a text has."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corpusgate.kernels.charset_judge import Bounds, judge
from corpusgate.kernels.charset_languages import votes
from corpusgate.kernels.charset_ruled_out import LEGACY, possible
from corpusgate.kernels.charsets import NEVER, SAME
from corpusgate.signals.charset_channels import CHANNELS, NONE, UTF8, tables
from corpusgate.signals.charset_model import model

BOUNDS = Bounds(chunk=72, line=95, text=400, weak_in_line=-60, weak_in_text=-20, leaning=40, impossible=-30, strange_language=70, words=200)
READINGS = list(dict.fromkeys(channel.reading for channel in CHANNELS))
characters = st.one_of(
    st.characters(max_codepoint=0x4FF),
    st.sampled_from("ÃÂâ€™œ\xa0©РСпЂ╨├ط§„繝縺é涓\ufffd .a"),
    st.characters(exclude_categories=["Cs"]),
)


def bytes_of(character: str, row: int) -> list[int]:
    """The bytes beyond ASCII behind a character, none if the reading does not have it."""
    if not "\x80" <= character < "\U00010000":
        return []
    code = int(tables().encoder[row, ord(character)])
    return [] if code == NONE else [code >> 8, code & 0xFF] if code > 0xFF else [code]


def may_be_utf8(text: str, row: int) -> bool:
    lead = False
    for character in text:
        if lead and character in " \ufffd":
            return True
        stream = bytes_of(character, row)
        lead = lead and bool(stream)
        for byte in stream:
            if lead and 0x80 <= byte < 0xC0:
                return True
            lead = byte >= 0xC2
    return lead


def may_be_legacy(text: str, row: int) -> bool:
    foreign = [character for character in text if character >= "\x80" and character != "\ufffd"]
    known = sum(bool(bytes_of(character, row)) for character in foreign)
    return known > len(foreign) - known


@settings(max_examples=300, deadline=None)
@given(st.text(characters, max_size=12))
def test_possible_rules_out_what_cannot_be(text: str) -> None:
    points = np.array([ord(character) for character in text], np.int32)
    bits = possible(points, len(points), tables())
    for row, reading in enumerate(READINGS):
        assert bool(bits >> row & 1) == may_be_utf8(text, row)
        if any(channel.reading == reading and channel.source != UTF8 for channel in CHANNELS):
            assert bool(bits >> (LEGACY + row) & 1) == may_be_legacy(text, row)


def judged(score: list[list[int]], line: list[int], prior: list[int], legacy: list[bool], bounds: Bounds) -> list[int]:
    """`judge`, one chunk after the other."""
    channels = range(len(prior))

    def told(value: int, k: int) -> int:
        return bounds.impossible if value == NEVER else 0 if value == SAME else max(value + prior[k], -60)

    def summed(rows: list[list[int]]) -> list[int]:
        return [sum(told(row[k], k) for row in rows) - prior[k] for k in channels]

    def best(values: list[int]) -> int:
        return values.index(max(values))

    def weak(rows: list[list[int]], k: int, bound: int) -> int:
        possible = [row[k] for row in rows if row[k] > SAME]
        whole = legacy[k] and 2 * sum(value + prior[k] > 0 for value in possible) > len(possible)
        return SAME if whole else bound

    of_text = summed(score)
    text = best(of_text)
    lost = of_text[text] >= bounds.text
    out = []
    for row, number in zip(score, line, strict=True):
        rows = [other for other, where in zip(score, line, strict=True) if where == number]
        of_line = [value + (bounds.leaning if lost and k == text else 0) for k, value in enumerate(summed(rows))]
        here = best(of_line)
        if max(of_line) >= bounds.line and row[here] > weak(rows, here, bounds.weak_in_line):
            out.append(here)
        elif lost and row[text] > weak(score, text, bounds.weak_in_text):
            out.append(text)
        elif max(row) >= bounds.chunk:
            out.append(best([value + ((k == here) + (k == text)) * (bounds.leaning // 2) for k, value in enumerate(row)]))
        else:
            out.append(-1)
    return out


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_judge_weighs_each_chunk_with_its_line_and_text(data: st.DataObject) -> None:
    n, channels = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 4))
    values = st.one_of(st.integers(-400, 400), st.sampled_from([NEVER, SAME, 0, 71, 72, 95]))
    score = data.draw(arrays.arrays(np.int32, (n, channels), elements=values, fill=st.nothing()))
    line = np.sort(data.draw(arrays.arrays(np.int64, n, elements=st.integers(0, 3))))
    prior = data.draw(arrays.arrays(np.int64, channels, elements=st.integers(0, 70)))
    legacy = data.draw(arrays.arrays(np.bool_, channels))
    got = judge(score, line, prior, legacy, BOUNDS)
    assert got.tolist() == judged(score.tolist(), line.tolist(), prior.tolist(), legacy.tolist(), BOUNDS)


def test_votes_tell_the_languages_of_a_text() -> None:
    for text, language in (
        ("Die Stadt kündigte an, dass die alte Brücke bis Ende März gesperrt bleibt.", 1),
        ("La mairie a annoncé que le vieux pont resterait fermé jusqu'à la fête.", 2),
    ):
        share = votes(np.frombuffer(text.encode(), np.uint8), model(), 200)
        assert int(share.argmax()) == language
        assert abs(share.sum() - 1) < 1e-9
    mixed = votes(np.frombuffer("Городской совет сообщил, что старый мост закроют. Öld bridge".encode(), np.uint8), model(), 200)
    assert mixed[~model().latin].sum() > 0.5
    assert votes(np.frombuffer("中文 123".encode(), np.uint8), model(), 200).max() < 0.02

"""Words that join, against Python's `re`."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.characters import classes
from corpusgate.kernels.joining import count_joining
from corpusgate.signals import boilerplate

_OWN = "|".join(boilerplate.OWN_WAW.split())
_JOINING = re.compile(
    rf"\b(?:{'|'.join(boilerplate.JOINING_WORDS.split())}|(?!{_OWN}|{boilerplate.OWN_WAW_WHOLE}\b)و\w\w+)\b", re.IGNORECASE
)
_ODD = [" ", "-", "_", "7", "x", "\N{ARABIC SHADDA}", "\N{CJK UNIFIED IDEOGRAPH-6F22}", "\N{LATIN SMALL LETTER E WITH ACUTE}"]
_WORDS = ["and", "AND", "et", "Y", "e", "И", "и", "و", "وقال", "ولية", "وق", "ال", *boilerplate.OWN_WAW.split()[:9]]
_PIECES = st.sampled_from([*_ODD, " ", *_WORDS, boilerplate.OWN_WAW_WHOLE])


@settings(max_examples=400, deadline=None, derandomize=True)
@given(lines=st.lists(st.one_of(st.lists(_PIECES, max_size=20).map("".join), st.text(st.characters(max_codepoint=0x1FFF))), max_size=5))
def test_words_and_those_that_join_as_re_counts_them(lines: list[str]) -> None:
    pieces = [line.encode() for line in lines]
    ends = np.cumsum([len(piece) for piece in pieces]).astype(np.int64)
    starts = ends - np.array([len(piece) for piece in pieces], np.int64)
    data = np.frombuffer(b"".join(pieces) + bytes(16), np.uint8)
    words, joined = count_joining(data, classes(), starts, ends, boilerplate.joining())
    assert words.tolist() == [len(re.findall(r"\w+", line)) for line in lines]
    assert joined.tolist() == [len(_JOINING.findall(line)) for line in lines]

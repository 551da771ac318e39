"""The language that the first words of a text look most like, beside a reference that adds costs up one by one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpusgate.kernels.charset_languages import LANES, language_of
from corpusgate.kernels.haystack import build
from corpusgate.signals.charset_model import model

_TEXTS = st.text(st.sampled_from("aezß éñő шыї ابپگ 漢字かな 1.\U0001f600\n") | st.characters(codec="utf-8"), max_size=300)


def _reference(text: str) -> tuple[int, list[int]]:
    known = model()
    total = [0] * known.bigram.shape[2]
    before = letters = 0
    for point in map(ord, text):
        symbol = int(known.symbol[point]) if point < 0x10000 else 0
        # Latin letters beyond ASCII, which may be damaged, say nothing.
        symbol = symbol if symbol <= known.letters and not 0x80 <= point < 0x250 else 0
        if letters < 128 and (symbol or before):
            letters += 1
            total = [sum(pair) for pair in zip(total, known.bigram[before, symbol].tolist(), strict=True)]
        before = symbol
    best = total.index(min(total))
    return best, [min((each - total[best]) // 2, 50) for each in total]


@settings(deadline=None)
@given(_TEXTS)
@example("Der Hund und die Katze, " * 9 + "والقطة والكلب " * 9)
def test_the_cheapest_language_is_told_and_what_others_cost_beside_it(text: str) -> None:
    known, haystack = model(), build({"text": pa.array([text])})
    languages = known.bigram.shape[2]
    out = np.empty(languages, np.int32)
    best = language_of(
        haystack.data, 0, int(haystack.ends[0]), known.bigram.reshape(-1), known.symbol, known.planes, known.letters,
        np.empty(LANES, np.uint16), np.empty(languages, np.int32), out,
    )  # fmt: skip
    assert (best, out.tolist()) == _reference(text)

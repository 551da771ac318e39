"""Hypothesis strategies: clean records, damaged ones, and any text at all."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from corpusgate.strategies import CORRUPTORS, corrupt
from corpusgate.strategies.clean import LANGUAGES, MOST, Record, clean_records


@st.composite
def corpora(draw: st.DrawFn, minimum: int = 1, maximum: int = 6, language: str | None = None) -> list[Record]:
    """Clean records of one source in one language.

    Args:
        draw: given by Hypothesis.
        minimum: fewest records.
        maximum: most records, at most 54.
        language: one of `LANGUAGES`; without it any of them.
    """
    spoken = language or draw(st.sampled_from(LANGUAGES))
    count = draw(st.integers(minimum, min(max(minimum, maximum), MOST)))
    return clean_records(count, spoken, Random(draw(st.integers(0, 2**32 - 1))))


def records(language: str | None = None) -> st.SearchStrategy[Record]:
    """One clean record."""
    return corpora(1, 1, language).map(lambda made: made[0])


@st.composite
def damaged(draw: st.DrawFn, check: str, language: str | None = None) -> list[Record]:
    """Records of one source out of which a check must find something."""
    needed = CORRUPTORS[check].records if check in CORRUPTORS else 1
    clean = draw(corpora(needed, needed + 2, language))
    return corrupt(check, clean, Random(draw(st.integers(0, 2**32 - 1))))


def any_text(max_size: int = 200) -> st.SearchStrategy[str]:
    """Any text at all: control characters, lone surrogates, unassigned code points, and pieces that detectors look for."""
    pieces = st.sampled_from(
        [
            "\u00c3\u00a9",
            "&amp;",
            "<b>",
            "\n",
            "\N{REPLACEMENT CHARACTER}",
            "??? ??",
            "3 March 2026",
            "\N{ARABIC TATWEEL}",
            "\ud83d",
            "\x00",
            "All rights reserved",
        ]
    )
    return st.lists(st.one_of(st.text(st.characters(), max_size=20), pieces), max_size=20).map(lambda parts: "".join(parts)[:max_size])

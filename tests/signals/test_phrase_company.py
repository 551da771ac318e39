"""Common words speak for a line in company only, and all of them stand in the lists."""

from __future__ import annotations

from importlib import resources

import numpy as np
import yaml
from hypothesis import given
from hypothesis import strategies as st

import corpusgate
from corpusgate.kernels.patterns import Matches
from corpusgate.signals import phrase_lists

PATTERNS, PHRASES = phrase_lists.of_kinds(phrase_lists.KINDS)
COMMON = [i for i, phrase in enumerate(PHRASES) if phrase.common][:6]
PLAIN = [i for i, phrase in enumerate(PHRASES) if not phrase.common][:2]


def reference(found: list[tuple[int, int, int]]) -> list[bool]:
    """By segment, line and pattern: whether the segment's first phrase has another one, or some phrase is not common."""
    out = []
    for segment, _, _ in found:
        mine = [(PHRASES[pattern].text.casefold(), line) for where, line, pattern in found if where == segment]
        plain = any(not PHRASES[pattern].common for where, _, pattern in found if where == segment)
        out.append(plain or any(text != mine[0][0] and line != mine[0][1] for text, line in mine))
    return out


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.sampled_from([*COMMON, *COMMON, *PLAIN])), max_size=12))
def test_company_is_what_the_reference_says(drawn: list[tuple[int, int, int]]) -> None:
    found = sorted((segment, 10 * segment + line, pattern) for segment, line, pattern in drawn)
    segment, line, pattern = np.array(found, np.int64).reshape(-1, 3).T
    place = np.arange(len(found), dtype=np.int64)
    assert phrase_lists.in_company(Matches(pattern, segment, place, place + 1, line)).tolist() == reference(found)


def test_all_common_words_stand_in_a_list_of_their_language() -> None:
    for entry in (resources.files("corpusgate.signals") / "phrases").iterdir():
        if entry.name.endswith(".yaml"):
            data = yaml.safe_load(entry.read_text("utf-8"))
            listed = {text for places in data["kinds"].values() for texts in places.values() for text in texts or ()}
            assert set(data.get("common", ())) <= listed, entry.name


def test_a_common_word_says_nothing_alone_and_something_beside_another() -> None:
    story = "The old mill was sold on Friday, and its new owner wants to grind spelt again."
    alone, beside = (f"Home\n{story}\n{last}" for last in ("Home", "All rights reserved"))
    assert not [f for f in corpusgate.inspect({"text": alone}) if f.check == "boilerplate/navigation"]
    assert [f.match for f in corpusgate.inspect({"text": beside}) if f.check == "boilerplate/navigation"] == ["Home"]

"""Contradictions in long lines: read near the places that are named, they are those of a whole reading there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.signals.date_contradictions import contradictions

_FALSE = ["Friday, 31 February 2020", "31 نيسان 2021", "Sunday, 4 March 2024", "30.02.2019"]
_PIECES = st.lists(st.one_of(st.sampled_from([*_FALSE, "4 March 2024", "in 1997", "the 1,200 guests"]), st.just("word " * 90)), max_size=25)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(pieces=_PIECES, newline=st.booleans())
def test_reading_near_places_finds_what_a_whole_reading_does(pieces: list[str], newline: bool) -> None:
    text = ("\n" if newline else " and then ").join(pieces)
    places = [at for false in _FALSE for at in range(len(text)) if text.startswith(false, at)]
    found = contradictions(text, "en", sorted(places))
    assert found == contradictions(text, "en")


def test_what_is_far_from_all_places_is_left_out() -> None:
    text = "word " * 200 + _FALSE[0] + " " + "word " * 200 + _FALSE[0]
    first = text.index("31")
    assert [hit.start for hit in contradictions(text, "en", [first])] == [first]


def test_thousands_of_dates_in_one_line() -> None:
    false = "We met on Friday, 31 February 2020 and it rained. "
    count = 3000
    starts = [hit.start for hit in contradictions(false * count, "en", [len(false) * i + 10 for i in range(count)])]
    assert len(starts) == count
    assert all(bisect_left(starts, len(false) * (i + 1)) == bisect_right(starts, len(false) * i) + 1 for i in range(count))

"""A whole record as a page: its text cut where evidence begins and ends, so that overlapping evidence is shown in place too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpusgate.results import Page, PageField, Place


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text between two ends of evidence.

    Attributes:
        text: the text; empty where some of the record is left out.
        gap: code points left out before it.
        state: of the gravest evidence that it is part of; empty where there is none.
        ends: numbers of the evidence that ends here.
    """

    text: str
    gap: int
    state: str
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A finding on a page: its number, and its place in results.json."""

    number: int
    place: Place


def notes(page: Page) -> list[Note]:
    """The findings of a page by number, from 1."""
    return [Note(i + 1, place) for i, place in enumerate(page.places)]


def stretches(field: PageField, marked: Sequence[Note], states: Mapping[str, str], order: Sequence[str]) -> list[Stretch]:
    """The text of a field in pieces.

    Args:
        field: what is known of it.
        marked: all findings of the page.
        states: state of each check, by its name.
        order: states, the gravest first.
    """
    spans = [
        (note.number, note.place.start, note.place.end, states.get(note.place.check, "info"))
        for note in marked
        if note.place.field == field.field and note.place.start is not None and note.place.end is not None
    ]
    out: list[Stretch] = []
    at = 0
    for passage in field.passages:
        begin, end = passage.start, passage.start + len(passage.text)
        cuts = {begin, end, *(place for _, start, stop, _ in spans for place in (start, stop) if begin < place < end)}
        ordered = sorted(cuts)
        for start, stop in pairwise(ordered):
            over = [state for _, low, high, state in spans if low < stop and high > start]
            ends = tuple(number for number, _, high, _ in spans if start < min(high, end) <= stop)
            state = min(over, key=order.index) if over else ""
            out.append(Stretch(passage.text[start - begin : stop - begin], start - at, state, ends))
            at = stop
    if at < field.length:
        out.append(Stretch("", field.length - at, "", ()))
    return out

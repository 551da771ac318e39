"""How much each line of a text looks like furniture: the model of `data/line_model.npz` over the lines of a block.

`benchmarks/train_lines.py` makes the model; data/README.md says from what, and how good it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.haystack import Haystack, build
from corpusgate.kernels.line_context import FEATURES
from corpusgate.kernels.line_model import (
    CLEARED,
    MOST,
    SPOKEN_FOR,
    LineModel,
    context_rows,
    first_look,
    own_scores,
    scores_of,
    shape_rows,
)  # fmt: skip
from corpusgate.kernels.line_shapes import READ, kinds
from corpusgate.kernels.line_topics import topic_rows
from corpusgate.kernels.line_trees import tree_sums
from corpusgate.kernels.lines import Lines
from corpusgate.kernels.patterns import PatternSet
from corpusgate.kernels.survey import survey
from corpusgate.kernels.survey_tables import known_of
from corpusgate.signals import phrase_lists
from corpusgate.signals.base import Ints
from corpusgate.signals.charset_model import model as charset_model
from corpusgate.signals.charsets import first_test
from corpusgate.signals.headlines import OWN_TEXT_LETTERS

Shorts = NDArray[np.int16]
FILE = Path(__file__).parent / "data" / "line_model.npz"

#: Thresholds by name, and the share of content lines lost for which each was set.
LOST = {"careful": 0.005, "normal": 0.01, "eager": 0.05}


@dataclass(frozen=True, slots=True)
class TextLines:
    """The lines of all texts of a block.

    Attributes:
        index: int64 (n,): which of the survey's lines they are, rising.
        lines: the lines.
        page: int64 (n,): the record of each.
        pages: int64 (records + 1,): first line of each record, and the number of lines.
        spoken: bool (n,): whether a phrase speaks for it.
    """

    index: Ints
    lines: Lines
    page: Ints
    pages: Ints
    spoken: NDArray[np.bool_]

    @classmethod
    def of(cls, haystack: Haystack, lines: Lines, spoken: Ints) -> TextLines:
        """Those of a haystack; `spoken` are the indices of lines that a phrase speaks for."""
        # Looked up, since a division for each of many lines takes ten times as long.
        is_text = np.tile([field == "text" for field in haystack.fields], haystack.records)
        index = np.flatnonzero(is_text[lines.segment])
        mine = lines.take(index)
        page = np.repeat(np.arange(haystack.records), len(haystack.fields))[mine.segment]
        flags = np.zeros(len(lines), np.bool_)
        flags[spoken] = True
        return cls(index, mine, page, np.searchsorted(page, np.arange(haystack.records + 1)), flags[index])


@dataclass(frozen=True, slots=True)
class Looks:
    """What a first look at the lines gave: see `line_model.first_look`."""

    doubtful: Ints
    long: Ints
    ends: Shorts
    begins: Shorts
    prose: Shorts


def looks_of(haystack: Haystack, text: TextLines) -> Looks:
    """Have a first look at all lines."""
    lines, n = text.lines, len(text.lines)
    long, ends, begins, prose = np.empty(n, np.int64), np.empty(n, np.int16), np.empty(n, np.int16), np.empty(n, np.int16)
    points = lines.last - lines.first
    doubtful = first_look(haystack.data, lines.start, lines.end, points, text.pages, text.spoken, kinds(), long, ends, begins, prose)
    return Looks(doubtful, long, ends, begins, prose)


class Shapes(NamedTuple):
    """What lines in doubt look like by themselves.

    Attributes:
        rows: int16 (m, features): their numbers; those of context are not filled.
        first: int64 (m + 1,): where the words of each begin that bind no sentence.
        places: uint16: the places of these, for `put_to_topic`.
    """

    rows: Shorts
    first: Ints
    places: NDArray[np.uint16]


def shapes_of(haystack: Haystack, text: TextLines, looks: Looks, keys: NDArray[np.uint64], values: Shorts) -> Shapes:
    """Read the lines in doubt."""
    lines, doubtful = text.lines, looks.doubtful
    rows, first = np.zeros((len(doubtful), len(FEATURES)), np.int16), np.empty(len(doubtful) + 1, np.int64)
    places = np.empty(int((np.minimum((lines.end - lines.start)[doubtful], READ) + 1).sum()), np.uint16)
    shape_rows(
        haystack.data, lines.start, lines.end, lines.last - lines.first, doubtful, known_of(""), kinds(), keys, values, looks.long,
        looks.ends, rows, first, places,
    )  # fmt: skip
    return Shapes(rows, first, places)


def put_to_topic(
    haystack: Haystack, text: TextLines, looks: Looks, keys: NDArray[np.uint64], values: Shorts, chosen: NDArray[np.bool_], shapes: Shapes
) -> None:
    """Fill the numbers of topic of chosen lines among those in doubt."""
    headline, lines = haystack.segment("headline"), text.lines
    topic_rows(
        haystack.data, lines.start, lines.end, text.pages, haystack.starts[headline], haystack.ends[headline], looks.prose, looks.doubtful,
        chosen, shapes.first, shapes.places, known_of(""), kinds(), keys, values, shapes.rows,
    )  # fmt: skip


def put_into_context(text: TextLines, looks: Looks, own: Shorts, rows: Shorts) -> None:
    """Fill the numbers of context; `own` is what each line looks like by itself, int16 (n,) in sixteenths of a logit."""
    context_rows(text.pages, looks.doubtful, looks.long, looks.ends, looks.begins, looks.prose, own, text.lines.hash, rows)


def own_of(text: TextLines) -> Shorts:
    """What lines look like by themselves, before those in doubt are weighed: int16 (n,)."""
    return np.where(text.spoken, MOST, -MOST).astype(np.int16)


@lru_cache(maxsize=1)
def model() -> LineModel:
    """Read the model, once a process."""
    with np.load(FILE) as data:
        # An archive unpacks an array each time that it is asked for it.
        arrays = {name: data[name] for name in LineModel._fields}
    columns: dict[str, Any] = {name: array if array.ndim else int(array) for name, array in arrays.items()}
    return LineModel(**columns)


@lru_cache(maxsize=1)
def thresholds() -> dict[str, int]:
    """The score from which on a line counts as furniture, by the name of the threshold."""
    with np.load(FILE) as data:
        return {name: int(value) for name, value in zip(LOST, data["thresholds"], strict=True)}


@dataclass(frozen=True, slots=True)
class Scored:
    """Lines with their scores.

    Attributes:
        score: int16 (n,): logit in hundredths that the line is furniture; `SPOKEN_FOR` where a phrase speaks for it.
        doubtful: int64 (m,): the lines that were looked at closely, rising.
        rows: int16 (m, features): the numbers of those.
        ends: int16 (n,): kind of the last character of each line.
        long: int64 (n,): its effective characters.
    """

    score: Shorts
    doubtful: Ints
    rows: Shorts
    ends: Shorts
    long: Ints


def scored(haystack: Haystack, text: TextLines) -> Scored:
    """Score each line."""
    known = model()
    looks = looks_of(haystack, text)
    shapes = shapes_of(haystack, text, looks, known.keys, known.values)
    rows = shapes.rows
    own = own_of(text)
    own_scores(rows, looks.doubtful, known.weights, known.bias, own)
    put_into_context(text, looks, own, rows)
    score = np.where(text.spoken, SPOKEN_FOR, CLEARED).astype(np.int16)
    unsure, sums = np.ones(len(rows), np.bool_), np.zeros(len(rows), np.int32)
    trees = known.feature, known.bound, known.leaves
    tree_sums(rows, unsure, 0, known.second, *trees, sums)
    unsure = sums >= known.low
    put_to_topic(haystack, text, looks, known.keys, known.values, unsure, shapes)
    tree_sums(rows, unsure, known.second, len(known.feature), *trees, sums)
    scores_of(sums, looks.doubtful, score)
    return Scored(score, looks.doubtful, rows, looks.ends, looks.long)


def surveyed_text(headlines: pa.Array, texts: pa.Array) -> tuple[Haystack, TextLines]:
    """Pages by themselves, as a block would have them: for training and for measuring."""
    haystack = build({"headline": headlines, "text": texts})
    patterns = PatternSet(phrase_lists.patterns(phrase_lists.KINDS))
    lines = survey(haystack, patterns.wanted, OWN_TEXT_LETTERS, first_test(), charset_model()).lines
    matches = patterns.scan(haystack, lines)
    accepted = phrase_lists.accepted(matches, lines, phrase_lists.KINDS)
    return haystack, TextLines.of(haystack, lines, accepted.line)

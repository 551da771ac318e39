"""Furniture line by line: what phrases say, what the model says of a line in its page, and in words why.

A line that a phrase of the lists speaks for is furniture, and a finding of the checks of phrases; here are the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.line_context import FEATURES
from corpusgate.kernels.line_model import CLEARED, SPOKEN_FOR
from corpusgate.kernels.line_shapes import BARS, COMMA, COMMAS, ELLIPSIS, FUNCTIONS, POINTS, READ, STOP
from corpusgate.kernels.sums import page_sums
from corpusgate.signals import line_model
from corpusgate.signals.base import Hits, Ints, View, signal
from corpusgate.signals.boilerplate import accepted, everything, in_company
from corpusgate.signals.line_model import Shorts, TextLines

Threshold = Literal["careful", "normal", "eager"]

#: Bars, arrows or commas that make a list of a line without a word that binds.
SEPARATORS = 3

#: Effective characters of the longest line that is taken for verse where it ends in dots or a comma.
VERSE = 40

#: How far above the threshold, in hundredths of a logit, a line has to be to stand for itself where so many lines in doubt of its record or
#: fewer are below it. Where there are more, it is the logarithm of how many times more: of many lines one is that far above by chance. By
#: folds over domains, 1.8 % of 2,417 pages of content alone have a line above the threshold, .08 % one that is so far above it; .33 % if
#: their lines are not counted.
BEYOND, FEW = 200, 10

#: Share of a record's letters in furniture, in percent, from which on the record is mostly furniture, and how many of these lines reach the
#: careful threshold too: one line of rights reserved makes none of a poem, though its short lines look a little more like it then. Of 2,445
#: pages, the same ones are found whether so many have to or none.
MOSTLY, LINES = 50, 5

_AT = {name: place for place, name in enumerate(FEATURES)}


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is known of the text lines of a block.

    Attributes:
        text: the lines.
        score: int16 (n,): logit in hundredths that a line is furniture; `SPOKEN_FOR` where a phrase says so.
        reasons: int16 (n,): bits of `_REASONS` that hold of each line in doubt.
        listed: bool (n,): whether it is a list of names or links without a word between them.
        ends: int16 (n,): kind of its last character, of `line_shapes`.
        long: int64 (n,): its effective characters.
        sure: bool (n,): whether a line of its record is furniture beyond doubt: a phrase says so, or the model by far.
    """

    text: TextLines
    score: Shorts
    reasons: Shorts
    listed: NDArray[np.bool_]
    ends: Shorts
    long: Ints
    sure: NDArray[np.bool_]


#: Why a line looks like furniture: a number of the line, the least and the greatest value for which it is said, and the words.
_REASONS: tuple[tuple[str, int, int, str], ...] = (
    ("repeats", 2, 1000, "it stands more than once in this record"),
    ("copyright", 1, 1000, "it has a copyright sign"),
    ("most", 24, 1000, "a word of it is common in menus, prompts and forms"),
    ("near", 16, 1000, "the lines around it look like furniture"),
    ("block_at", -1000, -1, "it stands before the story"),
    ("block_at", 1, 1000, "it stands behind the story"),
    ("bars", 2, 1000, "it is parted by bars or arrows"),
    ("functions", 0, 0, "no word in it binds a sentence"),
)
#: Reasons told of one line.
_TOLD = 3


#: What a line gains, in hundredths of a logit, for each doubling of the pages of its source that it stands on.
DOUBLING = 150


def gain(pages: Ints) -> Ints:
    """What lines gain that stand on so many pages of their source: int64 (n,), nothing for one."""
    gained: Ints = np.rint(DOUBLING * np.log2(np.maximum(pages, 1))).astype(np.int64)
    return gained


def furniture(view: View) -> Furniture:
    """The text lines of a block, scored once for all signals that ask; the view must have matches of all phrases."""
    if "furniture" not in view.cache:
        text = TextLines.of(view.haystack, view.survey.lines, accepted(view).line)
        scored = line_model.scored(view.haystack, text)
        reasons = np.zeros(len(text.lines), np.int16)
        # Both are asked of lines that some threshold takes for furniture, which are few of those in doubt.
        likely = np.flatnonzero(scored.score[scored.doubtful] >= min(line_model.thresholds().values()))
        at, rows = scored.doubtful[likely], scored.rows[likely]
        bits = np.zeros(len(at), np.int16)
        for bit, (name, least, most, _) in enumerate(_REASONS):
            column = rows[:, _AT[name]]
            bits |= ((column >= least) & (column <= most)).astype(np.int16) << bit
        reasons[at] = bits
        listed = np.zeros(len(text.lines), np.bool_)
        bars, commas, points, functions = (rows[:, j].astype(np.int64) for j in (BARS, COMMAS, POINTS, FUNCTIONS))
        read = np.minimum(points, READ)
        listed[at] = (functions == 0) & ((bars >= SEPARATORS) | (commas * read >= 200 * SEPARATORS))
        # Verse breaks off at its lines' ends, and what has no letters parts its stanzas.
        verse = ((scored.ends == ELLIPSIS) | (scored.ends == COMMA)) & (scored.long < VERSE) | (text.lines.letters < 2)
        score = np.where(verse & ~text.spoken, CLEARED, scored.score).astype(np.int16)
        certain = np.zeros(len(view.survey.lines), np.bool_)
        certain[accepted(view).line[in_company(view)]] = True
        careful = line_model.thresholds()["careful"]
        below = scored.doubtful[score[scored.doubtful] < careful]
        left = np.bincount(text.page[below], minlength=len(text.pages) - 1)
        beyond = careful + BEYOND + np.rint(100 * np.log(np.maximum(left / FEW, 1)))
        by_far = (score >= beyond[text.page]) & ~text.spoken
        sure = sums(by_far | certain[text.index], text.pages)[text.page] > 0
        view.cache["furniture"] = Furniture(text, score, reasons, listed & (scored.ends != STOP), scored.ends, scored.long, sure)
    return view.cache["furniture"]  # type: ignore[no-any-return]


@lru_cache(maxsize=1 << len(_REASONS))
def _words(reasons: int) -> str:
    told = [words for bit, (*_, words) in enumerate(_REASONS) if reasons >> bit & 1][:_TOLD]
    if not told:
        return "This line looks like furniture of the page."
    return f"This line looks like furniture of the page: {', and '.join([', '.join(told[:-1]), told[-1]] if told[1:] else told)}."


@signal("boilerplate", patterns=everything)
def stray_lines(view: View, *, threshold: Threshold = "careful", alone: bool = False) -> Hits:
    """Lines that look like furniture by their shape, words, neighbours and place, though no phrase list knows them.

    They are those of records with a line that is furniture beyond doubt, or `alone` those of all others.
    """
    known = furniture(view)
    likely = (known.score >= line_model.thresholds()[threshold]) & (known.score < SPOKEN_FOR)
    chosen = np.flatnonzero(likely & ~known.listed & (known.sure != alone))
    lines = known.text.lines
    return Hits(lines.segment[chosen], lines.start[chosen], lines.end[chosen], tuple(map(_words, known.reasons[chosen].tolist())))


@signal("boilerplate", patterns=everything)
def link_list(view: View, *, threshold: Threshold = "eager") -> Hits:
    """Lines of furniture that list names or links, parted by bars or commas, without a word between them."""
    known = furniture(view)
    chosen = np.flatnonzero((known.score >= line_model.thresholds()[threshold]) & (known.score < SPOKEN_FOR) & known.listed)
    lines = known.text.lines
    return Hits(lines.segment[chosen], lines.start[chosen], lines.end[chosen])


def sums(values: NDArray[np.generic], pages: Ints) -> Ints:
    """Sums of values of lines over each page, int64 (pages,)."""
    summed: Ints = page_sums(values, pages)
    return summed


@signal("boilerplate", patterns=everything)
def mostly_furniture(view: View, *, threshold: Threshold = "eager") -> Hits:
    """A record more than half of whose letters stand in lines of furniture, some beyond doubt: the place is its longest run of them."""
    known = furniture(view)
    lines, pages = known.text.lines, known.text.pages
    flag = (known.score >= line_model.thresholds()[threshold]) & known.sure
    count = sums(flag, pages)
    in_furniture, letters = sums(np.where(flag, lines.letters, 0), pages), sums(lines.letters, pages)
    certain = sums(flag & (known.score >= line_model.thresholds()["careful"]), pages)
    chosen = np.flatnonzero((certain >= LINES) & (100 * in_furniture > MOSTLY * letters))
    start, end, notes = np.empty(len(chosen), np.int64), np.empty(len(chosen), np.int64), []
    for n, page in enumerate(chosen.tolist()):
        low, high = _longest_run(flag[pages[page] : pages[page + 1]])
        start[n], end[n] = lines.start[pages[page] + low], lines.end[pages[page] + high - 1]
        share = round(100 * int(in_furniture[page]) / int(letters[page]))
        notes.append(
            f"{count[page]} of {pages[page + 1] - pages[page]} lines, {share} % of the letters, are furniture; this is the longest run."
        )
    return Hits(view.haystack.segment("text")[chosen], start, end, tuple(notes))


def _longest_run(flag: NDArray[np.bool_]) -> tuple[int, int]:
    """First of the longest run of true values, and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flag, [False]]).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    low, high = runs[int(np.argmax(runs[:, 1] - runs[:, 0]))]
    return int(low), int(high)

"""Which records tell the same story: texts that are the same, near copies and contained copies, as groups and as edges.

Candidates are found by hashes, read again by all processes, and compared on all their shingles. What is certain joins groups,
each known by its smallest ordinal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.union_find import unite, unite_with_whole
from corpusgate.runners import frames
from corpusgate.runners.candidates import Pairs, representatives
from corpusgate.runners.common import common
from corpusgate.runners.headlines import Compared
from corpusgate.runners.sampled import merged
from corpusgate.runners.stages import Stages
from corpusgate.runners.tasks import Tasks
from corpusgate.runners.titles import Known, Titles, known, without_headlines
from corpusgate.runners.titles import find as find_titles
from corpusgate.runners.work import PartResult, Work
from corpusgate.signals.stories import NEAR_COPY, about_as_long, kinds, same_story
from corpusgate.signals.titles import NEAR

Ints = NDArray[np.int64]
Short = NDArray[np.int32]


class Comparing(Tasks, Protocol):
    """Who does tasks, and finds candidates for copies."""

    def pairs(self, parts: Sequence[PartResult], starts: Sequence[int], first: Short, headlines: Known) -> Pairs:
        """What `candidates.pairs` gives for a run."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of texts that are copies, by the ordinals of the first records that have them.

    Attributes:
        first: int32 (n,): the earlier one.
        second: int32 (n,): the later one.
        kind: int8 (n,): what they are to each other, as `signals.stories` has it.
        percent: int8 (n,): how much they have in common.
    """

    first: Short
    second: Short
    kind: NDArray[np.int8]
    percent: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Stories:
    """What is known of the texts of all records.

    Attributes:
        first: int32 (records,): the first record with the same folded text; -1 where there is no text.
        text: int32 (records,): the smallest ordinal among copies of its text, near and contained ones; -1 likewise.
        story: int32 (records,): the same where short texts under one headline count too.
        edges: the copies that are not the same but for folding.
        titles: the headlines over them.
    """

    first: Short
    text: Short
    story: Short
    edges: Edges
    titles: Titles

    def save(self, work: Path) -> None:
        """Write what every process needs to know of a record."""
        np.save(work / "texts.npy", np.where(several(self.text), self.text, -1).astype(np.int32))
        np.save(work / "stories.npy", self.story)
        self.titles.save(work)


def several(group: Short) -> NDArray[np.bool_]:
    """Which records are of a group that has others too, bool (records,); -1 is no group."""
    sizes = np.bincount(group[group >= 0], minlength=len(group))
    return np.asarray((group >= 0) & (sizes[np.maximum(group, 0)] > 1))


def without_copies(first: Short) -> Stories:
    """The stories where no text is a copy but of what it is the same as after folding: from what `representatives` gave."""
    nothing = np.zeros(0, np.int32)
    _, titles = without_headlines(len(first))
    return Stories(first, first, first, Edges(nothing, nothing, nothing.astype(np.int8), nothing.astype(np.int8)), titles)


def find(work: Work, parts: Sequence[PartResult], starts: Sequence[int], pool: Comparing, stages: Stages) -> Stories:
    """Find the stories of a corpus.

    Args:
        work: the run.
        parts: all parts in order, with a record or more among them.
        starts: first ordinal of each.
        pool: who finds candidates, and reads texts again.
        stages: where to count the time.
    """
    with stages("candidates"):
        total = sum(part.measurement.records for part in parts)
        first = representatives(parts, starts, total)
        titled = "headlines" in work.plan.names
        headlines = known(parts, starts, total) if titled else without_headlines(total)[0]
        found = pool.pairs(parts, starts, first, headlines)
        records = merged(found.first, found.second)
        frames.find(work.folder, parts, starts, records)
    shingles, numbers = common(work.folder, parts, starts, found, records, pool, stages)
    with stages("compare"):
        compared = Compared(pool, parts, starts, stages)
        alike = found.titled | (_alike(headlines, found, compared) if titled else False)
        kind, percent = kinds(shingles, numbers, alike)
        copies, told = kind >= 0, alike & same_story(shingles, numbers)
        edges = Edges(found.first[copies], found.second[copies], kind[copies].astype(np.int8), percent[copies].astype(np.int8))
        text = np.where(first < 0, np.arange(total, dtype=np.int32), first)
        left, right = shingles.left[copies], shingles.right[copies]
        _group(text, edges, left <= right, about_as_long(left, right), np.maximum(left, right))
        story = text.copy()
        unite(story, found.first[told], found.second[told])
        text, story = (np.where(first < 0, -1, group).astype(np.int32) for group in (text, story))
        titles = find_titles(headlines, story, compared) if titled else without_headlines(total)[1]
    return Stories(first, text, story, edges, titles)


def _alike(headlines: Known, found: Pairs, compared: Compared) -> NDArray[np.bool_]:
    """Which pairs have headlines that are nearly the same, bool (n,); those with one headline do not count."""
    near = np.zeros(len(found.first), np.bool_)
    unlike = np.flatnonzero(~found.titled & (headlines.first[found.first] >= 0) & (headlines.first[found.second] >= 0))
    if len(unlike):
        alike, begin = compared(found.first[unlike], found.second[unlike])
        near[unlike] = begin.begins | (alike >= NEAR)
    return near


def _group(text: Short, edges: Edges, first_smaller: NDArray[np.bool_], alike: NDArray[np.bool_], size: Ints) -> None:
    """Join copies to groups. A round-up holds several stories, which are not one for that.

    Args:
        text: int32 (records,): the smallest member of each one's group, changed.
        edges: the copies.
        first_smaller: bool: whether the first text of each pair is the smaller one.
        alike: bool: whether both are about as long.
        size: int64: shingles of the larger one.
    """
    near = alike & (edges.kind == NEAR_COPY)
    unite(text, edges.first[near], edges.second[near])
    part = np.where(first_smaller, edges.first, edges.second)[~near]
    whole = np.where(first_smaller, edges.second, edges.first)[~near]
    # Near copies of a round-up are one with it; what is one with its part already says nothing.
    group, apart = text[whole], text[part] != text[whole]
    part, whole, group, size = part[apart], whole[apart], group[apart], size[~near][apart]
    _, of = np.unique(group, return_inverse=True)
    least = np.full(of.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, of, size)
    order = np.lexsort((group, least[of]))
    begins = np.flatnonzero(np.diff(group[order], prepend=-1) != 0)
    unite_with_whole(text, part[order], whole[order], np.append(begins, len(order)))

"""Headlines that say the same: which are equal but for folding and the outlet's name, nearly so, or cut copies of others.

Texts decide. Headlines are compared with those over the same story, so that a column's name over many stories makes no group; where
there is no text, headlines must be the same, or very nearly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.lookup import distinct
from corpusgate.kernels.union_find import unite
from corpusgate.runners.headlines import Compared
from corpusgate.runners.outlets import glued_names, headline_keys
from corpusgate.runners.sampled import under_one_key
from corpusgate.runners.work import PartResult
from corpusgate.signals.headlines import DUPLICATE_LETTERS
from corpusgate.signals.titles import NEAR, NEAR_WITHOUT_TEXT

Ints = NDArray[np.int64]
Short = NDArray[np.int32]
Flags = NDArray[np.bool_]

#: What one headline is to another.
SAME_HEADLINE, NEAR_HEADLINE, CUT_HEADLINE = 0, 1, 2

#: Headlines before it in its story that one is compared with.
REACH = 8


@dataclass(frozen=True, slots=True)
class Known:
    """The headline of each record without its outlet's name.

    Attributes:
        key: int64 (records,): its hash as folded; 0 where there is none.
        first: int32 (records,): the first record with the same one; -1 where it is too short to name a story.
        repeated: bool (records,): whether another record has the same one, however short it is.
    """

    key: Ints
    first: Short
    repeated: Flags


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs of headlines that say the same.

    Attributes:
        first: int32 (n,): the earlier record, or the one whose headline is whole.
        second: int32 (n,): the later one, or the one whose headline is cut.
        kind: int8 (n,): `SAME_HEADLINE`, `NEAR_HEADLINE` or `CUT_HEADLINE`.
        percent: int8 (n,): their likeness.
    """

    first: Short
    second: Short
    kind: NDArray[np.int8]
    percent: NDArray[np.int8]

    @classmethod
    def of(cls, kind: int, first: NDArray[np.integer], second: NDArray[np.integer], alike: NDArray[np.float64] | None = None) -> Ties:
        """Ties of one kind; without their likeness they are the same."""
        percent = np.full(len(first), 100, np.int8) if alike is None else np.floor(100 * np.maximum(alike, 0)).astype(np.int8)
        return cls(first.astype(np.int32), second.astype(np.int32), np.full(len(first), kind, np.int8), percent)

    @classmethod
    def joined(cls, pieces: Sequence[Ties]) -> Ties:
        """All of some."""
        columns = ([getattr(piece, name) for piece in pieces] for name in cls.__slots__)
        return cls(*(np.concatenate(column) for column in columns))

    def take(self, chosen: Flags) -> Ties:
        """Some of them."""
        return Ties(*(getattr(self, name)[chosen] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Titles:
    """What is known of the headlines of all records.

    Attributes:
        key: int64 (records,): what headlines are known by that stand more than once; 0 for others.
        group: int32 (records,): the smallest ordinal among records with the same, a near or a cut headline over the same story, or
            without a text; -1 where there is no other.
        ties: what ties them together.
    """

    key: Ints
    group: Short
    ties: Ties

    def save(self, work: Path) -> None:
        """Write what every process needs to know of a record."""
        np.save(work / "titles.npy", self.key)
        np.save(work / "headline-groups.npy", self.group)


def without_headlines(total: int) -> tuple[Known, Titles]:
    """Where records have no headlines."""
    nothing, none = np.zeros(0, np.int32), np.full(total, -1, np.int32)
    key = np.zeros(total, np.int64)
    return Known(key, none, np.zeros(total, np.bool_)), Titles(key, none, Ties.of(SAME_HEADLINE, nothing, nothing))


def known(parts: Sequence[PartResult], starts: Sequence[int], total: int) -> Known:
    """The headlines of all records: hashes alone."""
    key, long = np.zeros(total, np.int64), np.zeros(total, np.bool_)
    for ordinals, keys, letters in headline_keys(parts, starts, glued_names(parts, starts)):
        key[ordinals], long[ordinals] = keys, letters >= DUPLICATE_LETTERS
    first, which = distinct(key)
    repeated = (np.bincount(which)[which] > 1) & (key != 0)
    return Known(key, np.where(long, first[which], -1).astype(np.int32), repeated)


def find(known: Known, story: Short, compared: Compared) -> Titles:
    """Group headlines.

    Args:
        known: the headlines.
        story: int32 (records,): the smallest ordinal among records that tell the same story, -1 without a text.
        compared: tells how like they are.
    """
    key = np.where(known.repeated, known.key, 0)
    ties = [*_same(known.first, story, np.flatnonzero(known.repeated & (known.first >= 0))), *_in_stories(known.first, story, compared)]
    silent = _silent(known.first, story, compared)
    group = np.arange(len(story), dtype=np.int32)
    for tie in (*ties, silent):
        unite(group, tie.first, tie.second)
    alone = np.bincount(group, minlength=len(group))[group] < 2
    # Near headlines without a text are counted together.
    nearly = np.unique(np.concatenate([silent.first, silent.second]))
    key[nearly] = known.key[group[nearly]]
    return Titles(key, np.where(alone, -1, group).astype(np.int32), Ties.joined([*ties, silent]))


def _same(first: Short, story: Short, repeated: Ints) -> Iterator[Ties]:
    """The same headline over the same story, and the same without a text, with the story if there is only one under that headline."""
    told, silent = repeated[story[repeated] >= 0], repeated[story[repeated] < 0]
    keys, at, of = np.unique(first[told].astype(np.int64) << 32 | story[told], return_index=True, return_inverse=True)
    later = told[at][of] != told
    yield Ties.of(SAME_HEADLINE, told[at][of][later], told[later])
    heads, at_head, of_head = np.unique(first[silent], return_index=True, return_inverse=True)
    later = silent[at_head][of_head] != silent
    yield Ties.of(SAME_HEADLINE, silent[at_head][of_head][later], silent[later])
    headline, begins, stories = np.unique(keys >> 32, return_index=True, return_counts=True)
    _, one, other = np.intersect1d(headline[stories == 1], heads, assume_unique=True, return_indices=True)
    with_text, without = told[at][begins[stories == 1]][one], silent[at_head][other]
    yield Ties.of(SAME_HEADLINE, np.minimum(with_text, without), np.maximum(with_text, without))


def _in_stories(first: Short, story: Short, compared: Compared) -> Iterator[Ties]:
    """Different headlines over the same story that are nearly the same, or of which one is cut."""
    counts = np.bincount(story[story >= 0], minlength=len(story))
    members = np.flatnonzero((first >= 0) & (story >= 0) & (counts[np.maximum(story, 0)] > 1))
    _, at = np.unique(story[members].astype(np.int64) << 32 | first[members], return_index=True)
    heads = members[at]
    heads = heads[np.lexsort((heads, story[heads]))]
    pairs = [(heads[:-step][same], heads[step:][same]) for step in range(1, REACH + 1) if (same := _equal(story[heads], step)).any()]
    if pairs:
        one, other = (np.concatenate(column) for column in zip(*pairs, strict=True))
        alike, begin = compared(one, other)
        cut = begin.cut
        near = ~cut & (begin.begins | (alike >= NEAR))
        yield Ties.of(NEAR_HEADLINE, one[near], other[near], alike[near])
        whole, part = np.where(begin.right_longer, other, one), np.where(begin.right_longer, one, other)
        yield Ties.of(CUT_HEADLINE, whole[cut], part[cut], alike[cut])


def _equal(values: Short, step: int) -> Flags:
    return np.asarray(values[:-step] == values[step:])


def _silent(first: Short, story: Short, compared: Compared) -> Ties:
    """Headlines without a text that are very nearly the same."""
    records = np.flatnonzero((first >= 0) & (story < 0))
    _, at = np.unique(first[records], return_index=True)
    heads = records[np.sort(at)]
    earlier, later = under_one_key(*compared.sketches(heads))
    one, other = heads[earlier], heads[later]
    if not len(one):
        return Ties.of(SAME_HEADLINE, one, other)
    alike, _ = compared(one, other)
    near = alike >= NEAR_WITHOUT_TEXT
    return Ties.of(NEAR_HEADLINE, one[near], other[near], alike[near])

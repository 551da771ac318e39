"""What makes two texts the same story: how much of them must be common, by exact counts over all their shingles.

A *shingle* is three tokens in a row, so that one changed word changes three. Two measures over the sets of shingles: Jaccard's
(common ones by all) and the share of the smaller set that is common. Thresholds were chosen on labelled pairs of Arabic articles
and read by eye on three corpora (benchmarks/RESULTS.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusgate.signals.across import Repeats, across

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Common shingles by all of both, from which on texts are near copies.
NEAR = 0.5

#: Share of the smaller text that stands in the larger one, from which on it is a contained copy.
CONTAINED = 0.66

#: The same where both records have nearly the same headline.
CONTAINED_LIKE_HEADLINE = 0.55

#: Shingles that both texts must have: shorter ones are captions of one phrase, which stand in unlike articles.
LEAST_SHINGLES = 40

#: Share of the smaller text that is enough, however short it is, where both records have the same headline.
SAME_HEADLINE = 0.5

#: Length of the shorter text by that of the longer one, from which on the longer one has no room for another story.
AS_LONG = 0.75

#: Share of the numbers of the text with fewer that must stand in the other too: templates have the same frame for other facts.
SAME_NUMBERS = 0.5

#: Share of the smaller text from which on numbers do not matter: an ordinal or a count was corrected.
CERTAIN = 0.9

#: What an edge is, in the order in which one explains a repetition best.
SAME, NEAR_COPY, CONTAINED_COPY = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Common:
    """What pairs of texts have in common of one kind of thing.

    Attributes:
        both: int64 (n,): what stands in both.
        left: int64 (n,): what stands in one.
        right: int64 (n,): what stands in the other.
    """

    both: Ints
    left: Ints
    right: Ints

    @property
    def smaller(self) -> Ints:
        """int64 (n,): what stands in the one that has less."""
        return np.minimum(self.left, self.right)

    @property
    def either(self) -> Ints:
        """int64 (n,): what stands in at least one of them."""
        return self.left + self.right - self.both


def about_as_long(left: Ints, right: Ints) -> Flags:
    """Which pairs of texts are of about the same length, by their shingles: neither holds the other and a story more."""
    return np.asarray(np.minimum(left, right) >= AS_LONG * np.maximum(left, right))


def kinds(shingles: Common, numbers: Common, alike: Flags) -> tuple[Ints, Ints]:
    """What pairs of texts are to each other.

    Args:
        shingles: of the texts.
        numbers: likewise.
        alike: bool (n,): whether their headlines are the same or nearly so.

    Returns:
        int64 (n,): `NEAR_COPY`, `CONTAINED_COPY`, or -1 for neither; and per cent of what the kind goes by, rounded down.
    """
    told = (shingles.smaller >= LEAST_SHINGLES) & ~_other_facts(shingles, numbers)
    near = told & (shingles.both >= NEAR * shingles.either)
    contained = told & (shingles.both >= np.where(alike, CONTAINED_LIKE_HEADLINE, CONTAINED) * shingles.smaller)
    kind = np.where(near, NEAR_COPY, np.where(contained, CONTAINED_COPY, -1))
    return kind, 100 * shingles.both // np.maximum(np.where(near, shingles.either, shingles.smaller), 1)


def _other_facts(shingles: Common, numbers: Common) -> Flags:
    """Whether one text has most of its numbers for itself, as the weather of two days has; not where nearly all words agree."""
    other = (numbers.smaller > 0) & (numbers.both < SAME_NUMBERS * numbers.smaller)
    return np.asarray(other & (shingles.both < CERTAIN * shingles.smaller))


def same_story(shingles: Common, numbers: Common) -> Flags:
    """Which pairs of texts under the same headline are one story; arguments as for `kinds`."""
    enough = (shingles.both > 0) & (shingles.both >= SAME_HEADLINE * shingles.smaller)
    return np.asarray(enough & ~_other_facts(shingles, numbers))


@across("headlines", tables=("records", "shingles"), field="text")
def text_repeated_in_source() -> Repeats:
    """A text that is that of an earlier record of its source: the same, a near copy, or one that contains the other."""
    return Repeats(elsewhere=False)


@across("headlines", tables=("records", "shingles"), field="text")
def text_repeated_across_sources() -> Repeats:
    """A text that is that of an earlier record of another source: the same, a near copy, or one that contains the other."""
    return Repeats(elsewhere=True)

"""When two headlines are nearly the same, and what that says with and without texts to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.kernels.haystack import build
from corpusgate.kernels.numbers import digits, numbers_of
from corpusgate.kernels.overlaps import overlap
from corpusgate.kernels.survey_tables import Wanted, tables
from corpusgate.kernels.titles import APART, IN_WORD, SLOTS, Weights, begin_alike, cosines, letters_of, runs_of
from corpusgate.signals.across import Alike, across

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Likeness from which on two headlines over one story are nearly the same: of 7,222 titles two in three such pairs have texts that agree.
NEAR = 0.6

#: Likeness that is enough where there is no text to tell: of titles as like nine in ten have texts that agree.
NEAR_WITHOUT_TEXT = 0.9

#: What differing numbers take off: another score, day or toll is most often another story.
CLASH = 0.3

#: Headlines that every corpus is taken to have more, so that in a small one a run is not called common for standing twice.
PRIOR = 1000

#: Folded letters that a headline must have to be called the beginning of another one: fewer begin many.
CUT_LETTERS = 15


@dataclass(frozen=True, slots=True)
class Laid:
    """Headlines laid out to be compared.

    Attributes:
        letters: int32: the folded letters of all, with gaps between words.
        bounds: int64 (n + 1,): where those of each begin, and the end.
        runs: uint32: the runs of letters of each, rising.
        starts: int64 (n + 1,): where those of each begin, and the end.
        numbers: uint32: the numbers of each, rising.
        numbered: int64 (n + 1,): where those of each begin, and the end.
        dotted: bool (n,): whether it ends in an ellipsis.
    """

    letters: NDArray[np.int32]
    bounds: Ints
    runs: NDArray[np.uint32]
    starts: Ints
    numbers: NDArray[np.uint32]
    numbered: Ints
    dotted: Flags


def lay(headlines: pa.Array) -> Laid:
    """Lay out headlines, a string each or null."""
    haystack, known = build({"headline": headlines}), tables(Wanted())
    letters, bounds = letters_of(haystack.data, haystack.starts, haystack.ends, known.known, known.index, known.targets)
    which, hashes = numbers_of(haystack.data, haystack.starts, haystack.ends, digits())
    both = np.unique(which << 32 | (hashes.astype(np.uint64) >> np.uint64(32)).astype(np.int64))
    numbered = np.searchsorted(both, np.arange(len(headlines) + 1) << 32)
    runs, starts = runs_of(letters, bounds)
    ends = pc.utf8_rtrim(pc.fill_null(headlines, ""), characters=" \n\t\N{NO-BREAK SPACE})]")
    dotted = pc.or_(pc.ends_with(ends, "..."), pc.ends_with(ends, "\N{HORIZONTAL ELLIPSIS}"))
    return Laid(letters, bounds, runs, starts, (both & 0xFFFFFFFF).astype(np.uint32), numbered, np.asarray(dotted))


def weights(laid: Laid, some: Ints) -> Weights:
    """The squared rarity of runs among some of the headlines, by their index: float32 (`SLOTS`,), by the low bits of runs."""
    total = len(some) + PRIOR
    sizes = np.diff(laid.starts)
    chosen = np.repeat(np.bincount(some, minlength=len(sizes)) > 0, sizes)
    often = np.bincount(laid.runs[chosen] & np.uint32(SLOTS - 1), minlength=SLOTS)
    rarity = np.log((total + 1) / (np.minimum(often, total) + 0.5))
    return np.asarray(rarity * rarity, np.float32)


def likeness(laid: Laid, rarity: Weights, left: Ints, right: Ints) -> NDArray[np.float64]:
    """How like pairs of headlines are: 1 for the same letters, 0 and less for nothing in common; float64 (n,).

    Args:
        laid: the headlines.
        rarity: of `weights`.
        left: int64 (n,): a headline of each pair.
        right: int64 (n,): the other.
    """
    sizes = np.diff(laid.numbered)
    most = np.maximum(sizes[left], sizes[right])
    clash = (np.minimum(sizes[left], sizes[right]) > 0) & (overlap(laid.numbers, laid.numbered, left, right) < most)
    return np.asarray(cosines(laid.runs, laid.starts, rarity, left, right) - CLASH * clash)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Which pairs of headlines begin alike, one being the whole beginning of the other.

    Attributes:
        begins: bool (n,): whether that is so.
        cut: bool (n,): whether the shorter one was cut off there: it ends within a word, or in an ellipsis.
        right_longer: bool (n,): whether the right one is the longer one.
    """

    begins: Flags
    cut: Flags
    right_longer: Flags


def beginnings(laid: Laid, left: Ints, right: Ints) -> Beginnings:
    """Which pairs of headlines begin alike; arguments as for `likeness`."""
    sizes = np.diff(laid.bounds)
    longer = sizes[right] > sizes[left]
    alike = begin_alike(laid.letters, laid.bounds, left, right)
    begins = (np.minimum(sizes[left], sizes[right]) >= CUT_LETTERS) & (alike != APART)
    return Beginnings(begins, begins & ((alike == IN_WORD) | laid.dotted[np.where(longer, left, right)]), longer)


def rank(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """How like each of some pairs of headlines are, runs of letters weighted by their rarity among all of them: float64 (n,)."""
    laid = lay(pa.array([headline for pair in pairs for headline in pair], pa.string()))
    every = np.arange(2 * len(pairs))
    return likeness(laid, weights(laid, every), every[::2], every[1::2])


@across("headlines", tables=("headlines",), field="headline")
def near_headline_in_source() -> Alike:
    """A headline that is nearly that of an earlier record of its source, over the same story."""
    return Alike(elsewhere=False)


@across("headlines", tables=("headlines",), field="headline")
def near_headline_across_sources() -> Alike:
    """A headline that is nearly that of an earlier record of another source, over the same story."""
    return Alike(elsewhere=True)


@across("headlines", tables=("headlines",), field="headline")
def cut_headline() -> Alike:
    """A headline that is another record's cut off, within a word or with an ellipsis, over the same story."""
    return Alike(cut=True)

"""Fit trees that ask one question a level (`kernels/line_trees.py`) by gradient boosting.

For lines of pages of sites. What is true of a whole page tells pages apart that the trees learn from, so that they would learn these by
heart. Hence each tree is shaped on a part of the sites, drawn anew, while its leaves are filled from all of them; and numbers of the
page have few classes. A line is drawn for shaping by its weight, so that those which count little cost little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from corpusgate.kernels.line_trees import DEPTH, LEAVES

Bins = NDArray[np.uint8]
Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

#: Classes of a number, and of one that tells pages apart.
CLASSES, FEW = 64, 8
#: Share of the sites that shape a tree, lines drawn of them, and share of the numbers that a level chooses from.
SITES, DRAWN, ASKED = 0.5, 150_000, 0.3
#: How much of its leaves a tree adds.
RATE = 0.15
#: What is added to the weight of a leaf, and the least weight (of the second derivative) on either side of a split of it.
SHRUNK, LEAST = 5.0, 1.0
#: A bound that no number is above.
NEVER = 32767
#: Parts of a logit that leaves are counted in.
PARTS = 1000


class Trees(NamedTuple):
    """Some trees: see `line_trees.ask` for their arrays."""

    feature: Bytes
    bound: Shorts
    leaves: Shorts


def class_edges(numbers: Shorts, few: Sequence[int]) -> list[Shorts]:
    """Values above which each number of a line falls into its next class; there are fewer of those in `few`."""
    sample = numbers[:: max(1, len(numbers) // 100_000)]
    found = []
    for j in range(numbers.shape[1]):
        classes = FEW if j in few else CLASSES
        values = np.unique(sample[:, j])
        if len(values) > classes:
            values = np.unique(np.quantile(sample[:, j], np.linspace(0, 1, classes + 1)[1:-1], method="lower"))
        found.append(values[: classes - 1] if len(values) > 1 else values)
    return found


def classed(numbers: Shorts, edges: Sequence[Shorts]) -> Bins:
    """The class of each number of each line, uint8 (numbers, lines)."""
    return np.stack([np.searchsorted(each, numbers[:, j]).astype(np.uint8) for j, each in enumerate(edges)])


@njit(cache=True, nogil=True)
def _add_up(bins: Bins, asked: Ints, rows: Ints, leaf: Bytes, slope: Singles, bend: Singles, sums: Singles) -> None:
    """Sums of first and second derivatives by number, leaf and class."""
    for c in range(len(asked)):
        column, of_number = bins[asked[c]], sums[c]
        for r in range(len(rows)):
            cell = of_number[leaf[r], column[rows[r]]]
            cell[0] += slope[r]
            cell[1] += bend[r]


@njit(cache=True, nogil=True)
def _best_question(sums: Singles, shrunk: float, least: float) -> tuple[int, int]:
    """The number, and the class up to which a line has no bit, that tell most over all leaves."""
    best, number, cut = -1.0, 0, 0
    gains = np.empty(sums.shape[2])
    for c in range(len(sums)):
        gains[:] = 0
        for leaf in range(sums.shape[1]):
            slope = bend = 0.0
            for k in range(len(gains)):
                slope += sums[c, leaf, k, 0]
                bend += sums[c, leaf, k, 1]
            whole = slope * slope / (bend + shrunk)
            low_slope = low_bend = 0.0
            for k in range(len(gains) - 1):
                low_slope += sums[c, leaf, k, 0]
                low_bend += sums[c, leaf, k, 1]
                high_slope, high_bend = slope - low_slope, bend - low_bend
                if low_bend >= least and high_bend >= least:
                    gains[k] += low_slope * low_slope / (low_bend + shrunk) + high_slope * high_slope / (high_bend + shrunk) - whole
        for k in range(len(gains) - 1):
            if gains[k] > best:
                best, number, cut = gains[k], c, k
    return number, cut


@njit(cache=True, nogil=True)
def _answer(column: Bytes, cut: int, rows: Ints, level: int, leaf: Bytes) -> None:
    for r in range(len(rows)):
        leaf[r] |= np.uint8(np.int64(column[rows[r]] > cut) << level)


@njit(cache=True, nogil=True)
def _fill(leaf: Bytes, label: Floats, weight: Floats, total: Floats, shrunk: float, rate: float, leaves: Shorts) -> None:
    """Fill the leaves of a tree from all lines, and add them to what these come to."""
    slope, bend = np.zeros(len(leaves)), np.zeros(len(leaves))
    for i in range(len(leaf)):
        chance = 1 / (1 + np.exp(-total[i] / PARTS))
        slope[leaf[i]] += weight[i] * (label[i] - chance)
        bend[leaf[i]] += weight[i] * chance * (1 - chance)
    for k in range(len(leaves)):
        leaves[k] = np.int16(np.rint(PARTS * max(min(rate * slope[k] / (bend[k] + shrunk), 30.0), -30.0)))
    for i in range(len(leaf)):
        total[i] += leaves[leaf[i]]


def _chances(weight: Floats, drawn: float) -> Floats:
    """Chances by weight, of which none is above one, that draw so many lines on average."""
    low, high = 0.0, drawn / weight[weight > 0].min()
    for _ in range(60):
        factor = (low + high) / 2
        low, high = (low, factor) if np.minimum(1, factor * weight).sum() > drawn else (factor, high)
    return np.minimum(1, high * weight)


def fit(
    bins: Bins, edges: Sequence[Shorts], label: NDArray[np.int8], weight: Floats, site: Ints, allowed: Sequence[int], trees: int,
    total: Floats, seed: int,
) -> Trees:  # fmt: skip
    """Fit some trees to lines.

    Args:
        bins: of `classed`.
        edges: of `class_edges`.
        label: int8 (lines,): 1 or 0.
        weight: float64 (lines,), none of them 0.
        site: int64 (lines,): the site of each.
        allowed: numbers that may be asked for.
        trees: how many.
        total: float64 (lines,): what lines come to in the trees before, in `PARTS` of a logit; the new ones are added.
        seed: of what is drawn.
    """
    random = np.random.default_rng(seed)
    pool, truth = np.array(allowed, np.int64), label.astype(np.float64)
    chances = _chances(weight, DRAWN / SITES)
    feature, bound = np.zeros((trees, DEPTH), np.uint8), np.zeros((trees, DEPTH), np.int16)
    leaves = np.zeros((trees, LEAVES), np.int16)
    everyone = np.arange(len(label))
    for tree in range(trees):
        of_sites = random.random(int(site.max()) + 1) < SITES
        rows = np.flatnonzero((random.random(len(label)) < chances) & of_sites[site])
        chance = 1 / (1 + np.exp(-total[rows] / PARTS))
        share = weight[rows] / chances[rows] / SITES
        slope, bend = (share * (truth[rows] - chance)).astype(np.float32), (share * chance * (1 - chance)).astype(np.float32)
        leaf, everywhere = np.zeros(len(rows), np.uint8), np.zeros(len(label), np.uint8)
        for level in range(DEPTH):
            asked = np.sort(random.choice(pool, max(1, int(ASKED * len(pool))), replace=False))
            sums = np.zeros((len(asked), 1 << level, CLASSES, 2), np.float32)
            _add_up(bins, asked, rows, leaf, slope, bend, sums)
            number, cut = _best_question(sums, SHRUNK, LEAST)
            chosen = asked[number]
            # Where no question is worth asking, the best is one that all lines answer alike.
            feature[tree, level], bound[tree, level] = chosen, edges[chosen][cut] if cut < len(edges[chosen]) else NEVER
            _answer(bins[chosen], cut, rows, level, leaf)
            _answer(bins[chosen], cut, everyone, level, everywhere)
        _fill(everywhere, truth, weight, total, SHRUNK, RATE, leaves[tree])
    return Trees(feature, bound, leaves)

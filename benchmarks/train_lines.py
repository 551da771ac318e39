"""Train the model that tells furniture from content line by line, from a folder of gold files.

    python benchmarks/train_lines.py --gold DIR [--out FILE] [--json FILE]

Needs scikit-learn beside the project. Two steps: a logistic regression over a line's own numbers and words
says what it looks like by itself; shallow trees over that, over what its neighbours look like, and over its place in the page
say what it is. All is fitted in folds over domains, so that the second step sees the first one as it is on sites that it does
not know, and so that thresholds and figures come from pages of sites that the model has not seen.

Pages are shown whole, as content alone, and as content with some furniture left in it, since a corpus has pages of all kinds. A
fourth time a page is shown as one in a language of which nothing is known, in letters without capitals, since labels are had for few.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from gold import Figures, rows
from known_words import function_hashes, listed_hashes, table_of, unweighed_table
from line_examples import FOLDS, SEED, Examples, blinded, examples
from numpy.typing import NDArray
from own_pages import own_pages
from score_lines import PAGE, Lines
from score_model import language_groups, of_sites, recall_table, with_other_pages
from sklearn.linear_model import LogisticRegression
from symmetric_trees import PARTS, Trees, class_edges, classed, fit

from corpusgate.kernels.line_context import FEATURES, FIRST_FEATURES
from corpusgate.kernels.line_model import BINS, CLEARED, SPOKEN_FOR, LineModel, own_scores, scores_of
from corpusgate.kernels.line_shapes import BEGIN, END, FIRST, FUNCTION, FUNCTIONS, KNOWN, LEAST, MEAN, SHAPE, SUM
from corpusgate.kernels.line_shapes import MOST as HEAVIEST
from corpusgate.kernels.line_trees import tree_sums
from corpusgate.signals import line_model

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]
Floats = NDArray[np.float64]

#: Domains on which a word must stand to be known: what fewer have is a name.
DOMAINS = 8
#: What lines count whose label was decided by what stands around them, those of our own pages, which are few, those of pages that are
#: cut, those of pages as in an unknown language, and furniture, of which there is more. Lines of a large page count less than those of
#: one with so many.
WEAK, OWN, CUT, BLIND, FURNITURE, USUAL_PAGE = 0.1, 2.0, 0.4, 0.15, 0.25, 100
#: Numbers of a line that its own weight does not depend on, since they follow from the weights of its words or replace them.
_FROM_WORDS = {FUNCTION, FUNCTIONS, SUM, MEAN, HEAVIEST, LEAST, FIRST, KNOWN}
#: Trees that see a line and its neighbours, and trees that know as well what the page speaks of.
ROUNDS, MORE = 200, 300
#: Numbers of context that are the same for all lines of a page, or change slowly: they tell pages apart.
_OF_PAGE = (
    "index", "behind", "relative", "before_share", "prose_share", "prose_lines", "prose_before", "size", "page", "block_share",
    "gain_share", "lines",
)  # fmt: skip
#: What a group of languages may lose beyond the share that a threshold is named for: a few pages make up much of a small group.
SPARE = 0.015


@dataclass(frozen=True)
class FirstStep:
    """The regression: see `line_model.LineModel` for what its arrays are."""

    keys: NDArray[np.uint64]
    values: Shorts
    weights: Shorts
    bias: int


def edges(column: Shorts, j: int) -> Ints:
    """Values up to which a number of a line falls into each of its classes."""
    if j in (END, BEGIN):
        return np.arange(16)
    return np.unique(np.clip(np.quantile(column, np.linspace(0, 1, 11)[1:-1]), -1, BINS - 2).astype(np.int64))


def first_step(shapes: Shorts, found: Examples, chosen: NDArray[np.bool_], weight: Floats) -> FirstStep:
    """Fit the regression to some of the doubtful lines."""
    doubtful = found.looks.doubtful
    known, at = np.unique(found.words, return_inverse=True)
    owner = np.repeat(np.arange(len(doubtful)), np.diff(found.index))
    seen = np.unique(at[chosen[owner]] * np.int64(1 << 20) + found.domain[doubtful][owner[chosen[owner]]]) >> 20
    vocabulary = np.flatnonzero(np.bincount(seen, minlength=len(known)) >= DOMAINS)
    column = np.full(len(known), -1)
    column[vocabulary] = np.arange(len(vocabulary))
    own = [j for j in range(len(SHAPE)) if j not in _FROM_WORDS]
    bounds = [edges(shapes[chosen, j], j) for j in own]
    base = np.cumsum([0, *(len(each) + 1 for each in bounds)])
    cells = np.stack([np.searchsorted(each, np.clip(shapes[:, j], -1, BINS - 2)) for j, each in zip(own, bounds, strict=True)], axis=1)
    rows_at = np.flatnonzero((column[at] >= 0) & ~found.blind[doubtful][owner])
    words = sp.csr_matrix(
        (np.ones(len(rows_at), np.float32), (owner[rows_at], column[at[rows_at]])), shape=(len(doubtful), len(vocabulary))
    )
    words.sum_duplicates()
    words.data[:] = 1
    shaped = sp.csr_matrix(
        (np.ones(cells.size, np.float32), (np.repeat(np.arange(len(cells)), len(own)), (cells + base[:-1]).ravel())),
        shape=(len(doubtful), base[-1]),
    )
    fitted = LogisticRegression(C=0.1, max_iter=60).fit(
        sp.hstack([shaped, words]).tocsr()[chosen], found.label[doubtful][chosen], sample_weight=weight[chosen]
    )
    coefficients = fitted.coef_[0]
    weights = np.zeros((len(SHAPE), BINS), np.int16)
    for n, (j, each) in enumerate(zip(own, bounds, strict=True)):
        of_value = np.searchsorted(each, np.arange(-1, BINS - 1))
        weights[j] = np.rint(100 * coefficients[base[n] : base[n + 1]][of_value])
    of_word = np.clip(np.rint(16 * coefficients[base[-1] :]), -200, 200).astype(np.int64)
    bind, listed = function_hashes(), listed_hashes()
    hashes = np.union1d(known[vocabulary], np.union1d(bind, listed))
    value = np.zeros(len(hashes), np.int64)
    value[np.searchsorted(hashes, known[vocabulary])] = 4 * of_word
    value[np.searchsorted(hashes, listed)] += 2
    value[np.searchsorted(hashes, bind)] += 1
    return FirstStep(*table_of(hashes, value), weights, round(100 * float(fitted.intercept_[0])))


def second_rows(found: Examples, steps: Sequence[FirstStep]) -> Shorts:
    """The numbers of all doubtful lines, where each fold's lines are seen by the first step of that fold."""
    doubtful, out = found.looks.doubtful, np.zeros((len(found.looks.doubtful), len(FEATURES)), np.int16)
    own = line_model.own_of(found.text)
    for fold, step in enumerate(steps):
        mine = found.fold[doubtful] == fold if len(steps) > 1 else np.ones(len(doubtful), np.bool_)
        shapes = line_model.shapes_of(found.haystack, found.text, found.looks, step.keys, step.values)
        blind = found.blind[doubtful] & mine
        shapes.rows[blind] = blinded(shapes.rows[blind])
        out[mine] = shapes.rows[mine]
        own_scores(out[mine], doubtful[mine], step.weights, step.bias, own)
        everyone = np.ones(len(doubtful), np.bool_)
        line_model.put_to_topic(found.haystack, found.text, found.looks, step.keys, step.values, everyone & mine, shapes._replace(rows=out))
    line_model.put_into_context(found.text, found.looks, own, out)
    return out


def trees_of(numbers: Shorts, label: NDArray[np.int8], weight: Floats, site: Ints) -> Trees:
    """Fit the trees: the second ones begin with what the first ones say."""
    few = [FEATURES.index(name) for name in _OF_PAGE]
    edges = class_edges(numbers, few)
    bins, total = classed(numbers, edges), np.zeros(len(label))
    first = fit(bins, edges, label, weight, site, range(FIRST_FEATURES), ROUNDS, total, SEED)
    second = fit(bins, edges, label, weight, site, range(len(FEATURES)), MORE, total, SEED + 1)
    return Trees(*(np.concatenate(pair) for pair in zip(first, second, strict=True)))


def sums_of(numbers: Shorts, trees: Trees, last: int = ROUNDS + MORE) -> NDArray[np.int32]:
    """What lines come to in the trees up to one."""
    sums = np.zeros(len(numbers), np.int32)
    tree_sums(numbers, np.ones(len(numbers), np.bool_), 0, last, *trees, sums)
    return sums


def least_sum(numbers: Shorts, trees: Trees, low: int) -> int:
    """What all lines come to in the first trees that come to so much in all, but for one in a thousand."""
    return int(np.quantile(sums_of(numbers, trees, ROUNDS)[sums_of(numbers, trees) >= low], 0.001))


def bounds(lines: Lines, scores: Floats) -> list[int]:
    """Scores from which on lines count as furniture, by the shares of content lost in `line_model.LOST`.

    Content is lost where labels are sure, and no group of languages may lose more than that and `SPARE`, each page counting alike.
    """
    content = np.flatnonzero((lines.label == "content") & ~lines.weak)
    ordered = content[np.argsort(-scores[content], kind="stable")]
    page, falling = lines.page[ordered], scores[ordered]
    each = 1 / np.bincount(page, minlength=len(lines.records))[page]
    groups = [of_page for _, of_page in language_groups(lines)]
    found = []
    for lost in line_model.LOST.values():
        least = falling[int(lost * len(falling))]
        for of_page in groups:
            gone = np.cumsum(np.where(of_page[page], each, 0))
            least = max(least, falling[np.searchsorted(gone, gone[-1] * (lost + SPARE))])
        found.append(min(int(least) + 1, SPOKEN_FOR))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the model of furniture lines from a folder of gold files.")
    parser.add_argument("--gold", type=Path, required=True, help="folder with the gold files")
    parser.add_argument("--out", type=Path, default=line_model.FILE, help="where to write the model")
    parser.add_argument("--json", type=Path, help="write the figures as one flat JSON object")
    options = parser.parse_args()
    figures = Figures()
    found, lines, ours = examples(rows(options.gold, "boilerplate_lines.jsonl.gz", figures, 0, PAGE), own_pages(taught=True))
    doubtful = found.looks.doubtful
    label, fold, site = found.label[doubtful], found.fold[doubtful], found.domain[doubtful]
    on_page = np.bincount(found.text.page[doubtful], minlength=len(found.text.pages))[found.text.page[doubtful]]
    weight = (
        np.where(found.weak[doubtful], WEAK, 1.0)
        * np.where(label == 1, FURNITURE, 1.0)
        * np.where(found.whole[doubtful], 1.0, np.where(found.blind[doubtful], BLIND, CUT))
        * np.where(found.own[doubtful], OWN, 1.0)
        * np.sqrt(USUAL_PAGE / np.maximum(on_page, USUAL_PAGE / 5))
    )
    usable = label >= 0
    # The first step learns from whole pages, whose words are the same in the others, and from those whose words are not known.
    first = usable & (found.whole | found.blind)[doubtful]
    unweighed = line_model.shapes_of(found.haystack, found.text, found.looks, *unweighed_table()).rows
    unweighed[found.blind[doubtful]] = blinded(unweighed[found.blind[doubtful]])
    steps = [first_step(unweighed, found, first & (fold != k), weight) for k in range(FOLDS)]
    numbers = second_rows(found, steps)
    scores = np.where(found.text.spoken, SPOKEN_FOR, CLEARED).astype(np.int16)

    def of_fold(k: int) -> NDArray[np.int32]:
        """What the lines of a fold come to in trees that have seen the others."""
        chosen = usable & (fold != k)
        trees = trees_of(numbers[chosen], label[chosen], weight[chosen], site[chosen])
        return sums_of(numbers[fold == k], trees)

    # Kernels let go of Python's lock.
    with ThreadPoolExecutor() as pool:
        for k, sums in enumerate(pool.map(of_fold, range(FOLDS))):
            scores_of(sums, doubtful[fold == k], scores)
    of_gold = np.where(ours >= 0, scores[ours], CLEARED).astype(np.float64)
    thresholds = bounds(lines, of_gold)
    figures.head("Scored by folds over domains")
    recall_table(figures, "cross_validated", lines, of_gold, dict(zip(line_model.LOST, thresholds, strict=True)))
    recall_table(figures, "cross_validated_with_other_pages", *of_sites(lines, with_other_pages(lines, of_gold)), {})
    clean_pages(figures, found, scores, thresholds)
    step = first_step(unweighed, found, first, weight)
    trees = trees_of(numbers[usable], label[usable], weight[usable], site[usable])
    low = least_sum(numbers, trees, min(thresholds) * PARTS // 100)
    model = LineModel(step.keys, step.values, step.weights, step.bias, *trees, second=ROUNDS, low=low)
    np.savez_compressed(options.out, thresholds=np.array(thresholds, np.int16), **model._asdict())
    print(f"\n{options.out}: {options.out.stat().st_size:,} bytes, {int((step.values != 0).sum()):,} words, {len(trees.feature):,} trees")
    if options.json is not None:
        options.json.write_text(json.dumps({**figures.values, "notes": figures.notes}, indent=1) + "\n", encoding="utf-8")


def clean_pages(figures: Figures, found: Examples, scores: Shorts, thresholds: Sequence[int]) -> None:
    """Share of pages of content alone with a line that counts as furniture."""
    alone = np.flatnonzero(np.bincount(found.text.page, found.label == 1, len(found.text.pages) - 1) == 0)
    for name, threshold in zip(line_model.LOST, thresholds, strict=True):
        hit = np.bincount(found.text.page, scores >= threshold, len(found.text.pages) - 1) > 0
        figures.add(f"cross_validated/clean_pages_hit/{name}", len(alone), float(hit[alone].mean()))


if __name__ == "__main__":
    main()

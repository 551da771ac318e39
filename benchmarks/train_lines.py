"""Train the model that tells furniture from content line by line, from a folder of gold files.

    python benchmarks/train_lines.py --gold DIR [--out FILE] [--json FILE]

Needs scikit-learn and LightGBM beside the project. Two steps: a logistic regression over a line's own numbers and words
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from gold import Figures, rows
from line_examples import FOLDS, SEED, Examples, blinded, examples
from numpy.typing import NDArray
from score_lines import PAGE, Lines
from score_model import language_groups, recall_table
from sklearn.linear_model import LogisticRegression

from corpusgate.kernels.haystack import build
from corpusgate.kernels.line_context import FEATURES, FIRST_FEATURES
from corpusgate.kernels.line_model import BINS, CLEARED, SPOKEN_FOR, LineModel, line_words, own_scores, scores_of, tree_sums
from corpusgate.kernels.line_shapes import (
    BEGIN,
    END,
    FIRST,
    FUNCTION,
    FUNCTIONS,
    KNOWN,
    LEAST,
    MEAN,
    SHAPE,
    SUM,
    kinds,
)  # fmt: skip
from corpusgate.kernels.line_shapes import MOST as HEAVIEST
from corpusgate.kernels.survey_tables import HASH_AT, known_of
from corpusgate.signals import line_model
from corpusgate.signals.language import FUNCTION_WORDS

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]
Floats = NDArray[np.float64]

#: Domains on which a word must stand to be known: what fewer have is a name.
DOMAINS = 8
#: What lines count whose label was decided by what stands around them, those of pages that are cut, those of pages as in an unknown
#: language, and furniture, of which there is more. Lines of a large page count less than those of one with so many.
WEAK, CUT, BLIND, FURNITURE, USUAL_PAGE = 0.2, 0.3, 0.15, 0.25, 100
#: Numbers of a line that its own weight does not depend on, since they follow from the weights of its words or replace them.
_FROM_WORDS = {FUNCTION, FUNCTIONS, SUM, MEAN, HEAVIEST, LEAST, FIRST, KNOWN}
TREES = {
    "objective": "binary", "num_leaves": 31, "learning_rate": 0.12, "min_data_in_leaf": 100, "feature_fraction": 0.4,
    "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63, "lambda_l2": 10.0, "num_threads": 1, "seed": SEED, "deterministic": True,
    "force_row_wise": True, "verbose": -1,
}  # fmt: skip
#: Trees that see a line and its neighbours, and trees that know as well what the page speaks of.
ROUNDS, MORE = 50, 70
#: The first trees say more than the others, so that lines that are easily told leave early.
QUICK, QUICKLY = 0.25, 6
#: What a group of languages may lose beyond the share that a threshold is named for: a few pages make up much of a small group.
SPARE = 0.015


@dataclass(frozen=True)
class FirstStep:
    """The regression: see `line_model.LineModel` for what its arrays are."""

    keys: NDArray[np.uint64]
    values: Shorts
    weights: Shorts
    bias: int


def function_hashes() -> NDArray[np.uint64]:
    """Hashes of the words that bind sentences, in all languages of `FUNCTION_WORDS`."""
    listed = sorted({word for words in FUNCTION_WORDS.values() for word in words.split()})
    haystack = build({"word": pa.array(listed)})
    return line_words(haystack.data, haystack.starts, haystack.ends, np.arange(len(listed)), known_of(""), kinds())[1]


def table_of(hashes: NDArray[np.uint64], values: Ints) -> tuple[NDArray[np.uint64], Shorts]:
    """Lay words out as `line_shapes.look_up` finds them."""
    size = max(64, 1 << (2 * len(hashes)).bit_length())
    keys, laid = np.zeros(size, np.uint64), np.zeros(size, np.int16)
    for word, value in zip(hashes.tolist(), values.tolist(), strict=True):
        place = word >> HASH_AT & size - 1
        while keys[place]:
            place = (place + 1) % size
        keys[place], laid[place] = word, value
    return keys, laid


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
    rows_at = np.flatnonzero(column[at] >= 0)
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
    bind = np.unique(function_hashes())
    hashes = np.union1d(known[vocabulary], bind)
    value = np.zeros(len(hashes), np.int64)
    value[np.searchsorted(hashes, known[vocabulary])] = 2 * of_word
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
        blinded(each := shapes.rows[blind])
        shapes.rows[blind] = each
        out[mine] = shapes.rows[mine]
        own_scores(out[mine], doubtful[mine], step.weights, step.bias, own)
        everyone = np.ones(len(doubtful), np.bool_)
        line_model.put_to_topic(found.haystack, found.text, found.looks, step.keys, step.values, everyone & mine, shapes._replace(rows=out))
    line_model.put_into_context(found.text, found.looks, own, out)
    return out


def laid_out(boosters: Sequence[lightgbm.Booster]) -> dict[str, Any]:
    """The trees as the arrays of `line_model.LineModel`, with bounds that no sum reaches."""
    feature, bound, left, right, leaves, roots = [], [], [], [], [], []

    def lay(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        at = len(feature)
        feature.append(node["split_feature"])
        # Numbers are whole: up to a bound between two of them is up to the lower one.
        bound.append(int(np.floor(node["threshold"])))
        left.append(0)
        right.append(0)
        left[at], right[at] = lay(node["left_child"]), lay(node["right_child"])
        return at

    for booster in boosters:
        for tree in booster.dump_model()["tree_info"]:
            roots.append(lay(tree["tree_structure"]))
    return {
        "feature": np.array(feature, np.uint8), "bound": np.array(bound, np.int16), "left": np.array(left, np.int16),
        "right": np.array(right, np.int16),
        "leaves": np.array(leaves, np.float32), "roots": np.array(roots, np.int32),
        "low": np.full(len(roots), -np.inf, np.float32), "high": np.full(len(roots), np.inf, np.float32),
    }  # fmt: skip


def fit(numbers: Shorts, label: NDArray[np.int8], weight: Floats) -> dict[str, Any]:
    """Fit the trees: the second ones begin with what the first ones say."""
    known = numbers[:, :FIRST_FEATURES]
    quick = lightgbm.reset_parameter(learning_rate=lambda n: QUICK if n < QUICKLY else TREES["learning_rate"])
    first = lightgbm.train(TREES, lightgbm.Dataset(known, label, weight=weight), ROUNDS, callbacks=[quick])
    said = first.predict(known, raw_score=True)
    return laid_out([first, lightgbm.train(TREES, lightgbm.Dataset(numbers, label, weight=weight, init_score=said), MORE)])


def sums_of(numbers: Shorts, trees: dict[str, Any], last: int = ROUNDS + MORE) -> NDArray[np.float32]:
    """What lines come to in the trees up to one."""
    sums = np.zeros(len(numbers), np.float32)
    tree_sums(numbers, np.ones(len(numbers), np.bool_), 0, last, **trees, sums=sums)
    return sums


def sure(numbers: Shorts, trees: dict[str, Any], low: float) -> NDArray[np.float32]:
    """After each tree, sums that end below the lowest threshold, but for one line in a thousand.

    There is no such bound above: a sum that stopped there would rank below those that went on.
    """
    sample = numbers[:: max(1, len(numbers) // 100_000)]
    sums = np.stack([sums_of(sample, trees, last + 1) for last in range(ROUNDS + MORE)])
    return np.quantile(sums[:, sums[-1] >= low], 0.001, axis=1).astype(np.float32)


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
    found, lines, ours = examples(rows(options.gold, "boilerplate_lines.jsonl.gz", figures, 0, PAGE))
    doubtful = found.looks.doubtful
    label, fold = found.label[doubtful], found.fold[doubtful]
    on_page = np.bincount(found.text.page[doubtful], minlength=len(found.text.pages))[found.text.page[doubtful]]
    weight = (
        np.where(found.weak[doubtful], WEAK, 1.0)
        * np.where(label == 1, FURNITURE, 1.0)
        * np.where(found.whole[doubtful], 1.0, np.where(found.blind[doubtful], BLIND, CUT))
    )
    weight *= np.sqrt(USUAL_PAGE / np.maximum(on_page, USUAL_PAGE / 5))
    usable = label >= 0
    # The first step learns from whole pages: its words are the same in the others.
    first = usable & found.whole[doubtful]
    unweighed = line_model.shapes_of(
        found.haystack, found.text, found.looks, *table_of(function_hashes(), np.ones(len(function_hashes()), np.int64))
    ).rows
    steps = [first_step(unweighed, found, first & (fold != k), weight) for k in range(FOLDS)]
    numbers = second_rows(found, steps)
    scores = np.where(found.text.spoken, SPOKEN_FOR, CLEARED).astype(np.int16)
    for k in range(FOLDS):
        chosen, others = usable & (fold != k), fold == k
        trees = fit(numbers[chosen], label[chosen], weight[chosen])
        scores_of(sums_of(numbers[others], trees), doubtful[others], scores)
        print(f"  fold {k + 1} of {FOLDS}", flush=True)
    of_gold = np.where(ours >= 0, scores[ours], CLEARED).astype(np.float64)
    thresholds = bounds(lines, of_gold)
    figures.head("Scored by folds over domains")
    recall_table(figures, "cross_validated", lines, of_gold, dict(zip(line_model.LOST, thresholds, strict=True)))
    clean_pages(figures, found, scores, thresholds)
    step = first_step(unweighed, found, first, weight)
    trees = fit(numbers[usable], label[usable], weight[usable])
    trees["low"] = sure(numbers, trees, thresholds[-1] / 100)
    model = LineModel(step.keys, step.values, step.weights, step.bias, **trees, second=ROUNDS)
    np.savez_compressed(options.out, thresholds=np.array(thresholds, np.int16), **model._asdict())
    print(
        f"\n{options.out}: {options.out.stat().st_size:,} bytes, {int((step.values != 0).sum()):,} words, {len(trees['leaves']):,} leaves"
    )
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

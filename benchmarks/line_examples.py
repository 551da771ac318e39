"""The lines that the model of furniture learns from: pages of the gold, shown whole, cut, in brief, and as in an unknown language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
from gold import Row
from numpy.typing import NDArray
from score_lines import Lines

from corpusgate.kernels.haystack import Haystack
from corpusgate.kernels.line_model import line_words
from corpusgate.kernels.line_shapes import (
    BEGIN,
    CAPITALS,
    FIRST,
    FUNCTION,
    KNOWN,
    LEAST,
    LOWER,
    MEAN,
    SUM,
    UNCASED,
    UPPER,
    UPPERS,
    WIDTH,
    kinds,
)  # fmt: skip
from corpusgate.kernels.line_shapes import MOST as HEAVIEST
from corpusgate.kernels.survey_tables import known_of
from corpusgate.signals import line_model

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]

SEED = 20_261_125
#: Marks that end a sentence where a space follows, and those that need none; and a sentence of prose, from its beginning on.
_MARKS, _WIDE = ".!?\N{ARABIC QUESTION MARK}", "\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH EXCLAMATION MARK}\N{FULLWIDTH QUESTION MARK}"
_SENTENCE = re.compile(
    rf"(?:(?<=[{_MARKS}])\s+|(?<=[{_WIDE}])|^)([^\s{_MARKS}{_WIDE}][^{_MARKS}{_WIDE}]{{3,}}(?:[{_WIDE}]|[{_MARKS}](?=\s|$)))"
)
#: The shortest sentences of a page, of which a post has one to three.
SHORTEST = 8
FOLDS = 5
_SUFFIXES = {"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "gob"}


def domain(row: Row) -> str:
    """What a page is filed under: the registered domain of its site or address, else its id."""
    host = str(row.get("site") or urlsplit(str(row.get("url") or "")).hostname or "").lower().split(":")[0]
    if not host:
        return str(row["id"])
    parts = host.split(".")
    return ".".join(parts[-3 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SUFFIXES else -2 :])


class Showing(NamedTuple):
    """A page as it is shown: whole or cut, and whether as one in a language and a script of which nothing is known."""

    page: Row
    whole: bool
    blind: bool = False


def in_brief(page: Row, random: Random) -> Row | None:
    """A post of one to three of a page's shortest sentences, with up to two lines of its furniture; none if it has no sentences."""
    content, furniture = ([line for line in page["lines"] if line.get("label") == label] for label in ("content", "boilerplate"))
    sentences = {sentence for line in content for sentence in _SENTENCE.findall(line["text"])}
    if not sentences:
        return None
    shortest = sorted(sentences, key=lambda text: (len(text), text))[:SHORTEST]
    told = [{"text": text, "label": "content"} for text in random.sample(shortest, min(len(shortest), random.choice((1, 1, 2, 3))))]
    stray = random.sample(furniture, min(len(furniture), random.choice((0, 1, 2))))
    return {**page, "lines": [*stray, *told] if random.random() < 0.25 else [*told, *stray]}


def showings(pages: Sequence[Row]) -> Iterator[Showing]:
    """Each page whole, as content alone, as content with a few lines of its furniture, and in brief."""
    random = Random(SEED)
    for number, page in enumerate(pages):
        lines = page["lines"]
        page = {**page, "title": page.get("title") if number % 2 else None}
        yield Showing(page, True)
        content = [i for i, line in enumerate(lines) if line.get("label") in ("content", "title")]
        cut = []
        if len(content) >= 3:
            # Extraction leaves what stands in or next to a story, or anything.
            low, high = (content[0] - 5, content[-1] + 6) if number % 4 < 2 else (0, len(lines))
            near = [i for i, line in enumerate(lines) if line.get("label") == "boilerplate" and low <= i < high]
            stray = random.sample(near, min(len(near), random.choice((1, 2, 3, 6, 12))))
            cut = [{**page, "lines": [lines[i] for i in chosen]} for chosen in (content, sorted([*content, *stray]))]
        if brief := in_brief(page, random):
            cut.append(brief)
        yield from (Showing(each, False) for each in cut)
        yield Showing(random.choice([page, *cut]), False, True)


@dataclass(frozen=True)
class Examples:
    """All lines of all variants, and those in doubt among them.

    Attributes:
        haystack: the pages.
        text: their lines.
        looks: the first look at them.
        label: int8 (n,): 1 furniture, 0 content, -1 else.
        weak: bool (n,).
        whole: bool (n,): whether the line stands in a page as it was.
        blind: bool (n,): whether it is shown as one of which no word is known.
        fold: int64 (n,): fold of the line's domain.
        domain: int64 (n,): its domain.
        index: int64 (m + 1,): where the words of each doubtful line begin.
        words: uint64: their hashes.
        own: bool (n,): whether the page is one of our own.
    """

    haystack: Haystack
    text: line_model.TextLines
    looks: line_model.Looks
    label: NDArray[np.int8]
    weak: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    blind: NDArray[np.bool_]
    fold: Ints
    domain: Ints
    index: Ints
    words: NDArray[np.uint64]
    own: NDArray[np.bool_]


def examples(pages: Sequence[Row], own: Sequence[Row]) -> tuple[Examples, Lines, Ints]:
    """Lines of all variants; the gold's lines of the whole pages; and which line of ours each of those is, -1 for blank ones.

    Args:
        pages: of the gold.
        own: more to learn from, which nothing is told of.
    """
    shown = list(showings(pages))
    of_gold = len(shown)
    shown += showings(own)
    lines = Lines.of([each.page for each in shown])
    haystack, text = line_model.surveyed_text(
        pa.array([record["headline"] for record in lines.records], pa.string()), pa.array([record["text"] for record in lines.records])
    )
    # The gold's line that each of ours lies in.
    base = lines.starts[lines.first[text.page]]
    gold = np.searchsorted(lines.starts, base + text.lines.first, side="right") - 1
    names, place = np.unique([domain(each.page) for each in shown], return_inverse=True)
    order = np.random.default_rng(SEED).permutation(len(names))
    whole = np.array([each.whole for each in shown])
    label = np.select([lines.label == "boilerplate", lines.label == "content"], [1, 0], -1).astype(np.int8)
    looks = line_model.looks_of(haystack, text)
    blind = np.array([each.blind for each in shown])[text.page]
    looks.begins[blind & ((looks.begins == UPPER) | (looks.begins == LOWER))] = UNCASED
    index, words = line_words(haystack.data, text.lines.start, text.lines.end, looks.doubtful, known_of(""), kinds())
    found = Examples(
        haystack, text, looks, label[gold], lines.weak[gold], whole[text.page], blind, (order % FOLDS)[place][text.page],
        place[text.page], index, words, text.page >= of_gold,
    )  # fmt: skip
    ours = np.full(len(lines.texts), -1, np.int64)
    ours[gold] = np.arange(len(gold))
    kept = whole[lines.page] & (lines.page < of_gold)
    return found, Lines.of([each.page for each in shown[:of_gold] if each.whole]), ours[kept]


def blinded(shapes: Shorts) -> Shorts:
    """Lines, changed to look like those of a language and a script of which no words are known but those that bind or are listed."""
    shapes[:, [SUM, MEAN, HEAVIEST, LEAST, FIRST, UPPERS, CAPITALS]] = 0
    shapes[:, KNOWN] = shapes[:, FUNCTION]
    shapes[:, BEGIN] = np.where(np.isin(shapes[:, BEGIN], (UPPER, LOWER)), UNCASED, shapes[:, BEGIN])
    shapes[:, WIDTH] = np.maximum(shapes[:, WIDTH], 18)
    return shapes

"""The model of lines on labelled pages: its recall at shares of content lost, and what its thresholds find and lose.

Of the pages that it was trained on these figures are too good; `train_lines.py` tells those of sites that it had not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from gold import Figures, Row, rows, share
from numpy.typing import NDArray
from own_pages import own_pages
from score_lines import LONG, PAGE, PAGES_OF_SITE, Lines, Mask, groups

from corpusgate.kernels.line_model import CLEARED
from corpusgate.signals import line_model
from corpusgate.signals.furniture import gain


def pages(folder: Path, figures: Figures, name: str, prefix: str, limit: int) -> None:
    """The figures of one file of the gold folder."""
    figures.head(f"Lines of {name} as the model alone scores them")
    score(figures, prefix, rows(folder, name, figures, limit, PAGE))


def portals(figures: Figures) -> None:
    """Those of pages of our own that the model has not seen."""
    figures.head("Lines of our own pages in Arabic, Persian and Urdu as the model alone scores them")
    score(figures, "portals", own_pages(taught=False))


def score(figures: Figures, prefix: str, labelled: list[Row]) -> None:
    """The figures of some pages."""
    lines = Lines.of(labelled)
    if not lines.texts:
        return
    scores = model_scores(lines)
    recall_table(figures, f"{prefix}/model", lines, scores, line_model.thresholds())
    if any(count >= PAGES_OF_SITE for count in Counter(record["source"] for record in lines.records).values()):
        recall_table(figures, f"{prefix}/model_with_other_pages", *of_sites(lines, with_other_pages(lines, scores)), {})


#: Shares of content lost at which recall is told.
LOST = (0.01, 0.02, 0.05)


def recall_table(figures: Figures, prefix: str, lines: Lines, scores: NDArray[np.float64], thresholds: Mapping[str, float]) -> None:
    """Recall of furniture at shares of content lost, each read off the scores themselves; and what fixed thresholds find and lose."""
    sure = ~lines.weak
    bands = {"strong": sure, f"strong_{LONG}": sure & (lines.length >= LONG), "weak_kept": np.ones(len(sure), np.bool_)}
    for band, chosen in bands.items():
        content, furniture = (chosen & (lines.label == label) for label in ("content", "boilerplate"))
        ranked = np.sort(scores[content])[::-1]
        recall = {
            f"at_{lost:.0%}": share(int((scores[furniture] > ranked[int(lost * len(ranked))]).sum()), int(furniture.sum())) for lost in LOST
        }
        figures.add(f"{prefix}/{band}/recall", int(furniture.sum()), recall.pop("at_1%"), **recall)
    content = sure & (lines.label == "content")
    with_content = np.unique(lines.page[content])
    for name, threshold in thresholds.items():
        flag = scores >= threshold
        for band, chosen in bands.items():
            among = [chosen & (lines.label == label) for label in ("boilerplate", "content")]
            found, lost = (share(int((flag & mask).sum()), int(mask.sum())) for mask in among)
            figures.add(f"{prefix}/{name}/{band}/recall", int(among[0].sum()), found, content_lost=lost)
        hit = len(np.unique(lines.page[content & flag]))
        figures.add(f"{prefix}/{name}/pages_hit", len(with_content), share(hit, len(with_content)))
        for group, of_page in language_groups(lines):
            own = content & of_page[lines.page]
            of_pages = np.bincount(lines.page[own], minlength=len(lines.records))
            lost = np.bincount(lines.page[own & flag], minlength=len(lines.records))[of_pages > 0] / of_pages[of_pages > 0]
            if own.any():
                all_lines = share(int((own & flag).sum()), int(own.sum()))
                figures.add(f"{prefix}/{name}/content_lost/{group}", int((of_pages > 0).sum()), float(lost.mean()), all_lines=all_lines)


def language_groups(lines: Lines) -> Iterator[tuple[str, Mask]]:
    """Pages of each language with enough of them, and those of all others."""
    for group, chosen in groups(lines):
        if group != "articles" and not group.startswith("sites"):
            yield group, chosen


def model_scores(lines: Lines) -> NDArray[np.float64]:
    """What the model says of each line, a logit in hundredths; blank lines are cleared."""
    columns = (pa.array([record[name] for record in lines.records], pa.string()) for name in ("headline", "text"))
    haystack, text = line_model.surveyed_text(*columns)
    scores = np.full(len(lines.texts), CLEARED, np.float64)
    base = lines.starts[lines.first[text.page]]
    scores[np.searchsorted(lines.starts, base + text.lines.first, side="right") - 1] = line_model.scored(haystack, text).score
    return scores


def with_other_pages(lines: Lines, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same where a line that stands on other pages of its site gains as `furniture.gain` has it."""
    _, site = np.unique([record["source"] for record in lines.records], return_inverse=True)
    known_texts: dict[str, int] = {}
    text = np.array([known_texts.setdefault(line.strip(), len(known_texts)) for line in lines.texts], np.int64)
    key = site[lines.page] * np.int64(len(lines.texts)) + text
    standing = np.unique(key * np.int64(len(lines.records)) + lines.page) // len(lines.records)
    known, pages = np.unique(standing, return_counts=True)
    return scores + gain(pages[np.searchsorted(known, key)])


def of_sites(lines: Lines, scores: NDArray[np.float64]) -> tuple[Lines, NDArray[np.float64]]:
    """Only the pages of sites with enough of them."""
    pages_of = Counter(record["source"] for record in lines.records)
    kept = np.array([pages_of[record["source"]] >= PAGES_OF_SITE for record in lines.records])
    mask = kept[lines.page]
    place = np.cumsum(kept) - 1
    some = Lines(
        [record for record, keep in zip(lines.records, kept.tolist(), strict=True) if keep],
        [text for text, keep in zip(lines.texts, mask.tolist(), strict=True) if keep],
        place[lines.page[mask]], lines.label[mask], lines.weak[mask],
        [kind for kind, keep in zip(lines.kinds, kept.tolist(), strict=True) if keep],
    )  # fmt: skip
    return some, scores[mask]

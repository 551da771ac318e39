"""Pairs of texts that say the same: what the duplicate groups of a run tell, beside the overlap of words.

A group holds records with the same headline after folding, or with texts that are copies: the same after folding, near or contained.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from gold import Figures, Row, measured, rows, share, suite_of
from numpy.typing import NDArray

from corpusgate.signals.titles import rank

Values = NDArray[np.float64]

PAIR = {"a": str, "b": str, "source": str, "unit": str, "near_dup": bool}
GROUPS = {"same_headline": "headline_group", "same_text": "text_group"}
WORD = re.compile(r"\w+")
#: Overlap from which on the peers call a pair a duplicate.
ENOUGH = 0.5
SHINGLE = 3


def near_duplicates(folder: Path, figures: Figures, limit: int) -> None:
    """Precision, recall and area under the curve, by set of pairs."""
    figures.head("Pairs (ours: in one group of a run; overlap of words, and of three words in a row, from .5 on)")
    pairs = rows(folder, "near_dups.jsonl.gz", figures, limit, PAIR)
    if not pairs:
        return
    grouped = _grouped(pairs)
    # Our likeness of headlines, of use to rank them: a run does not call a pair a duplicate by it alone where there are texts.
    grouped["likeness"] = rank([(pair["a"], pair["b"]) for pair in pairs])
    peers = {name: np.array([overlap(pair["a"], pair["b"]) for pair in pairs]) for name, overlap in PEERS.items()}
    same = np.array([pair["near_dup"] for pair in pairs])
    sets: dict[str, list[int]] = defaultdict(list)
    for i, pair in enumerate(pairs):
        sets[pair["source"]].append(i)
    for name, members in sorted(sets.items()):
        chosen = np.array(members)
        values = {flag: values[chosen] for flag, values in {**grouped, **peers}.items()}
        _score(figures, f"pairs/{name}", same[chosen], values)


def _grouped(pairs: Sequence[Row]) -> dict[str, Values]:
    """For each pair 1 where a run puts both sides into one group, else 0: by either group, and by each."""
    records = [record for i, pair in enumerate(pairs) for record in (_record(pair, i, "a"), _record(pair, i, "b"))]
    _, signals = measured(records, suite_of(lambda check: check.family == "headlines"))
    found = {}
    for name, column in GROUPS.items():
        group = np.array(signals[column].fill_null(-1).to_pylist(), np.int64).reshape(-1, 2)
        found[name] = ((group[:, 0] == group[:, 1]) & (group[:, 0] >= 0)).astype(np.float64)
    return {"ours": np.maximum.reduce([*found.values()]), **found}


def _record(pair: Row, number: int, side: str) -> Row:
    title = pair.get(f"{side}_title")
    headline = pair[side] if pair["unit"] == "headline" else title if isinstance(title, str) else ""
    text = "" if pair["unit"] == "headline" else pair[side]
    return {"id": f"{number}{side}", "source": side, "headline": headline, "text": text}


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


def _jaccard(one: set[str] | set[tuple[str, ...]], other: set[str] | set[tuple[str, ...]]) -> float:
    return share(len(one & other), len(one | other))  # type: ignore[operator]


PEERS: dict[str, Callable[[str, str], float]] = {
    "jaccard": lambda a, b: _jaccard(set(_words(a)), set(_words(b))),
    "jaccard_3": lambda a, b: _jaccard(_shingles(a), _shingles(b)),
}


def _score(figures: Figures, name: str, same: NDArray[np.bool_], values: dict[str, Values]) -> None:
    called = {flag: value >= ENOUGH for flag, value in values.items()}
    total, flagged = int(same.sum()), int(called["ours"].sum())
    figures.add(f"{name}/recall", total, **{flag: share(int((hit & same).sum()), total) for flag, hit in called.items()})
    # Where nothing is called a duplicate there is no precision.
    precision = {flag: share(int((hit & same).sum()), int(hit.sum())) for flag, hit in called.items() if hit.any()}
    if "ours" in precision:
        figures.add(f"{name}/precision", flagged, **precision)
    elif precision:
        figures.note(f"{name}: ours calls no pair a duplicate; precision at {ENOUGH}: {precision}")
    if 0 < total < len(same):
        figures.add(f"{name}/auc", len(same), **{flag: _auc(value, same) for flag, value in values.items()})


def _auc(values: Values, same: NDArray[np.bool_]) -> float:
    """Chance that a pair of duplicates has the higher value than another pair, ties counted half."""
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    rank = (np.cumsum(sizes) - (sizes - 1) / 2)[place]
    yes, no = int(same.sum()), int((~same).sum())
    return float((rank[same].sum() - yes * (yes + 1) / 2) / (yes * no))

"""Copies in whole raw corpora: candidates beside brute force over all pairs, and titles called duplicates beside their bodies.

The truth about titles is automatic: two bodies agree if at least half of the shingles of the shorter one stand in the other. The
shingles are ours, three tokens in a row, of which brute force keeps all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from gold import Figures, Row, measured, rows, share, suite_of
from numpy.typing import NDArray

from corpusgate.kernels.survey_tables import Wanted
from corpusgate.runners import candidates
from corpusgate.runners.candidates import Pairs
from corpusgate.runners.compare import sets

Ints = NDArray[np.int64]

#: Corpora whose records have titles and bodies, with the columns that hold them.
CORPORA = {
    "ar_saudinewsnet_2015": ("title", "content"),
    "ar_almayadeen_lb": ("title", "content"),
    "fa_farsnews": ("title", "paragraphs"),
    "en_tehrantimes": ("title", "text"),
}
BRUTE = "ar_saudinewsnet_2015"
#: What near copies and contained copies are to brute force, and the fewest shingles of a contained one.
NEAR, CONTAINED, LEAST = 0.5, 0.8, 20
#: Share of the shorter body that makes two of them agree.
AGREE = 0.5


@dataclass(frozen=True)
class Raw:
    """A raw corpus: records as a run takes them, and the shingles of each body as rising numbers."""

    records: list[Row]
    shingles: list[NDArray[np.uint32]]

    @classmethod
    def of(cls, name: str, found: Sequence[Row]) -> Raw:
        """The records of a corpus."""
        title, body = CORPORA[name]
        records = []
        for i, row in enumerate(found):
            text, url = row.get(body), row.get("url")
            text = "\n".join(map(str, text)) if isinstance(text, list) else text if isinstance(text, str) else ""
            source = row.get("source") if isinstance(row.get("source"), str) else name
            headline = row[title] if isinstance(row.get(title), str) else ""
            records.append({"id": str(i), "source": source, "url": url if isinstance(url, str) else "", "headline": headline, "text": text})
        values, sizes = sets(pa.array([record["text"] for record in records], pa.string()), Wanted())
        bounds = np.concatenate([[0], np.cumsum(sizes)])
        return cls(records, [values[a:b] for a, b in pairwise(bounds.tolist())][::2])

    def common(self, one: int, other: int) -> int:
        """Shingles that two bodies share."""
        return len(np.intersect1d(self.shingles[one], self.shingles[other], assume_unique=True))

    def agree(self, one: int, other: int) -> bool:
        """Whether two bodies say the same."""
        smaller = min(len(self.shingles[one]), len(self.shingles[other]))
        return smaller > 0 and self.common(one, other) >= AGREE * smaller


def copies(folder: Path, figures: Figures) -> None:
    """Every raw corpus that is there."""
    figures.head("Copies in raw corpora (candidates beside brute force; titles called duplicates beside their bodies)")
    suite = suite_of(lambda check: check.family == "headlines")
    for name in CORPORA:
        # Which of them a folder has is its own affair.
        if not (folder / f"raw_scraped/{name}.jsonl.gz").is_file():
            continue
        found = rows(folder, f"raw_scraped/{name}.jsonl.gz", figures)
        raw = Raw.of(name, found)
        with _candidates() as pairs:
            findings, signals = measured(raw.records, suite)
        if name == BRUTE:
            group = np.array(signals["text_group"].fill_null(-1).to_pylist(), np.int64)
            _beside_brute_force(figures, raw, pairs, group)
        titles = np.array(signals["headline_group"].fill_null(-1).to_pylist(), np.int64)
        called = {
            "in_group": _groups(titles.tolist()),
            "same_letters": _groups([_letters(record["headline"]) or -1 - i for i, record in enumerate(raw.records)]),
        }
        for kind, groups in called.items():
            _precision(figures, f"copies/titles/{name}/{kind}", raw, groups)
        said = [row["check"] for row in findings.to_pylist()]
        for check in sorted(set(said)):
            figures.add(f"copies/findings/{name}/{check}", len(raw.records), said.count(check))


@contextmanager
def _candidates() -> Iterator[list[Pairs]]:
    """Pairs that a run looked at while the context was open."""
    found: list[Pairs] = []
    own = candidates.pairs

    def keep(*arguments: object, **named: object) -> Pairs:
        found.append(own(*arguments, **named))  # type: ignore[arg-type]
        return found[-1]

    candidates.pairs = keep
    try:
        yield found
    finally:
        candidates.pairs = own


def _beside_brute_force(figures: Figures, raw: Raw, looked_at: Sequence[Pairs], group: Ints) -> None:
    """Of the pairs that brute force finds, those that a run looked at, or led to from copy to copy and put into one group."""
    first = np.arange(len(raw.records))
    same: dict[bytes, int] = {}
    for i, shingles in enumerate(raw.shingles):
        first[i] = same.setdefault(shingles.tobytes(), i)
    seen = {(int(a), int(b)) for pairs in looked_at for a, b in zip(first[pairs.first], first[pairs.second], strict=True)}
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for i, other, common in _all_pairs(raw.shingles):
        smaller, either = min(len(raw.shingles[i]), len(raw.shingles[other])), len(raw.shingles[i]) + len(raw.shingles[other]) - common
        if common >= NEAR * either:
            found["near"].append((other, i))
        elif smaller >= LEAST and common >= CONTAINED * smaller:
            found["contained"].append((other, i))
    for kind, pairs in sorted(found.items()):
        grouped = np.array([group[a] == group[b] >= 0 for a, b in pairs])
        linked = np.array([_pair(first[a], first[b]) in seen or first[a] == first[b] for a, b in pairs])
        told = {"directly": linked, "in_one_group": grouped}
        figures.add(
            f"copies/candidates/{kind}", len(pairs), float((linked | grouped).mean()), **{k: float(v.mean()) for k, v in told.items()}
        )


def _pair(one: int, other: int) -> tuple[int, int]:
    return (int(min(one, other)), int(max(one, other)))


def _all_pairs(shingles: Sequence[NDArray[np.uint32]]) -> Iterator[tuple[int, int, int]]:
    """Every pair of records that shares a shingle, later one first, with how many it shares."""
    standing: dict[int, list[int]] = defaultdict(list)
    for i, own in enumerate(shingles):
        before = [np.array(standing[key]) for key in own.tolist() if key in standing]
        common = np.bincount(np.concatenate(before), minlength=i) if before else np.zeros(0, np.int64)
        for other in np.flatnonzero(common).tolist():
            yield i, other, int(common[other])
        for key in own.tolist():
            standing[key].append(i)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _groups(keys: Sequence[object]) -> list[list[int]]:
    found: dict[object, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        found[key].append(i)
    return [members for key, members in found.items() if len(members) > 1 and not (isinstance(key, int) and key < 0)]


def _precision(figures: Figures, name: str, raw: Raw, groups: Sequence[list[int]]) -> None:
    """Of the records that repeat a title, those whose body agrees with an earlier one of their group; both have a body."""
    told = agreeing = 0
    for members in groups:
        with_body = [i for i in members if len(raw.shingles[i])]
        for place, i in enumerate(with_body[1:], 1):
            told += 1
            agreeing += any(raw.agree(i, other) for other in with_body[:place])
    if told:
        figures.add(f"{name}/precision", told, share(agreeing, told))
    figures.add(f"{name}/surplus", len(groups), sum(len(members) - 1 for members in groups))

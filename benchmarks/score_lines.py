"""Furniture among the lines of whole pages: how much of it is found, and how much content is lost with it.

A *detector* says of every line of a set of pages whether it is furniture. Ours is whatever the checks of the
boilerplate family find; a new check of the family counts without a change here, another detector joins `DETECTORS`.
Everything called furniture finds it all, so the figure to read first is the content lost.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from gold import Figures, Row, findings, rows, share, suite_of
from numpy.typing import NDArray

from corpusgate.signals import REGISTRY

Mask = NDArray[np.bool_]

PAGE = {"id": str, "lines": list}
LABELLED = {"corpus": str, "text": str, "label": str}
LABELS = ("boilerplate", "content", "title")

#: Shorter lines that are marked strong are nearly all furniture in the gold, so that length alone would score on them.
LONG = 25
#: What one character of Chinese, Japanese or Korean says, in characters of an alphabet.
CJK_WEIGHT = 2.5
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
#: Pages of a language from which on it has figures of its own.
PAGES_OF_LANGUAGE = 40
#: Pages of a site from which on the check of repeated lines can find anything.
PAGES_OF_SITE = 5


@dataclass(frozen=True)
class Lines:
    """All lines of some pages, in order.

    Attributes:
        records: the pages as records; the text of one is its lines, each followed by a newline but the last.
        texts: the lines.
        page: page of each line, ascending.
        label: one of `LABELS`, or empty.
        weak: whether the label was decided by what stands around the line.
        kinds: language and type of each page.
    """

    records: list[Row]
    texts: list[str]
    page: NDArray[np.int64]
    label: NDArray[np.str_]
    weak: Mask
    kinds: list[tuple[str, str]]

    @classmethod
    def of(cls, pages: Sequence[Row]) -> Lines:
        """The lines of pages shaped as in boilerplate_lines; what is no line is left out."""
        records, texts, kinds = [], [], []
        page: list[int] = []
        label: list[str] = []
        weak: list[bool] = []
        for row in pages:
            lines = [line for line in row["lines"] if isinstance(line, dict) and isinstance(line.get("text"), str)]
            language = row.get("lang") if isinstance(row.get("lang"), str) else ""
            headline = row.get("title") if isinstance(row.get("title"), str) else ""
            record = {"id": row["id"], "source": str(row.get("site") or row["id"]), "language": language, "headline": headline}
            records.append({**record, "text": "\n".join(line["text"] for line in lines)})
            page += [len(kinds)] * len(lines)
            kinds.append((str(language), str(row.get("page_type") or "")))
            texts += [line["text"] for line in lines]
            label += [line["label"] if line.get("label") in LABELS else "" for line in lines]
            weak += [bool(line.get("weak")) for line in lines]
        return cls(records, texts, np.array(page, np.int64), np.array(label, np.str_), np.array(weak, np.bool_), kinds)

    @cached_property
    def length(self) -> NDArray[np.float64]:
        """Effective characters of each line."""
        return np.array([len(text) + (CJK_WEIGHT - 1) * len(CJK.findall(text)) for text in self.texts], np.float64)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """First code point of each line, counted through all pages, each with a newline at its end."""
        lengths = np.array([len(text) + 1 for text in self.texts], np.int64)
        return np.cumsum(lengths) - lengths

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """First line of each page, and the number of lines at the end."""
        return np.searchsorted(self.page, np.arange(len(self.records) + 1))


Detector = Callable[[Lines], dict[str, Mask]]


def by_checks(lines: Lines) -> dict[str, Mask]:
    """Lines that a finding of the boilerplate family touches: of all its checks, of those that see one record, of each alone."""
    suite = suite_of(lambda check: check.family == "boilerplate")
    flags = {check.name: np.zeros(len(lines.texts), np.bool_) for check in suite.checks}
    for row in findings(lines.records, suite):
        low, high = (int(line) for line in lines.first[row["ordinal"] : row["ordinal"] + 2])
        # A finding without a place speaks of the whole record: all of its lines.
        if row["start"] is not None and low < high:
            at = int(lines.starts[low])
            low = int(np.searchsorted(lines.starts, at + row["start"], side="right")) - 1
            high = int(np.searchsorted(lines.starts, at + row["end"], side="left"))
        flags[row["check"]][low:high] = True
    across = {check.name for check in suite.checks if REGISTRY[check.signal].across}
    one_record = [flag for name, flag in flags.items() if name not in across]
    return {"ours": np.logical_or.reduce([*flags.values()]), "one_record": np.logical_or.reduce(one_record), **flags}


_END = re.compile(r"[.!?\"'”»\N{HORIZONTAL ELLIPSIS}。！？｡؟۔।][)\]]?$")
_NOT_PROSE = re.compile(r"javascript|lorem ipsum|[{}]|privacy policy|terms of (?:use|service)|cookie", re.IGNORECASE)
WORDS = 5


def c4_like(lines: Lines) -> dict[str, Mask]:
    """What a rule in the manner of C4 throws away: lines without a full stop, of few words, or of code and policies.

    Where no spaces stand between words, two characters count as one.
    """
    return {"c4_like": np.array([not _is_prose(text.strip()) for text in lines.texts], np.bool_)}


def _is_prose(text: str) -> bool:
    words = len(text.split()) + len(CJK.findall(text)) // 2
    return words >= WORDS and _END.search(text) is not None and _NOT_PROSE.search(text) is None


#: The first gives our figures, under "ours"; what else they give stands beside.
DETECTORS: tuple[Detector, ...] = (by_checks, c4_like)


def pages(folder: Path, figures: Figures, name: str, prefix: str, limit: int) -> None:
    """Recall of furniture and share of content lost, by band of lines, language and check."""
    figures.head(f"Lines of {name} (ours; without what only a whole source shows; a rule like C4's)")
    lines = Lines.of(rows(folder, name, figures, limit, PAGE))
    if not lines.texts:
        return
    flags: dict[str, Mask] = {}
    for detector in DETECTORS:
        flags |= detector(lines)
    shown = {name: flag for name, flag in flags.items() if "/" not in name}
    for band, chosen in _bands(lines):
        _score(figures, prefix, band, lines, chosen, shown)
    for group, of_page in groups(lines):
        _score(figures, f"{prefix}/of", f"strong_{LONG}/{group}", lines, ~lines.weak & (lines.length >= LONG) & of_page[lines.page], shown)
    repeated = flags.get("boilerplate/repeated-lines")
    for group, of_page in groups(lines) if repeated is not None else ():
        if group == f"sites_of_{PAGES_OF_SITE}":
            _score(figures, f"{prefix}/by_repetition", group, lines, of_page[lines.page], {"ours": repeated})
    for name, flag in flags.items():
        hit = flag & ~lines.weak & np.isin(lines.label, LABELS[:2])
        if "/" in name and hit.any():
            n = int(hit.sum())
            figures.add(f"{prefix}/precision_of_strong/{name}", n, share(int((lines.label[hit] == LABELS[0]).sum()), n))


def _bands(lines: Lines) -> Iterator[tuple[str, Mask]]:
    yield "all", np.ones(len(lines.texts), np.bool_)
    if lines.weak.any():
        yield "strong", ~lines.weak
    yield f"strong_{LONG}", ~lines.weak & (lines.length >= LONG)


def groups(lines: Lines) -> Iterator[tuple[str, Mask]]:
    """Pages that are articles, those of sites with enough pages to repeat themselves, and those of each language with enough of them."""
    if len(lines.records) < PAGES_OF_LANGUAGE:
        return
    spoken = Counter(language for language, _ in lines.kinds)
    common = {language for language, n in spoken.items() if n >= PAGES_OF_LANGUAGE}
    by_group: dict[str, list[int]] = defaultdict(list)
    pages_of = Counter(record["source"] for record in lines.records)
    by_group[f"sites_of_{PAGES_OF_SITE}"] = [i for i, record in enumerate(lines.records) if pages_of[record["source"]] >= PAGES_OF_SITE]
    for i, (language, kind) in enumerate(lines.kinds):
        by_group[language if language in common else "other"].append(i)
        if kind == "article":
            by_group["articles"].append(i)
    for group, members in sorted(by_group.items()):
        if members:
            chosen = np.zeros(len(lines.records), np.bool_)
            chosen[members] = True
            yield group, chosen


def _score(figures: Figures, prefix: str, band: str, lines: Lines, chosen: Mask, flags: dict[str, Mask]) -> None:
    furniture, content = (chosen & (lines.label == label) for label in LABELS[:2])
    with_content = np.unique(lines.page[content])
    for figure, among in (("recall", furniture), ("content_lost", content)):
        total = int(among.sum())
        figures.add(f"{prefix}/{figure}/{band}", total, **{name: share(int((flag & among).sum()), total) for name, flag in flags.items()})
    hit = {name: share(len(np.unique(lines.page[flag & content])), len(with_content)) for name, flag in flags.items()}
    figures.add(f"{prefix}/pages_hit/{band}", len(with_content), **hit)


def repeated(folder: Path, figures: Figures) -> None:
    """Lines that stand in many records of raw corpora: furniture found, and sentences of copied articles wrongly called so.

    A line counts as found where it is flagged in at least half of its places in the raw corpus; `repeated_alone` judges it
    as the whole text of one record.
    """
    figures.head("Lines repeated in raw corpora (ours over the whole corpus; then the line alone, beside a rule like C4's)")
    labelled = rows(folder, "repeated_lines_labelled.jsonl", figures, 0, LABELLED)
    if not labelled:
        return
    lines = Lines.of([{"id": str(i), "lines": [{"text": row["text"]}], "lang": row.get("lang")} for i, row in enumerate(labelled)])
    alone = {"ours": by_checks(lines)["ours"], **c4_like(lines)}
    whole = np.zeros(len(labelled), np.bool_)
    known = np.zeros(len(labelled), np.bool_)
    for corpus in sorted({row["corpus"] for row in labelled}):
        seen, flagged = _in_corpus(folder, figures, corpus)
        for i, row in enumerate(labelled):
            text = row["text"].strip()
            if row["corpus"] == corpus and seen[text]:
                known[i], whole[i] = True, 2 * flagged[text] >= seen[text]
    if not known.all():
        figures.note(f"not to be found in their raw corpora: {int((~known).sum())} of {len(labelled)} lines")
    is_furniture = np.array([row["label"] == LABELS[0] for row in labelled])
    for figure, among in (("boilerplate_found", is_furniture), ("content_falsely", ~is_furniture)):
        for prefix, flags, members in (("repeated", {"ours": whole}, among & known), ("repeated_alone", alone, among)):
            n = int(members.sum())
            if n:
                figures.add(f"{prefix}/{figure}", n, **{name: share(int((flag & members).sum()), n) for name, flag in flags.items()})


ARTICLE = {"id": str, "text": str}


def sound(folder: Path, figures: Figures) -> None:
    """Share of sound articles, each as a source of its own, with a finding of the boilerplate family at fail or warn, and by check."""
    figures.head("Sound articles, each a source of its own: share with furniture found")
    articles = rows(folder, "clean_articles.jsonl.gz", figures, 0, ARTICLE)
    records = [
        {"id": str(i), "source": str(i), "headline": row.get("title") or "", "language": row.get("lang") or "", "text": row["text"]}
        for i, row in enumerate(articles)
    ]
    by_check: dict[str, set[int]] = defaultdict(set)
    for row in findings(records, suite_of(lambda check: check.family == "boilerplate")) if records else ():
        if row["severity"] != "info":
            by_check[row["check"]].add(row["ordinal"])
            by_check["any"].add(row["ordinal"])
    for name, found in sorted(by_check.items()):
        figures.add(f"sound/{name}", len(records), share(len(found), len(records)))


def _in_corpus(folder: Path, figures: Figures, corpus: str) -> tuple[Counter[str], Counter[str]]:
    """How often each line stands in a raw corpus, and how often it is flagged there."""
    pages = []
    for i, row in enumerate(rows(folder, f"raw_scraped/{corpus}.jsonl.gz", figures)):
        content = row.get("content")
        parts = content if isinstance(content, list) else [content]
        text = "\n".join(part for part in parts if isinstance(part, str))
        site = row.get("source") if isinstance(row.get("source"), str) else corpus
        pages.append({"id": str(i), "site": site, "lines": [{"text": line} for line in text.split("\n")]})
    if not pages:
        return Counter(), Counter()
    lines = Lines.of(pages)
    flags = by_checks(lines)["ours"]
    texts = [text.strip() for text in lines.texts]
    return Counter(texts), Counter(text for text, flag in zip(texts, flags.tolist(), strict=True) if flag)

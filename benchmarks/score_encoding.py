"""Damaged text by kind, and false alarms on sound lines and sound articles."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import ftfy
from ftfy.badness import is_bad
from gold import Figures, Row, findings, rows, share, suite_of

from corpusgate.signals.charsets import locate

FAMILIES = ("boilerplate", "headlines", "dates", "encoding")
#: They say that a field is empty, which is true of the gold and no error of a detector.
EMPTY = ("headlines/missing", "dates/missing")

CASE = {"original": str, "is_bad": bool, "kind": str, "fixed": (str, type(None))}
ARTICLE = {"text": str}


def _repaired(text: str) -> str:
    for run in reversed(locate(text)):
        text = text[: run.start] + run.repaired + text[run.end :]
    return text


def mojibake(folder: Path, figures: Figures, limit: int) -> None:
    """Recall by kind on damaged texts, share of sound texts called damaged."""
    figures.head("Damaged text: recall by kind (encoding checks that fail or warn; `locate` alone; ftfy.badness.is_bad)")
    cases = rows(folder, "mojibake.jsonl.gz", figures, limit, CASE)
    if not cases:
        return
    suite = suite_of(lambda check: check.family == "encoding" and check.severity != "info")
    texts = [case["original"] for case in cases]
    flagged = {row["ordinal"] for row in findings([{"id": str(i), "source": "gold", "text": text} for i, text in enumerate(texts)], suite)}
    locate("warm up \N{LATIN SMALL LETTER E WITH ACUTE}")
    clock = time.process_time()
    located = [bool(locate(text)) for text in texts]
    ours = time.process_time() - clock
    clock = time.process_time()
    peer = [bool(is_bad(text)) for text in texts]
    theirs = time.process_time() - clock
    groups: dict[tuple[bool, str], list[int]] = defaultdict(list)
    for i, case in enumerate(cases):
        groups[case["is_bad"], case["kind"]].append(i)
        groups[case["is_bad"], "all"].append(i)
        if case["is_bad"]:
            groups[True, "all constructed" if case["kind"].startswith("constructed") else "all but constructed"].append(i)
    for (bad, kind), members in sorted(groups.items(), key=lambda item: (not item[0][0], item[0][1])):
        n = len(members)
        figures.add(
            f"mojibake/{'recall' if bad else 'false_alarms'}/{kind}", n, share(sum(i in flagged for i in members), n),
            locate=share(sum(located[i] for i in members), n), ftfy=share(sum(peer[i] for i in members), n),
        )  # fmt: skip
    figures.add("mojibake/seconds_per_1000_texts", len(texts), 1000 * ours / len(texts), ftfy=1000 * theirs / len(texts))
    mendable = [case for case in cases if case["is_bad"] and case["fixed"] and case["fixed"] != case["original"]]
    exact = sum(_repaired(case["original"]) == case["fixed"] for case in mendable)
    peer_exact = sum(ftfy.fix_encoding(case["original"]) == case["fixed"] for case in mendable)
    figures.add("mojibake/repaired_exactly", len(mendable), share(exact, len(mendable)), ftfy=share(peer_exact, len(mendable)))


def clean_articles(folder: Path, figures: Figures, limit: int) -> None:
    """Share of sound articles with a finding, by family and severity, and by check where there is any."""
    figures.head("Sound articles: share with a false alarm")
    articles = rows(folder, "clean_articles.jsonl.gz", figures, limit, ARTICLE)
    if not articles:
        return
    for family in FAMILIES:
        suite = suite_of(lambda check, family=family: check.family == family and check.name not in EMPTY)  # type: ignore[misc]
        try:
            found = findings(articles, suite)
        except Exception as error:
            figures.note(f"family {family} broke with {type(error).__name__}: {error}; again without the publication date")
            found = findings([{k: v for k, v in article.items() if k != "published"} for article in articles], suite)
        _alarms(figures, family, found, len(articles))
    alarms = sum(bool(is_bad(article["text"])) for article in articles)
    figures.add("clean/ftfy_is_bad_on_text", len(articles), share(alarms, len(articles)))
    alarms = sum(bool(locate(article["text"])) for article in articles)
    figures.add("clean/locate_on_text", len(articles), share(alarms, len(articles)))


def _alarms(figures: Figures, family: str, found: list[Row], total: int) -> None:
    by_severity: dict[str, set[int]] = {"fail": set(), "warn": set()}
    by_check: dict[str, set[int]] = defaultdict(set)
    for row in found:
        if row["severity"] in by_severity:
            by_severity[row["severity"]].add(row["ordinal"])
            by_check[f"{row['check']} ({row['severity']})"].add(row["ordinal"])
    for severity, records in by_severity.items():
        figures.add(f"clean/{family}/{severity}", total, share(len(records), total))
    for name, records in sorted(by_check.items()):
        figures.add(f"clean/check/{name}", total, share(len(records), total))

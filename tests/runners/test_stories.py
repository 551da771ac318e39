"""Copies of texts over a whole corpus: what is found, what is not, and that it does not matter how the corpus is cut."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpusgate import suites
from corpusgate.api import prepare
from corpusgate.kernels.survey_tables import Wanted
from corpusgate.runners import parts, sampled
from corpusgate.runners.compare import sets
from corpusgate.runners.local import run

#: Words of which no three in a row come twice by chance.
WORDS = [f"{first}{second}{third}" for first in "bdfgklmn" for second in "aeiou" for third in ("ran", "sel", "tor", "vim", "zup")]


def story(seed: int, words: int = 120) -> str:
    """Invented prose, the same for the same seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def records(*texts: tuple[str, str]) -> list[dict[str, str]]:
    """A record for each source and text."""
    return [
        {"id": str(i), "source": source, "url": f"https://{source}/{i}", "headline": f"Headline number {story(i, 4)}", "text": text}
        for i, (source, text) in enumerate(texts)
    ]


def measured(rows: list[dict[str, str]], folder: Path) -> tuple[list[dict[str, Any]], list[int | None]]:
    """Findings of the headlines family, and the text group of each record."""
    suite = suites.load_suite()
    suite = suite.model_copy(update={"checks": tuple(check for check in suite.checks if check.family == "headlines")})
    chosen, corpus = prepare(pd.DataFrame(rows), suite)
    folder.mkdir(exist_ok=True)
    with run(corpus, chosen, folder, date(2026, 11, 1)) as outcome:
        tables = [pq.read_table(outcome.folder / f"{name}.parquet") for name in ("findings", "signals")]
    return tables[0].to_pylist(), tables[1]["text_group"].to_pylist()


def said(findings: list[dict[str, Any]], check: str) -> dict[int, str]:
    """What is said of each record by a check."""
    return {row["ordinal"]: row["message"] for row in findings if row["check"] == f"headlines/{check}"}


def test_each_kind_of_copy_is_named_with_the_record_it_repeats(tmp_path: Path) -> None:
    one, other = story(1), story(2)
    rows = records(
        ("mill", one), ("mill", other), ("mill", one.upper()), ("weir", f"{one} {story(3, 20)}"), ("mill", f"{story(4, 400)} {other}")
    )  # fmt: skip
    findings, groups = measured(rows, tmp_path)
    own, others = said(findings, "text-repeated-in-source"), said(findings, "text-repeated-across-sources")
    assert list(own) == [2, 4]
    assert own[2] == "The same text as in 0."
    assert own[4] == "A contained copy: 98 % of the shorter text stands in the other one, which is 1."
    assert list(others) == [3]
    assert others[3].startswith("A near copy of 0: 8")
    assert groups == [0, 1, 0, 0, 1]


def test_a_page_crawled_again_is_told_from_a_reprint(tmp_path: Path) -> None:
    rows = records(("mill", story(1)), ("mill", story(1)), ("mill", f"{story(1)} more"), ("weir", story(1)))
    for row, url in zip(rows, ("http://mill/1", "https://www.mill/1/#top", "https://mill/2", "https://mill/1"), strict=True):
        row["url"] = url
    findings, _ = measured(rows, tmp_path)
    own, others = said(findings, "text-repeated-in-source"), said(findings, "text-repeated-across-sources")
    assert own[1] == "The same text as in 0. It is the same page, crawled again."
    assert "again" not in own[2]
    assert others[3] == "The same text as in 0. It is the same page, crawled again."


def test_a_round_up_is_a_copy_of_its_stories_but_does_not_join_them(tmp_path: Path) -> None:
    first, second = story(1), story(2)
    findings, groups = measured(records(("mill", first), ("mill", second), ("mill", f"{first} {second}"), ("mill", f"{first} x")), tmp_path)
    assert groups == [0, None, None, 0]
    assert sorted(said(findings, "text-repeated-in-source")) == [2, 3]


def test_the_frame_with_other_numbers_is_no_copy(tmp_path: Path) -> None:
    def weather(*numbers: int) -> str:
        words = story(1, 100).split()
        for place, number in zip((5, 30, 55, 80), numbers, strict=True):
            words[place] = str(number)
        return " ".join(words)

    findings, groups = measured(records(("mill", weather(7, 9, 12, 2)), ("mill", weather(21, 23, 25, 14))), tmp_path / "other")
    assert groups == [None, None]
    assert not said(findings, "text-repeated-in-source")
    _, groups = measured(records(("mill", weather(7, 9, 12, 2)), ("mill", weather(7, 9, 12, 3))), tmp_path / "same")
    assert groups == [0, 0]


def test_articles_in_one_frame_are_no_copies_and_copies_in_a_frame_are(tmp_path: Path) -> None:
    above, below = story(50, 150).replace(" ", "\n", 4), story(51, 150)
    pages = [f"{above}\n{story(i, 60)}\n{below}" for i in (1, 2, 3, 4)]
    # The third one was saved again, with a correction and under another advertisement.
    again = f"{above}\n{story(3, 60)} {story(60, 6)}\n{story(61, 20)}\n{below}"
    findings, groups = measured(records(*[("mill", page) for page in [*pages, again]]), tmp_path / "framed")
    assert groups == [None, None, 2, None, 2]
    assert list(said(findings, "text-repeated-in-source")) == [4]
    # Two pages show no frame, nor do three versions of a story with nothing of their own.
    _, groups = measured(records(("mill", pages[0]), ("mill", pages[0]), ("mill", f"{pages[0]} more")), tmp_path / "versions")
    assert groups == [0, 0, 0]


def test_short_texts_and_common_lines_are_no_copies(tmp_path: Path) -> None:
    line = story(9, 12)
    rows = records(*[("mill", f"{story(i, 60)}\n{line}") for i in range(10, 40)], ("mill", line), ("mill", f"{line} x"))
    findings, groups = measured(rows, tmp_path)
    assert groups == [None] * len(rows)
    assert not said(findings, "text-repeated-in-source")


def test_of_many_copies_each_is_found_and_one_template_in_all_costs_little(tmp_path: Path) -> None:
    """More copies than a shingle may stand in to be looked at always."""
    copies = [f"{story(1)} {story(100 + i, 8)}" for i in range(3 * sampled.MOST)]
    _, groups = measured(records(*[("mill", text) for text in copies]), tmp_path)
    assert groups == [0] * len(copies)


def test_headlines_are_judged_with_their_stories(tmp_path: Path) -> None:
    rows = records(*[("mill", text) for text in (story(1), f"{story(1)} more", story(2), "", story(3, 12), f"{story(3, 12)} more")])
    for row in rows[:4]:
        row["headline"] = "This morning on the river"
    for row in rows[4:]:
        row["headline"] = "Short news in brief words"
    findings, _ = measured(rows, tmp_path)
    assert list(said(findings, "duplicate-in-source")) == [0, 1, 4, 5]
    assert list(said(findings, "recurring")) == [0, 1, 2, 3]
    assert set(said(findings, "recurring").values()) == {"This headline stands over 2 different texts of this source."}
    assert list(said(findings, "duplicate-without-text")) == [3]


def _mixed() -> list[dict[str, str]]:
    """Copies of all kinds, far apart."""
    chance = random.Random(3)
    made = []
    for i in range(300):
        kind, number = chance.randrange(6), chance.randrange(40)
        text = story(number, 90)
        made.append(
            (f"s{chance.randrange(4)}", [text, f"{text} {i}", text[:300], f"{text}\n{story(i + 1, 90)}", story(1000 + i), ""][kind])
        )
    return records(*made)


def test_it_does_not_matter_how_the_corpus_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _mixed()
    whole = measured(rows, tmp_path / "whole")
    assert len({group for group in whole[1] if group is not None}) > 20
    monkeypatch.setattr(parts, "STRETCH_BYTES", 1 << 12)
    monkeypatch.setattr("corpusgate.runners.compare.TOGETHER", 7)
    monkeypatch.setattr("corpusgate.runners.common.TASK_RECORDS", 20)
    monkeypatch.setattr("corpusgate.runners.common.TOGETHER", 11)
    assert measured(rows, tmp_path / "stretches") == whole
    # A few shares of the shingles, each by itself.
    monkeypatch.setattr(sampled, "AT_ONCE", 700)
    assert measured(rows, tmp_path / "shares") == whole


def test_a_text_is_two_sets_of_numbers() -> None:
    values, sizes = sets(pa.array(["one two three four", "", "7 and 7 and 12 and 7"]), Wanted())
    # Three tokens in a row, with nothing before the first.
    assert sizes.tolist() == [4, 0, 0, 0, 7, 2]
    assert len(values) == 13
    begins = [0, 4, 4, 4, 4, 11, 13]
    assert all(sorted(values[a:b].tolist()) == values[a:b].tolist() for a, b in pairwise(begins))


@pytest.mark.parametrize("threads", [1, 3])
def test_pairs_are_the_same_whatever_the_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    generator = np.random.default_rng(5)
    keys = generator.integers(0, 400, 6000) * np.int64(0x9E3779B97F4A7C15 >> 1)
    rows = np.sort(generator.integers(0, 300, 6000)).astype(np.int32)

    def shingles() -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
        for start in range(0, 300, 50):
            some = (rows >= start) & (rows < start + 50)
            yield start, start + 50, rows[some] - np.int32(start), keys[some]

    wanted = np.ones(300, np.bool_)
    monkeypatch.setattr(sampled, "AT_ONCE", 500)
    monkeypatch.setattr(sampled, "TOGETHER", 64)
    found = sampled.by_shingles(tmp_path, shingles, wanted, threads)
    assert len(found)
    assert np.array_equal(found, sampled.by_shingles(tmp_path, shingles, wanted))
    assert not list(tmp_path.iterdir())

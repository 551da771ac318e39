"""Extraction that broke at a file: told where files follow each other, in whatever parts they are read, and not where they do not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpusgate
from corpusgate.corpora import cutting
from corpusgate.signals.extraction import FILES, broken

DAY = date(2026, 11, 1)
NAME = "boilerplate/extraction-broke"
WORDS = ("mill", "ferry", "bridge", "choir", "baker", "harbour", "orchard", "library", "tower", "garden", "market", "school")
FOOT = "All rights reserved"

Record = dict[str, str]


def story(number: int, furnished: bool, site: str = "mill.example") -> Record:
    """A record without a date."""
    one, other = WORDS[number % 12], WORDS[number * 7 % 11]
    text = f"The {one} by the {other} has seen {number} visitors since the morning, and the keeper says that it will be more."
    return {"id": f"{site}-{number}", "source": site, "text": f"{text}\n{FOOT}" if furnished else text}


def shards(shares: Iterable[float], each: int = 12, site: str = "mill.example") -> list[list[Record]]:
    """Records of files, of which such a share has furniture."""
    return [[story(at * each + i, i < share * each, site) for i in range(each)] for at, share in enumerate(shares)]


def as_jsonl(path: Path, records: list[Record]) -> None:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")


def as_csv(path: Path, records: list[Record]) -> None:
    path.write_bytes(gzip.compress(pd.DataFrame(records).to_csv(index=False).encode(), mtime=0))


def as_parquet(path: Path, records: list[Record]) -> None:
    pq.write_table(pa.Table.from_pylist(records), path, row_group_size=5)


def checked(folder: Path, out: Path, **options: Any) -> list[dict[str, Any]]:
    """Findings of the check in a folder of files."""
    corpusgate.check(folder, out=out, today=DAY, **options)
    return [row for row in pq.read_table(out / "findings.parquet").to_pylist() if row["check"] == NAME]


def laid(folder: Path, name: str, files: list[list[Record]], write: Callable[[Path, list[Record]], None] = as_jsonl) -> Path:
    folder.mkdir(exist_ok=True)
    for number, records in enumerate(files, 1):
        write(folder / name.format(number), records)
    return folder


@pytest.mark.parametrize(
    ("name", "write"), [("part-{}.jsonl", as_jsonl), ("crawl_{:03}.csv.gz", as_csv), ("2026-{:02}/pages.parquet", as_parquet)]
)
def test_the_finding_names_the_file_and_shows_the_line(tmp_path: Path, name: str, write: Callable[[Path, list[Record]], None]) -> None:
    folder = tmp_path / "news"
    for number in range(1, 13):
        (folder / name.format(number)).parent.mkdir(parents=True, exist_ok=True)
    found = checked(laid(folder, name, shards([0.0] * 8 + [1.0] * 4), write), tmp_path / "out")
    assert {row["record_id"] for row in found} == {f"mill.example-{i}" for i in range(96, 144)}
    assert {row["match"] for row in found} == {FOOT}
    said = f"From the file {name.format(9)} on, far more texts of this source have furniture than in the files before it."
    assert {row["message"] for row in found} == {said}


def test_what_is_told_depends_neither_on_parts_nor_on_processes_nor_on_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outputs: Callable[[Path], dict[str, object]]
) -> None:
    files = [one + other for one, other in zip(shards([0.1] * 6 + [0.9] * 6), shards([0.1] * 12, site="sahl.example"), strict=True)]
    folder = laid(tmp_path / "news", "part-{}.jsonl", files)
    found = checked(folder, tmp_path / "whole")
    assert {row["source"] for row in found} == {"mill.example"}
    assert {row["message"].split()[3] for row in found} == {"part-7.jsonl"}
    monkeypatch.setattr(cutting, "PART_BYTES", 1500)
    whole = outputs(tmp_path / "whole")
    for name, options in (
        ("cut", {}),
        ("two", {"jobs": 2}),
        ("first", {"cache": tmp_path / "kept"}),
        ("again", {"cache": tmp_path / "kept"}),
    ):
        checked(folder, tmp_path / name, **options)
        assert outputs(tmp_path / name) == whole, name


@pytest.mark.parametrize(
    ("name", "shares"),
    [
        ("part-{}.jsonl", [0.0, 1.0]),
        ("part-{}.jsonl", [0.0, 0.3, 0.1, 0.4, 0.2, 0.4]),
        ("part-{}.jsonl", [1.0, 1.0, 0.0, 0.0]),
        ("part-{}.jsonl", [0.0, 1.0, 0.1, 0.9, 0.0, 1.0, 0.1, 0.9]),
        ("part-{}.jsonl", [1.0] * 6),
    ],
    ids=["two files", "a small change", "mended", "files that differ", "always"],
)
def test_what_is_no_break(tmp_path: Path, name: str, shares: list[float]) -> None:
    assert not checked(laid(tmp_path / "news", name, shards(shares)), tmp_path / "out")


def test_files_of_other_names_follow_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, records in zip(("articles", "blog", "comments", "forum"), shards([0.0, 0.0, 1.0, 1.0], 30), strict=True):
        as_jsonl(folder / f"{name}.jsonl", records)
    assert not checked(folder, tmp_path / "out")


def test_series_are_not_compared_with_each_other(tmp_path: Path) -> None:
    laid(tmp_path / "news", "articles-{}.jsonl", shards([0.0] * 3))
    laid(tmp_path / "news", "forum-{}.jsonl", [[{**one, "id": f"f{one['id']}"} for one in file] for file in shards([1.0] * 3)])
    assert not checked(tmp_path / "news", tmp_path / "out")


def test_one_large_file_has_no_order(tmp_path: Path) -> None:
    folder = laid(tmp_path / "news", "part-{}.jsonl", [list(chain.from_iterable(shards([0.0] * 6 + [1.0] * 6)))])
    assert not checked(folder, tmp_path / "out")


def test_a_source_that_lies_in_a_file_of_its_own_is_not_compared(tmp_path: Path) -> None:
    files = [shards([at % 2], 30, f"site-{at}.example")[0] for at in range(8)]
    assert not checked(laid(tmp_path / "news", "part-{}.jsonl", files), tmp_path / "out")


def test_a_source_that_lies_in_two_of_many_files_is_not_blamed(tmp_path: Path) -> None:
    files = [shards([0.0], 20, f"site-{at}.example")[0] for at in range(5)]
    for share, file in zip((0.0, 1.0), files[2:4], strict=True):
        file += [{**one, "id": f"{share}-{one['id']}"} for one in shards([share], 40, "edge.example")[0]]
    assert not checked(laid(tmp_path / "news", "part-{}.jsonl", files), tmp_path / "out")


def test_months_are_asked_first_and_files_where_months_say_nothing(tmp_path: Path) -> None:
    """One source is crawled as it appears; of the other each file has stories of all years, as of an archive."""
    files = shards([0.0] * 6 + [1.0] * 6)
    archive = shards([0.0] * 6 + [1.0] * 6, site="archive.example")
    for at, (one, other) in enumerate(zip(files, archive, strict=True)):
        for i, (record, old) in enumerate(zip(one, other, strict=True)):
            record["published"] = f"{date(2025, at + 1, 2 + i)}"
            old["published"] = f"{date(2014, 1, 1) + timedelta(days=1 + 320 * i + 7 * at)}"
    folder = laid(tmp_path / "news", "part-{}.jsonl", [one + other for one, other in zip(files, archive, strict=True)])
    found = checked(folder, tmp_path / "out")
    said = {(row["source"], row["message"]) for row in found}
    assert said == {
        ("mill.example", "Far more texts of this source have furniture from 2025-07 on than before."),
        ("archive.example", "From the file part-7.jsonl on, far more texts of this source have furniture than in the files before it."),
    }
    assert len({row["record_id"] for row in found}) == len(found) == 144


COUNTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 5), st.integers(0, 2), st.integers(1, 60)), max_size=60)


@settings(deadline=None)
@given(COUNTS, st.randoms())
def test_files_of_each_series_are_judged_as_months_of_a_source_are(rows: list[tuple[int, int, int, int, int]], random: Any) -> None:
    """Whatever the order of the rows; but for sources in fewer than three files of a series, which are not judged."""
    counted: dict[tuple[int, int, int, int], int] = {}
    for source, series, file, level, n in rows:
        key = source, series, 6 * series + file, level
        counted[key] = counted.get(key, 0) + n
    drawn = list(counted.items())
    random.shuffle(drawn)
    columns = np.array([(*key, n) for key, n in drawn], np.int64).reshape(-1, 5).T
    source, series, file, level, texts = columns
    judged = {"min_records": 8, "min_jump": 0.4, "doubt": 0.5}
    by_file = broken({"source": source, "series": series, "file": file, "level": level, "detail": texts}, 3, order=FILES, **judged)
    by_month = broken({"source": 10 * source + series, "month": file, "level": level, "detail": texts}, 3, **judged)
    files = {key: len({other[2] for other in counted if other[:2] == key}) for key in {key[:2] for key in counted}}
    expected = {
        (one, month, level, begins)
        for one, month, level, begins in zip(*(column.tolist() for column in by_month.values()), strict=True)
        if files[divmod(one, 10)] >= 3
    }
    found = zip(*(by_file[name].tolist() for name in ("source", "series", "file", "level", "detail")), strict=True)
    assert {(10 * one + series, file, level, begins) for one, series, file, level, begins in found} == expected

"""Measured parts that are kept: what is the same is not measured again, whatever changed is, and a damaged entry is no entry."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpusgate import api, suites
from corpusgate.checks import Check, Expect, Suite
from corpusgate.runners.cache import Cache

Copies = Callable[[int], Path]
Outputs = Callable[[Path], dict[str, object]]

DAY = date(2026, 11, 1)


def run(corpus: Path, cache: Path, out: Path | None = None, **options: Any) -> tuple[int, int]:
    """How many parts were measured anew, and how many there are."""
    told: list[tuple[int, int]] = []
    api.check(corpus, out=out, cache=cache, reused=lambda reused, parts: told.append((parts - reused, parts)), **{"today": DAY, **options})
    return told[0]


def age(corpus: Path) -> None:
    """Make files old enough to be known by their times."""
    for path in corpus.rglob("*.jsonl"):
        os.utime(path, ns=(path.stat().st_atime_ns, time.time_ns() - 60_000_000_000))


def test_what_is_the_same_is_not_measured_again(copies: Copies, tmp_path: Path, outputs: Outputs) -> None:
    corpus, cache = copies(1), tmp_path / "cache"
    assert run(corpus, cache, tmp_path / "1") == (10, 10)
    assert run(corpus, cache, tmp_path / "2") == (0, 10)
    assert run(corpus, cache, tmp_path / "3", jobs=2) == (0, 10)
    assert outputs(tmp_path / "1") == outputs(tmp_path / "2") == outputs(tmp_path / "3")
    api.check(corpus, out=tmp_path / "4", today=DAY)
    assert outputs(tmp_path / "1") == outputs(tmp_path / "4")


def test_of_many_files_the_changed_one_is_measured(copies: Copies, tmp_path: Path, outputs: Outputs) -> None:
    corpus, cache = copies(3), tmp_path / "cache"
    assert run(corpus, cache) == (30, 30)
    path = corpus / "harbour-post-1.jsonl"
    path.write_bytes(path.read_bytes().replace(b"library", b"librarY", 1))
    assert run(corpus, cache, tmp_path / "1") == (1, 30)
    api.check(corpus, out=tmp_path / "2", today=DAY)
    assert outputs(tmp_path / "1") == outputs(tmp_path / "2")


def test_a_change_is_noticed_though_size_and_time_are_as_before(copies: Copies, tmp_path: Path) -> None:
    corpus, cache = copies(1), tmp_path / "cache"
    age(corpus)
    run(corpus, cache)
    path = corpus / "harbour-post-0.jsonl"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"library", b"librarY", 1))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert run(corpus, cache) == (1, 10)


def test_files_may_be_touched_and_moved(copies: Copies, tmp_path: Path) -> None:
    corpus, cache = copies(1), tmp_path / "cache"
    run(corpus, cache)
    for path in corpus.iterdir():
        path.touch()
    assert run(corpus, cache) == (0, 10)
    moved = tmp_path / "elsewhere" / "other-name"
    moved.parent.mkdir()
    corpus.rename(moved)
    assert run(moved, cache) == (0, 10)


def test_a_name_that_stands_for_a_source_matters(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text('{"id": "1", "text": "The ferry sails at noon."}\n', encoding="utf-8")
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.jsonl").write_bytes((tmp_path / f"{name}.jsonl").read_bytes())
    cache = tmp_path / "cache"
    assert run(tmp_path / "one", cache) == (1, 1)
    assert run(tmp_path / "two", cache, tmp_path / "out") == (1, 1)
    assert json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["distributions"]["source"][0]["name"] == "two"


@pytest.mark.parametrize("damage", ["truncated table", "truncated description", "no description", "wrong description", "a byte"])
def test_a_damaged_entry_is_measured_again(copies: Copies, tmp_path: Path, outputs: Outputs, damage: str) -> None:
    corpus, cache = copies(1), tmp_path / "cache"
    run(corpus, cache, tmp_path / "1")
    entry = sorted((cache / "parts").glob("*/*/*"))[3]
    table, description = entry / "stretch-00000.arrow", entry / "part.json"
    match damage:
        case "truncated table":
            table.write_bytes(table.read_bytes()[:100])
        case "truncated description":
            description.write_bytes(description.read_bytes()[:100])
        case "no description":
            description.unlink()
        case "wrong description":
            description.write_text('{"files": [], "measurement": 3}', encoding="utf-8")
        case _:
            data = bytearray(table.read_bytes())
            data[len(data) // 2] ^= 1
            table.write_bytes(data)
    assert run(corpus, cache, tmp_path / "2") == (1, 10)
    assert outputs(tmp_path / "1") == outputs(tmp_path / "2")
    assert run(corpus, cache) == (0, 10)


@pytest.mark.parametrize(
    ("name", "update", "measured"),
    [
        ("encoding/mojibake", {"expect": Expect(mostly=0.5)}, 0),
        ("encoding/mojibake", {"severity": "info"}, 0),
        ("encoding/mojibake", {"per": {}}, 0),
        ("boilerplate/repeated-lines", {"with_": {"min_records": 3, "min_share": 0.5}}, 0),
        ("encoding/mojibake", {"expect": Expect(max=1)}, 10),
        ("encoding/mojibake", {"fields": ["text"]}, 10),
        ("boilerplate/navigation", {"with_": {"kinds": ["navigation"]}}, 10),
    ],
)
def test_only_what_is_measured_counts(
    copies: Copies, tmp_path: Path, outputs: Outputs, name: str, update: dict[str, Any], measured: int
) -> None:
    corpus, cache = copies(1), tmp_path / "cache"
    suite = suites.load_suite()
    run(corpus, cache, suite=suite)

    def changed(check: Check) -> Check:
        return check.model_copy(update=update) if check.name == name else check

    other = Suite(name="other", checks=tuple(map(changed, suite.checks)), fields=suite.fields)
    assert run(corpus, cache, tmp_path / "1", suite=other) == (measured, 10)
    api.check(corpus, suite=other, out=tmp_path / "2", today=DAY)
    assert outputs(tmp_path / "1") == outputs(tmp_path / "2")


@pytest.mark.parametrize(
    ("published", "crawled", "day", "measured"),
    [
        ("2026-10-01", None, DAY, 0),
        ("2026-10-01", None, date(2026, 11, 2), 0),
        ("2026-10-01", None, date(2026, 10, 31), 1),
        ("2027-01-01", None, date(2026, 11, 2), 1),
        ("2027-01-01", "2026-10-02", date(2026, 11, 2), 0),
        ("2027-01-01", "2026-10-02T08:00:00Z", date(2026, 10, 2), 0),
        ("2027-01-01", "some day", date(2026, 11, 2), 1),
    ],
)
def test_the_day_counts_where_records_are_judged_by_it(
    tmp_path: Path, outputs: Outputs, published: str, crawled: str | None, day: date, measured: int
) -> None:
    record = {"id": "1", "source": "post.example", "title": "The ferry sails", "text": "At noon.", "date": published, "crawled": crawled}
    (tmp_path / "one.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    cache = tmp_path / "cache"
    run(tmp_path / "one.jsonl", cache)
    assert run(tmp_path / "one.jsonl", cache, tmp_path / "1", today=day) == (measured, 1)
    api.check(tmp_path / "one.jsonl", out=tmp_path / "2", today=day)
    assert outputs(tmp_path / "1") == outputs(tmp_path / "2")


def test_only_one_signal_asks_for_the_day() -> None:
    """`validity` knows it by name: another one must be told to it."""
    folder = Path(api.__file__).parent / "signals"
    found = {path.name: path.read_text("utf-8").count(".today") for path in folder.glob("*.py") if ".today" in path.read_text("utf-8")}
    # The view itself hands it on.
    assert found == {"base.py": 1, "dates.py": 1}


def test_what_was_not_used_for_long_goes_first(copies: Copies, tmp_path: Path) -> None:
    corpus, cache = copies(1), tmp_path / "cache"
    run(corpus, cache)
    entries = sorted((cache / "parts").glob("*/*/*"))
    for number, entry in enumerate(entries):
        os.utime(entry / "part.json", (time.time() - 1000 * number,) * 2)
    sizes = [sum(path.stat().st_size for path in entry.iterdir()) for entry in entries]
    Cache(cache).tidy(limit=sum(sizes[:4]))
    assert sorted((cache / "parts").glob("*/*/*")) == entries[:4]
    Cache(cache).tidy(age=2500)
    assert sorted((cache / "parts").glob("*/*/*")) == entries[:3]
    assert run(corpus, cache) == (7, 10)


def test_nothing_is_tidied_up_while_a_run_needs_it(copies: Copies, tmp_path: Path) -> None:
    corpus, cache = copies(1), Cache(tmp_path / "cache")
    run(corpus, cache.folder)
    with cache.used():
        cache.tidy(limit=0)
        assert len(list((cache.folder / "parts").glob("*/*/*"))) == 10
    cache.tidy(limit=0)
    assert not list((cache.folder / "parts").glob("*/*/*"))


def test_a_folder_that_is_removed_meanwhile_is_made_again(copies: Copies, tmp_path: Path) -> None:
    corpus, cache = copies(1), tmp_path / "cache"
    run(corpus, cache)
    shutil.rmtree(cache)
    assert run(corpus, cache) == (10, 10)

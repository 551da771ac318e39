"""`corpusgate duplicates`: groups of copies as a table, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import corpusgate
from corpusgate.cli import main
from corpusgate.duplicates import duplicates
from corpusgate.errors import Problem

SOLD = "The mill is sold to the baker's son."
LONG = " ".join(f"word{i} of the story" for i in range(40))
ROWS = [
    {"id": "a", "source": "mill", "url": "https://mill.example/1", "title": "=Old mill finds a buyer", "text": LONG},
    {"id": "b", "source": "mill", "url": "http://www.mill.example/1/", "title": "=Old mill finds a buyer", "text": LONG.upper()},
    {"id": "c", "source": "weir", "url": "https://weir.example/7", "title": "=Old mill at last finds a buyer", "text": f"{LONG} and more"},
    {"id": "d", "source": "weir", "url": "https://weir.example/8", "title": "Bridge closes for a week", "text": SOLD},
    {"id": "e", "source": "weir", "url": "https://weir.example/9", "title": "Choir sings on Friday", "text": SOLD},
    {"id": "f", "source": "weir", "url": "https://weir.example/10", "title": "Nothing like it", "text": "A text of its own."},
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "mill.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS) + "{broken\n", "utf-8")
    return path


def test_groups_come_largest_first_with_what_ties_their_records(corpus: Path) -> None:
    found = duplicates(corpus)
    assert (found.records, found.quarantined, found.count) == (6, 1, 2)
    first, second = found.listed()
    assert (first["group"], first["records"], first["sources"]) == (0, 3, 2)
    told = [[member[name] for name in ("record_id", "repeats", "reason", "percent", "again")] for member in first["members"]]
    assert told == [["a", None, None, None, False], ["b", 0, "same text", 100, True], ["c", 0, "near copy", 98, False]]
    assert [member["record_id"] for member in second["members"]] == ["d", "e"]
    assert found.listed(1) == [first]


def test_records_without_a_text_make_no_group_of_the_first_one(tmp_path: Path) -> None:
    path = tmp_path / "alone.jsonl"
    path.write_text(
        "".join(json.dumps({"id": name, "source": "mill", "text": text}) + "\n" for name, text in (("a", SOLD), ("b", ""))), "utf-8"
    )
    assert duplicates(path).listed() == []


def test_a_page_crawled_again_is_tied_to_its_first_crawl_and_not_to_what_it_reprints(tmp_path: Path) -> None:
    pages = {"a": "https://mill.example/7", "b": "https://weir.example/1", "c": "https://mill.example/8", "d": "https://weir.example/1#top"}
    path = tmp_path / "again.jsonl"
    rows = [{"id": name, "source": page.split("/")[2], "url": page, "text": LONG} for name, page in pages.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found = duplicates(path)
    assert [(row["repeats"], row["again"]) for row in found.listed()[0]["members"]] == [(None, False), (0, False), (0, False), (1, True)]
    assert found.again == 1
    results = corpusgate.check(path, out=tmp_path / "out")
    facts = {verdict.check: verdict.facts for verdict in results.verdicts if verdict.check.startswith("headlines/text-repeated")}
    assert facts["headlines/text-repeated-in-source"] == {"records": 2, "pages_crawled_again": 1}
    assert facts["headlines/text-repeated-across-sources"] == {"records": 3}


def test_headlines_make_groups_of_their_own(corpus: Path) -> None:
    (group,) = duplicates(corpus, "headline").listed()
    told = [(member["record_id"], member["reason"]) for member in group["members"]]
    assert told == [("a", None), ("b", "same headline"), ("c", "nearly the same headline")]


def test_the_command_writes_all_three(corpus: Path, tmp_path: Path) -> None:
    def said(*options: str) -> str:
        done = CliRunner().invoke(main, ["duplicates", str(corpus), "--jobs", "1", *options])
        assert done.exit_code == 0, done.output
        return done.output

    table = said("--limit", "1")
    again = "1 of them the same page crawled again"
    assert table.startswith(f"6 records, 1 quarantined: 2 groups, in which 3 records repeat another, {again}.")
    told = json.loads(said("--format", "json"))
    assert [told["pages_crawled_again"], *(group["pages_crawled_again"] for group in told["groups"])] == [1, 1, 0]
    assert "(same text, 100 %, the same page crawled again)" in table
    assert "1 more groups" in table
    assert [group["records"] for group in json.loads(said("--format", "json"))["groups"]] == [3, 2]
    out = tmp_path / "groups.csv"
    said("--format", "csv", "--out", str(out))
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert [row["record_id"] for row in rows] == ["a", "b", "c", "d", "e"]
    # A headline is no formula.
    assert rows[0]["headline"] == "'=Old mill finds a buyer"


def test_a_corpus_without_the_field_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "bare.jsonl"
    path.write_text('{"title": "Old mill finds a buyer"}\n', "utf-8")
    with pytest.raises(Problem, match="has no text"):
        duplicates(path)
    assert duplicates(path, "headline").count == 0
    assert CliRunner().invoke(main, ["duplicates", str(tmp_path / "none.jsonl")]).exit_code == 2

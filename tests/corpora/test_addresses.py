"""Corpora that are no files here: patterns, what is piped in, the answers to queries."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner
from test_finding import contents, lines  # type: ignore[import-not-found]

from corpusgate.api import check
from corpusgate.cli import main
from corpusgate.corpora import piped
from corpusgate.corpora.addresses import is_address, named
from corpusgate.corpora.manifest import name_of, open_corpus
from corpusgate.errors import Problem

ROWS = [{"id": f"r{i}", "title": f"Harbour, day {i}", "text": f"Ship {i} came in at noon."} for i in range(6)]
IDS = [row["id"] for row in ROWS]


def ids(*where: str | Path) -> list[str]:
    records, lost = contents(open_corpus([named(one) for one in where])[0])
    assert not lost
    return [record["id"] for record in records]


@pytest.mark.parametrize("text", ["-", "duckdb:a.db?query=SELECT 1", "s3://bucket/a//b.jsonl", "gs://bucket"])
def test_addresses_stay_as_they_are_written(text: str) -> None:
    assert is_address(text)
    assert named(text) == text


@pytest.mark.parametrize("text", ["a.jsonl", "C:/news", "news/*.jsonl", "./-", "a:b"])
def test_all_else_is_a_path(text: str) -> None:
    assert named(text) == Path(text)


# Patterns.


def test_patterns_find_files_and_folders_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for i, place in enumerate(["x.jsonl", "a/y.jsonl", "a/b/z.jsonl", "a/b/z.pdf"]):
        (tmp_path / place).write_bytes(lines(ROWS[i]))
    assert sorted(ids(tmp_path / "**" / "*.jsonl")) == ["r0", "r1", "r2"]
    assert ids(tmp_path / "*" / "?.jsonl") == ["r1"]
    assert ids(tmp_path / "a" / "b" / "z.*") == ["r2"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].jsonl").write_bytes(lines(ROWS[0]))
    assert ids(tmp_path / "a[1].jsonl") == ["r0"]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("*.jsonl", r"\*\.jsonl: matches nothing. Check the spelling"),
        ("*.pdf", "matches 1 files or folders, and none of a known format. Known endings"),
    ],
)
def test_a_pattern_that_gives_nothing_says_so(tmp_path: Path, pattern: str, message: str) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(Problem, match=message):
        open_corpus([tmp_path / pattern])


# Standard input.


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, bz2.compress, lzma.compress, lambda data: pa.Codec("zstd").compress(data, asbytes=True)]
)
def test_lines_are_piped_in_packed_or_not(monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pack(lines(*ROWS)))))
    assert ids("-") == IDS
    assert name_of(["-"]) == "stdin"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "-: what is piped in is empty. Pipe JSON lines"),
        (b"PAR1abcd", "Parquet is piped in, where JSON lines are expected. Name the Parquet file"),
    ],
)
def test_what_is_no_stream_of_lines_is_told_so(data: bytes, message: str) -> None:
    with pytest.raises(Problem, match=message):
        piped.fetch(io.BytesIO(data))


def test_the_command_line_reads_a_pipe_and_quarantines_by_its_lines(tmp_path: Path) -> None:
    data = lines(*ROWS[:2]) + b"{broken\n" + lines(*ROWS[2:])
    done = CliRunner().invoke(main, ["check", "-", "--out", str(tmp_path / "out"), "--no-cache", "--jobs", "1"], input=data)
    assert done.exit_code == 1, done.output
    results = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert (results["corpus"]["name"], results["corpus"]["checked"], results["corpus"]["quarantined"]) == ("stdin", 6, 1)
    assert [(one["file"], one["line"]) for one in results["quarantine"]["examples"]] == [("stdin.jsonl", 3)]


# Queries.


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "news.db")) as connection:
        connection.execute("CREATE TABLE pages (id VARCHAR, title VARCHAR, text VARCHAR, day DATE)")
        connection.executemany("INSERT INTO pages VALUES (?, ?, ?, '2026-03-04')", [list(row.values()) for row in ROWS])
    return tmp_path / "news.db"


def test_the_answer_to_a_query_is_a_corpus(database: Path) -> None:
    address = (
        f"duckdb:{database}?query=SELECT id, title, text, day AS published FROM pages WHERE title LIKE '%day%' AND 7 // 2 = 3 ORDER BY id;"
    )
    records, lost = contents(open_corpus([address])[0])
    assert [(row["id"], row["published"], row["source"]) for row in records] == [(one, "2026-03-04", "news.db") for one in IDS]
    assert not lost


def test_a_query_may_name_files_itself(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(*ROWS))
    assert ids(f"duckdb:?query=SELECT * FROM '{tmp_path / 'a.jsonl'}' WHERE id > 'r3' ORDER BY id") == ["r4", "r5"]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("duckdb:{}", "asks no query. Write it as in"),
        ("duckdb:{}?query=", "asks no query"),
        ("duckdb:{}?query=SELECT nothing FROM pages", "the query cannot be answered .*nothing.*Try it in DuckDB"),
        ("duckdb:{}?query=DELETE FROM pages", "the query cannot be answered"),
        ("duckdb:{}.gone?query=SELECT 1", "gone: cannot be read .No such file or directory.. Check the spelling"),
        ("duckdb:{}?query=SELECT 1 AS n", "no column is known to hold the text or the headline"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(database: Path, address: str, message: str) -> None:
    with pytest.raises(Problem, match=message):
        open_corpus([address.format(database)])


def test_what_is_no_database_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database" * 100)
    with pytest.raises(Problem, match=r"a\.db: cannot be opened \(.*Name a database of DuckDB or SQLite"):
        open_corpus([f"duckdb:{tmp_path / 'a.db'}?query=SELECT 1"])


def test_an_extension_that_cannot_be_had_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = duckdb.connect
    # A folder for extensions that is empty, and a repository that answers nobody.
    config = {"extension_directory": str(tmp_path / "none"), "custom_extension_repository": "http://127.0.0.1:1"}
    monkeypatch.setattr("duckdb.connect", lambda: connect(config=config))
    told = r"DuckDB's extension 'postgres' cannot be had \(.*Run  INSTALL postgres .* pip install duckdb-extension-postgres-scanner=="
    with pytest.raises(Problem, match=told):
        open_corpus(["duckdb:postgresql://nobody@127.0.0.1:1/news?query=SELECT * FROM pages"])


def test_a_query_gives_the_same_bytes_each_time_and_its_parts_are_in_the_cache(database: Path, tmp_path: Path) -> None:
    address = f"duckdb:{database}?query=SELECT id, title, text FROM pages"
    reused: list[tuple[int, int]] = []
    runs = [
        check(address, out=tmp_path / name, cache=tmp_path / "cache", reused=lambda *counts: reused.append(counts)) for name in ("a", "b")
    ]
    assert runs[0].corpus.fingerprint == runs[1].corpus.fingerprint
    assert reused == [(0, 1), (1, 1)]

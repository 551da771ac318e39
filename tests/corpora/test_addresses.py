"""Corpora that are no files here: patterns, what is piped in, the answers to queries, objects of a store."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner
from s3_server import serving, upload
from test_datasets import dataset  # type: ignore[import-not-found]
from test_finding import contents, lines  # type: ignore[import-not-found]

from corpusgate.api import check
from corpusgate.cli import main
from corpusgate.corpora import objects, piped, replicas, spool
from corpusgate.corpora.addresses import is_address, named
from corpusgate.corpora.cutting import parts
from corpusgate.corpora.manifest import name_of, open_corpus
from corpusgate.corpora.model import Corpus
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


# Object stores.


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving() as options:
        yield options


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What lies in the bucket, as files."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "news" / "deep").mkdir(parents=True)
    (folder / "news" / "a.jsonl.gz").write_bytes(gzip.compress(lines(*ROWS[:2])))
    (folder / "news" / "deep" / "b.jsonl").write_bytes(lines(*ROWS[2:]))
    (folder / "news" / "c.pdf").write_bytes(b"%PDF")
    dataset(folder / "hf")
    return folder


@pytest.fixture(scope="module")
def bucket(server: str, store: Path) -> str:
    """A bucket with these files, and how it is reached."""
    upload(server, "harbour", store)
    return f"s3://harbour/{{}}{server}"


def test_objects_prefixes_and_patterns_of_a_store_are_corpora(bucket: str) -> None:
    assert ids(bucket.format("news/a.jsonl.gz")) == IDS[:2]
    corpus, _ = open_corpus([bucket.format("news")])
    assert [file.name for file in corpus.files] == ["a.jsonl.gz", "deep/b.jsonl"]
    assert [record["id"] for record in contents(corpus)[0]] == IDS
    assert any("c.pdf" in note for note in corpus.notes)
    assert corpus.name == "news"
    assert ids(bucket.format("news/**/*.jsonl")) == IDS[2:]
    assert ids(bucket.format("news/[ab].jsonl*")) == IDS[:2]
    assert len(ids(bucket.format("hf"))) == 25


def test_a_store_gives_the_results_that_files_give(bucket: str, store: Path, tmp_path: Path) -> None:
    reused: list[tuple[int, int]] = []
    for name, where in (("a", bucket.format("news")), ("b", bucket.format("news")), ("c", str(store / "news"))):
        check(where, out=tmp_path / name, cache=tmp_path / "cache", reused=lambda *counts: reused.append(counts))
    tables = [(tmp_path / name / "signals.parquet").read_bytes() for name in "abc"]
    assert tables[0] == tables[1] == tables[2]
    assert [was for was, _ in reused] == [0, 2, 2]


def stretch_by_stretch(*where: str) -> Corpus:
    """A corpus whose objects stay where they are until parts are read."""
    return open_corpus([named(one) for one in where], cut=parts)[0]


def fetched(*where: str) -> list[str]:
    """Ids of the records of objects that were fetched as they were read."""
    records, lost = contents(stretch_by_stretch(*where))
    assert not lost
    return [record["id"] for record in records]


def test_objects_are_read_stretch_by_stretch(store: Path, tmp_path: Path) -> None:
    assert fetched(f"file://{store}/news") == IDS
    assert fetched(f"file://{store}/news/a.jsonl.gz") == IDS[:2]
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "50% of #1?.jsonl").write_bytes(lines(ROWS[0]))
    (tmp_path / "odd" / "empty.jsonl").touch()
    assert fetched(f"file://{tmp_path}/odd") == ["r0"]


def test_an_object_that_is_gone_or_another_one_since_it_was_found_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1?.jsonl"
    for change, told in ((path.unlink, "is gone"), (lambda: path.write_bytes(lines(*ROWS)), "was written anew")):
        path.write_bytes(lines(ROWS[0]))
        corpus = stretch_by_stretch(f"file://{tmp_path}")
        replicas.forget()
        change()
        with pytest.raises(Problem, match=rf"50%25%20of.* {told} since it was found"):
            contents(corpus)


def test_objects_of_a_bucket_are_read_stretch_by_stretch(bucket: str) -> None:
    assert fetched(bucket.format("news")) == IDS
    assert fetched(bucket.format("news/**/*.jsonl")) == IDS[2:]
    assert len(fetched(bucket.format("hf"))) == 25


@pytest.mark.parametrize("key", ["gone.jsonl", "gone", "news/*.csv"])
def test_what_is_not_in_a_store_is_told_so(bucket: str, key: str) -> None:
    with pytest.raises(Problem, match=r"there is no such object|nothing matches"):
        open_corpus([bucket.format(key)])


def test_a_bucket_that_is_not_there_and_a_server_that_is_away_are_told_so(server: str) -> None:
    with pytest.raises(Problem, match=r"s3://no-such-bucket/a\.jsonl.*(there is no such object|cannot be reached)"):
        open_corpus([f"s3://no-such-bucket/a.jsonl{server}"])
    away = re.sub(r":\d+", ":1", server)
    with pytest.raises(Problem, match=r"cannot be reached .*Check the address, the credentials"):
        open_corpus([f"s3://bucket/a.jsonl{away}"])


def test_an_object_that_cannot_be_read_is_told_by_its_address(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").touch()
    with pytest.raises(Problem, match=rf"^file://{tmp_path}/a.parquet: cannot be read \(Parquet file size is 0 bytes\)"):
        open_corpus([f"file://{tmp_path}/a.parquet"])


def test_an_address_that_nobody_knows_is_told_so() -> None:
    with pytest.raises(Problem, match=r"carrier://pigeon/a.jsonl: cannot be reached"):
        open_corpus(["carrier://pigeon/a.jsonl"])


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("gs://bucket/a.jsonl", "gs://bucket/a.jsonl?retry_limit_seconds=30"),
        ("gs://bucket/*.jsonl?project_id=7", "gs://bucket?project_id=7&retry_limit_seconds=30"),
        ("gcs://bucket/a.jsonl?retry_limit_seconds=5", "gcs://bucket/a.jsonl?retry_limit_seconds=5"),
        ("s3://bucket/a.jsonl", "s3://bucket/a.jsonl"),
    ],
)
def test_a_store_that_is_away_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch, address: str, asked: str) -> None:
    class Away:
        @staticmethod
        def from_uri(place: str) -> None:
            raise OSError(place)

    monkeypatch.setattr(objects.pafs, "FileSystem", Away)
    with pytest.raises(Problem, match=re.escape(f"({asked})")):
        open_corpus([address])


def test_an_address_on_the_web_is_told_how_to_be_had() -> None:
    with pytest.raises(
        Problem, match=r"https://a\.example/a\.jsonl: is on the web.*curl -s https://a\.example/a\.jsonl \| corpusgate check -"
    ):
        open_corpus(["https://a.example/a.jsonl"])


def test_a_manifest_may_name_addresses(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "corpus.yaml").write_text(f"name: harbour\nfiles: ['{bucket.format('news/*.gz')}']\n", encoding="utf-8")
    assert ids(tmp_path / "corpus.yaml") == IDS[:2]


@pytest.mark.parametrize(
    ("pattern", "matches", "others"),
    [("**/*.jsonl", ["a.jsonl", "x/y/a.jsonl"], ["a.jsonl.gz", "x/a.csv"]), ("*/[ab].csv", ["x/a.csv"], ["a.csv", "x/y/a.csv", "x/c.csv"])],
)
def test_patterns_of_stores_are_those_of_shells(pattern: str, matches: list[str], others: list[str]) -> None:
    matcher = objects._matcher(pattern)
    assert all(matcher.fullmatch(name) for name in matches)
    assert not any(matcher.fullmatch(name) for name in others)


def test_what_is_too_large_for_the_disk_is_told_before_it_is_fetched() -> None:
    with pytest.raises(Problem, match=r"s3://b: takes .* bytes, and .* has room for .*Set TMPDIR"):
        spool.require_room("s3://b", 1 << 60)

"""Objects of a store as corpora: read like files, stretch by stretch, and told by their addresses where they cannot be."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from s3_server import serving, upload
from test_addresses import IDS, ROWS, ids  # type: ignore[import-not-found]
from test_datasets import dataset  # type: ignore[import-not-found]
from test_finding import contents, lines  # type: ignore[import-not-found]

from corpusgate.api import check
from corpusgate.corpora import objects, replicas, spool
from corpusgate.corpora.addresses import named
from corpusgate.corpora.cutting import parts
from corpusgate.corpora.manifest import open_corpus
from corpusgate.corpora.model import Corpus
from corpusgate.errors import Problem


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

"""Which files a corpus is made of, and which columns each of them has."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpusgate.corpora.manifest import name_of, open_corpus
from corpusgate.corpora.model import Corpus, Quarantined
from corpusgate.corpora.reading import read
from corpusgate.errors import Problem
from corpusgate.records import FIELDS

Record = dict[str, Any]


def contents(corpus: Corpus) -> tuple[list[Record], list[Quarantined]]:
    records: list[Record] = []
    lost: list[Quarantined] = []
    for part in corpus.parts:
        for block in read(corpus, part):
            columns = {field: block.columns[field].to_pylist() for field in FIELDS}
            records += [{field: columns[field][i] for field in FIELDS} for i in range(len(block))]
            lost += block.quarantined
    return records, lost


def lines(*rows: Record) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def test_each_file_is_read_by_its_own_columns(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"id": "a", "title": "Rain", "content": "It rains."}))
    (tmp_path / "b.jsonl").write_bytes(lines({"heading": "Sun", "body": "It shines.", "date": "2026-03-04"}))
    (tmp_path / "c.csv").write_text("headline,article\nWind,It blows.\n", encoding="utf-8")
    (tmp_path / "d.txt").write_text("Snow\nIt snows.\n", encoding="utf-8")
    pq.write_table(pa.table({"meta": [{"t": "Fog"}], "text": ["It is foggy."], "title": ["Fog"]}), tmp_path / "e.parquet")
    corpus, _ = open_corpus([tmp_path])
    records, lost = contents(corpus)
    found = {(record["headline"], record["text"], record["published"]) for record in records}
    assert found == {
        ("Rain", "It rains.", None),
        ("Sun", "It shines.", "2026-03-04"),
        ("Wind", "It blows.", None),
        ("Snow", "Snow\nIt snows.\n", None),
        ("Fog", "It is foggy.", None),
    }
    assert lost == []
    assert set(corpus.fields) == {"id", "headline", "text", "published"}
    assert corpus.fields["headline"] == "title or heading or headline or first line"
    assert "Columns of a.jsonl: id = id, headline = title, text = content" in corpus.notes
    assert "Columns of b.jsonl: headline = heading, text = body, published = date" in corpus.notes


def test_columns_are_named_once_where_all_files_have_the_same(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.jsonl").write_bytes(lines({"title": name, "content": "x"}))
    assert open_corpus([tmp_path])[0].notes == ("Columns: headline = title, text = content",)


def test_a_mapping_holds_where_its_columns_are_and_must_be_somewhere(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"kopf": "Rain", "rumpf": "It rains."}))
    (tmp_path / "b.jsonl").write_bytes(lines({"title": "Sun", "content": "It shines."}))
    records, _ = contents(open_corpus([tmp_path], {"headline": "kopf", "text": "rumpf"})[0])
    assert [(record["headline"], record["text"]) for record in records] == [("Rain", "It rains."), ("Sun", "It shines.")]
    with pytest.raises(Problem, match=r"fields\.text: there is no column 'rumpff'. Did you mean 'rumpf'"):
        open_corpus([tmp_path], {"headline": "kopf", "text": "rumpff"})


def test_a_file_of_which_nothing_can_be_told_is_quarantined_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"title": "Sun", "content": "It shines."}))
    (tmp_path / "b.jsonl").write_bytes(lines({"kopf": "Rain", "rumpf": "It rains."}))
    records, lost = contents(open_corpus([tmp_path])[0])
    assert [record["headline"] for record in records] == ["Sun"]
    assert [(piece.file, piece.fatal) for piece in lost] == [("b.jsonl", True)]
    assert "the columns are 'kopf', 'rumpf'" in lost[0].reason


@pytest.mark.parametrize("size", [1, 400])
def test_a_column_that_appears_late_is_seen(tmp_path: Path, size: int) -> None:
    early = [{"title": f"Rain {i}", "content": "x" * 20 * size} for i in range(1500)]
    late = [{"title": f"Rain {i}", "content": "x" * 20 * size, "updated": "2026-03-05"} for i in range(10)]
    (tmp_path / "a.jsonl").write_bytes(lines(*early, *late))
    corpus, _ = open_corpus([tmp_path / "a.jsonl"])
    assert corpus.fields["modified"] == "updated"
    assert [record["modified"] for record in contents(corpus)[0][-10:]] == ["2026-03-05"] * 10


def test_an_empty_file_beside_others_is_taken_for_one_like_them(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"")
    (tmp_path / "b.jsonl").write_bytes(lines({"title": "Sun", "content": "It shines."}))
    corpus, _ = open_corpus([tmp_path])
    assert corpus.notes == ("Columns: headline = title, text = content",)


def test_hidden_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"title": "Sun", "content": "It shines."}))
    for name in (".git/notes.txt", ".venv/lib/top_level.txt", "deep/.cache/x.jsonl", ".b.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("not a record\n", encoding="utf-8")
    assert [file.name for file in open_corpus([tmp_path])[0].files] == ["a.jsonl"]


@pytest.mark.parametrize("place", ["", "reports/news"])
@pytest.mark.parametrize("marks", [("results.json",), ("signals.parquet",)])
def test_a_run_does_not_read_what_a_run_wrote(tmp_path: Path, place: str, marks: tuple[str, ...]) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"title": "Sun", "content": "It shines."}))
    out = tmp_path / place
    out.mkdir(parents=True, exist_ok=True)
    (out / "quarantine.jsonl").write_bytes(lines({"file": "a", "sample": "x", "text": "no record"}))
    if "results.json" in marks:
        (out / "results.json").write_text('{\n  "schema_version": "1.0",\n  "tool": {\n    "name": "corpusgate",\n', encoding="utf-8")
    else:
        pq.write_table(pa.table({"text": ["no record"]}), out / "signals.parquet")
    assert [file.name for file in open_corpus([tmp_path])[0].files] == ["a.jsonl"]


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"title": "Sun", "content": "It shines."}))
    for name in ("b.docx", "c.json", "README.md", "corpus.lock.yaml", "d.parquet.gz"):
        (tmp_path / name).write_bytes(b"[]")
    unread, conversion, _ = open_corpus([tmp_path])[0].notes
    assert unread.startswith("Not read, for want of a known format: b.docx, c.json, d.parquet.gz. Known endings are .jsonl")
    assert "jq -c '.[]' c.json > c.jsonl" in conversion
    with pytest.raises(Problem, match="make a record a line: jq"):
        open_corpus([tmp_path / "c.json"])


def test_files_of_one_name_from_two_folders_have_ids_of_their_own(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.jsonl").write_bytes(lines({"title": folder, "content": "It shines."}))
    corpus, _ = open_corpus([tmp_path / "one", tmp_path / "two" / "x.jsonl"])
    assert [record["id"] for record in contents(corpus)[0]] == ["one/x.jsonl:1", "two/x.jsonl:1"]
    again, _ = open_corpus([tmp_path / "one", tmp_path / "one" / "x.jsonl"])
    assert [record["id"] for record in contents(again)[0]] == ["x.jsonl:1"]


def test_a_manifest_may_name_files_by_absolute_patterns_and_a_file_twice(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.jsonl").write_bytes(lines({"title": "Sun", "content": "It shines."}))
    (tmp_path / "corpus.yaml").write_text(f"name: n\nfiles: ['{tmp_path}/data/*.jsonl', data/a.jsonl]\n", encoding="utf-8")
    assert [file.name for file in open_corpus([tmp_path])[0].files] == ["data/a.jsonl"]
    for pattern, words in (
        ("data/**x", "is no pattern"),
        ("data", "is a folder, where a file is expected"),
        ("no/*.jsonl", "nothing matches"),
    ):
        (tmp_path / "corpus.yaml").write_text(f"name: n\nfiles: ['{pattern}']\n", encoding="utf-8")
        with pytest.raises(Problem, match=words):
            open_corpus([tmp_path])


def test_a_corpus_has_a_name_before_it_is_opened(tmp_path: Path) -> None:
    assert name_of([tmp_path / "news.jsonl.gz"]) == "news"
    (tmp_path / "corpus.yaml").write_text("name: blatt\nfiles: [none.jsonl]\n", encoding="utf-8")
    assert name_of([tmp_path]) == "blatt"
    (tmp_path / "corpus.yaml").write_text("name: [", encoding="utf-8")
    assert name_of([tmp_path]) is None


def test_a_parquet_file_that_is_damaged_or_odd_costs_itself_alone(tmp_path: Path) -> None:
    pq.write_table(pa.table({"title": ["Sun"], "text": ["It shines."]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-20])
    (tmp_path / "c.parquet").write_bytes(b"")
    pq.write_table(pa.Table.from_arrays([pa.array(["x"])] * 2, names=["text", "text"]), tmp_path / "d.parquet")
    records, lost = contents(open_corpus([tmp_path])[0])
    assert [record["headline"] for record in records] == ["Sun"]
    assert [(piece.file, piece.fatal) for piece in lost] == [("b.parquet", True), ("c.parquet", True), ("d.parquet", True)]
    assert lost[2].reason == "has two columns 'text'"


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder with things that may not be read, seen by someone who is not allowed to read everything."""
    folder = Path(tempfile.mkdtemp())
    for place in (folder, folder / "shut"):
        place.mkdir(exist_ok=True)
        for name in ("a.jsonl", "b.jsonl", "c.txt", "d.csv"):
            (place / name).write_bytes(lines({"title": "Sun", "content": "It shines."}) if name.endswith("jsonl") else b"title\nSun\n")
    for name in ("b.jsonl", "c.txt", "d.csv", "shut"):
        (folder / name).chmod(0)
    root = os.geteuid() == 0
    if root:
        shutil.chown(folder, 65534)
        # Whoever has no rights cannot load kernels from the cache of the one who has them.
        contents(open_corpus([folder / "a.jsonl"])[0])
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        (folder / "shut").chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are those of POSIX")
def test_what_may_not_be_read_is_quarantined_and_its_neighbours_are_read(locked: Path) -> None:
    records, lost = contents(open_corpus([locked])[0])
    assert [record["id"] for record in records] == ["a.jsonl:1"]
    assert sorted((piece.file, piece.reason) for piece in lost if piece.fatal) == [
        ("b.jsonl", "cannot be read (Permission denied)"),
        ("c.txt", "cannot be read (Permission denied)"),
        ("d.csv", "cannot be read (Permission denied)"),
        ("shut/", "the folder cannot be read (Permission denied)"),
    ]
    with pytest.raises(Problem, match="cannot be read"):
        open_corpus([locked / "b.jsonl"])


def test_a_link_to_nowhere_is_no_silence(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"title": "Sun", "content": "It shines."}))
    (tmp_path / "b.jsonl").symlink_to("nowhere")
    (tmp_path / "again").symlink_to(".", target_is_directory=True)
    corpus, _ = open_corpus([tmp_path])
    assert [piece.file for piece in contents(corpus)[1]] == ["b.jsonl"]
    assert "Not read, since it links to a folder: again/." in corpus.notes

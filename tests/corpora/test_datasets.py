"""Datasets as other tools write them, read as they are: Hugging Face folders, Dolma, datatrove."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from test_finding import contents, lines  # type: ignore[import-not-found]

from corpusgate.api import check
from corpusgate.cli import main
from corpusgate.corpora import arrow, cutting
from corpusgate.corpora.manifest import open_corpus
from corpusgate.errors import Problem

ROWS = [
    {
        "id": f"r{i}",
        "title": f"The harbour, day {i}",
        "text": f"Ship {i} came in.\nIt left again.",
        "meta": {"url": f"https://post.example/{i}"},
    }
    for i in range(25)
]


def write(path: Path, rows: list[dict[str, Any]], batch: int = 4, is_file: bool = False, **options: Any) -> None:
    table = pa.Table.from_pylist(rows)
    opened = pa.ipc.new_file if is_file else pa.ipc.new_stream
    with opened(path, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=batch)


def dataset(folder: Path, rows: list[dict[str, Any]] = ROWS) -> Path:
    """What `save_to_disk` writes, with a file of a cache beside it."""
    folder.mkdir()
    write(folder / "data-00000-of-00002.arrow", rows[:10])
    write(folder / "data-00001-of-00002.arrow", rows[10:])
    write(folder / "cache-9f.arrow", rows)
    names = [{"filename": f"data-0000{i}-of-00002.arrow"} for i in range(2)]
    (folder / "state.json").write_text(json.dumps({"_data_files": names, "_split": "train"}), encoding="utf-8")
    (folder / "dataset_info.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.mark.parametrize("is_file", [False, True])
@pytest.mark.parametrize("options", [{}, {"compression": "zstd"}])
def test_streams_and_files_give_the_same_records_however_they_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_file: bool, options: dict[str, Any]
) -> None:
    write(tmp_path / "a.arrow", ROWS, is_file=is_file, **options)
    whole, _ = open_corpus([tmp_path / "a.arrow"])
    monkeypatch.setattr(arrow, "PART_BYTES", 1)
    cut, _ = open_corpus([tmp_path / "a.arrow"])
    assert (len(whole.parts), len(cut.parts)) == (1, 7)
    assert contents(cut) == contents(whole)
    records, lost = contents(cut)
    assert [(row["id"], row["url"], row["source"]) for row in records] == [
        (row["id"], row["meta"]["url"], "post.example")
        for row in ROWS  # type: ignore[index]
    ]
    assert not lost


def test_dictionaries_are_read_in_one_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"site": pa.array(["a.example", "b.example"] * 4).dictionary_encode(), "text": ["It rains."] * 8})
    with pa.ipc.new_stream(tmp_path / "a.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    monkeypatch.setattr(arrow, "PART_BYTES", 1)
    corpus, _ = open_corpus([tmp_path / "a.arrow"])
    assert len(corpus.parts) == 1
    assert [row["source"] for row in contents(corpus)[0]] == ["a.example", "b.example"] * 4


def test_a_hugging_face_folder_is_what_its_state_names(tmp_path: Path) -> None:
    corpus, _ = open_corpus([dataset(tmp_path / "news")])
    assert [row["id"] for row in contents(corpus)[0]] == [row["id"] for row in ROWS]
    assert "Not read, since it is of no dataset by the state.json beside it: cache-9f.arrow." in corpus.notes
    assert not any("dataset_info" in note for note in corpus.notes)


def test_a_file_that_the_state_names_and_is_gone_is_no_judgement(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "news")
    (folder / "data-00001-of-00002.arrow").unlink()
    records, (lost,) = contents(open_corpus([folder])[0])
    assert len(records) == 10
    assert (lost.file, lost.reason, lost.fatal) == ("data-00001-of-00002.arrow", "is named by state.json, and is not there", True)


@pytest.mark.parametrize("is_file", [False, True])
def test_a_file_that_breaks_off_gives_what_is_whole_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_file: bool) -> None:
    write(tmp_path / "a.arrow", ROWS, is_file=is_file)
    data = (tmp_path / "a.arrow").read_bytes()
    for size in (len(data) // 2, len(data) // 3):
        (tmp_path / "b.arrow").write_bytes(data[:size])
        whole = contents(open_corpus([tmp_path / "b.arrow"])[0])
        with monkeypatch.context() as patched:
            patched.setattr(arrow, "PART_BYTES", 1)
            assert contents(open_corpus([tmp_path / "b.arrow"])[0]) == whole
        records, (lost,) = whole
        assert 0 < len(records) < len(ROWS)
        assert (lost.line, lost.fatal) == (len(records) + 1, True)
        assert "breaks off or is damaged here" in lost.reason


def test_rows_that_are_no_utf_8_are_quarantined_one_by_one(tmp_path: Path) -> None:
    texts = pa.array([b"It rains.", b"caf\xe9", b"It shines."]).view(pa.string())
    table = pa.table({"id": ["a", "b", "c"], "text": texts})
    with pa.ipc.new_stream(tmp_path / "a.arrow", table.schema) as writer:
        writer.write_table(table)
    records, (bad,) = contents(open_corpus([tmp_path / "a.arrow"])[0])
    assert [row["id"] for row in records] == ["a", "c"]
    assert (bad.line, bad.reason, bad.fatal) == (2, "not UTF-8 in column 'text'", False)


def test_offsets_that_lead_out_of_the_file_are_no_crash(tmp_path: Path) -> None:
    wrong = pa.StringArray.from_buffers(2, pa.py_buffer(b"\0\0\0\0\xff\xff\xff\x0f\5\0\0\0"), pa.py_buffer(b"rains"))
    batch = pa.record_batch({"text": wrong})
    with pa.ipc.new_stream(tmp_path / "a.arrow", batch.schema) as writer:
        writer.write_batch(batch)
    records, (lost,) = contents(open_corpus([tmp_path / "a.arrow"])[0])
    assert (records, lost.fatal) == ([], True)


@pytest.mark.parametrize("data", [b"", b"no arrow at all", b"ARROW1\0\0", b"ARROW1"])
def test_what_is_no_arrow_is_told_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.arrow").write_bytes(data)
    with pytest.raises(Problem, match=r"a\.arrow: cannot be read \(.*Check its permissions, or write it again"):
        open_corpus([tmp_path / "a.arrow"])


def test_feather_of_version_1_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.feather").write_bytes(b"FEA1" + bytes(60) + b"FEA1")
    with pytest.raises(Problem, match="Feather of version 1"):
        open_corpus([tmp_path / "a.feather"])


def test_parts_are_cached_by_their_bytes_and_the_cache_knows_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = dataset(tmp_path / "news")
    monkeypatch.setattr(arrow, "PART_BYTES", 1)
    reused: list[tuple[int, int]] = []

    def run(name: str) -> bytes:
        check(folder, out=tmp_path / name, cache=tmp_path / "cache", reused=lambda *counts: reused.append(counts))
        return (tmp_path / name / "signals.parquet").read_bytes()

    first = run("one")
    assert run("two") == first
    write(folder / "data-00000-of-00002.arrow", [{**ROWS[0], "text": "It was another ship."}, *ROWS[1:10]])
    assert run("three") != first
    assert [was for was, _ in reused] == [0, 7, 4]


DOCUMENT = {
    "id": "d1", "text": "The ferry sails.\nAt noon.", "source": "common-crawl", "added": "2026-03-05T01:00:00.000Z",
    "created": "2026-03-04T01:00:00.000Z", "metadata": {"url": "https://post.example/1", "title": "The ferry", "id": "other"},
}  # fmt: skip


def test_documents_of_dolma_are_read_as_they_are(tmp_path: Path) -> None:
    for kind, row in (("documents", DOCUMENT), ("attributes/tags", {"id": "d1", "attributes": {"tags__a": [[0, 3, 1.0]]}})):
        (tmp_path / kind).mkdir(parents=True)
        (tmp_path / kind / "0000.json.gz").write_bytes(gzip.compress(lines(row)))
    corpus, _ = open_corpus([tmp_path])
    (record,), lost = contents(corpus)
    assert not lost
    assert record == {
        "id": "d1", "source": "post.example", "url": "https://post.example/1", "headline": "The ferry", "text": DOCUMENT["text"],
        "published": DOCUMENT["created"], "modified": None, "crawled": DOCUMENT["added"], "language": None,
    }  # fmt: skip
    assert any("attributes/" in note for note in corpus.notes)


def test_datatrove_and_fineweb_date_the_crawl(tmp_path: Path) -> None:
    inner = {"url": "https://post.example/2", "date": "2026-03-04T01:00:00Z", "dump": "CC-MAIN-2026-10", "language": "en"}
    (tmp_path / "a.jsonl").write_bytes(lines({"text": "It rains.", "id": "<urn:uuid:1>", "metadata": inner, "media": []}))
    (tmp_path / "b.jsonl").write_bytes(lines({"text": "It rains.", "id": "<urn:uuid:2>", **inner}))
    for record in contents(open_corpus([tmp_path])[0])[0]:
        assert (record["url"], record["crawled"], record["published"]) == (inner["url"], inner["date"], None)
        assert (record["source"], record["language"]) == ("post.example", "en")


def test_packed_json_that_is_an_array_is_quarantined_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b'[{"text": "a"}]\n'))
    _, (bad,) = contents(open_corpus([tmp_path / "a.json.gz"], {"text": "text"})[0])
    assert bad.reason == "a JSON list, where an object is expected"


def test_columns_that_are_mapped_go_before_those_of_a_kind_of_dataset(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(DOCUMENT))
    (record,), _ = contents(open_corpus([tmp_path / "a.jsonl"], {"source": "source", "published": "added"})[0])
    assert (record["source"], record["published"]) == ("common-crawl", DOCUMENT["added"])


@pytest.mark.parametrize("name", ["state.json", "dataset_dict.json"])
def test_a_state_that_cannot_be_read_leaves_all_files_in(tmp_path: Path, name: str) -> None:
    folder = dataset(tmp_path / "news")
    (folder / "state.json").unlink()
    (folder / name).write_text("{", encoding="utf-8")
    assert len(contents(open_corpus([folder])[0])[0]) == 2 * len(ROWS)


def test_arrow_files_are_cut_at_the_same_places_each_time(tmp_path: Path) -> None:
    write(tmp_path / "a.arrow", ROWS)
    corpus, _ = open_corpus([tmp_path / "a.arrow"])
    assert tuple(cutting.parts(corpus)) == corpus.parts


@pytest.mark.parametrize("is_file", [False, True])
def test_arrow_files_are_split_row_by_row(tmp_path: Path, is_file: bool) -> None:
    rows = [{"id": f"r{i}", "text": "caf\u00c3\u00a9 au lait" if i == 3 else "A sound text, and a long one.", "n": i} for i in range(8)]
    write(tmp_path / "a.arrow", rows, is_file=is_file)
    done = CliRunner().invoke(
        main,
        ["check", str(tmp_path / "a.arrow"), "--out", str(tmp_path / "out"), "--no-cache", "--jobs", "1",
         "--write-clean", str(tmp_path / "clean"), "--write-rejects", str(tmp_path / "rejects")],
    )  # fmt: skip
    assert done.exit_code == 1, done.output
    found = {}
    for kind in ("clean", "rejects"):
        opened = pa.ipc.open_file if is_file else pa.ipc.open_stream
        found[kind] = opened(pa.memory_map(str(tmp_path / kind / "a.arrow"))).read_all().to_pylist()
    assert rows[3] in found["rejects"]
    assert sorted(found["clean"] + found["rejects"], key=lambda row: row["n"]) == rows


def _tagged(tmp_path: Path) -> Result:
    return CliRunner().invoke(
        main,
        [
            "check",
            str(tmp_path / "d"),
            "--out",
            str(tmp_path / "out"),
            "--no-cache",
            "--jobs",
            "1",
            "--write-dolma",
            str(tmp_path / "tags"),
        ],
    )


def test_findings_are_attributes_of_dolma_beside_its_documents(tmp_path: Path) -> None:
    text = "The caf\u00c3\u00a9 is open again."
    rows = [DOCUMENT, {**DOCUMENT, "id": "d2", "text": text}, {**DOCUMENT, "id": "d3", "metadata": {"title": "The caf\u00c3\u00a9"}}]
    (tmp_path / "d" / "documents" / "x").mkdir(parents=True)
    (tmp_path / "d" / "attributes").mkdir()
    for name, data in (("0", lines(*rows[:1]) + b"\n{broken\n"), ("1", lines(*rows[1:]))):
        (tmp_path / "d" / "documents" / "x" / f"{name}.json.gz").write_bytes(gzip.compress(data))
    done = _tagged(tmp_path)
    assert done.exit_code == 1, done.output
    assert "Attributes of 3 documents" in done.output
    written = [gzip.decompress((tmp_path / "tags" / "x" / f"{name}.json.gz").read_bytes()) for name in "01"]
    found = [json.loads(line) for data in written for line in data.splitlines()]
    assert [one["id"] for one in found] == ["d1", "d2", "d3"]
    check_name = "corpusgate__encoding__mojibake"
    ((start, end, score),) = found[1]["attributes"][check_name]
    assert (text[start:end], score) == ("caf\u00c3\u00a9", 1.0)
    assert found[2]["attributes"][check_name] == [[0, len(str(DOCUMENT["text"])), 1.0]]
    assert check_name not in found[0]["attributes"]


def test_attributes_want_documents_and_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    write(tmp_path / "d" / "a.arrow", ROWS)
    done = _tagged(tmp_path)
    assert done.exit_code == 2
    assert "a.arrow: is no JSON Lines, which Dolma's documents are" in done.output
    (tmp_path / "tags").mkdir()
    (tmp_path / "tags" / "old").touch()
    assert "tags: is not empty" in _tagged(tmp_path).output


INNER = {"url": "https://post.example/2", "date": "2026-03-04T01:00:00Z", "dump": "CC-MAIN-2026-10"}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"text": "It rains.", "id": "x", "metadata": {"url": ', "not JSON"),
        (b'["text", "It rains."]', "a JSON list, where an object is expected"),
        (b'{"text": "It rains \xff", "id": "x"}', "not UTF-8"),
    ],
)
@pytest.mark.parametrize("kind", ["dolma", "datatrove"])
def test_a_document_that_cannot_be_read_costs_no_other(tmp_path: Path, kind: str, bad: bytes, reason: str) -> None:
    good = (
        [DOCUMENT, {**DOCUMENT, "id": "d2"}]
        if kind == "dolma"
        else [{"text": "It rains.", "id": f"t{i}", "metadata": INNER} for i in (1, 2)]
    )
    data = lines(good[0]) + bad + b"\n" + lines(good[1])
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "0.json.gz").write_bytes(gzip.compress(data))
    records, (lost,) = contents(open_corpus([tmp_path])[0])
    assert [record["id"] for record in records] == [str(row["id"]) for row in good]
    assert (lost.file, lost.line, lost.fatal) == ("documents/0.json.gz", 2, False)
    assert lost.reason.startswith(reason)


def test_metadata_of_another_shape_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    rows = [
        {"text": "It rains.", "id": "a", "metadata": INNER},
        {"text": "It pours.", "id": "b", "metadata": "none"},
        {"text": "x", "id": "c"},
    ]
    (tmp_path / "a.jsonl").write_bytes(lines(*rows))
    records, lost = contents(open_corpus([tmp_path / "a.jsonl"])[0])
    assert not lost
    assert [(record["id"], record["url"], record["crawled"]) for record in records] == [
        ("a", INNER["url"], INNER["date"]), ("b", None, None), ("c", None, None),
    ]  # fmt: skip

"""Every format read to the same records, whatever it is wrapped in and however its columns are called."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpusgate.corpora import cutting
from corpusgate.corpora.manifest import frame_corpus, open_corpus
from corpusgate.corpora.model import Corpus
from corpusgate.corpora.reading import fetch, read
from corpusgate.errors import Problem
from corpusgate.records import FIELDS, LONE_SURROGATE

_SITE = "post.example"
ROWS = [
    {"id": "a1", "site": _SITE, "url": f"https://{_SITE}/1", "title": 'F\u00e4hre, "neu"', "content": "Eins\nZwei", "date": "2026-03-04"},
    {"id": "a2", "site": _SITE, "url": f"https://{_SITE}/2", "title": "\u0627\u0644\u0645", "content": "\u0646\u0635", "date": ""},
    {"id": "a3", "site": "b.example", "url": "https://b.example/3", "title": "", "content": "\U0001f600 emoji", "date": "2026-03-05"},
]
FIELD_OF = {"id": "id", "site": "source", "url": "url", "title": "headline", "content": "text", "date": "published"}


def records(corpus: Corpus) -> list[dict[str, Any]]:
    """All records of a corpus, with the line or path ids that were given."""
    out: list[dict[str, Any]] = []
    for part in corpus.parts:
        for block in read(corpus, part):
            columns = {field: block.columns[field].to_pylist() for field in FIELDS}
            out += [{field: columns[field][i] for field in FIELDS} for i in range(len(block))]
    return out


def jsonl(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def delimited(rows: list[dict[str, Any]], delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out, row_group_size=2)
    return out.getvalue()


def zstd(data: bytes) -> bytes:
    compressed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return compressed


WRITERS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "jsonl": jsonl,
    "ndjson": jsonl,
    "csv": lambda rows: delimited(rows, ","),
    "tsv": lambda rows: delimited(rows, "\t"),
    "parquet": parquet,
}
WRAPPERS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd}
CASES = [(kind, wrap) for kind in WRITERS for wrap in WRAPPERS if not (wrap and kind == "parquet")]


@pytest.mark.parametrize(("kind", "wrap"), CASES)
def test_formats_and_wrappings_give_the_same_records(tmp_path: Path, kind: str, wrap: str) -> None:
    path = tmp_path / f"news.{kind}{wrap}"
    path.write_bytes(WRAPPERS[wrap](WRITERS[kind](ROWS)))
    corpus, _ = open_corpus([path])
    found = records(corpus)
    for row, record in zip(ROWS, found, strict=True):
        assert {field: record[field] or "" for field in FIELD_OF.values()} == {FIELD_OF[name]: value for name, value in row.items()}
    assert corpus.fields == {field: name for name, field in FIELD_OF.items()}


@pytest.mark.parametrize("wrap", WRAPPERS)
def test_a_text_file_is_a_page_and_its_first_solid_line_the_headline(tmp_path: Path, wrap: str) -> None:
    (tmp_path / f"b.txt{wrap}").write_bytes(WRAPPERS[wrap](b"\n  The ferry sails \nIt sails at noon.\n"))
    (tmp_path / "a.txt").write_text("\N{ZERO WIDTH NO-BREAK SPACE}Rain\nIt rains.", encoding="utf-8")
    corpus, _ = open_corpus([tmp_path])
    first, second = records(corpus)
    assert (first["id"], first["headline"], first["text"]) == ("a.txt", "Rain", "Rain\nIt rains.")
    assert (second["id"], second["headline"]) == (f"b.txt{wrap}", "The ferry sails")
    assert second["text"] == "\n  The ferry sails \nIt sails at noon.\n"


def test_windows_line_ends_marks_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + jsonl(ROWS).replace(b"\n", b"\r\n") + b"\r\n\n"
    (tmp_path / "a.jsonl").write_bytes(data)
    found = records(open_corpus([tmp_path / "a.jsonl"])[0])
    assert [record["id"] for record in found] == ["a1", "a2", "a3"]


def test_the_last_line_needs_no_line_end(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(ROWS).rstrip(b"\n"))
    assert len(records(open_corpus([tmp_path / "a.jsonl"])[0])) == 3


def test_records_without_an_id_are_named_by_file_and_line(tmp_path: Path) -> None:
    rows = [{"title": row["title"], "content": row["content"]} for row in ROWS]
    (tmp_path / "a.jsonl").write_bytes(b"\n" + jsonl(rows))
    assert [record["id"] for record in records(open_corpus([tmp_path / "a.jsonl"])[0])] == ["a.jsonl:2", "a.jsonl:3", "a.jsonl:4"]


def test_a_source_is_told_by_the_url_and_else_by_the_corpus(tmp_path: Path) -> None:
    rows = [{"title": "a", "content": "b", "link": "https://WWW.Post.example:8080/x"}, {"title": "a", "content": "b", "link": "no url"}]
    (tmp_path / "news.jsonl").write_bytes(jsonl(rows))
    assert [record["source"] for record in records(open_corpus([tmp_path / "news.jsonl"])[0])] == ["post.example", "news"]


def test_nested_columns_lists_of_paragraphs_and_numbers(tmp_path: Path) -> None:
    row = {"meta": {"head": {"title": "Rain"}, "when": 2026}, "paragraphs": ["It rains.", "It pours."], "x.y": "flat"}
    (tmp_path / "a.jsonl").write_bytes(jsonl([row]))
    mapped = {"headline": "meta.head.title", "text": "paragraphs", "published": "meta.when", "source": "x.y"}
    (record,) = records(open_corpus([tmp_path / "a.jsonl"], mapped)[0])
    assert (record["headline"], record["text"], record["published"], record["source"]) == ("Rain", "It rains.\nIt pours.", "2026", "flat")


def test_parquet_columns_of_other_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "meta": pa.array([{"title": "Rain"}, {"title": None}]),
            "paragraphs": pa.array([["It rains.", "It pours."], None]),
            "date": pa.array([datetime(2026, 3, 4, 5, 6, tzinfo=UTC), None], pa.timestamp("ms", tz="Europe/Paris")),
            "id": pa.array([7, 8], pa.int64()),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    first, second = records(open_corpus([tmp_path / "a.parquet"], {"headline": "meta.title"})[0])
    assert (first["headline"], first["text"], first["id"]) == ("Rain", "It rains.\nIt pours.", "7")
    assert first["published"] == "2026-03-04 06:06:00+01:00"
    assert (second["headline"], second["text"], second["published"]) == (None, None, None)


def test_a_frame_with_gaps(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "title": ["Rain", None, np.nan],
            "content": [["It rains.", "It pours."], "text", pd.NA],
            "date": pd.to_datetime(["2026-03-04", None, "2026-03-05"]),
        },
        index=["x", "y", "z"],
    )
    first, second, third = records(frame_corpus(frame, "frame"))
    assert (first["id"], first["text"], first["published"]) == ("x", "It rains.\nIt pours.", "2026-03-04T00:00:00")
    assert (second["headline"], second["published"]) == (None, None)
    assert (third["headline"], third["text"]) == (None, None)


def test_half_a_surrogate_becomes_a_noncharacter_and_offsets_stay(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"title": "a", "content": "x\\ud83dy \\ud83d\\ude00"}\n')
    (record,) = records(open_corpus([tmp_path / "a.jsonl"])[0])
    assert record["text"] == f"x{LONE_SURROGATE}y \U0001f600"


def test_values_of_changing_type_are_still_read(tmp_path: Path) -> None:
    rows = [{"title": "a", "content": "b"}, {"title": 17, "content": ["c", 2]}, {"title": None, "content": {"k": "v"}}, {"title": True}]
    (tmp_path / "a.jsonl").write_bytes(jsonl(rows))
    found = [(record["headline"], record["text"]) for record in records(open_corpus([tmp_path / "a.jsonl"])[0])]
    assert found == [("a", "b"), ("17", "c\n2"), (None, '{"k": "v"}'), ("True", None)]


def test_a_manifest_names_files_columns_and_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for i, row in enumerate(ROWS):
        (tmp_path / "data" / f"{i}.jsonl").write_bytes(jsonl([{"kopf": row["title"], "rumpf": row["content"]}]))
    (tmp_path / "data" / "notes.jsonl").write_bytes(b"not part of it\n")
    text = "name: blatt\nfiles: ['data/[0-9].jsonl']\nfields: {headline: kopf, text: rumpf}\nlicence: none\ndescription: d\n"
    (tmp_path / "corpus.yaml").write_text(text, encoding="utf-8")
    corpus, found = open_corpus([tmp_path])
    assert found is not None
    assert (corpus.name, len(corpus.files), found.licence) == ("blatt", 3, "none")
    assert [record["headline"] for record in records(corpus)] == [row["title"] for row in ROWS]
    assert [record["id"] for record in records(corpus)] == ["data/0.jsonl:1", "data/1.jsonl:1", "data/2.jsonl:1"]


def test_files_of_a_folder_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name, row in zip(("b.jsonl", "a.csv", "sub/c.parquet"), ROWS, strict=True):
        (tmp_path / name).write_bytes(WRITERS[name.rsplit(".", 1)[1]]([row]))
    (tmp_path / "README.md").write_text("not a corpus file", encoding="utf-8")
    assert [record["id"] for record in records(open_corpus([tmp_path])[0])] == ["a2", "a1", "a3"]


def test_several_files_are_one_corpus(tmp_path: Path) -> None:
    for i, row in enumerate(ROWS):
        (tmp_path / f"{i}.jsonl").write_bytes(jsonl([row]))
    assert len(records(open_corpus([tmp_path / "0.jsonl", tmp_path / "2.jsonl"])[0])) == 2


def test_parts_of_a_file_are_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"title": f"t{i}", "content": "x" * (i % 50)} for i in range(500)]
    (tmp_path / "a.jsonl").write_bytes(jsonl(rows))
    whole = records(open_corpus([tmp_path / "a.jsonl"])[0])
    for size in (64, 1000, 4096):
        monkeypatch.setattr(cutting, "PART_BYTES", size)
        corpus, _ = open_corpus([tmp_path / "a.jsonl"])
        assert len(corpus.parts) > 5
        assert records(corpus) == whole


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "csv", "parquet"])
def test_single_records_are_read_again(tmp_path: Path, kind: str) -> None:
    rows = [{"id": str(i), "title": f"t{i}", "content": f"c{i}\nd"} for i in range(50)]
    data = WRITERS[kind.split(".")[0]](rows)
    (tmp_path / f"a.{kind}").write_bytes(gzip.compress(data) if kind.endswith("gz") else data)
    corpus, _ = open_corpus([tmp_path / f"a.{kind}"])
    (part,) = {part.files[0]: part for part in corpus.parts}.values()
    offsets = np.concatenate([block.offsets for block in read(corpus, part)])
    wanted = [0, 7, 8, 31, 49] if kind != "parquet" else [0, 1]
    for places in (offsets[wanted].tolist(), []):
        assert [record["headline"] for record in fetch(corpus, part, wanted, places)] == [f"t{i}" for i in wanted]


CELL = st.text(max_size=20)
TEXT = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), kind=st.sampled_from(["jsonl", "parquet"]))
@example(pairs=[(None, None), ("a", "")], kind="jsonl")
def test_any_text_comes_back_as_it_was_written(tmp_path: Path, pairs: list[tuple[str | None, str | None]], kind: str) -> None:
    rows = [{"title": title, "content": content} for title, content in pairs]
    schema = pa.schema([("title", pa.string()), ("content", pa.string())])
    path = tmp_path / f"a.{kind}"
    if kind == "jsonl":
        path.write_bytes(jsonl(rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    found = records(open_corpus([path])[0])
    assert [(record["headline"], record["text"]) for record in found] == pairs


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=5), delimiter=st.sampled_from([",", "\t"])
)
def test_any_cell_comes_back_from_csv(tmp_path: Path, pairs: list[tuple[str, str]], delimiter: str) -> None:
    clean = [tuple(text.replace("\r", "").replace("\0", "").encode("utf-8", "ignore").decode() for text in pair) for pair in pairs]
    path = tmp_path / ("a.csv" if delimiter == "," else "a.tsv")
    path.write_bytes(delimited([{"title": a, "content": b} for a, b in clean], delimiter))
    assert [(record["headline"], record["text"]) for record in records(open_corpus([path])[0])] == clean


def test_columns_are_recognised_whatever_their_case(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Title,Body,URL,Date_Published,Scraped_At\na,b,c,d,e\n", encoding="utf-8")
    corpus, _ = open_corpus([tmp_path / "a.csv"])
    assert corpus.fields == {"url": "URL", "headline": "Title", "text": "Body", "published": "Date_Published", "crawled": "Scraped_At"}


def test_a_column_may_be_the_id_and_the_url_but_else_one_thing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl([{"url": "https://a.example/1", "title": "t", "content": "c"}]))
    corpus, _ = open_corpus([tmp_path / "a.jsonl"], {"id": "url", "text": "title"})
    assert corpus.fields == {"id": "url", "url": "url", "text": "title"}


def test_a_field_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(ROWS))
    with pytest.raises(Problem, match="Did you mean 'headline'"):
        open_corpus([tmp_path / "a.jsonl"], {"headlin": "title"})

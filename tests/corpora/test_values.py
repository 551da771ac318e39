"""Values of any type as text: gaps are gaps, and what Python cannot hold is written out for the checks to find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpusgate.corpora.columns import as_text, columns_as_text
from corpusgate.corpora.manifest import frame_corpus, open_corpus
from corpusgate.corpora.model import Corpus
from corpusgate.corpora.reading import read


def texts(corpus: Corpus, field: str = "text") -> list[str | None]:
    return [value for part in corpus.parts for block in read(corpus, part) for value in block.columns[field].to_pylist()]


def test_a_gap_among_paragraphs_is_left_out(tmp_path: Path) -> None:
    paragraphs = [["It rains.", None, "It pours."], [None], [], None]
    for kind in (pa.list_(pa.string()), pa.large_list(pa.large_string())):
        table = pa.table({"title": ["a"] * 4, "text": pa.array(paragraphs, kind)})
        pq.write_table(table, tmp_path / "a.parquet")
        assert texts(open_corpus([tmp_path / "a.parquet"])[0]) == ["It rains.\nIt pours.", "", "", None]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"title": "a", "text": value}) + "\n" for value in paragraphs), encoding="utf-8")
    assert texts(open_corpus([tmp_path / "a.jsonl"])[0]) == ["It rains.\nIt pours.", "", "", None]


def test_what_is_no_number_is_no_value(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": NaN, "content": "x", "date": NaN}\n', encoding="utf-8")
    corpus, _ = open_corpus([tmp_path / "a.jsonl"])
    assert (texts(corpus, "headline"), texts(corpus, "published")) == ([None], [None])
    pq.write_table(pa.table({"text": ["x", "y"], "date": [float("nan"), 1.5]}), tmp_path / "a.parquet")
    assert texts(open_corpus([tmp_path / "a.parquet"])[0], "published") == [None, "1.5"]


def test_bytes_in_a_frame_are_their_text() -> None:
    frame = pd.DataFrame({"title": [b"caf\xc3\xa9", b"caf\xe9"], "text": [[b"a", "b", pd.NA], "c"]})
    assert texts(frame_corpus(frame, "frame"), "headline") == ["caf\u00e9", "caf\N{REPLACEMENT CHARACTER}"]
    assert texts(frame_corpus(frame, "frame")) == ["a\nb", "c"]


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([253402300799999999, None], pa.timestamp("us", tz="Asia/Tokyo")), ["9999-12-31 23:59:59.999999+00:00", None]),
        (pa.array([-62135596800000000], pa.timestamp("us", tz="America/New_York")), ["0001-01-01 00:00:00.000000+00:00"]),
        (pa.array([0], pa.timestamp("us", tz="Mars/Olympus")), ["1970-01-01 00:00:00.000000+00:00"]),
        (pa.array([0, None], pa.timestamp("s", tz="Asia/Tokyo")), ["1970-01-01 09:00:00+09:00", None]),
        (pa.array([10**17], pa.timestamp("ms")), ["3170843-11-07 09:46:40.000"]),
        (pa.array([10**7, None], pa.date32()), ["29349-01-26", None]),
        (pa.array([10**15], pa.date64()), ["33658-09-27"]),
        (pa.array([[10**17]], pa.list_(pa.timestamp("ms"))), ["\N{REPLACEMENT CHARACTER}"]),
        (pa.array([5], pa.duration("s")), ["5"]),
        (pa.array(["a", None]).dictionary_encode(), ["a", None]),
    ],
)
def test_times_that_python_cannot_hold(array: pa.Array, expected: list[str | None]) -> None:
    assert columns_as_text(array).to_pylist() == expected


def test_values_nested_deeply_are_read() -> None:
    deep: Any = ["x", []]
    for _ in range(50_000):
        deep = [deep]
    assert as_text(deep) == "x"
    inner: dict[str, Any] = {}
    for _ in range(50_000):
        inner = {"a": inner}
    assert as_text(inner) == "{\N{HORIZONTAL ELLIPSIS}}"
    assert as_text({"when": pd.Timestamp("2026-03-04"), "raw": b"x"}) is not None


def test_a_list_nested_deeply_in_a_line_costs_no_neighbour(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        f'{{"title": "a", "text": {"[" * 900}"x"{"]" * 900}}}\n{{"title": "b", "text": "y"}}\n', encoding="utf-8"
    )
    assert texts(open_corpus([tmp_path / "a.jsonl"])[0]) == ["x", "y"]


def test_bytes_in_parquet_that_are_no_utf_8_cost_their_row(tmp_path: Path) -> None:
    raw = pa.array([b"It rains.", b"caf\xe9", b"It pours."], pa.binary())
    text = pa.StringArray.from_buffers(3, raw.buffers()[1], raw.buffers()[2])
    pq.write_table(pa.table({"title": ["a", "b", "c"], "text": text}), tmp_path / "a.parquet")
    corpus, _ = open_corpus([tmp_path / "a.parquet"])
    assert texts(corpus) == ["It rains.", "It pours."]
    assert texts(corpus, "id") == ["a.parquet:1", "a.parquet:3"]
    (piece,) = [piece for part in corpus.parts for block in read(corpus, part) for piece in block.quarantined]
    assert (piece.line, piece.reason, piece.sample) == (2, "not UTF-8 in column 'text'", "caf\\xe9")

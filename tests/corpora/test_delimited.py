"""CSV and TSV as they come: old line ends, quotes that are never closed, tables without quoting."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from corpusgate.corpora import delimited
from corpusgate.corpora.manifest import open_corpus
from corpusgate.corpora.reading import read
from corpusgate.errors import Problem

HEAD = "id,title,content\n"
UNCLOSED = "not CSV: a quote opens in this row and is not closed"


def table(path: Path, text: str) -> tuple[list[tuple[str, str]], list[tuple[int, str]]]:
    """Ids and texts of the records, and line and reason of what could not be read."""
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    corpus, _ = open_corpus([path])
    blocks = [block for part in corpus.parts for block in read(corpus, part)]
    rows = [row for block in blocks for row in zip(block.columns["id"].to_pylist(), block.columns["text"].to_pylist(), strict=True)]
    return rows, [(piece.line, piece.reason) for block in blocks for piece in block.quarantined]


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_they_like(tmp_path: Path, name: str, end: str) -> None:
    text = (HEAD + '1,Rain,"It rains,\nand pours."\n2,Sun,It shines.\n3,Fog\n4,Wind,It blows.\n').replace("\n", end)
    assert table(tmp_path / name, text) == (
        [("1", f"It rains,{end}and pours."), ("2", "It shines."), ("4", "It blows.")],
        [(5, "2 columns, where the header has 3")],
    )


def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path: Path) -> None:
    text = HEAD + '1,Rain,"It rains.\nA lot."\n2,Sun,"It shines.\n3,Fog,It is foggy.\n4,Wind,It blows.\n'
    assert table(tmp_path / "a.csv", text) == (
        [("1", "It rains.\nA lot."), ("3", "It is foggy."), ("4", "It blows.")],
        [(4, UNCLOSED)],
    )


def test_a_quote_that_another_row_seems_to_close(tmp_path: Path) -> None:
    text = HEAD + '1,Rain,"It rains."\n2,Sun,"It shines.\n3,Fog,"It is foggy."\n4,Wind,It blows.\n'
    assert table(tmp_path / "a.csv", text) == ([("1", "It rains."), ("3", "It is foggy."), ("4", "It blows.")], [(3, UNCLOSED)])


def test_a_quote_that_runs_on_for_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_LONGEST", 1000)
    rows = "".join(f"{i},Rain,It rains.\n" for i in range(500))
    found, lost = table(tmp_path / "a.csv", HEAD + '0,Sun,"It shines.\n' + rows + '7,Fog,"It is foggy."\n')
    assert len(found) == 501
    assert lost == [(2, UNCLOSED)]


def test_a_value_may_go_on_after_its_closing_quote(tmp_path: Path) -> None:
    text = HEAD + '1,Rain,"Yes" said the mayor.\n2,Sun,"It shines,\n"always" here."\n'
    assert table(tmp_path / "a.csv", text)[0] == [("1", "Yes said the mayor."), ("2", 'It shines,\nalways" here."')]


def test_in_tsv_quotes_that_do_not_quote_are_characters(tmp_path: Path) -> None:
    rows = [
        '1\t"Rain\tIt rains.',
        '2\t"Yes"\t"Sun" said\tone too many',
        '3\tFog\t"It is\nfoggy."',
        '4\tWind\t"He came," she said',
        '5\tSnow\t"Cold',
    ]
    text = "\n".join(["id\ttitle\tcontent", *rows])
    assert table(tmp_path / "a.tsv", text) == (
        [("1", "It rains."), ("3", "It is\nfoggy."), ("4", '"He came," she said'), ("5", '"Cold')],
        [(3, "4 columns, where the header has 3")],
    )


def test_a_header_that_cannot_be_read_is_no_silence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'id,title,"content\n1,Rain,It rains.\n')
    with pytest.raises(Problem, match="has no header that can be read"):
        open_corpus([tmp_path / "a.csv"])

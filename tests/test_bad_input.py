"""Input that cannot be read, through the real command line: one paragraph, the right exit code, nothing lost, no traceback."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpusgate import results
from corpusgate.cli import main

GOOD = [
    {"id": str(i), "site": "post.example", "title": f"The ferry sails again, part {i}", "content": f"It sails at noon, for the {i}th time.",
     "date": "2026-03-04"}
    for i in range(1, 8)
]  # fmt: skip
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        done = CliRunner().invoke(main, ["check", *arguments, "--out", "out", "--jobs", "1"])
        assert "Traceback" not in done.output
        assert "a mistake of its own" not in done.output
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done

    return call


def lines(rows: list[dict[str, str]] = GOOD) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def quarantine() -> list[dict[str, object]]:
    return [json.loads(line) for line in Path("out/quarantine.jsonl").read_text("utf-8").splitlines()]


def checked() -> tuple[int, int]:
    corpus = results.load(Path("out")).corpus
    assert corpus.records == corpus.checked + corpus.quarantined
    return corpus.checked, corpus.quarantined


def says(done: Result, *words: str) -> None:
    """An error is one paragraph that names all of this."""
    said = [line for line in done.output.splitlines() if line.startswith("corpusgate: ")]
    assert len(said) == 1, done.output
    for word in words:
        assert word in said[0]


def test_a_missing_file(run: Run) -> None:
    done = run("nowhere.jsonl")
    assert done.exit_code == 2
    says(done, "nowhere.jsonl", "no such file", "CORPUS is a corpus.yaml, a file or a folder")


def test_an_unknown_format(run: Run) -> None:
    Path("news.docx").write_bytes(b"PK")
    done = run("news.docx")
    assert done.exit_code == 2
    says(done, "news.docx", ".jsonl", ".parquet")


def test_a_folder_without_a_corpus(run: Run) -> None:
    Path("empty").mkdir()
    done = run("empty")
    assert done.exit_code == 2
    says(done, "empty", "no corpus file")


def test_an_empty_file(run: Run) -> None:
    Path("news.jsonl").write_bytes(b"")
    done = run("news.jsonl")
    assert done.exit_code == 2
    says(done, "news", "no record was checked", "empty")


@pytest.mark.parametrize(("ending", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_a_truncated_file_is_no_judgement_but_what_came_is_checked(run: Run, ending: str, compress: Callable[[bytes], bytes]) -> None:
    rows = [{**row, "content": f"{row['content']} {i * 7919 % 10007} {i * 104729 % 99991}"} for i in range(400) for row in GOOD]
    rows = [{**row, "id": str(i), "title": f"{row['title']} {i}"} for i, row in enumerate(rows)]
    whole = compress(lines(rows))
    # bzip2 gives nothing before a block of 900 kB is complete: cut it inside the last of several.
    if ending == "bz2":
        whole = compress(lines(rows * 4))
    Path(f"news.jsonl.{ending}").write_bytes(whole[: len(whole) * 9 // 10])
    done = run(f"news.jsonl.{ending}")
    assert done.exit_code == 2
    assert f"news.jsonl.{ending}" in done.output
    assert "breaks off" in done.output
    readable, lost = checked()
    assert readable > 500
    assert lost == 1
    assert quarantine()[0]["line"] == readable + 1
    assert results.load(Path("out")).gate.exit_code == 2


def test_something_else_behind_a_compressed_ending(run: Run) -> None:
    Path("news.jsonl.gz").write_bytes(lines())
    done = run("news.jsonl.gz")
    assert done.exit_code == 2
    assert "news.jsonl.gz" in done.output


def test_a_line_cut_in_half_costs_itself_alone(run: Run) -> None:
    data = lines().splitlines(keepends=True)
    data[3] = data[3][:30] + b"\n"
    Path("news.jsonl").write_bytes(b"".join(data))
    done = run("news.jsonl")
    assert done.exit_code == 1
    assert checked() == (6, 1)
    (piece,) = quarantine()
    assert (piece["file"], piece["line"], piece["offset"]) == ("news.jsonl", 4, len(b"".join(data[:3])))
    assert str(piece["reason"]).startswith("not JSON")
    assert piece["sample"] == data[3].decode().strip()
    assert "news.jsonl:4" in done.output


@pytest.mark.parametrize("line", [b"[1, 2]", b'"text"', b"null", b"17"])
def test_a_line_that_is_no_object(run: Run, line: bytes) -> None:
    Path("news.jsonl").write_bytes(lines() + line + b"\n")
    assert run("news.jsonl").exit_code == 1
    assert checked() == (7, 1)
    assert quarantine()[0]["line"] == 8


def test_a_file_that_is_not_utf_8(run: Run) -> None:
    Path("news.jsonl").write_bytes(lines() + '{"title": "Caf\xe9", "content": "Chaud"}\n'.encode("latin-1"))
    done = run("news.jsonl")
    assert done.exit_code == 1
    assert checked() == (7, 1)
    assert "UTF-8" in str(quarantine()[0]["reason"])


def test_a_text_file_that_is_not_utf_8(run: Run) -> None:
    Path("pages").mkdir()
    Path("pages/a.txt").write_text("The ferry sails\nIt sails at noon.\n", encoding="utf-8")
    Path("pages/b.txt").write_bytes("Le caf\xe9 rouvre\n".encode("latin-1"))
    assert run("pages").exit_code == 1
    assert checked() == (1, 1)
    assert (quarantine()[0]["file"], quarantine()[0]["line"]) == ("b.txt", 1)


def test_a_row_with_too_many_columns(run: Run) -> None:
    head = "id,site,title,content\n"
    Path("news.csv").write_text(
        head + '1,post.example,Ferry sails,At noon.\n2,post.example,Ferry,At,noon.\n3,post.example,"Ferry\nrests",At night.\n'
    )
    done = run("news.csv")
    assert done.exit_code == 1
    assert checked() == (2, 1)
    (piece,) = quarantine()
    assert (piece["file"], piece["line"]) == ("news.csv", 3)
    assert piece["reason"] == "5 columns, where the header has 4"


def test_a_suite_with_a_typo(run: Run) -> None:
    Path("news.jsonl").write_bytes(lines())
    cases = {
        "name: a\nchecks: [encodign]\n": ("checks", "Did you mean 'encoding'"),
        "name: a\ncheks: [encoding]\n": ("cheks", "Did you mean 'checks'"),
        "name: a\nchecks: [encoding]\noverrides: {ENC002: {severty: warn}}\n": ("severty", "Did you mean 'severity'"),
        "name: a\nchecks: [encoding]\noverrides: {ENC002: {severity: loud}}\n": ("overrides.ENC002.severity", "'loud'"),
        "name: a\nchecks: [encoding]\noverrides: {ENC02: {severity: warn}}\n": ("ENC02", "Did you mean"),
        "name: a\nchecks: [boilerplate]\noverrides: {BLP007: {with: {min_recrods: 3}}}\n": ("min_recrods", "Did you mean 'min_records'"),
        "name: a\nchecks: [encoding]\nchecks: [dates]\n": ("my.suite.yaml:3", "stands twice"),
        "name: a\nchecks: [encoding\n": ("my.suite.yaml:", "not YAML"),
        "name: a\nchecks: [encoding]\nfields: {txt: content}\n": ("fields.txt", "Did you mean 'text'"),
        "- a\n": ("my.suite.yaml", "a mapping is expected"),
        "name: a\nchecks: []\n": ("checks",),
    }
    for content, words in cases.items():
        Path("my.suite.yaml").write_text(content, encoding="utf-8")
        done = run("news.jsonl", "--suite", "my.suite.yaml")
        assert done.exit_code == 2, (content, done.output)
        says(done, "my.suite.yaml", *words)


def test_a_missing_suite(run: Run) -> None:
    Path("news.jsonl").write_bytes(lines())
    done = run("news.jsonl", "--suite", "other.suite.yaml")
    assert done.exit_code == 2
    says(done, "other.suite.yaml", "cannot be read")


def test_a_mapped_column_that_does_not_exist(run: Run) -> None:
    Path("news.jsonl").write_bytes(lines())
    Path("my.suite.yaml").write_text("name: a\nchecks: [encoding]\nfields: {text: contents}\n", encoding="utf-8")
    done = run("news.jsonl", "--suite", "my.suite.yaml")
    assert done.exit_code == 2
    says(done, "my.suite.yaml", "fields.text", "'contents'", "Did you mean 'content'")


def test_columns_that_nobody_knows(run: Run) -> None:
    Path("news.jsonl").write_bytes(b'{"kopf": "a", "rumpf": "b"}\n')
    done = run("news.jsonl")
    assert done.exit_code == 2
    says(done, "'kopf', 'rumpf'", "Map one")


def test_a_manifest_with_a_typo_and_one_that_names_nothing(run: Run) -> None:
    Path("news.jsonl").write_bytes(lines())
    Path("corpus.yaml").write_text("name: a\nfiles: [news.jsonl]\nfeilds: {}\n", encoding="utf-8")
    done = run("corpus.yaml")
    assert done.exit_code == 2
    says(done, "corpus.yaml", "feilds", "Did you mean 'fields'")
    Path("corpus.yaml").write_text("name: a\nfiles: [other.jsonl]\n", encoding="utf-8")
    done = run("corpus.yaml")
    assert done.exit_code == 2
    says(done, "corpus.yaml", "other.jsonl")


def test_a_damaged_parquet_file(run: Run) -> None:
    pq.write_table(pa.Table.from_pylist(GOOD), "news.parquet")
    Path("news.parquet").write_bytes(Path("news.parquet").read_bytes()[:-20])
    done = run("news.parquet")
    assert done.exit_code == 2
    assert "news.parquet" in done.output


def test_a_suite_may_bound_what_could_not_be_read(run: Run) -> None:
    Path("news.jsonl").write_bytes(lines() + b"{\n")
    Path("my.suite.yaml").write_text("name: a\nchecks: [encoding]\nquarantine: {max_records: 1}\n", encoding="utf-8")
    assert run("news.jsonl", "--suite", "my.suite.yaml").exit_code == 0
    assert checked() == (7, 1)


def test_an_output_folder_that_is_a_file(run: Run) -> None:
    Path("news.jsonl").write_bytes(lines())
    Path("out").write_text("", encoding="utf-8")
    done = run("news.jsonl")
    assert done.exit_code == 2
    says(done, "out")


def test_what_is_wrong_with_a_file_is_not_remembered_of_another(run: Run) -> None:
    Path("news").mkdir()
    Path("news/a.jsonl").write_bytes(lines())
    for data, reason in ((b"PAR1", "cannot be read"), (b"", "size is 0 bytes")):
        Path("news/b.parquet").write_bytes(data)
        assert run("news", "--cache", "kept").exit_code == 2
        assert checked() == (7, 1)
        assert reason in str(quarantine()[0]["reason"])


def test_a_file_of_another_kind_beside_others_leaves_their_records_as_they_are(run: Run) -> None:
    Path("news").mkdir()
    Path("news/a.jsonl").write_bytes(lines())
    Path("news/notes.txt").write_text("About these pages\n\nThey are of March.\n", encoding="utf-8")
    done = run("news")
    assert "Columns of a.jsonl: id = id, source = site, headline = title, text = content, published = date" in done.output
    assert "Columns of notes.txt: headline = first line, text = whole file" in done.output
    found = pq.read_table("out/signals.parquet").to_pydict()
    assert found["record_id"] == [row["id"] for row in GOOD] + ["notes.txt"]
    assert found["source"] == ["post.example"] * 7 + ["news"]
    assert found["published_day"] == [date(2026, 3, 4)] * 7 + [None]


NAMES = st.sampled_from(
    ["a.jsonl", "a.csv", "a.tsv", "a.txt", "a.jsonl.gz", "a.csv.bz2", "a.txt.xz", "a.jsonl.zst", "a.parquet", "corpus.yaml"]
)
JUNK = st.one_of(
    st.binary(max_size=400),
    st.lists(
        st.sampled_from([lines(), b'{"title": ', b"a,b\n", b'"', b"\r\n", b"\0", b"\xff\xfe", b'{"text": "x"}\n', b"PAR1"]), max_size=6
    ).map(b"".join),
)


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, data=JUNK, packed=st.booleans())
def test_no_bytes_lead_to_a_traceback(run: Run, name: str, data: bytes, packed: bool) -> None:
    for old in (Path("out/results.json"), *Path().glob("a.*"), *Path().glob("corpus.yaml")):
        old.unlink(missing_ok=True)
    pack = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}.get(name.rsplit(".", 1)[-1])
    Path(name).write_bytes(pack(data) if packed and pack else data)
    Path("small.suite.yaml").write_text("name: small\nchecks: [ENC001, BLP007, HDL001]\n", encoding="utf-8")
    done = run(name, "--suite", "small.suite.yaml")
    assert done.exit_code in (0, 1, 2)
    if Path("out/results.json").exists():
        readable, lost = checked()
        assert len(quarantine()) == lost
        assert readable > 0

"""A corpus split: every byte comes out once, in its own format, and the reasons fit."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpusgate.cli import main
from corpusgate.corpora import raw
from corpusgate.corpora.model import SourceFile

SUITE = "name: s\nchecks: [encoding/replacement-character, encoding/tatweel, encoding/bidi-controls]\nquarantine: {mostly: 0}\n"
BAD = "A caf\N{REPLACEMENT CHARACTER} opens."


def call(folder: Path, *arguments: object) -> Result:
    (folder / "s.suite.yaml").write_text(SUITE, encoding="utf-8")
    return CliRunner().invoke(main, ["check", *map(str, arguments), "--suite", str(folder / "s.suite.yaml"), "--out", str(folder / "o")])


def split(folder: Path, *corpus: Path, more: tuple[str, ...] = ()) -> tuple[dict[str, bytes], dict[str, bytes], str]:
    """What came into the folder of clean records, what into that of rejects, and what was said."""
    done = call(folder, *corpus, "--write-clean", folder / "clean", "--write-rejects", folder / "rejects", *more)
    assert done.exit_code in (0, 1), done.output
    told = [{path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
            for root in (folder / "clean", folder / "rejects")]  # fmt: skip
    return told[0], told[1], next(line for line in done.stdout.splitlines() if line.startswith("Split:"))


def reasons(rejects: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in rejects[f"{name}.reasons.jsonl"].splitlines()]


def line(identity: str, text: str = "It sails at noon.") -> bytes:
    return json.dumps({"id": identity, "source": "s", "text": text}).encode()


def test_lines_of_json_come_out_as_they_were(tmp_path: Path) -> None:
    lines = [
        b'{ "id": "1", "text":"It   sails.", "other": [1,\t2] }\r\n', line("2", BAD) + b"\n", b"\n", b"no json\n",
        line("3") + b"\n", line("4", BAD) + b"\n", line("5"),
    ]  # fmt: skip
    (tmp_path / "c.jsonl").write_bytes(b"".join(lines))
    clean, rejects, said = split(tmp_path, tmp_path / "c.jsonl")
    assert clean == {"c.jsonl": lines[0] + lines[2] + lines[4] + lines[6]}
    assert rejects["c.jsonl"] == lines[1] + lines[3] + lines[5]
    assert said == "Split: 3 clean records, 3 rejects, 1 of them input that could not be read."
    first, bad, last = reasons(rejects, "c.jsonl")
    assert (first["record_id"], bad["line"], last["record_id"]) == ("2", 4, "4")
    assert "not JSON" in bad["unreadable"]
    (finding,) = first["findings"]
    assert (finding["check"], finding["field"], finding["start"]) == ("encoding/replacement-character", "text", 5)
    assert len(finding["fingerprint"]) == 16


def test_only_what_fails_rejects_and_warnings_where_they_hold_the_gate(tmp_path: Path) -> None:
    lines = [line("1", "كتـــاب جديد"), line("2", "A \N{RIGHT-TO-LEFT OVERRIDE} turn"), line("3")]
    (tmp_path / "c.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    clean, rejects, _ = split(tmp_path, tmp_path / "c.jsonl")
    assert (set(clean), rejects) == ({"c.jsonl"}, {})
    (tmp_path / "again").mkdir()
    clean, rejects, said = split(tmp_path / "again", tmp_path / "c.jsonl", more=("--fail-on", "warn"))
    assert said == "Split: 2 clean records, 1 rejects."
    assert rejects["c.jsonl"] == lines[1] + b"\n"


def test_packed_files_stay_packed(tmp_path: Path) -> None:
    data = b"\n".join([line("1"), line("2", BAD), line("3")]) + b"\n"
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(data))
    clean, rejects, _ = split(tmp_path, tmp_path / "c.jsonl.gz")
    assert gzip.decompress(clean["c.jsonl.gz"]) == line("1") + b"\n" + line("3") + b"\n"
    assert gzip.decompress(rejects["c.jsonl.gz"]) == line("2", BAD) + b"\n"
    assert [one["record_id"] for one in reasons(rejects, "c.jsonl.gz")] == ["2"]


@pytest.mark.parametrize("ending", ["zst", "xz", "bz2"])
def test_every_packing_is_read_again(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"c.jsonl.{ending}"
    with raw.packed(path, ending) as stream:  # type: ignore[arg-type]
        stream.write(b"\n".join([line("1"), line("2", BAD)]) + b"\n")
    clean, _, said = split(tmp_path, path)
    assert (set(clean), said) == ({path.name}, "Split: 1 clean records, 1 rejects.")
    (tmp_path / "x").mkdir()
    assert split(tmp_path / "x", tmp_path / "clean" / path.name)[2] == "Split: 1 clean records, 0 rejects."


def test_rows_keep_their_quotes_their_header_and_their_line_ends(tmp_path: Path) -> None:
    header = b'\xef\xbb\xbf"id",text,"note"\r\n'
    rows = [b'1,"It sails, \r\nat ""noon""",\r\n', f'2,"{BAD}\r\ntwice",x\r\n'.encode(), b"\r\n", b"3,short\r\n", b"4,'sails',y"]
    (tmp_path / "c.csv").write_bytes(header + b"".join(rows))
    clean, rejects, said = split(tmp_path, tmp_path / "c.csv")
    assert said == "Split: 2 clean records, 2 rejects, 1 of them input that could not be read."
    # An empty line goes with the row before it.
    assert clean["c.csv"] == header + rows[0] + rows[4]
    assert rejects["c.csv"] == header + rows[1] + rows[2] + rows[3]
    assert [one.get("record_id", one.get("line")) for one in reasons(rejects, "c.csv")] == ["2", 7]


def test_tables_keep_their_schema_and_their_values(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [str(i) for i in range(10)],
            "text": [BAD if i % 3 == 0 else "It sails." for i in range(10)],
            "tags": [[i, i + 1] for i in range(10)],
            "score": pa.array([i / 3 for i in range(10)], pa.float32()),
        },
        metadata={"made": "by hand"},
    )
    pq.write_table(table, tmp_path / "c.parquet", row_group_size=4, compression="zstd")
    split(tmp_path, tmp_path / "c.parquet")
    clean, rejects = (pq.read_table(tmp_path / name / "c.parquet") for name in ("clean", "rejects"))
    assert clean.schema.equals(pq.read_schema(tmp_path / "c.parquet"), check_metadata=True)
    assert clean.to_pylist() == [row for row in table.to_pylist() if row["text"] != BAD]
    assert rejects.to_pylist() == [row for row in table.to_pylist() if row["text"] == BAD]
    assert pq.ParquetFile(tmp_path / "clean" / "c.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


def test_pages_are_copied_into_their_folders(tmp_path: Path) -> None:
    corpus = tmp_path / "pages"
    for name, text in (("a/1.txt", b"It sails.\r\n"), ("a/2.txt", BAD.encode()), ("3.txt", b"\xff\xfe broken")):
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_bytes(text)
    clean, rejects, said = split(tmp_path, corpus)
    assert clean == {"a/1.txt": b"It sails.\r\n"}
    assert {name for name in rejects if not name.endswith(".jsonl")} == {"a/2.txt", "3.txt"}
    assert said == "Split: 1 clean records, 2 rejects, 1 of them input that could not be read."
    assert "not UTF-8" in reasons(rejects, "3.txt")[0]["unreadable"]


def test_files_of_several_formats_keep_their_records_apart(tmp_path: Path) -> None:
    corpus = tmp_path / "mixed"
    corpus.mkdir()
    (corpus / "a.txt").write_bytes(BAD.encode())
    (corpus / "b.jsonl").write_bytes(line("1") + b"\n" + line("2", BAD) + b"\n")
    (corpus / "c.txt").write_bytes(b"It sails.")
    (corpus / "d.csv").write_bytes(f"id,text\n3,{BAD}\n4,It sails.\n".encode())
    clean, rejects, said = split(tmp_path, corpus)
    assert said == "Split: 3 clean records, 3 rejects."
    assert clean == {"b.jsonl": line("1") + b"\n", "c.txt": b"It sails.", "d.csv": b"id,text\n4,It sails.\n"}
    assert [reasons(rejects, name)[0]["record_id"] for name in ("a.txt", "b.jsonl", "d.csv")] == ["a.txt", "2", "3"]


def test_waived_findings_reject_nothing_and_one_folder_is_enough(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(line("1", BAD) + b"\n" + line("2", BAD) + b"\n")
    waivers = "waivers: [{check: ENC001, record: '1', reason: x, last_day: 2999-01-01}]\n"
    (tmp_path / "w.yaml").write_text(waivers, encoding="utf-8")
    done = call(tmp_path, tmp_path / "c.jsonl", "--waivers", tmp_path / "w.yaml", "--write-clean", tmp_path / "clean")
    assert "Split: 1 clean records, 1 rejects." in done.stdout
    assert (tmp_path / "clean" / "c.jsonl").read_bytes() == line("1", BAD) + b"\n"


def test_folders_that_hold_something_samples_and_runs_without_judgement_split_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(line("1") + b"\n")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_bytes(b"")
    for arguments, says in (
        (["--write-clean", tmp_path / "full"], "is not empty"),
        (["--write-clean", tmp_path / "n", "--write-rejects", tmp_path / "n"], "for clean records and for rejects"),
        (["--write-clean", tmp_path / "n", "--sample", "50%"], "a sample splits nothing"),
    ):
        done = call(tmp_path, tmp_path / "c.jsonl", *arguments)
        assert (done.exit_code, says in done.stderr) == (2, True), done.output
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(line("1") * 1 + b"\n" + line("2") + b"\n")[:-9])
    done = call(tmp_path, tmp_path / "cut.jsonl.gz", tmp_path / "c.jsonl", "--write-clean", tmp_path / "n")
    assert (done.exit_code, "Nothing is split" in done.stdout, (tmp_path / "n").exists()) == (2, True, False)


PIECES = st.sampled_from(["a", ",", '"', "\n", "\r\n", "\r", "\t", " ", "é", '""', "a,b\n", '"a\nb",c\n'])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(PIECES, max_size=40).map("".join), kind=st.sampled_from(["jsonl", "csv", "tsv"]))
def test_the_pieces_of_a_file_are_the_file(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / f"c.{kind}"
    path.write_bytes(text.encode())
    file = SourceFile(path, path.name, kind, "", path.stat().st_size)  # type: ignore[arg-type]
    found = list(raw.pieces(file, {2, 3}))
    assert b"".join(piece.data for piece in found) == text.encode()
    assert [piece.line for piece in found] == sorted({piece.line for piece in found})


def test_a_large_mix_comes_out_whole(tmp_path: Path) -> None:
    chance = random.Random(8)
    story = '\N{DOUBLE LOW-9 QUOTATION MARK}again\N{LEFT DOUBLE QUOTATION MARK}\nand "more"'
    rows = [{"id": str(i), "text": BAD if chance.random() < 0.2 else f"Story {i}, {story}"} for i in range(3000)]
    pd.DataFrame(rows).to_csv(tmp_path / "c.csv", index=False)
    split(tmp_path, tmp_path / "c.csv")
    clean, rejects = (pd.read_csv(tmp_path / name / "c.csv", dtype=str) for name in ("clean", "rejects"))
    whole = pd.DataFrame(rows)
    assert clean.to_dict("list") == whole[whole.text != BAD].to_dict("list")
    assert rejects.to_dict("list") == whole[whole.text == BAD].to_dict("list")

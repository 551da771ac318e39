"""The same corpus gives the same bytes, on one core or two, in this order or that."""

from __future__ import annotations

import gzip
import json
import random
from datetime import date
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpusgate import api
from corpusgate.corpora import cutting
from corpusgate.kernels import sieve, tally
from corpusgate.results import Results
from corpusgate.runners import duck, evidence, finish, inputs, offered, parts, threads, workers

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus as ten files without a manifest, which make ten parts."""
    folder = tmp_path_factory.mktemp("corpora") / "news"
    folder.mkdir()
    for path in (ROOT / "corpora" / "sample-news" / "records").glob("*.jsonl"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(autouse=True)
def _several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start threads and processes however little there is to do."""
    monkeypatch.setattr(threads, "WORTH", 1)
    monkeypatch.setattr(workers, "WORTH", 1)
    monkeypatch.setattr(workers, "MUCH", 1)


def run(corpus: Path, out: Path, jobs: int) -> tuple[object, ...]:
    api.check(corpus, out=out, jobs=jobs, today=DAY)
    results = json.loads((out / "results.json").read_text("utf-8"))
    del results["run"]
    names = ("findings.parquet", "signals.parquet", "slices.parquet", "quarantine.jsonl")
    return results, *((out / name).read_bytes() for name in names)


@pytest.mark.parametrize("side_by_side", [1, 4])
def test_one_or_two_threads_or_processes_or_again(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side_by_side: int) -> None:
    monkeypatch.setattr(threads, "SIDE_BY_SIDE", side_by_side)
    once = run(corpus, tmp_path / "1", 1)
    assert run(corpus, tmp_path / "2", 2) == once
    assert run(corpus, tmp_path / "3", 3) == once
    assert run(corpus, tmp_path / "1", 1) == once


def test_results_json_is_the_same_text_but_for_the_run(corpus: Path, tmp_path: Path) -> None:
    one, two = (api.check(corpus, out=tmp_path / str(jobs), jobs=jobs, today=DAY) for jobs in (1, 2))
    assert one.model_copy(update={"run": two.run}).to_json() == two.to_json()


@pytest.fixture(scope="module")
def one_file(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All records in one file, 130 KB."""
    path = tmp_path_factory.mktemp("one") / "news.jsonl"
    path.write_bytes(b"".join(part.read_bytes() for part in sorted(corpus.iterdir())))
    return path


def _contents(out: Path) -> tuple[object, ...]:
    results = json.loads((out / "results.json").read_text("utf-8"))
    del results["run"]
    return results, *(pq.read_table(out / f"{name}.parquet").to_pylist() for name in ("findings", "signals", "slices"))


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (cutting, "PART_BYTES", 10_000),
        (cutting, "PART_BYTES", 77_777),
        (parts, "STRETCH_BYTES", 1),
        (parts, "STRETCH_BYTES", 30_000),
        (finish, "GROUP_RECORDS", 1),
        (finish, "GROUP_RECORDS", 50),
        (duck, "LOADED", 1),
        (sieve, "MOST", 2),
        (tally, "MOST", 1),
        (offered, "HELD", 0),
        (inputs, "PIECE", 1 << 20),
        (finish, "_HELD", 1),
        (evidence, "DENSE", 0),
        (evidence, "DENSE", 1),
    ],
)
def test_how_the_work_is_cut_changes_nothing(
    one_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, value: float
) -> None:
    api.check(one_file, out=tmp_path / "1", today=DAY)
    monkeypatch.setattr(module, name, value)
    api.check(one_file, out=tmp_path / "2", today=DAY)
    assert _contents(tmp_path / "1") == _contents(tmp_path / "2")


def test_many_rows_are_grouped_in_passes(one_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api.check(one_file, out=tmp_path / "1", today=DAY)
    monkeypatch.setattr(duck, "LOADED", 3)
    monkeypatch.setattr(duck, "PASS_ROWS", 7)
    monkeypatch.setattr(tally, "MOST", 5)
    api.check(one_file, out=tmp_path / "2", today=DAY)
    assert _contents(tmp_path / "1") == _contents(tmp_path / "2")


@pytest.mark.parametrize("ending", ["jsonl.gz", "parquet"])
def test_parts_that_must_be_read_through_have_the_same_evidence(
    one_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(parts, "STRETCH_BYTES", 20_000)
    path = tmp_path / f"news.{ending}"
    rows = [row for line in one_file.read_text("utf-8").splitlines() if (row := _record(line))]
    if ending == "parquet":
        columns = {name: [row.get(name) for row in rows] for name in rows[0]}
        pq.write_table(pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()}), path, row_group_size=40)
    else:
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    plain = tmp_path / "plain.jsonl"
    plain.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = []
    for corpus in (plain, path):
        results = api.check(corpus, out=tmp_path / corpus.name.replace(".", "-"), today=DAY, jobs=2, fields={"id": "url"})
        found.append(
            (
                [verdict.model_dump() for verdict in results.verdicts],
                pq.read_table(tmp_path / corpus.name.replace(".", "-") / "findings.parquet").to_pylist(),
            )
        )
    assert found[0] == found[1]


def _record(line: str) -> dict[str, str | None] | None:
    try:
        row: dict[str, str | None] = json.loads(line)
    except json.JSONDecodeError:
        return None
    # What no UTF-8 can hold would be no Parquet file.
    return row if line.isascii() or "\\ud83d" not in line else None


def _told(results: Results) -> list[object]:
    return [
        (v.check, v.status, v.findings, v.records_with_findings, v.slices, sorted(e.fingerprint for e in v.examples))
        for v in results.verdicts
    ]


def test_the_order_of_records_changes_no_count_and_no_example(corpus: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "news"
    shuffled.mkdir()
    for path in corpus.glob("*.jsonl"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        random.Random(7).shuffle(lines)
        (shuffled / path.name).write_text("".join(lines), encoding="utf-8")
    assert _told(api.check(shuffled, today=DAY, fields={"id": "url"})) == _told(api.check(corpus, today=DAY, fields={"id": "url"}))


def test_nothing_is_left_behind_in_the_output_folder(corpus: Path, tmp_path: Path) -> None:
    api.check(corpus, out=tmp_path, jobs=2, today=DAY)
    assert {path.name for path in tmp_path.iterdir()} == {
        "results.json",
        "findings.parquet",
        "signals.parquet",
        "slices.parquet",
        "quarantine.jsonl",
    }

"""Spark gives what one machine gives: the same results, the same tables, the same errors."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from corpusgate import api, spark, suites
from corpusgate.cli import main
from corpusgate.errors import Problem
from corpusgate.runners import finish, sampled
from corpusgate.runners.work import Work, measure_or_find
from corpusgate.spark import candidates, failures
from corpusgate.spark import engine as engines
from corpusgate.spark import session as sessions

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 1)

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every corpus is too large for the driver to look through."""
    monkeypatch.setattr(engines, "_HERE", 0)


def contents(out: Path) -> tuple[Any, ...]:
    """All that a run wrote, but for when and how fast."""
    results = json.loads((out / "results.json").read_text("utf-8"))
    del results["run"]
    tables = [pq.read_table(out / f"{name}.parquet") for name in ("findings", "signals", "slices")]
    return results, (out / "quarantine.jsonl").read_bytes(), *(table.to_pylist() for table in tables)


def test_the_sample_gives_the_same(spark_session: Any, sample_run: Any, tmp_path: Path) -> None:
    sample = ROOT / "corpora" / "sample-news"
    api.check(sample, out=tmp_path / "local", today=DAY)
    spark.check(sample, out=tmp_path / "spark", today=DAY, session=spark_session)
    assert contents(tmp_path / "spark") == contents(tmp_path / "local")


@pytest.mark.slow
def test_raw_corpora_give_the_same(spark_session: Any, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Keys that stand in more than 255 records have shares of their own.
    monkeypatch.setattr(candidates, "SAMPLE", 1)
    for path in sorted(raw.glob("*.jsonl.gz")):
        monkeypatch.setattr(sampled, "AT_ONCE", 8_000_000)
        api.check(path, out=tmp_path / "local", today=DAY, jobs=2)
        monkeypatch.setattr(sampled, "AT_ONCE", 20_000)
        spark.check(path, out=tmp_path / "spark", today=DAY, session=spark_session)
        assert contents(tmp_path / "spark") == contents(tmp_path / "local"), path.name


def test_damaged_input_goes_to_the_quarantine(spark_session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of a small corpus the driver looks through the hash tables itself.
    monkeypatch.setattr(engines, "_HERE", 2)
    path = tmp_path / "half.jsonl"
    path.write_text('{"headline": "Ferry sails again", "text": "It is back."}\n{"headline": \n', encoding="utf-8")
    for name, check in (("local", api.check), ("spark", spark.check)):
        more = {"session": spark_session} if name == "spark" else {}
        assert check(path, out=tmp_path / name, today=DAY, **more).corpus.quarantined == 1
    assert contents(tmp_path / "spark") == contents(tmp_path / "local")


def test_tables_too_large_for_one_file_are_folders(spark_session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines.SparkEngine, "largest", 0)
    monkeypatch.setattr(engines, "_AT_ONCE", 1)
    monkeypatch.setattr(finish, "GROUP_RECORDS", 50)
    sample, out = ROOT / "corpora" / "sample-news", tmp_path / "spark"
    spark.check(sample, out=out, today=DAY, session=spark_session)
    assert len(list((out / "signals.parquet").iterdir())) > 1
    api.check(sample, out=tmp_path / "local", today=DAY)
    assert contents(out) == contents(tmp_path / "local")
    # What reads the tables of a run takes folders, and a later run replaces them.
    suite = tmp_path / "strict.suite.yaml"
    suite.write_text("name: strict\nextends: news\noverrides: {encoding/entities: {severity: fail}}\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["report", str(out), "--format", "csv"]).exit_code in (0, 1)
    monkeypatch.undo()
    spark.check(sample, out=out, today=DAY, session=spark_session)
    assert contents(out) == contents(tmp_path / "local")


def skewed(records: int) -> list[dict[str, str]]:
    """Half of the records are of one source, one line stands in each, and each tenth text is a copy."""
    made = []
    for i in range(records):
        told = i - 1 if i % 10 == 9 else i
        made.append(
            {
                "id": str(i),
                "source": "large.example" if i % 2 else f"small{i % 40}.example",
                "headline": f"Ferry {told} sails again to the island of Skarn",
                "text": f"The ferry {told} left the harbour at noon with {told * 7 % 90} people on board.\nRead our newsletter every day",
                "published": f"2026-{told % 9 + 1:02}-{told % 27 + 1:02}",
            }
        )
    return made


def test_one_source_with_half_of_the_records_and_a_line_in_each(
    spark_session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampled, "AT_ONCE", 2000)
    files = tmp_path / "files"
    files.mkdir()
    records = skewed(4000)
    for i in range(8):
        rows = "".join(json.dumps(row) + "\n" for row in records[500 * i : 500 * i + 500])
        (files / f"{i}.jsonl").write_text(rows, encoding="utf-8")
    results = spark.check(files, out=tmp_path / "spark", today=DAY, session=spark_session)
    api.check(files, out=tmp_path / "local", today=DAY)
    assert contents(tmp_path / "spark") == contents(tmp_path / "local")
    repeated = next(verdict for verdict in results.verdicts if verdict.check == "boilerplate/repeated-lines")
    assert repeated.records_with_findings == len(records)


def test_extraction_that_broke_at_a_file_is_told(spark_session: Any, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for i in range(12):
        rows = [{"id": f"{i}-{n}", "source": "mill.example", "text": f"The keeper has counted {i}{n} sheep."} for n in range(12)]
        rows = [{**row, "text": f"{row['text']}\nAll rights reserved"} if i > 8 else row for row in rows]
        (files / f"part-{i}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    spark.check(files, out=tmp_path / "spark", today=DAY, session=spark_session)
    api.check(files, out=tmp_path / "local", today=DAY)
    assert contents(tmp_path / "spark") == contents(tmp_path / "local")
    said = [row["message"] for row in pq.read_table(tmp_path / "spark" / "findings.parquet").to_pylist() if row["check"].endswith("broke")]
    assert said == ["From the file part-9.jsonl on, far more texts of this source have furniture than in the files before it."] * 36


def test_a_data_frame_is_checked_in_the_order_of_its_rows(spark_session: Any, tmp_path: Path) -> None:
    records = skewed(200)
    records[3] |= {"headline": "Caf\u00c3\u00a9 reopens"}
    columns = "id string, source string, headline string, text string, published string"
    rows: list[dict[str, str | None]] = [{**row, "headline": None} if row["id"] == "5" else {**row} for row in records]
    frame = spark_session.createDataFrame(rows, columns).coalesce(1)
    before = set(tmp_path.iterdir())
    results = spark.check(frame, out=tmp_path / "spark", today=DAY, session=spark_session)
    expected = api.check(rows, out=tmp_path / "local", today=DAY)
    counts = [{one.check: one.records_with_findings for one in found.verdicts} for found in (results, expected)]
    assert counts[0] == counts[1]
    assert counts[0]["encoding/mojibake"] == 1
    found, known = (pq.read_table(tmp_path / name / "findings.parquet").drop_columns("match").to_pylist() for name in ("spark", "local"))
    assert found == known
    assert set(tmp_path.iterdir()) - before == {tmp_path / "spark", tmp_path / "local"}
    assert not list((tmp_path / "spark").glob(".*"))


def test_views_of_the_session_stay_the_users_own(spark_session: Any, tmp_path: Path) -> None:
    spark_session.range(3).createOrReplaceTempView("lines")
    spark.check(ROOT / "corpora" / "sample-news", out=tmp_path, today=DAY, session=spark_session)
    assert spark_session.sql("SELECT count(*) AS n FROM lines").collect()[0]["n"] == 3
    spark_session.catalog.dropTempView("lines")


def test_what_fails_on_an_executor_is_told_in_a_sentence(spark_session: Any, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    shutil.copytree(ROOT / "corpora" / "sample-news", gone)
    _, corpus = api.prepare(gone)
    work = Work(corpus, suites.load_suite().model_dump_json(by_alias=True), tmp_path, tmp_path, DAY, "")
    shutil.rmtree(gone)
    with engines.started(spark_session)(work) as engine:
        with pytest.raises(Problem, match=r"gone.*cannot be read"):
            list(engine.run(measure_or_find, corpus.parts[:1]))
        with pytest.raises(Problem, match=r"Spark: could not do its work \(AttributeError: 'Work' object has no attribute 'nothing'\)"):
            list(engine.run(getattr, ["nothing"]))
        assert list(engine.run(getattr, [])) == []


def test_executors_that_do_not_see_the_folder_are_told(spark_session: Any, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    shutil.copytree(ROOT / "corpora" / "sample-news", gone)
    _, corpus = api.prepare(gone)
    work = Work(corpus, "", tmp_path, tmp_path, DAY, "")
    with engines.started(spark_session)(work) as engine:
        engine.require_shared()
        shutil.rmtree(gone)
        with pytest.raises(Problem, match="is not to be seen by the executors"):
            engine.require_shared()


def test_the_command_needs_an_engine_for_a_master_and_a_folder_to_resume_from() -> None:
    for options, told in (["--master", "local[1]"], "add --engine spark"), (["--engine", "spark", "--resume"], "needs --cache"):
        found = CliRunner().invoke(main, ["check", str(ROOT / "corpora" / "sample-news"), *options])
        assert (found.exit_code, told in found.output) == (2, True)


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "find_spec", lambda name: None)
    with pytest.raises(Problem, match=r"pip install 'corpusgate\[spark\]'"):
        sessions.session()


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "Job aborted.\nTraceback (most recent call last):\n  File \"x\", line 1\n    f()\nKeyError: 'a'\n\n\tat org.x(Y:1)",
            "KeyError: 'a'",
        ),
        ("[PATH_NOT_FOUND] Path does not exist\n\tat org.x(Y:1)", "[PATH_NOT_FOUND] Path does not exist"),
        ("", "it does not say why"),
    ],
)
def test_a_failure_is_told_by_its_own_line(message: str, told: str) -> None:
    assert failures.told(message) == told

"""What a run writes, held to its schemas and to itself."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pyarrow.parquet as pq
import pytest

import corpusgate
from corpusgate import schemas
from corpusgate.errors import Problem
from corpusgate.records import FIELDS, LONE_SURROGATE
from corpusgate.results import Results, load

DAY = date(2026, 11, 1)
GOOD = {"id": "g", "source": "post.example", "headline": "The ferry sails again", "text": "It sails at noon.", "published": "2026-03-04"}


@pytest.mark.parametrize("path", schemas.files(), ids=lambda path: path.name)
def test_schema_files_are_what_the_models_say(path: Path) -> None:
    assert path.read_text("utf-8") == schemas.files()[path], "run: python -m corpusgate.schemas"


def _outputs(sample: tuple[Results, Path]) -> dict[str, Results]:
    frame = pd.DataFrame([GOOD])
    return {
        "damaged": sample[0],
        "clean": corpusgate.check(frame, today=DAY),
        "without dates": corpusgate.check(frame.drop(columns="published"), today=DAY),
        "texts alone": corpusgate.check(frame[["text"]], today=DAY),
    }


def test_every_output_fits_the_schema(sample_run: tuple[Results, Path]) -> None:
    validator = jsonschema.Draft202012Validator(schemas.schemas()["results"])
    for name, results in _outputs(sample_run).items():
        errors = [error.message for error in validator.iter_errors(json.loads(results.to_json()))]
        assert not errors, (name, errors[:3])


def test_results_survive_being_written_and_read(sample_run: tuple[Results, Path], tmp_path: Path) -> None:
    results, out = sample_run
    assert load(out) == results
    assert (out / "results.json").read_text("utf-8") == results.to_json()


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "results.json"), ("{}", "schema"), ('{"schema_version": "9.9"}', "run the check again"), ("[1]", "run the check again")],
)
def test_what_is_no_results_json_is_refused(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "results.json").write_text(content, encoding="utf-8")
    with pytest.raises(Problem, match=says):
        load(tmp_path)


def test_totals_agree_between_the_files(sample_run: tuple[Results, Path]) -> None:
    results, out = sample_run
    signals, findings = pq.read_table(out / "signals.parquet"), pq.read_table(out / "findings.parquet").to_pylist()
    assert signals.num_rows == results.corpus.checked
    assert results.corpus.records == results.corpus.checked + results.corpus.quarantined
    rows = Counter(row["check"] for row in findings)
    records = {(row["check"], row["record_id"]) for row in findings}
    for verdict in results.verdicts:
        if verdict.status in ("not_run",) or verdict.family == "corpus":
            continue
        assert rows[verdict.check] == verdict.findings == verdict.examples_total
        assert sum(check == verdict.check for check, _ in records) == verdict.records_with_findings
        over = sum(count > verdict.bound.max for count in signals[verdict.check].to_pylist())
        assert over == verdict.records_with_findings
        assert len(verdict.examples) <= 20


def test_examples_point_at_their_evidence(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    records: dict[str, dict[str, Any]] = {}
    for path in (Path(__file__).parents[1] / "corpora" / "sample-news" / "records").glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            with suppress(json.JSONDecodeError):
                row = json.loads(line)
                records[row["url"]] = row
    columns = results.corpus.fields
    for verdict in results.verdicts:
        for example in verdict.examples:
            text = (records[example.record_id][columns[example.field]] or "").replace("\ud83d", LONE_SURROGATE)
            if example.start is not None and example.end is not None:
                assert text[example.start : example.end] == example.match
                assert text[: example.start].endswith(example.before)
                assert text[example.end :].startswith(example.after)


def test_columns_of_the_tables_are_the_contract(sample_run: tuple[Results, Path]) -> None:
    _, out = sample_run
    findings = pq.read_schema(out / "findings.parquet").names
    contract = ["record_id", "source", "check", "family", "severity", "field", "start", "end", "match", "fingerprint"]
    assert [name for name in findings if name in contract] == contract
    signals = pq.read_schema(out / "signals.parquet").names
    assert signals[:5] == ["record_id", "source", "language", "month", "published_day"]
    assert {"headline_group", "text_group", "encoding/mojibake"} <= set(signals)
    assert set(pq.read_table(out / "findings.parquet")["field"].to_pylist()) <= set(FIELDS)


def test_fingerprints_do_not_move_with_the_text_around_them() -> None:
    before = corpusgate.inspect({**GOOD, "text": "The caf\u00c3\u00a9 opens. A \ufffd and a \ufffd."}, today=DAY)
    after = corpusgate.inspect({**GOOD, "text": "News of the day. The caf\u00c3\u00a9 opens. A \ufffd and a \ufffd."}, today=DAY)
    assert [f.fingerprint for f in before] == [f.fingerprint for f in after]
    assert len({f.fingerprint for f in before}) == 3


def test_fingerprints_differ_between_records_and_checks() -> None:
    text = "A \ufffd here."
    one = corpusgate.inspect({**GOOD, "id": "1", "text": text}, today=DAY)
    two = corpusgate.inspect({**GOOD, "id": "2", "text": text}, today=DAY)
    assert one[0].match == two[0].match
    assert one[0].fingerprint != two[0].fingerprint


def test_inspect_gives_spans_in_code_points() -> None:
    record = {**GOOD, "text": "\N{GRINNING FACE} The caf\u00c3\u00a9 opens."}
    (finding,) = corpusgate.inspect(record, today=DAY)
    assert finding.check == "encoding/mojibake"
    assert finding.span is not None
    assert record["text"][finding.span.start : finding.span.end] == finding.match


def test_inspect_wants_a_text_or_a_headline() -> None:
    with pytest.raises(Problem, match="no column is known"):
        corpusgate.inspect({"colour": "red"})


def test_a_frame_and_a_file_give_the_same(tmp_path: Path) -> None:
    rows = [{**GOOD, "id": str(i), "text": text} for i, text in enumerate(["The caf\u00c3\u00a9 opens.", "All is well.", "A \ufffd here."])]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    frame = corpusgate.check(pd.DataFrame(rows), today=DAY)
    file = corpusgate.check(tmp_path / "rows.jsonl", today=DAY)
    assert [v.model_dump() for v in frame.verdicts] == [v.model_dump() for v in file.verdicts]


def test_an_empty_frame_is_no_judgement() -> None:
    with pytest.raises(Problem, match="no record was checked"):
        corpusgate.check(pd.DataFrame(columns=["headline", "text"]))

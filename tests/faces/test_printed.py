"""The other faces: each says the same as results.json, keeps to the limits of what reads it, and leaves hostile text inert."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hostile import ATTACK, OVERRIDE
from hypothesis import given
from hypothesis import strategies as st

from corpusgate.api import check
from corpusgate.cli import main
from corpusgate.commands import options
from corpusgate.faces import badge, concise, github, junit, markdown, sarif, spreadsheet
from corpusgate.faces.formats import FORMATS
from corpusgate.faces.private import without_evidence
from corpusgate.faces.words import known
from corpusgate.results import Results, Waiver, holding

TEXT = [name for name in FORMATS if name != "html"]


def _report(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def test_the_command_line_names_all_faces_and_languages() -> None:
    assert list(options.FORMATS) == list(FORMATS)
    assert list(options.LANGUAGES) == known()


@pytest.mark.parametrize("name", TEXT)
def test_no_face_lets_out_what_steers_its_reader(hostile: Results, name: str) -> None:
    shown = FORMATS[name].render(hostile)
    assert OVERRIDE not in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)


@pytest.mark.parametrize("name", TEXT)
def test_a_long_headline_makes_no_long_face(hostile: Results, name: str) -> None:
    # Its headline is more than a megabyte.
    assert len(FORMATS[name].render(hostile)) < 200_000


def test_concise_has_a_line_a_finding(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    *lines, last = concise.render(results).splitlines()
    assert len(lines) == sum(len(v.examples) for v in results.verdicts)
    assert all(re.search(r" [A-Z]{3}\d{3} \w+: ", line) for line in lines)
    assert last == f"{len(lines):,} of {sum(v.findings for v in results.verdicts):,} findings shown. Gate: held (exit code 1)."


def test_junit_says_what_holds_the_gate(sample_run: tuple[Results, Path], hostile: Results) -> None:
    results, _ = sample_run
    root = ElementTree.fromstring(junit.render(results))
    cases = root.findall(".//testcase")
    assert len(cases) == len(results.verdicts) == int(root.get("tests", 0))
    failed = {case.get("name", "").split()[1] for case in cases if case.find("failure") is not None}
    assert failed == {v.check for v in holding(results)}
    for suite in root.findall("testsuite"):
        assert int(suite.get("tests", 0)) == len(suite.findall("testcase"))
        assert int(suite.get("failures", 0)) == len(suite.findall(".//failure"))
    attacked = ElementTree.fromstring(junit.render(hostile))
    allowed = {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"}
    assert {element.tag for element in attacked.iter()} <= allowed
    assert "document.title='pwned'" in "".join(attacked.itertext())


def test_junit_is_read_by_others(sample_run: tuple[Results, Path], tmp_path: Path) -> None:
    junitparser = pytest.importorskip("junitparser")
    path = tmp_path / "junit.xml"
    path.write_text(junit.render(sample_run[0]), encoding="utf-8")
    read = junitparser.JUnitXml.fromfile(str(path))
    assert (read.tests, read.failures, read.errors) == (len(sample_run[0].verdicts), len(holding(sample_run[0])), 0)


def test_sarif_keeps_to_its_schema_and_its_limit(sample_run: tuple[Results, Path], hostile: Results, sarif_schema: dict[str, Any]) -> None:
    for results in (sample_run[0], hostile):
        told = json.loads(sarif.render(results))
        jsonschema.Draft7Validator(sarif_schema).validate(told)
        (run,) = told["runs"]
        assert all(run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
        prints = [(one["ruleId"], one["partialFingerprints"]["corpusgate/v1"]) for one in run["results"]]
        assert prints == [(v.id, e.fingerprint) for v in _by_level(results) for e in v.examples]
    few = json.loads(sarif.render(sample_run[0], limit=7))["runs"][0]
    assert len(few["results"]) == few["properties"]["shown"] == 7
    assert all(one["level"] == "error" for one in few["results"])


def _by_level(results: Results) -> list[Any]:
    order = ("error", "fail", "unsure", "warn", "info", "tolerated")
    return sorted((v for v in results.verdicts if v.examples), key=lambda v: (order.index(v.status), -v.rate, v.check))


def test_markdown_keeps_below_its_limit_by_whole_sections(sample_run: tuple[Results, Path]) -> None:
    whole = markdown.render(sample_run[0])
    assert "20 of" in whole or "checks are over the bound" in whole
    for limit in (len(whole.encode()) // 2, 3000, 900):
        some = markdown.render(sample_run[0], limit)
        assert len(some.encode()) <= limit
        assert re.search(r"\d+ more sections did not fit", some)
        assert some.count("<details>") == some.count("</details>")


def test_markdown_makes_nothing_of_scraped_text(hostile: Results) -> None:
    shown = markdown.render(hostile)
    assert set(re.findall(r"<(/?\w+)", shown)) <= {"details", "/details", "summary", "/summary"}
    assert not re.search(r"(?<!\\)\]\(", shown)
    assert "javascript:" not in shown


@given(st.text(alphabet=st.sampled_from("<>&|`*_[]()!#@\\\n\tab:/.w-+~{}1")))
def test_no_text_is_markup_in_markdown(text: str) -> None:
    shown = markdown.safe(text)
    assert "\n" not in shown
    assert "<" not in shown
    assert "@" not in shown
    assert "://" not in shown
    # Each special character stands behind a backslash of its own.
    rest = re.sub(r"\\[\\`*_\[\]#|~>]", "", shown).replace("&#", "")
    assert not re.search(r"[`*_\[\]#|~>\\]", rest)


def test_annotations_are_ten_of_a_kind_and_a_count(sample_run: tuple[Results, Path], hostile: Results) -> None:
    lines = github.render(sample_run[0]).splitlines()
    assert [sum(line.startswith(f"::{kind} ") for line in lines) for kind in ("error", "warning", "notice")] == [
        10,
        min(10, sum(v.status == "warn" for v in sample_run[0].verdicts)),
        1,
    ]
    assert f"{len(holding(sample_run[0]))} errors" in lines[-1]
    assert all(re.match(r"::(error|warning|notice) title=[^:,]*::", line) for line in github.render(hostile).splitlines())


@pytest.mark.parametrize("attack", ["::stop-commands::x", "  ::error::x", "a ##[error]x"])
def test_printed_faces_give_a_runner_no_commands(attack: str) -> None:
    record = {"id": attack, "source": attack, "headline": attack, "text": f"{attack} \ufffd {attack}"}
    results = check([record])
    for name in ("terminal", "concise"):
        for line in FORMATS[name].render(results).splitlines():
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
    lines = FORMATS["github"].render(results).splitlines()
    assert all(re.match(r"::(error|warning|notice) title=(corpusgate|[A-Z]{3}\d{3} [a-z/-]+)::", line) for line in lines)


def test_the_summary_of_a_step_is_added_to(sample_run: tuple[Results, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results, out = sample_run
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    assert _report(out, "--format", "github").exit_code == 0
    assert path.read_text("utf-8") == "before\n" + markdown.render(results)


@given(st.one_of(st.text(), st.sampled_from("=+-@\t\r\n ").flatmap(lambda first: st.text().map(lambda rest: first + rest))))
def test_no_cell_is_a_formula(text: str) -> None:
    value = next(
        csv.reader(io.StringIO("".join(spreadsheet.lines([{**dict.fromkeys(spreadsheet.COLUMNS, ""), "match": text}])).split("\n", 1)[1]))
    )[8]
    assert not value.lstrip().startswith(("=", "+", "-", "@"))
    assert not value.startswith(("\t", "\r", "\n"))


def test_csv_has_all_findings_of_a_run(sample_run: tuple[Results, Path], tmp_path: Path) -> None:
    _, out = sample_run
    assert _report(out, "--format", "csv", "--out", tmp_path).exit_code == 0
    with (tmp_path / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(out / "findings.parquet").to_pylist()
    assert [(row["record_id"], row["check"], row["fingerprint"], row["start"]) for row in rows] == [
        (row["record_id"], row["check"], row["fingerprint"], "" if row["start"] is None else str(row["start"])) for row in table
    ]


def test_the_badge_is_an_endpoint_of_shields(sample_run: tuple[Results, Path]) -> None:
    told = json.loads(badge.render(sample_run[0]))
    assert told == {"schemaVersion": 1, "label": "sample-news", "message": f"held by {len(holding(sample_run[0]))} checks", "color": "red"}


def test_several_faces_at_once(sample_run: tuple[Results, Path], tmp_path: Path) -> None:
    _, out = sample_run
    files = {name: one.file for name, one in FORMATS.items() if one.file}
    arguments = [part for name in files for part in ("--format", name)]
    assert _report(out, *arguments, "--out", tmp_path / "new").exit_code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(files.values())
    refused = _report(out, "--format", "junit", "--format", "sarif", "--out", tmp_path / "one.xml")
    assert refused.exit_code == 2
    assert "is one file for 2 faces" in refused.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_without_evidence_no_face_has_a_value_of_any_record(sample_run: tuple[Results, Path], name: str, tmp_path: Path) -> None:
    """The reference is the corpus itself: every value of every record is looked for, in whole and by its beginning."""
    results, out = sample_run
    target = tmp_path / "face.txt"
    printed = _report(out, "--format", name, "--no-evidence", "--out", target)
    assert printed.exit_code == 0
    face = (target if FORMATS[name].file else None) and target.read_text("utf-8")
    face = face or printed.stdout
    values = set()
    for path in (Path(__file__).parents[2] / "corpora" / "sample-news" / "records").glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            for column in ("url", "site", "title", "content", "published", "updated"):
                value = str(record.get(column) or "").strip()
                values |= {piece for piece in (value, value[:40], *value.split("\n")) if len(piece) > 6}
    assert len(values) > 500
    # What the checks' own sentences say is no secret, should a record say the same.
    own = " ".join(text for v in results.verdicts for text in (v.summary, v.why, v.remedy, v.bad, v.good))
    assert [value for value in values if value in face and value not in own] == []
    assert len(face) > 80 or name in ("concise", "badge")


def test_without_evidence_what_was_accepted_names_nothing(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    source = results.distributions.source[0].name
    waiver = Waiver(
        check="encoding/mojibake", scope="source", value=source, reason=f"known at {source}", owner="Mira", last_day="2027-01-01",
        state="used", days_left=9, records=1, findings=1,
    )  # fmt: skip
    verdicts = [v.model_copy(update={"worse": f"New or worse: {source}."}) for v in results.verdicts]
    gate = results.gate.model_copy(update={"notes": [f"The waiver of {source} ends."]})
    accepted = results.model_copy(update={"waivers": [waiver], "verdicts": verdicts, "gate": gate})
    for name, one in FORMATS.items():
        assert source in FORMATS["html"].render(accepted)
        assert source not in one.render(without_evidence(accepted)), name


def test_numbers_stay_without_evidence(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    bare = without_evidence(results)
    assert [(v.status, v.records_with_findings) for v in bare.verdicts] == [(v.status, v.records_with_findings) for v in results.verdicts]
    assert [v.check for v in holding(bare)] == [v.check for v in holding(results)]
    assert [one.damaged for one in bare.distributions.damage] == [one.damaged for one in results.distributions.damage]
    assert all(re.fullmatch(r"source-\d+", one.name) for one in bare.distributions.damage)
    assert ATTACK not in bare.to_json()

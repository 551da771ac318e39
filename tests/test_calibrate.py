"""Calibration: what is planted is found where it can be, blindness is said, and the same seed plants the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from corpusgate import calibrate, packs, planting, suites
from corpusgate.cli import main
from corpusgate.errors import Problem
from corpusgate.results import Calibration
from corpusgate.signals.phrase_lists import all_phrases
from corpusgate.strategies.clean import clean_records

SUITE = """name: s
checks:
  [boilerplate/comment-form, boilerplate/repeated-lines, encoding/mojibake, headlines/truncated, headlines/recurring]
"""


def corpus(folder: Path, more: Sequence[dict[str, str]] = ()) -> Path:
    rows = [record for language in ("en", "ar") for record in clean_records(24, language, Random(5))]
    (folder / "s.suite.yaml").write_text(SUITE, encoding="utf-8")
    path = folder / "c.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, *more]), encoding="utf-8")
    return path


def thai() -> list[dict[str, str]]:
    return [
        {
            "url": f"https://thanam.example/{i}",
            "source": "thanam.example",
            "headline": f"เรือข้ามฟากออกจากท่าที่ {i}",
            "text": f"เรือข้ามฟากออกจากท่าที่ {i} ตอนเที่ยง มีผู้โดยสาร {i * 7} คน\nนกนางนวลบินตามไป",
            "language": "th",
        }
        for i in range(10, 30)
    ]


def made(folder: Path, more: Sequence[dict[str, str]] = (), **options: object) -> Calibration:
    found, name = calibrate.calibrate([corpus(folder, more)], folder / "s.suite.yaml", **{"trials": 8, **options})  # type: ignore[arg-type]
    assert name == "c"
    return found


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["calibrate", *map(str, arguments)])


def test_what_is_planted_is_found_and_counted_by_language_and_source(tmp_path: Path) -> None:
    checks = {one.check: one for one in made(tmp_path).checks}
    assert set(checks) == {
        "boilerplate/comment-form", "boilerplate/repeated-lines", "encoding/mojibake", "headlines/truncated", "headlines/recurring"
    }  # fmt: skip
    single = checks["boilerplate/comment-form"]
    assert [(seen.name, seen.planted, seen.found) for seen in single.by_language] == [("ar", 8, 8), ("en", 8, 8)]
    assert {seen.name for seen in single.by_source} == {"ar-post.example", "en-post.example"}
    assert (single.planted.planted, single.planted.found, single.blind) == (16, 16, [])
    assert 0.7 < single.planted.low < 0.85 < single.planted.high == 1.0
    # Six records a trial, of 24.
    assert [(seen.name, seen.planted, seen.found) for seen in checks["boilerplate/repeated-lines"].by_language] == [
        ("ar", 4, 4),
        ("en", 4, 4),
    ]
    assert all((one.untouched, one.alarms) == (48, 0) for one in checks.values())
    assert all(0.05 < one.alarms_most < 0.07 for one in checks.values())


def test_a_language_without_phrases_is_said_to_be_blind(tmp_path: Path) -> None:
    done = call(corpus(tmp_path, thai()), "--suite", tmp_path / "s.suite.yaml", "--out", tmp_path / "o", "--trials", 4)
    assert done.exit_code == 0, done.output
    assert "NO EYES HERE" in done.stdout
    assert "BLP001 boilerplate/comment-form: th: no phrases, 20 records" in done.stdout
    assert "encoding/mojibake: th" not in done.stdout


def test_a_check_that_misses_its_defect_is_blind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrate, "_any", lambda planted, members, *_: [planted[i].language == "en" for i in members])
    found = {one.check: one for one in made(tmp_path).checks}
    assert found["headlines/truncated"].blind == ["ar: 0 of 8 found"]
    # What alarms before anything is planted proves nothing.
    assert found["headlines/recurring"].planted.planted == 8


def test_the_same_seed_plants_the_same(tmp_path: Path) -> None:
    assert made(tmp_path, seed=3) == made(tmp_path, seed=3)
    check = next(check for check in packs.built_in() if check.name == "boilerplate/comment-form")
    subjects = [planting.subject(record, "en") for record in clean_records(24, "en", Random(5))]
    plans = [list(planting.trials(check, subjects, 8, seed)) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]
    assert len({trial.before[0]["url"] for trial in plans[0]}) == 8, "each record is used once"


def test_phrases_are_planted_in_the_language_of_the_record() -> None:
    check = next(check for check in packs.built_in() if check.name == "boilerplate/comment-form")
    subjects = [planting.subject(record, "ar") for record in clean_records(24, "ar", Random(5))]
    known = {phrase.text for phrase in all_phrases() if phrase.kind == "comment_form" and phrase.language == "ar"}
    for trial in planting.trials(check, subjects, 24, 0):
        line = set(trial.after[0]["text"].split("\n")) - set(trial.before[0]["text"].split("\n"))
        assert line.pop() in known


def test_records_marked_as_clean_make_alarms_false(tmp_path: Path) -> None:
    path = corpus(tmp_path)
    (tmp_path / "ids.txt").write_text("en-0\nen-1\n\nen-2\n", encoding="utf-8")
    found, _ = calibrate.calibrate([path], tmp_path / "s.suite.yaml", clean=tmp_path / "ids.txt")
    assert (found.marked, found.records, found.checks[0].untouched) == (True, 3, 3)


@pytest.mark.parametrize(("text", "says"), [("nobody\n", "none of the ids"), (None, "cannot be read")])
def test_clean_records_that_are_none_are_a_mistake(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "ids.txt").write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=says):
        calibrate.calibrate([corpus(tmp_path)], tmp_path / "s.suite.yaml", clean=tmp_path / "ids.txt")


def test_what_cannot_be_planted_says_why(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"id": "1", "text": "It sails."}\n', encoding="utf-8")
    (tmp_path / "s.suite.yaml").write_text("name: s\nchecks: [headlines/missing, headlines/repeated-in-text, encoding/bidi-controls]\n")
    found, _ = calibrate.calibrate([path], tmp_path / "s.suite.yaml")
    assert found.unplanted["headlines/missing"] == "needs headline"
    assert {one.check for one in found.checks} == {"encoding/bidi-controls"} or "encoding/bidi-controls" in found.unplanted


def test_it_goes_into_the_report_of_the_run_and_of_later_ones(tmp_path: Path) -> None:
    path, suite, out = corpus(tmp_path), tmp_path / "s.suite.yaml", tmp_path / "o"
    assert CliRunner().invoke(main, ["check", str(path), "--suite", str(suite), "--out", str(out)]).exit_code == 0
    assert call(path, "--suite", suite, "--out", out, "--trials", 3).exit_code == 0
    assert "What the checks see in this corpus" in (out / "report.html").read_text("utf-8")
    CliRunner().invoke(main, ["check", str(path), "--suite", str(suite), "--out", str(out)])
    assert json.loads((out / "results.json").read_text("utf-8"))["calibration"]["measures"] == suites.load_suite(suite).measures
    suite.write_text(SUITE + "overrides: {headlines/truncated: {expect: {mostly: 0.5}}}\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["gate", str(out), "--suite", str(suite)]).exit_code == 0
    assert json.loads((out / "results.json").read_text("utf-8"))["calibration"], "bounds measure nothing else"
    suite.write_text("name: s\nchecks: [encoding]\n", encoding="utf-8")
    CliRunner().invoke(main, ["check", str(path), "--suite", str(suite), "--out", str(out)])
    assert json.loads((out / "results.json").read_text("utf-8"))["calibration"] is None


def test_corruptors_do_without_hypothesis() -> None:
    script = "import sys, corpusgate.calibrate; print('hypothesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"

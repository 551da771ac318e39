"""Waivers and baselines: what they excuse, what they do not, when they end, and what is no judgement."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corpusgate import api, baselines, waivers
from corpusgate.cli import main
from corpusgate.errors import Problem
from corpusgate.policy import Policy
from corpusgate.rejudge import judge_again
from corpusgate.results import Results, Verdict

DAY = date(2026, 11, 1)
SUITE = """
name: one
checks: [encoding/replacement-character]
overrides: {ENC001: {expect: {mostly: 0.95}, per: {source: {mostly: 0.8, min_records: 10}}}}
"""


def corpus(folder: Path, **sources: tuple[int, int]) -> Path:
    """A file with records of each source, of which some are broken."""
    lines = []
    for source, (records, broken) in sources.items():
        for i in range(records):
            text = f"The ferry {i} sails at noon." + (" \N{REPLACEMENT CHARACTER}" if i < broken else "")
            lines.append({"id": f"{source}-{i}", "source": source, "title": f"{source} {i}", "text": text, "language": "en"})
    (folder / "one.suite.yaml").write_text(SUITE, encoding="utf-8")
    path = folder / "corpus.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def run(folder: Path, out: str = "run", **sources: tuple[int, int]) -> Path:
    api.check(corpus(folder, **sources), folder / "one.suite.yaml", folder / out, today=DAY)
    return folder / out


def again(folder: Path, **policy: Any) -> Results:
    return judge_again(folder, policy=Policy.of(**{"today": DAY, **policy}))


def first(results: Results) -> Verdict:
    return results.verdicts[0]


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def waiver(**changes: str) -> waivers.Entry:
    scope = {} if changes.keys() & {"record", "fingerprint"} else {"source": "b"}
    return waivers.Entry(**{"check": "ENC001", "reason": "Cannot be fetched again.", "last_day": "2026-11-01", **scope, **changes})


def test_a_waived_source_counts_no_more_and_stays_visible(tmp_path: Path) -> None:
    folder = run(tmp_path, a=(50, 0), b=(20, 10))
    assert again(folder).gate.exit_code == 1
    results = again(folder, waivers=[waiver()])
    verdict = first(results)
    assert (results.gate.exit_code, verdict.status, verdict.waived, verdict.records_with_findings) == (0, "tolerated", 10, 10)
    assert [(s.name, s.records_with_findings, s.waived, s.held) for s in verdict.slices if s.kind == "source"] == [("b", 10, 10, True)]
    assert all(example.waived for example in verdict.examples)
    assert (results.waivers[0].state, results.waivers[0].records, results.waivers[0].days_left) == ("used", 10, 0)
    page = (folder / "report.html").exists() or call("report", folder).exit_code == 0
    assert page
    assert "Cannot be fetched again." in (folder / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("changes", "state", "code"),
    [
        ({}, "used", 0),
        ({"last_day": "2026-10-31"}, "expired", 1),
        ({"last_day": "2026-13-01"}, "expired", 1),
        ({"last_day": "20261201"}, "expired", 1),
        ({"last_day": "soon"}, "expired", 1),
        ({"source": "nobody"}, "unused", 1),
        ({"check": "encoding/mojibake"}, "unused", 1),
    ],
)
def test_a_waiver_counts_until_its_last_day_and_says_so(tmp_path: Path, changes: dict[str, str], state: str, code: int) -> None:
    results = again(run(tmp_path, a=(50, 0), b=(20, 10)), waivers=[waiver(**changes)])
    assert (results.waivers[0].state, results.gate.exit_code) == (state, code)
    assert len(results.gate.notes) == 1
    assert (results.waivers[0].value in results.gate.notes[0]) == (results.waivers[0].check in results.gate.notes[0]) is True


def test_single_records_and_findings_can_be_waived(tmp_path: Path) -> None:
    folder = run(tmp_path, a=(50, 0), b=(20, 6))
    prints = [example.fingerprint for example in first(again(folder)).examples]
    some = [waiver(record="b-0"), waiver(record="b-1"), *(waiver(fingerprint=fingerprint) for fingerprint in prints[:2])]
    results = again(folder, waivers=some)
    assert 2 <= first(results).waived <= 4
    assert first(results).waived == len({"b-0", "b-1"} | {e.record_id for e in first(results).examples if e.fingerprint in prints[:2]})
    assert results.gate.exit_code == 0


def test_a_record_with_a_finding_that_is_not_waived_counts(tmp_path: Path) -> None:
    lines = [{"id": str(i), "source": "s", "text": "a \ufffd b \ufffd c" if i < 5 else "a b"} for i in range(20)]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    (tmp_path / "one.suite.yaml").write_text(SUITE, encoding="utf-8")
    api.check(tmp_path / "c.jsonl", tmp_path / "one.suite.yaml", tmp_path / "run", today=DAY)
    prints = {e.record_id: [x.fingerprint for x in first(again(tmp_path / "run")).examples if x.record_id == e.record_id]
              for e in first(again(tmp_path / "run")).examples}  # fmt: skip
    assert {len(both) for both in prints.values()} == {2}
    one = again(tmp_path / "run", waivers=[waiver(fingerprint=both[0]) for both in prints.values()])
    assert (first(one).waived, one.gate.exit_code) == (0, 1)
    both = again(tmp_path / "run", waivers=[waiver(fingerprint=print_) for both in prints.values() for print_ in both])
    assert (first(both).waived, both.gate.exit_code) == (5, 0)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("check: ENC001, source: b, last_day: 2027-01-01", "reason: this key is missing"),
        ("check: ENC001, source: b, reason: x", "last_day: this key is missing"),
        ("check: ENC001, reason: x, last_day: 2027-01-01", "names one of source, record and fingerprint"),
        ("check: ENC001, source: b, record: b-1, reason: x, last_day: 2027-01-01", "names one of source, record and fingerprint"),
        ("check: ENC001, source: b, reason: ' ', last_day: 2027-01-01", "needs a reason"),
        ("check: ENC001, sorce: b, reason: x, last_day: 2027-01-01", "unknown key 'sorce'. Did you mean 'source'"),
        ("check: ENC999, source: b, reason: x, last_day: 2027-01-01", "no such check. Did you mean"),
    ],
)
def test_a_mistake_in_a_waiver_is_no_judgement(tmp_path: Path, entry: str, says: str) -> None:
    folder = run(tmp_path, a=(50, 0), b=(20, 10))
    (tmp_path / "waivers.yaml").write_text(f"waivers:\n  - {{{entry}}}\n", encoding="utf-8")
    done = call("gate", folder, "--waivers", tmp_path / "waivers.yaml")
    assert done.exit_code == 2
    assert says in done.stderr


def test_the_day_can_be_said_and_check_takes_waivers_too(tmp_path: Path) -> None:
    path = corpus(tmp_path, a=(50, 0), b=(20, 10))
    text = "waivers:\n  - {check: ENC001, source: b, reason: x, last_day: 2026-11-01}\n"
    (tmp_path / "waivers.yaml").write_text(text, encoding="utf-8")
    arguments = [path, "--suite", tmp_path / "one.suite.yaml", "--out", tmp_path / "run", "--waivers", tmp_path / "waivers.yaml"]
    assert call("check", *arguments, "--today", "2026-11-01").exit_code == 0
    done = call("check", *arguments, "--today", "2026-11-02")
    assert done.exit_code == 1
    assert "ended on 2026-11-01" in done.stdout


def based(tmp_path: Path, ratchet: bool = False, **sources: tuple[int, int]) -> Path:
    """A baseline of a run that was accepted as it is."""
    out = tmp_path / "baseline.json"
    more = ["--ratchet"] if ratchet else []
    done = call("baseline", run(tmp_path, "before", **sources), "--out", out, "--accept-new", *more)
    assert done.exit_code == 0, done.output
    return out


def test_only_what_is_new_or_worse_holds_against_a_baseline(tmp_path: Path) -> None:
    past = based(tmp_path, a=(200, 0), b=(100, 40))
    same = again(run(tmp_path, "same", a=(200, 0), b=(100, 40)), baseline=past)
    assert (same.gate.exit_code, first(same).status, first(same).new_findings) == (0, "fail", 0)
    assert "accepted in the baseline" in first(same).excuse
    assert same.baseline is not None
    assert (same.baseline.known, same.baseline.new, same.baseline.gone) == (40, 0, 0)
    better = again(run(tmp_path, "better", a=(200, 0), b=(100, 30)), baseline=past)
    assert (better.gate.exit_code, len(better.gate.notes)) == (0, 1)
    within = again(run(tmp_path, "within", a=(200, 0), b=(100, 42)), baseline=past)
    assert (within.gate.exit_code, first(within).new_findings) == (0, 2)
    worse = again(run(tmp_path, "worse", a=(200, 0), b=(100, 43)), baseline=past)
    assert worse.gate.exit_code == 1
    assert again(tmp_path / "worse", baseline=past, tolerance=0.2).gate.exit_code == 0
    assert again(tmp_path / "same", baseline=past, tolerance=0.0).gate.exit_code == 0


def test_a_source_that_breaks_anew_is_named_though_another_is_accepted(tmp_path: Path) -> None:
    past = based(tmp_path, a=(2000, 0), b=(100, 40))
    results = again(run(tmp_path, "now", a=(2000, 0), b=(100, 40), c=(50, 30)), baseline=past)
    assert results.gate.exit_code == 1
    assert "New or worse than the baseline: source c (30 of 50)." in results.gate.reasons[0]
    # What is new is shown first, whether or not it was among the examples of the run.
    shown = first(results).examples
    assert [example.source for example in shown[:5]] == ["c"] * 5
    assert [example.new for example in shown[:6]] == [True] * 5 + [False]
    assert len({example.fingerprint for example in shown}) == len(shown) == 20


def test_a_share_that_grew_because_sound_records_went_is_no_worse(tmp_path: Path) -> None:
    past = based(tmp_path, a=(200, 0), b=(100, 40))
    assert again(run(tmp_path, "now", a=(200, 0), b=(60, 40)), baseline=past).gate.exit_code == 0


def test_only_an_accepted_run_becomes_the_baseline(tmp_path: Path) -> None:
    held = run(tmp_path, "held", a=(50, 0), b=(20, 10))
    done = call("baseline", held, "--out", tmp_path / "b.json")
    assert (done.exit_code, (tmp_path / "b.json").exists()) == (2, False)
    assert "was not accepted: 1 check holds its gate" in done.stderr
    again(held, waivers=[waiver()])
    assert call("baseline", held, "--out", tmp_path / "b.json").exit_code == 0
    # What a waiver excuses is not accepted for longer than the waiver lasts.
    assert again(held, baseline=tmp_path / "b.json").gate.exit_code == 1


def test_a_baseline_gets_smaller_by_itself_and_grows_on_demand(tmp_path: Path) -> None:
    past = based(tmp_path, a=(200, 0), b=(100, 40))
    now = run(tmp_path, "now", a=(200, 8), b=(100, 30))
    assert again(now, baseline=past).gate.exit_code == 0
    done = call("baseline", now, "--out", past)
    assert done.exit_code == 0
    assert "10 that are gone were dropped" in done.stdout
    assert "Left out: 9 findings and shares that are new or worse; --accept-new takes them in" in done.stdout
    kept = baselines.load(past).checks["encoding/replacement-character"]
    assert (kept.slices["source"]["b"].broken, "a" in kept.slices["source"], len(kept.fingerprints)) == (30, False, 30)
    assert "Taken in: 9 findings" in call("baseline", now, "--out", past, "--accept-new").stdout
    grown = baselines.load(past).checks["encoding/replacement-character"]
    assert (grown.slices["source"]["a"].broken, len(grown.fingerprints)) == (8, 38)


def test_a_ratchet_holds_what_is_within_its_bound_and_worse_than_it_was(tmp_path: Path) -> None:
    past = based(tmp_path, True, a=(1000, 10), b=(1000, 10))
    assert again(run(tmp_path, "same", a=(1000, 10), b=(1000, 10)), baseline=past).gate.exit_code == 0
    chance = again(run(tmp_path, "chance", a=(1000, 12), b=(1000, 10)), baseline=past)
    assert chance.gate.exit_code == 0
    worse = again(run(tmp_path, "worse", a=(1000, 60), b=(1000, 10)), baseline=past)
    assert (first(worse).status, worse.gate.exit_code) == ("tolerated", 1)
    assert "which is a ratchet" in worse.gate.reasons[0]
    assert "source a (60 of 1,000)" in worse.gate.reasons[0]
    call("baseline", run(tmp_path, "better", a=(1000, 2), b=(1000, 10)), "--out", past)
    assert baselines.load(past).ratchet
    assert baselines.load(past).counts("encoding/replacement-character", "source", "a").broken == 2  # type: ignore[union-attr]


def test_input_that_could_not_be_read_is_accepted_as_it_was(tmp_path: Path) -> None:
    def with_bad(out: str, bad: int) -> Path:
        path = corpus(tmp_path, a=(100, 0))
        path.write_text(path.read_text("utf-8") + "no json\n" * bad, encoding="utf-8")
        api.check(path, tmp_path / "one.suite.yaml", tmp_path / out, today=DAY)
        return tmp_path / out

    assert call("baseline", with_bad("before", 2), "--out", tmp_path / "b.json", "--accept-new").exit_code == 0
    same = again(tmp_path / "before", baseline=tmp_path / "b.json")
    assert (same.gate.exit_code, same.verdicts[-1].status) == (0, "fail")
    assert "accepted in the baseline" in same.verdicts[-1].excuse
    assert again(with_bad("worse", 3), baseline=tmp_path / "b.json").gate.exit_code == 1
    assert "new or worse" in call("baseline", tmp_path / "worse", "--out", tmp_path / "b.json", "--accept-new").stdout
    assert again(tmp_path / "worse", baseline=tmp_path / "b.json").gate.exit_code == 0


def test_a_check_that_measures_otherwise_has_no_past(tmp_path: Path) -> None:
    past = based(tmp_path, a=(200, 0), b=(100, 40))
    data = json.loads(past.read_text("utf-8"))
    data["checks"]["encoding/replacement-character"]["measured"] = "0" * 16
    past.write_text(json.dumps(data), encoding="utf-8")
    assert again(tmp_path / "before", baseline=past).gate.exit_code == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "cannot be read"),
        (b"", "this is no baseline"),
        (b'{"checks": {}}', "this is no baseline"),
        (
            b'{"baseline_version": "9.0", "corpus": "c", "made": "d", "ratchet": false, "checks": {},'
            b' "unreadable": {"records": 1, "broken": 0, "rate": 0.0}}',
            "is of version 9.0",
        ),
    ],
)
def test_a_baseline_that_is_missing_or_malformed_is_no_judgement(tmp_path: Path, data: bytes | None, says: str) -> None:
    folder = run(tmp_path, a=(20, 0))
    for name in ("b.json", "b.json.gz"):
        if data is not None:
            (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
        done = call("gate", folder, "--baseline", tmp_path / name)
        assert (done.exit_code, says in done.stderr) == (2, True), done.stderr
    if data is not None:
        (tmp_path / "b.json.gz").write_bytes(gzip.compress(data)[:-9])
        assert call("gate", folder, "--baseline", tmp_path / "b.json.gz").exit_code == 2


def test_a_run_without_judgement_is_no_baseline(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"id": "1", "text": "The ferry sails at noon."}\n' * 2000)
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
    api.check(tmp_path / "cut.jsonl.gz", out=tmp_path / "run", today=DAY)
    done = call("baseline", tmp_path / "run", "--out", tmp_path / "b.json", "--accept-new")
    assert (done.exit_code, "came to no judgement" in done.stderr) == (2, True)


def test_a_packed_baseline_holds_the_same(tmp_path: Path) -> None:
    past = based(tmp_path, a=(200, 0), b=(100, 40))
    baselines.save(baselines.load(past), tmp_path / "b.json.gz")
    assert baselines.load(tmp_path / "b.json.gz") == baselines.load(past)
    first_bytes = (tmp_path / "b.json.gz").read_bytes()
    baselines.save(baselines.load(past), tmp_path / "b.json.gz")
    assert (tmp_path / "b.json.gz").read_bytes() == first_bytes


@pytest.mark.parametrize("tolerance", [-0.1, float("nan"), float("inf")])
def test_a_tolerance_that_is_none_is_a_mistake(tolerance: float) -> None:
    with pytest.raises(Problem, match="is no tolerance"):
        Policy.of(tolerance=tolerance)

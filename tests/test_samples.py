"""Samples: the same records whatever the corpus grows by, exact bounds, what cannot be told, and how often the gate errs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from corpusgate import api, gate, packs, verdicts
from corpusgate.checks import Check, Expect, PerSlice, Suite
from corpusgate.cli import main
from corpusgate.corpora.samples import parse
from corpusgate.errors import Problem
from corpusgate.results import Verdict
from corpusgate.runners.show import Shown
from corpusgate.runners.totals import Totals
from corpusgate.slices import Slices

DAY = date(2026, 11, 1)


def rule(**changes: object) -> Check:
    stock = next(check for check in packs.built_in() if check.id == "ENC001")
    return stock.model_copy(update={"per": {}, **changes})


def judged(check: Check, broken: int, taken: int, of: int) -> Verdict:
    """The verdict on a sample of one source; no record need be read for it."""
    slices = Slices.empty([check.name])
    slices.corpus = np.array([taken, broken, broken], np.int64)
    slices.by["source"]["a"] = slices.corpus.copy()
    totals = Totals((check,), {}, taken, 0, {}, slices, {}, {check.name: broken}, Shown({}, {}, []), left_out=of - taken)
    return verdicts.judge(Suite(name="one", checks=(check,)), totals)[0].verdict


def write(path: Path, count: int, broken: int = 0) -> Path:
    lines = [{"id": f"r{i}", "text": f"Story {i}" + (" \N{REPLACEMENT CHARACTER}" if i < broken else "")} for i in range(count)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def taken(path: Path, out: Path, sample: str | int, seed: int = 0) -> set[str]:
    api.check(path, Suite(name="one", checks=(rule(),)), out, today=DAY, sample=sample, seed=seed)
    return set(pq.read_table(out / "signals.parquet")["record_id"].to_pylist())


@pytest.mark.parametrize(
    ("broken", "taken", "status", "code"),
    # At most 1 % may be broken. Upper bounds: 0 of 298 0.00999.. 1.000 %, 0 of 299 0.997 %.
    [
        (0, 298, "unsure", 2),
        (0, 299, "clean", 0),
        (1, 299, "unsure", 2),
        (1, 473, "tolerated", 0),
        (12, 299, "fail", 1),
        (6, 299, "unsure", 2),
    ],
)
def test_a_sample_passes_fails_or_cannot_tell(broken: int, taken: int, status: str, code: int) -> None:
    verdict = judged(rule(expect=Expect(mostly=0.99)), broken, taken, 100_000)
    assert verdict.status == status
    assert gate.decide([verdict], []).exit_code == code
    assert (verdict.needed is not None) == (status == "unsure")
    assert verdict.interval is not None
    assert verdict.interval[0] <= broken / taken <= verdict.interval[1]


def test_what_is_needed_is_enough() -> None:
    check = rule(expect=Expect(mostly=0.99))
    verdict = judged(check, 2, 400, 1_000_000)
    assert verdict.needed is not None
    assert f"Cannot tell: check at least {verdict.needed:,} records." in verdict.message
    broken = int(np.ceil(2 / 400 * verdict.needed))
    assert judged(check, broken, verdict.needed, 1_000_000).status == "tolerated"
    assert judged(check, 0, 10, 20).needed == 20, "no more than there are"


def test_a_number_is_bounded_as_a_share_of_all() -> None:
    check = rule(expect=Expect(max_records=1000))
    assert judged(check, 0, 500, 100_000).status == "clean"
    assert judged(check, 0, 200, 100_000).status == "unsure"
    assert judged(check, 30, 500, 100_000).status == "fail"


def test_a_source_fails_a_sample_only_where_that_is_certain() -> None:
    check = rule(expect=Expect(mostly=0.5), per={"source": PerSlice(mostly=0.9)})
    assert judged(check, 10, 80, 10_000).status == "tolerated"
    assert judged(check, 25, 80, 10_000).status == "fail"


def test_what_warns_must_be_certain_only_where_it_holds_the_gate() -> None:
    verdict = judged(rule(expect=Expect(mostly=0.99), severity="warn"), 0, 100, 10_000)
    assert (verdict.status, gate.decide([verdict], []).exit_code, gate.decide([verdict], [], "warn").exit_code) == ("unsure", 0, 2)
    assert judged(rule(expect=Expect(mostly=0.99), severity="info"), 0, 100, 10_000).status == "clean"


def test_what_fails_for_certain_holds_whatever_else_cannot_be_told() -> None:
    sure = judged(rule(expect=Expect(mostly=0.99)), 50, 100, 10_000)
    unsure = judged(rule(expect=Expect(mostly=0.9999)), 0, 100, 10_000)
    decided = gate.decide([sure, unsure], [])
    assert (decided.exit_code, len(decided.reasons), decided.notes) == (1, 1, ["Not to be told from this sample: ENC001."])


@pytest.mark.parametrize("sample", ["10%", "12.5 %"])
def test_a_share_takes_the_same_records_as_the_corpus_grows(tmp_path: Path, sample: str) -> None:
    small = taken(write(tmp_path / "c.jsonl", 2000), tmp_path / "a", sample)
    large = taken(write(tmp_path / "c.jsonl", 5000), tmp_path / "b", sample)
    assert small == {name for name in large if int(name[1:]) < 2000}
    share = parse(sample)[0] / 100
    assert abs(len(large) - 5000 * share) < 4 * (5000 * share * (1 - share)) ** 0.5


def test_a_number_takes_that_many_and_keeps_them(tmp_path: Path) -> None:
    small = taken(write(tmp_path / "c.jsonl", 500), tmp_path / "a", 100)
    large = taken(write(tmp_path / "c.jsonl", 1000), tmp_path / "b", 100)
    assert len(small) == len(large) == 100
    assert {name for name in large if int(name[1:]) < 500} <= small
    assert taken(tmp_path / "c.jsonl", tmp_path / "c", 100, seed=1) != large
    for name in ("a.parquet", "d.csv"):
        frame = pd.DataFrame([json.loads(line) for line in (tmp_path / "c.jsonl").read_text("utf-8").splitlines()])
        frame.to_parquet(tmp_path / name) if name.endswith("parquet") else frame.to_csv(tmp_path / name, index=False)
        assert taken(tmp_path / name, tmp_path / "d", 100) == large, "whatever the format"


def test_evidence_is_read_from_the_right_records(tmp_path: Path) -> None:
    write(tmp_path / "c.jsonl", 400, broken=200)
    frame = pd.DataFrame([json.loads(line) for line in (tmp_path / "c.jsonl").read_text("utf-8").splitlines()])
    frame.to_csv(tmp_path / "c.csv", index=False)
    for name in ("c.jsonl", "c.csv"):
        results = api.check(tmp_path / name, Suite(name="one", checks=(rule(),)), today=DAY, sample="20%")
        examples = results.verdicts[0].examples
        assert examples
        assert all(example.before == f"Story {example.record_id[1:]} " for example in examples)


def test_counts_add_up_and_the_report_says_that_it_is_a_sample(tmp_path: Path) -> None:
    path = write(tmp_path / "c.jsonl", 1000)
    path.write_text(path.read_text("utf-8") + "no json\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["check", str(path), "--out", str(tmp_path / "o"), "--sample", "10%", "--today", "2026-11-01"])
    assert "of 1,000 records checked (a sample of 10 %, seed 0), 1 quarantined" in done.stdout
    told = json.loads((tmp_path / "o" / "results.json").read_text("utf-8"))
    assert told["sample"] == {"asked": "10 %", "seed": 0, "taken": told["corpus"]["checked"], "of": 1000}
    assert told["corpus"]["records"] == told["corpus"]["checked"] + told["corpus"]["quarantined"]
    unread = next(verdict for verdict in told["verdicts"] if verdict["check"] == "corpus/unreadable")
    assert (unread["records_with_findings"], unread["records_checked"]) == (1, 1001)
    assert "a sample" in (tmp_path / "o" / "report.html").read_text("utf-8")
    idle = {verdict["check"]: verdict["message"] for verdict in told["verdicts"] if verdict["status"] == "not_run"}
    assert "a sample tells nothing of it" in idle["boilerplate/repeated-lines"]
    again = CliRunner().invoke(main, ["gate", str(tmp_path / "o")])
    assert again.exit_code == done.exit_code
    assert json.loads((tmp_path / "o" / "results.json").read_text("utf-8"))["verdicts"] == told["verdicts"]


def test_a_sample_of_all_is_the_corpus(tmp_path: Path) -> None:
    path = write(tmp_path / "c.jsonl", 50)
    suite = Suite(name="one", checks=(rule(),))
    whole = api.check(path, suite, today=DAY)
    for sample in ("100%", 50, 51):
        assert api.check(path, suite, today=DAY, sample=sample).model_copy(update={"run": whole.run}) == whole


@pytest.mark.parametrize("sample", ["0", "0%", "101%", "-3", "half", "2.5", "", "%"])
def test_what_is_no_sample_is_named(tmp_path: Path, sample: str) -> None:
    with pytest.raises(Problem, match="is no sample"):
        api.check(write(tmp_path / "c.jsonl", 5), sample=sample)


def test_a_sample_is_no_past(tmp_path: Path) -> None:
    path = write(tmp_path / "c.jsonl", 400)
    suite = Suite(name="one", checks=(rule(expect=Expect(mostly=0.5)),))
    for name, sample in (("whole", None), ("sample", "50%"), ("other", "20%")):
        api.check(path, suite, tmp_path / name, today=DAY, sample=sample)
    run = CliRunner().invoke
    assert run(main, ["baseline", str(tmp_path / "whole"), "--out", str(tmp_path / "b.json")]).exit_code == 0
    for arguments in (
        ["baseline", tmp_path / "sample", "--out", tmp_path / "c.json"],
        ["gate", tmp_path / "sample", "--baseline", tmp_path / "b.json"],
        ["check", path, "--sample", "50%", "--out", tmp_path / "x", "--baseline", tmp_path / "b.json"],
        ["diff", tmp_path / "whole", tmp_path / "sample"],
        ["diff", tmp_path / "other", tmp_path / "sample"],
    ):
        done = run(main, [str(argument) for argument in arguments])
        assert done.exit_code == 2
        assert "sample" in done.stderr
    assert run(main, ["diff", str(tmp_path / "sample"), str(tmp_path / "sample")]).exit_code == 0


@pytest.mark.parametrize("share", [0.01, 0.02])
def test_the_gate_errs_in_five_of_a_hundred_at_most(share: float) -> None:
    """Corpora with exactly the share that is allowed, or the least that is not: either answer is drawn many times."""
    random = np.random.default_rng(3)
    check = rule(expect=Expect(mostly=1 - 0.01 if share > 0.01 else 1 - share))
    size, draws = 3000, 1000
    drawn = random.binomial(size, share + 1e-9, draws)
    answers = {count: judged(check, int(count), size, 10**6).status for count in np.unique(drawn)}
    wrong = [answers[count] in (("clean", "tolerated") if share > 0.01 else ("fail",)) for count in drawn]
    # Three standard errors above 5 %.
    assert np.mean(wrong) <= 0.05 + 3 * (0.05 * 0.95 / draws) ** 0.5

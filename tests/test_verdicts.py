"""Bounds judged at and beyond their edge, and everything that a stock suite would swallow refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from corpusgate import api, evaluation, gate, packs
from corpusgate.checks import Check, Expect, PerSlice, Suite
from corpusgate.errors import Problem
from corpusgate.results import Results

DAY = date(2026, 11, 1)
GOOD: dict[str, Any] = {
    "type": "expect_column_values_to_be_between",
    "severity": "critical",
    "kwargs": {"column": "a/b.held", "min_value": 0.5},
    "meta": {"check": "a/b"},
}


def table(**columns: list[Any]) -> dict[str, np.ndarray[Any, Any]]:
    some = {"kind": ["corpus", "source"], "name": ["", "s"], "records": [10, 10], "a/b.held": [0.9, 0.4], **columns}
    return {name: np.array(values) for name, values in some.items()}


def with_(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def test_an_expectation_that_holds_and_one_that_does_not() -> None:
    assert evaluation.evaluate(table(), [with_(kwargs={"column": "a/b.held", "min_value": 0.3})]) == {"a/b.held": True}
    assert evaluation.evaluate(table(), [GOOD]) == {"a/b.held": False}


@pytest.mark.parametrize(
    ("configurations", "says"),
    [
        ([with_(type="expect_column_values_to_be_betwen")], "cannot be built"),
        ([with_(type="expect_nothing_at_all")], "cannot be built"),
        ([with_(severity="catastrophic")], "unknown severity 'catastrophic'"),
        ([with_(severity=None)], "unknown severity"),
        ([GOOD, GOOD], "stands twice"),
        ([with_(kwargs={"column": "a/b.held", "min_valu": 0.5})], "cannot be built"),
        ([with_(kwargs={"column": "a/b.hold", "min_value": 0.5})], "no column 'a/b.hold'"),
        ([], "were taken"),
    ],
)
def test_what_great_expectations_would_swallow_is_an_error(configurations: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(Problem, match=says):
        evaluation.evaluate(table(), configurations)


def test_an_exception_inside_an_expectation_is_an_error_and_no_verdict() -> None:
    broken = table()
    broken["a/b.held"] = np.array([{"no": "number"}, {"a": "b"}], dtype=object)
    with pytest.raises(Problem, match="raised an exception"):
        evaluation.evaluate(broken, [GOOD])


@pytest.mark.parametrize("records", [[0, 0], [0, 10]])
def test_nothing_checked_is_an_error(records: list[int]) -> None:
    with pytest.raises(Problem, match="no record was checked"):
        evaluation.evaluate(table(records=records), [GOOD])


def test_a_table_without_the_corpus_is_an_error() -> None:
    with pytest.raises(Problem, match="no record was checked"):
        evaluation.evaluate(table(kind=["source", "source"]), [GOOD])


def run(damaged: int, records: int, expect: Expect, sources: int = 1, **more: Any) -> Results:
    """A corpus with that many damaged records, judged by one check."""
    stock = next(check for check in packs.built_in() if check.id == "ENC001")
    check = stock.model_copy(update={"expect": expect, "per": {}, **more})
    rows = [
        {"id": str(i), "source": f"s{i % sources}", "headline": f"h{i}", "text": "a \ufffd b" if i < damaged else "a b"}
        for i in range(records)
    ]
    return api.check(pd.DataFrame(rows), Suite(name="one", checks=(check,)), today=DAY)


@pytest.mark.parametrize(
    ("damaged", "records", "expect", "status"),
    [
        (0, 10, Expect(), "clean"),
        (1, 10, Expect(), "fail"),
        (1, 10, Expect(mostly=0.9), "tolerated"),
        (2, 10, Expect(mostly=0.9), "fail"),
        (1, 1000, Expect(mostly=0.999), "tolerated"),
        (2, 1000, Expect(mostly=0.999), "fail"),
        (7, 700, Expect(mostly=0.99), "tolerated"),
        (8, 700, Expect(mostly=0.99), "fail"),
        (3, 10, Expect(max_records=3), "tolerated"),
        (4, 10, Expect(max_records=3), "fail"),
        (3, 10, Expect(mostly=0.5, max_records=2), "fail"),
        (3, 10, Expect(mostly=0.9, max_records=5), "fail"),
        (10, 10, Expect(max=1), "clean"),
        (10, 10, Expect(mostly=0.0), "tolerated"),
    ],
)
def test_a_bound_holds_at_its_edge_and_breaks_one_beyond(damaged: int, records: int, expect: Expect, status: str) -> None:
    verdict = run(damaged, records, expect).verdicts[0]
    assert verdict.status == status
    assert verdict.records_with_findings == (0 if expect.max else damaged)


@pytest.mark.parametrize(
    ("damaged", "least", "status"),
    # Ten records in each of two sources; damage falls on both in turn.
    [(2, 10, "tolerated"), (4, 10, "fail"), (4, 11, "tolerated")],
)
def test_each_source_is_bounded_by_itself_from_its_least_size_on(damaged: int, least: int, status: str) -> None:
    results = run(damaged, 20, Expect(mostly=0.5), sources=2, per={"source": PerSlice(mostly=0.9, min_records=least)})
    verdict = results.verdicts[0]
    assert verdict.status == status
    assert [s.held for s in verdict.slices if s.kind == "source"] == [status == "tolerated"] * 2
    if status == "fail":
        assert "Over its bound: source s0 (2 of 10), source s1 (2 of 10)" in results.gate.reasons[0]


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"), [("fail", "fail", 1), ("warn", "fail", 0), ("warn", "warn", 1), ("info", "warn", 0)]
)
def test_severity_says_what_holds_the_gate(severity: str, fail_on: gate.FailOn, code: int) -> None:
    results = run(1, 10, Expect(), severity=severity)
    assert results.verdicts[0].status == severity
    assert gate.decide(results.verdicts, [], fail_on).exit_code == code


def test_a_file_that_breaks_off_is_no_judgement_whatever_the_checks_say() -> None:
    decided = gate.decide(run(1, 10, Expect()).verdicts, ["a.jsonl.gz"])
    assert (decided.open, decided.exit_code) == (False, 2)
    assert "a.jsonl.gz" in decided.reasons[0]
    assert "ENC001" in decided.reasons[1]


def test_a_check_without_its_columns_is_not_run_and_says_so() -> None:
    rows = pd.DataFrame([{"id": "1", "text": "a b"}])
    results = api.check(rows, today=DAY)
    idle = {v.check: v for v in results.verdicts if v.status == "not_run"}
    assert {"dates/missing", "headlines/missing"} <= set(idle)
    assert idle["dates/missing"].message == "This check needs published; no column is mapped to it."
    assert results.gate.exit_code == 0


def test_a_suite_of_which_no_check_can_run_is_no_judgement() -> None:
    checks: tuple[Check, ...] = tuple(check for check in packs.built_in() if check.id == "DAT001")
    with pytest.raises(Problem, match="no check of the suite can run"):
        api.check(pd.DataFrame([{"id": "1", "text": "a b"}]), Suite(name="dates", checks=checks))


def test_great_expectations_writes_nothing_and_calls_nobody(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(1, 10, Expect())
    assert not list(tmp_path.iterdir())

"""Bounds on slices: a broken site in a large corpus is named, small ones are judged by what chance leaves, warnings come first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from corpusgate import gate, packs, verdicts
from corpusgate.checks import Check, Expect, PerSlice, Suite, Warn
from corpusgate.results import Verdict
from corpusgate.runners.show import Shown
from corpusgate.runners.totals import Totals
from corpusgate.slices import Slices

#: Records and broken records of a source.
Counts = tuple[int, int]


def check(**changes: Any) -> Check:
    stock = next(check for check in packs.built_in() if check.id == "ENC001")
    return stock.model_copy(update={"per": {}, **changes})


def judged(rule: Check, **sources: Counts) -> Verdict:
    """The verdict on a corpus with these sources; no record need be read for it."""
    slices = Slices.empty([rule.name])
    for name, (records, broken) in sources.items():
        slices.by["source"][name] = np.array([records, broken, broken], np.int64)
        slices.corpus += slices.by["source"][name]
    records, broken = int(slices.corpus[0]), int(slices.corpus[2])
    totals = Totals((rule,), {}, records, 0, {}, slices, {}, {rule.name: broken}, Shown({}, {}, []))
    return verdicts.judge(Suite(name="one", checks=(rule,)), totals)[0].verdict


def test_a_broken_site_of_400_in_a_million_holds_the_gate_and_is_named() -> None:
    rule = check(expect=Expect(mostly=0.999), per={"source": PerSlice(mostly=0.98)})
    healthy = {f"s{i}": (49_980, 20) for i in range(20)}
    verdict = judged(rule, **healthy, harbour=(400, 300))
    assert verdict.rate < 0.001
    assert (verdict.status, verdict.slices_over) == ("fail", 1)
    assert [(s.name, s.held) for s in verdict.slices[:2]] == [("harbour", False), ("s0", True)]
    assert "source harbour (300 of 400)" in gate.decide([verdict], []).reasons[0]


@pytest.mark.parametrize(
    ("records", "broken", "status"),
    # At most 2 % may be broken. From 50 records on the share counts; below, what chance does not explain.
    [(3, 1, "tolerated"), (3, 3, "fail"), (49, 2, "tolerated"), (49, 6, "fail"), (50, 1, "tolerated"), (50, 2, "fail")],
)
def test_a_small_slice_is_judged_by_what_chance_does_not_explain(records: int, broken: int, status: str) -> None:
    rule = check(expect=Expect(mostly=0.5), per={"source": PerSlice(mostly=0.98)})
    verdict = judged(rule, small=(records, broken), large=(5000, 0))
    assert verdict.status == status
    assert verdict.slices[0].held == (status == "tolerated")
    assert (verdict.slices[0].lower < verdict.slices[0].rate) == (records < 50)


def test_many_small_slices_share_the_doubt() -> None:
    rule = check(expect=Expect(mostly=0.5), per={"source": PerSlice(mostly=0.98)})
    assert judged(rule, small=(40, 4), large=(5000, 0)).status == "fail"
    others = {f"t{i}": (40, 0) for i in range(400)}
    assert judged(rule, small=(40, 4), large=(5000, 0), **others).status == "tolerated"
    assert judged(rule, small=(40, 30), large=(5000, 0), **others).status == "fail"


@pytest.mark.parametrize(("broken", "status"), [(5, "tolerated"), (6, "fail")])
def test_a_slice_may_be_bound_by_a_number(broken: int, status: str) -> None:
    rule = check(expect=Expect(mostly=0.5), per={"source": PerSlice(max_records=5)})
    assert judged(rule, a=(1000, broken), b=(1000, 0)).status == status
    assert judged(rule, a=(40, 30), b=(1000, 0)).status == "tolerated", "a number does not bind small slices"


@pytest.mark.parametrize(("broken", "status"), [(0, "clean"), (10, "tolerated"), (11, "warn"), (50, "warn"), (51, "fail")])
def test_a_check_warns_before_it_fails(broken: int, status: str) -> None:
    rule = check(expect=Expect(mostly=0.95), warn=Warn(mostly=0.99))
    verdict = judged(rule, a=(1000, broken))
    assert verdict.status == status
    assert verdict.warn_bound is not None
    assert verdict.warn_bound.words == "at least 99 % of records without one"
    assert gate.decide([verdict], []).exit_code == (1 if status == "fail" else 0)
    assert gate.decide([verdict], [], "warn").exit_code == (1 if status in ("warn", "fail") else 0)


def test_a_source_may_warn_while_the_corpus_is_fine() -> None:
    rule = check(expect=Expect(mostly=0.9), per={"source": PerSlice(mostly=0.8)}, warn=Warn(per={"source": PerSlice(mostly=0.95)}))
    verdict = judged(rule, a=(100, 10), b=(1000, 0))
    assert (verdict.status, verdict.slices[0].held, verdict.slices[0].warned) == ("warn", True, True)
    assert "source a (10 of 100)" in gate.decide([verdict], [], "warn").reasons[0]
    assert judged(rule, a=(100, 30), b=(1000, 0)).status == "fail"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"warn": {"mostly": 0.9}}, "warn.mostly is never reached"),
        ({"warn": {"per": {"source": {"mostly": 0.9}}}}, "warn.per.source.mostly is never reached"),
        ({"warn": {"mostly": 0.9995}, "severity": "warn"}, "has no other bound to warn at"),
        ({"warn": {"max": 2, "mostly": 0.9995}}, "stand in expect.max alone"),
        ({"warn": {}}, "needs mostly, max_records or per"),
        ({"per": {"source": {"min_records": 5}}}, "needs mostly or max_records"),
    ],
)
def test_bounds_that_can_never_speak_are_mistakes(changes: dict[str, Any], says: str) -> None:
    stock = check(per={"source": PerSlice(mostly=0.98)}).model_dump(by_alias=True)
    with pytest.raises(ValidationError, match=says):
        Check.model_validate({**stock, **changes})

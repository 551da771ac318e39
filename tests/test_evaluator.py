"""Expectations evaluated in a process of their own: the same answers, the same errors, and an answer should that process end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from corpusgate import evaluation, evaluator
from corpusgate.errors import Problem
from corpusgate.evaluator import Evaluator

TABLE = {
    "kind": np.array(["corpus", "source"]),
    "name": np.array(["", "s"]),
    "records": np.array([10, 10]),
    "a/b.held": np.array([0.9, 0.4]),
    "c/d.held": np.array([1.0, 0.9]),
}


def at_least(column: str, value: float, severity: str = "critical") -> dict[str, Any]:
    kwargs = {"column": column, "min_value": value}
    return {"type": "expect_column_values_to_be_between", "severity": severity, "kwargs": kwargs, "meta": {}}


@pytest.fixture
def started() -> Iterator[Evaluator]:
    made = Evaluator()
    yield made
    made.stop()
    assert made._process.exitcode is not None


def test_it_answers_as_this_process_does(started: Evaluator) -> None:
    asked = [at_least("a/b.held", 0.5), at_least("c/d.held", 0.5)]
    assert started(TABLE, asked) == evaluation.evaluate(TABLE, asked) == {"a/b.held": False, "c/d.held": True}


def test_it_may_be_asked_ahead_and_then_something_else(started: Evaluator) -> None:
    ahead, other = [at_least("a/b.held", 0.5)], [at_least("a/b.held", 0.3)]
    for asked, answer in ((ahead, False), (other, True), (ahead, False)):
        started.ask(TABLE, ahead)
        assert started(TABLE, asked) == {"a/b.held": answer}
    assert started(TABLE, other) == {"a/b.held": True}


def test_what_is_wrong_there_is_wrong_here(started: Evaluator) -> None:
    with pytest.raises(Problem, match="unknown severity 'dire'"):
        started(TABLE, [at_least("a/b.held", 0.5, "dire")])


def test_an_answer_is_given_should_it_have_ended(started: Evaluator) -> None:
    started._process.kill()
    assert started(TABLE, [at_least("a/b.held", 0.3)]) == {"a/b.held": True}


@pytest.mark.parametrize(("jobs", "loaded", "apart"), [(2, False, True), (1, False, False), (2, True, False)])
def test_there_is_such_a_process_where_it_saves_time(monkeypatch: pytest.MonkeyPatch, jobs: int, loaded: bool, apart: bool) -> None:
    monkeypatch.delitem(sys.modules, "great_expectations", raising=False)
    if loaded:
        monkeypatch.setitem(sys.modules, "great_expectations", sys)
    with evaluator.started(jobs) as given:
        assert isinstance(given, Evaluator) == apart
        assert apart or given is evaluation.evaluate

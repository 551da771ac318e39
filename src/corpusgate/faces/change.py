"""What changed since earlier runs: each check then and now, and a line over all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpusgate.faces.states import ORDER
from corpusgate.results import Results, Verdict

#: New, fixed and remaining findings of each check, by its name.
Counts = Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Point:
    """A run: when it was, its answer, and how many of its records are damaged."""

    day: str
    name: str
    exit_code: int
    records: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A check that found more or less than in the last run before.

    Attributes:
        verdict: what it says now.
        then: records with findings in that run; None if it did not run.
        counts: findings that are new, fixed and still there; None where fingerprints cannot be compared.
        shares: share of records with findings in all runs that had the check, the oldest first.
    """

    verdict: Verdict
    then: int | None
    counts: tuple[int, int, int] | None
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed.

    Attributes:
        runs: all runs, the oldest first; the last is this one.
        moved: checks that changed, the gravest first.
        same: how many did not.
        exact: whether findings were compared one by one.
        other_suite: whether the last run before was judged by another suite.
    """

    runs: Sequence[Point]
    moved: Sequence[Moved]
    same: int
    exact: bool
    other_suite: bool

    @property
    def before(self) -> Point:
        """The run that is compared with."""
        return self.runs[-2]


def change(results: Results, earlier: Sequence[Results], counts: Counts | None = None) -> Change:
    """Compare a run with earlier ones.

    Args:
        results: the run.
        earlier: one or more, in any order.
        counts: findings compared with those of the latest of them, where that is known.
    """
    past = sorted(earlier, key=lambda run: run.run.started)
    last = {v.check: v for v in past[-1].verdicts}
    moved = []
    for v in results.verdicts:
        before = last.get(v.check)
        then = None if before is None or before.status == "not_run" else before.records_with_findings
        told = counts.get(v.check) if counts is not None else None
        differs = then != v.records_with_findings if v.status != "not_run" else then is not None
        if differs or (told is not None and (told[0] or told[1])):
            series = [found.rate for run in past for found in run.verdicts if found.check == v.check and found.status != "not_run"]
            moved.append(Moved(v, then, told, (*series, v.rate)))
    moved.sort(key=_gravest)
    return Change(
        [_point(run) for run in [*past, results]],
        moved,
        len(results.verdicts) - len(moved),
        counts is not None,
        past[-1].suite.hash != results.suite.hash,
    )


def _gravest(one: Moved) -> tuple[int, int, str]:
    v = one.verdict
    return ORDER.index(v.status), -abs(v.records_with_findings - (one.then or 0)), v.check


def _point(run: Results) -> Point:
    damaged = sum(share.damaged for share in run.distributions.language)
    return Point(run.run.started[:16].replace("T", " "), run.corpus.name, run.gate.exit_code, run.corpus.checked, damaged)

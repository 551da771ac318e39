"""From sums to an answer: waivers first, then bounds, then the baseline, then the gate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast, get_args

from corpusgate import acceptance, baselines, gate, packs, waivers
from corpusgate.acceptance import TOLERANCE
from corpusgate.baselines import Baseline
from corpusgate.checks import Suite
from corpusgate.errors import Problem, nearest
from corpusgate.evaluation import Evaluate, evaluate
from corpusgate.gate import FailOn
from corpusgate.results import Accepted, Example, Gate, Verdict, Waiver
from corpusgate.runners.totals import Totals
from corpusgate.verdicts import judge
from corpusgate.waivers import Entry
from corpusgate.waivers import load as load_waivers

#: Days before its end from which on a waiver is spoken of.
SOON = 14


@dataclass(frozen=True)
class Policy:
    """What goes into an answer besides the corpus and the suite.

    Attributes:
        fail_on: lowest status that holds the gate.
        waivers: accepted exceptions.
        baseline: the past that was accepted; None holds everything.
        tolerance: by how much of itself an accepted share may have grown and still be no worse.
        today: the day by which waivers end; without it the day it is in UTC.
    """

    fail_on: FailOn = "fail"
    waivers: tuple[Entry, ...] = ()
    baseline: Baseline | None = None
    tolerance: float = TOLERANCE
    today: date | None = None

    def on(self, day: date) -> Policy:
        """The same on a day, if it has none of its own."""
        return self if self.today is not None else replace(self, today=day)

    def require_whole(self, is_sample: bool) -> None:
        """Make sure that a sample is not held against a baseline.

        Raises:
            Problem: it would be: what is not in the sample would count as gone.
        """
        if is_sample and self.baseline is not None:
            raise Problem("baseline", "a sample cannot be held against a baseline", "Check the whole corpus, or leave the baseline out")

    @classmethod
    def of(
        cls,
        fail_on: str = "fail",
        waivers: str | Path | Sequence[Entry] | None = None,
        baseline: str | Path | Baseline | None = None,
        tolerance: float | None = None,
        today: date | None = None,
    ) -> Policy:
        """A policy with the files it names read.

        Raises:
            Problem: a file cannot be read, or a value is none of those that are possible.
        """
        if fail_on not in get_args(FailOn):
            raise Problem("fail_on", f"'{fail_on}' is no status that holds a gate", nearest(fail_on, get_args(FailOn)))
        if tolerance is not None and not 0 <= tolerance < math.inf:
            raise Problem("tolerance", f"{tolerance} is no tolerance", "Give a share of the accepted share, as in  0.05")
        entries = load_waivers(Path(waivers)) if isinstance(waivers, str | Path) else waivers or ()
        past = baselines.load(Path(baseline)) if isinstance(baseline, str | Path) else baseline
        return cls(cast(FailOn, fail_on), tuple(entries), past, TOLERANCE if tolerance is None else tolerance, today)


@dataclass(frozen=True)
class Answer:
    """What comes out: the parts of results.json that depend on a policy."""

    verdicts: list[Verdict]
    waivers: list[Waiver]
    baseline: Accepted | None
    gate: Gate


def decide(suite: Suite, totals: Totals, broken: Sequence[str], folder: Path, policy: Policy, by: Evaluate = evaluate) -> Answer:
    """Judge a run.

    Args:
        suite: the checks and their bounds.
        totals: the sums.
        broken: files that broke off.
        folder: where signals.parquet and findings.parquet lie.
        policy: what is accepted.
        by: who evaluates expectations.

    Raises:
        Problem: nothing was checked, a waiver is for a check that nobody knows, or the tables cannot be read.
    """
    entries: list[Waiver] = []
    covered: frozenset[str] = frozenset()
    if policy.waivers:
        known = {word for check in [*packs.built_in(), *suite.checks] for word in (check.name, check.id)}
        today = policy.today or datetime.now(UTC).date()
        found = waivers.apply(folder, policy.waivers, totals.checks, known, totals.slices, today)
        entries, covered = found.entries, found.fingerprints
        totals = replace(totals, waived=found.slices, shown=replace(totals.shown, examples=_marked(totals, covered)))
    judged = judge(suite, totals, by)
    verdicts, accepted = [one.verdict for one in judged], None
    if policy.baseline is not None:
        verdicts, accepted = acceptance.compare(judged, totals, folder, policy.baseline, policy.tolerance, covered)
    return Answer(verdicts, entries, accepted, gate.decide(verdicts, broken, policy.fail_on, _notes(entries, accepted)))


def _marked(totals: Totals, covered: frozenset[str]) -> dict[str, list[Example]]:
    return {
        name: [example.model_copy(update={"waived": example.fingerprint in covered}) for example in examples]
        for name, examples in totals.shown.examples.items()
    }


def _notes(entries: Sequence[Waiver], accepted: Accepted | None) -> list[str]:
    """What changes nothing today and should be known."""
    notes: list[str] = []
    for entry in entries:
        what = f"The waiver of {entry.check} for {entry.scope} {entry.value}"
        if entry.days_left is None:
            notes.append(f"{what} has the last day '{entry.last_day}', which is none (YYYY-MM-DD): its findings count.")
        elif entry.state == "expired":
            notes.append(f"{what} ended on {entry.last_day}: its findings count again.")
        elif entry.state == "unused":
            notes.append(f"{what} meets no finding: remove it.")
        elif entry.days_left <= SOON:
            notes.append(f"{what} ends on {entry.last_day}.")
    if accepted is not None and accepted.gone:
        notes.append(f"{accepted.gone:,} findings of the baseline are gone: `corpusgate baseline` makes it smaller.")
    return notes

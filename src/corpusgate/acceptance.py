"""A run held against its baseline: which broken bounds were accepted before, and what is new or worse.

Its bounds are each slice's own, and it takes findings to tell what is new, so it is compared here and not on the slice table.
It can excuse what Great Expectations found to be over a bound. As a ratchet it also bounds slices by what they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusgate import chance, new_examples, run_tables
from corpusgate.baselines import Baseline, Count, measured
from corpusgate.results import Accepted, Verdict
from corpusgate.runners.totals import Totals
from corpusgate.slices import Slices
from corpusgate.wording import UNREADABLE, Judged, Over, named

#: How much larger than accepted a share may be and still count as no worse.
TOLERANCE = 0.05


@dataclass(frozen=True)
class _Present:
    """What the findings of a run are beside a baseline: records with new ones in each slice, and how many are new, known, gone."""

    records: Slices
    new: dict[str, int]
    known: int
    gone: int


def compare(
    judged: Sequence[Judged], totals: Totals, folder: Path, baseline: Baseline, tolerance: float, waived: frozenset[str]
) -> tuple[list[Verdict], Accepted]:
    """The verdicts, with what the baseline says of each.

    Args:
        judged: the verdicts and the bounds that are broken.
        totals: the sums.
        folder: where the findings lie.
        baseline: what was accepted.
        tolerance: by how much of itself an accepted share may have grown.
        waived: fingerprints of waived findings.
    """
    current = {
        check.name for check in totals.checks if (past := baseline.checks.get(check.name)) is not None and past.measured == measured(check)
    }
    present = _present(folder, totals, baseline, current, waived)
    verdicts = [_held_against(one, totals, baseline, tolerance, present, one.verdict.check in current) for one in judged]
    told = Accepted(
        corpus=baseline.corpus,
        made=baseline.made,
        tolerance=tolerance,
        ratchet=baseline.ratchet,
        known=present.known,
        new=sum(present.new.values()),
        gone=present.gone,
    )
    return new_examples.put_first(verdicts, folder, baseline, waived), told


def _present(folder: Path, totals: Totals, baseline: Baseline, current: set[str], waived: frozenset[str]) -> _Present:
    judged = [check.name for check in totals.checks if check.severity != "info"]
    found = run_tables.findings(folder, judged, ["fingerprint"])
    found = found.filter(pc.invert(pc.is_in(found["fingerprint"], pa.array(sorted(waived), pa.string()))))
    known = gone = 0
    new: dict[str, int] = {}
    ordinals = {}
    for name in judged:
        mine = found.filter(pc.equal(found["check"], name))
        past = baseline.checks[name].fingerprints if name in current else []
        is_known = pc.is_in(mine["fingerprint"], pa.array(past, pa.string()))
        old = pc.sum(is_known).as_py() or 0
        known += old
        gone += len(set(past) - set(mine["fingerprint"].to_pylist()))
        ordinals[name] = np.unique(mine["ordinal"].filter(pc.invert(is_known)).to_numpy())
        new[name] = len(mine) - old
    return _Present(run_tables.count(folder, totals.slices, ordinals), new, known, gone)


def _held_against(one: Judged, totals: Totals, baseline: Baseline, tolerance: float, present: _Present, is_current: bool) -> Verdict:
    verdict = one.verdict
    if verdict.check == UNREADABLE and verdict.status == "fail" and verdict.rate <= _allowed(baseline.unreadable, tolerance):
        return verdict.model_copy(update={"excuse": _excuse(baseline)})
    if verdict.check not in totals.slices.checks or verdict.severity == "info":
        return verdict
    update: dict[str, object] = {"new_findings": present.new.get(verdict.check)}
    past = baseline if is_current else None
    worse = [over for over in one.over if _is_worse(over, past, verdict.check, tolerance, present.records)]
    if one.over and not worse:
        update["excuse"] = _excuse(baseline)
    if one.over and worse and len(worse) < len(one.over):
        update["worse"] = f"New or worse than the baseline: {named(worse)}."
    if not one.over and baseline.ratchet and past is not None:
        risen = _risen(verdict.check, totals, baseline, tolerance, present.records)
        if risen:
            update["worse"] = f"Worse than the baseline, which is a ratchet: {named(risen)}."
    return verdict.model_copy(update=update)


def _excuse(baseline: Baseline) -> str:
    return f"accepted in the baseline of {baseline.made}"


def _is_worse(over: Over, past: Baseline | None, check: str, tolerance: float, fresh: Slices) -> bool:
    """Whether a slice is over its bound in a way that was not accepted."""
    before = past.counts(check, over.kind, over.name) if past is not None else None
    if before is None or not before.broken:
        return True
    # Where no finding is new, sound records went and the share alone has grown.
    return over.broken / over.records > _allowed(before, tolerance) and _fresh(fresh, check, over.kind, over.name) > 0


def _allowed(before: Count, tolerance: float) -> float:
    return before.broken / max(before.records, 1) * (1 + tolerance)


def _fresh(fresh: Slices, check: str, kind: str, name: str) -> int:
    sums = fresh.corpus if kind == "corpus" else fresh.by[kind][name]
    return int(sums[2 + fresh.checks.index(check)])


def _risen(check: str, totals: Totals, baseline: Baseline, tolerance: float, fresh: Slices) -> list[Over]:
    """Slices that are worse than they were by more than chance explains, though within their bounds."""
    index = 2 + totals.slices.checks.index(check)
    past = baseline.checks[check]
    slices = [("corpus", "", past.corpus)]
    slices += [(kind, name, count) for kind, names in past.slices.items() for name, count in names.items()]
    risen = []
    for kind, name, before in slices:
        sums = totals.slices.corpus if kind == "corpus" else totals.slices.by[kind].get(name)
        if sums is None or not _fresh(fresh, check, kind, name):
            continue
        out = totals.waived
        records, broken = int(sums[0]), int(sums[index])
        broken -= 0 if out is None else int(out.corpus[index] if kind == "corpus" else out.by[kind][name][index])
        if float(chance.lower(broken, records, chance.DOUBT / len(slices))) > _allowed(before, tolerance):
            risen.append(Over(kind, name, records, broken))
    return risen

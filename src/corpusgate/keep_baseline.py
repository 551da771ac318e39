"""A run made the baseline: what `corpusgate baseline` does."""

from __future__ import annotations

from pathlib import Path

from corpusgate import baselines, results, stored, waivers
from corpusgate.errors import Problem


def keep(folder: Path, out: Path, accept_new: bool = False, ratchet: bool = False) -> str:
    """Write or renew a baseline, and say what came of it.

    Args:
        folder: of the run that becomes the past.
        out: the baseline's file.
        accept_new: take in what is new or worse, and a run whose gate is held.
        ratchet: hold later runs to what this one reached.

    Raises:
        Problem: the run was not accepted, or a file cannot be read.
    """
    run, known = results.load(folder), stored.load(folder)
    if run.sample is not None:
        raise Problem(str(folder), "is a sample, which cannot be a baseline", "Check the whole corpus")
    if run.gate.exit_code == 2:
        raise Problem(str(folder), "came to no judgement, and cannot be a baseline", "Run the check again on input that can be read")
    if run.gate.exit_code and not accept_new:
        reasons = f"{len(run.gate.reasons)} {'check holds' if len(run.gate.reasons) == 1 else 'checks hold'} its gate"
        raise Problem(str(folder), f"was not accepted: {reasons}", "Mend them, waive them, or accept them with --accept-new")
    old = baselines.load(out) if out.exists() else None
    day = run.run.started[:10]
    ran = [check for check in known.suite.checks if check.name in known.measured]
    # Waivers end with their own day, and not with the baseline.
    excused = waivers.counted(folder, run.waivers, ran, known.slices)
    out_of, prints = (excused.slices, excused.fingerprints) if excused else (None, frozenset[str]())
    new = baselines.make(folder, run.corpus, day, ran, known.slices, out_of, prints)
    change = baselines.renewed(old, new, accept_new, ratchet)
    baselines.save(change.baseline, out)
    return _told(change, out)


def _told(change: baselines.Change, out: Path) -> str:
    prints = sum(len(past.fingerprints) for past in change.baseline.checks.values())
    lines = [f"Baseline: {out}: {prints:,} findings of {len(change.baseline.checks)} checks are accepted."]
    if change.dropped:
        lines.append(f"{change.dropped:,} that are gone were dropped.")
    if change.grown:
        what = "what is new or worse" if change.grown == 1 else f"{change.grown:,} findings and shares that are new or worse"
        lines.append(f"Taken in: {what}." if change.taken else f"Left out: {what}; --accept-new takes them in.")
    if change.baseline.ratchet:
        lines.append("It is a ratchet: later runs may be no worse, also within their bounds.")
    return "\n".join(lines)

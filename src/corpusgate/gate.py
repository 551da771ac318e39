"""The gate: from verdicts to one answer and one exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from corpusgate.results import Gate, Verdict

FailOn = Literal["fail", "warn"]


def decide(verdicts: Sequence[Verdict], broken: Sequence[str], fail_on: FailOn = "fail", notes: Sequence[str] = ()) -> Gate:
    """Open or held, and why.

    Args:
        verdicts: what the checks say.
        broken: files that broke off or could not be read, so that nobody knows what else they hold: then there is no judgement.
        fail_on: lowest status that holds the gate.
        notes: what else whoever asks should know.
    """
    lost = [f"{file} could not be read, or not to its end: what else it holds is unknown." for file in broken]
    lost += [f"{verdict.id} {verdict.check} could not be judged: {verdict.message}" for verdict in verdicts if verdict.status == "error"]
    levels = held_by(fail_on)
    held = [_reason(verdict) for verdict in verdicts if holds(verdict, levels)]
    unsure = [
        f"{verdict.id} {verdict.check}: {verdict.message}"
        for verdict in verdicts
        if verdict.status == "unsure" and verdict.severity in levels
    ]
    # What a sample shows to be over its bound is so, whatever else it does not show.
    code: Literal[0, 1, 2] = 2 if lost else 1 if held else 2 if unsure else 0
    told = [f"Not to be told from this sample: {', '.join(v.split()[0] for v in unsure)}."] if unsure and code == 1 else []
    return Gate(open=code == 0, exit_code=code, reasons=[*lost, *held, *(unsure if code == 2 else [])], notes=[*told, *notes])


def held_by(fail_on: str) -> tuple[str, ...]:
    """The levels that hold the gate, where this is the lowest."""
    return ("fail", "warn") if fail_on == "warn" else ("fail",)


def holds(verdict: Verdict, levels: Sequence[str]) -> bool:
    """Whether a verdict holds the gate: by its status, unless that was accepted, or by being worse than what was."""
    if verdict.worse and verdict.status not in ("fail", "warn", "info"):
        return verdict.severity in levels
    return verdict.status in levels and not verdict.excuse


def _reason(verdict: Verdict) -> str:
    return f"{verdict.id} {verdict.check}: {verdict.message}" + (f" {verdict.worse}" if verdict.worse else _worst(verdict))


def _worst(verdict: Verdict) -> str:
    over = [s for s in verdict.slices if not s.held or (s.warned and verdict.status == "warn")]
    if not over:
        return ""
    named = ", ".join(f"{s.kind} {_short(s.name)} ({s.records_with_findings:,} of {s.records:,})" for s in over[:3])
    total = max(verdict.slices_over, len(over))
    more = f" and {total - 3:,} more" if total > 3 else ""
    return f" Over its bound: {named}{more}."


def _short(name: str, limit: int = 48) -> str:
    return name if len(name) <= limit else name[: limit - 1] + "\N{HORIZONTAL ELLIPSIS}"

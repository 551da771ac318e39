"""Annotations of a GitHub workflow: commands that the runner reads from what a step prints."""

from __future__ import annotations

from corpusgate.faces.evidence import plain
from corpusgate.faces.states import ANSWERS
from corpusgate.results import Results, Verdict, holding

#: Annotations of one kind that GitHub shows for a step; the others it drops.
LIMIT = 10


def render(results: Results) -> str:
    """Checks that hold the gate as errors, others over their bounds as warnings, ten of each at most; then a notice with the counts."""
    held = [v.check for v in holding(results)]
    errors = [v for v in results.verdicts if v.check in held]
    warnings = [v for v in results.verdicts if v.check not in held and v.status in ("fail", "warn", "unsure", "error")]
    lines = []
    for kind, found in (("error", errors), ("warning", warnings)):
        worst = sorted(found, key=lambda v: (-v.rate, v.check))
        lines += [_annotation(kind, v) for v in worst[:LIMIT]]
    lost = [reason for reason in results.gate.reasons if not any(reason.startswith(f"{v.id} {v.check}: ") for v in errors)]
    lines += [f"::error title=corpusgate::{_data(reason)}" for reason in lost[: max(0, LIMIT - len(errors))]]
    answer = ANSWERS[results.gate.exit_code]
    counts = f"{_counted(len(errors) + len(lost), 'error')} and {_counted(len(warnings), 'warning')} of {len(results.verdicts)} checks"
    lines.append(f"::notice title=corpusgate::{_data(f'Gate: {answer}. {counts} over {results.corpus.checked:,} records.')}")
    return "\n".join(lines) + "\n"


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _annotation(kind: str, v: Verdict) -> str:
    worst = next((f" Worst: {s.name} ({s.records_with_findings:,} of {s.records:,})." for s in v.slices if s.kind == "source"), "")
    return f"::{kind} title={_property(f'{v.id} {v.check}')}::{_data(f'{v.summary} {v.message}{worst}')}"


def _data(text: str) -> str:
    # No line can end early, since `plain` leaves none; percent signs are read as escapes.
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

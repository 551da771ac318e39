"""The concise face: one line a finding shown, for editors, `grep` and logs."""

from __future__ import annotations

from corpusgate.faces.evidence import in_place, inert, plain, short, told
from corpusgate.results import Results, Verdict


def render(results: Results) -> str:
    """`record field:start-end ID state: message «evidence»`, the gravest checks first; then how many findings there are in all."""
    shown = sorted((v for v in results.verdicts if v.status not in ("clean", "not_run")), key=lambda v: (_GRAVE.index(v.status), v.check))
    lines = [line for v in shown for line in _lines(v)]
    total = sum(v.findings for v in results.verdicts)
    answer = {0: "open", 1: "held", 2: "no judgement"}[results.gate.exit_code]
    lines.append(f"{len(lines):,} of {total:,} findings shown. Gate: {answer} (exit code {results.gate.exit_code}).")
    return "\n".join(map(inert, lines)) + "\n"


_GRAVE = ("error", "fail", "unsure", "warn", "info", "tolerated")


def _lines(v: Verdict) -> list[str]:
    out = []
    for e in v.examples:
        span = "" if e.start is None else f":{e.start}-{e.end}"
        waived = " (waived)" if e.waived else ""
        evidence = in_place(e)
        place = f"{plain(short(e.record_id, 100))} {e.field}{span}"
        out.append(f"{place} {v.id} {v.status}{waived}: {told(e)}{' ' + evidence if evidence else ''}")
    return out

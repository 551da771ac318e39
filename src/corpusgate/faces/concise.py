"""The concise face: one line a finding shown, for editors, `grep` and logs."""

from __future__ import annotations

from corpusgate.faces.evidence import in_place, inert, plain, short, told
from corpusgate.faces.states import ANSWERS, with_findings
from corpusgate.results import Results, Verdict


def render(results: Results) -> str:
    """`record field:start-end ID state: message «evidence»`, the gravest checks first; then how many findings there are in all."""
    lines = [line for v in with_findings(results) for line in _lines(v)]
    total = sum(v.findings for v in results.verdicts)
    answer = ANSWERS[results.gate.exit_code]
    lines.append(f"{len(lines):,} of {total:,} findings shown. Gate: {answer} (exit code {results.gate.exit_code}).")
    return "\n".join(map(inert, lines)) + "\n"


def _lines(v: Verdict) -> list[str]:
    out = []
    for e in v.examples:
        span = "" if e.start is None else f":{e.start}-{e.end}"
        waived = " (waived)" if e.waived else ""
        evidence = in_place(e)
        place = f"{plain(short(e.record_id, 100))} {e.field}{span}"
        out.append(f"{place} {v.id} {v.status}{waived}: {told(e)}{' ' + evidence if evidence else ''}")
    return out

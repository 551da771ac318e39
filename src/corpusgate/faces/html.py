"""report.html: one offline file made from results.json. Hostile text stays text: autoescape is on, scripts are off.

`select_autoescape` would leave templates with other endings unescaped, so it is set by hand; the policy in the head
allows one style sheet by its hash and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from corpusgate.faces.evidence import direction, middle_cut, pieces, share, short, values
from corpusgate.results import Results, Verdict, holding

#: State of a check in words and signs, so that colour never speaks alone; in the order of the report.
STATES = {
    "error": ("◌", "Not judged"),
    "fail": ("▲", "Fail"),
    "unsure": ("◇", "Cannot tell"),
    "warn": ("●", "Warn"),
    "info": ("ⓘ", "Info"),
    "tolerated": ("◆", "Tolerated"),
    "clean": ("✓", "Clean"),
    "not_run": ("◌", "Not run"),
}

#: Sources in the table of damage.
SOURCES = 25

#: Code points of evidence shown; longer ones lose their middle.
SHOWN = 400


def _template(name: str) -> str:
    return (resources.files("corpusgate.faces") / "templates" / name).read_text("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, loader=FunctionLoader(_template), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["pieces"] = pieces
    environment.filters["cut"] = lambda text: middle_cut(text, SHOWN)
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["direction"] = direction
    environment.filters["short"] = short
    environment.filters["values"] = values
    environment.globals["share"] = share
    environment.globals["states"] = STATES
    return environment


def render(results: Results) -> str:
    """The report as one HTML page."""
    style = _template("styles.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    order = list(STATES)
    verdicts = sorted(results.verdicts, key=lambda v: (order.index(v.status), -v.rate, v.check))
    counts = {state: sum(v.status == state for v in verdicts) for state in order}
    held = {v.check for v in holding(results)}
    blocking = [v for v in verdicts if v.status == "error" or v.check in held]
    shown = [v for v in verdicts if v.status in ("error", "fail", "unsure", "warn", "info", "tolerated")]
    return (
        _environment()
        .get_template("report.html")
        .render(
            results=results,
            style=style,
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'",
            verdicts=verdicts,
            shown=shown,
            blocking=blocking,
            lost=[reason for reason in results.gate.reasons if not any(reason.startswith(f"{v.id} {v.check}") for v in blocking)],
            counts=counts,
            sentence=sentence(results),
            edge="open" if results.gate.open else "undecided" if results.gate.exit_code == 2 else "held",
            damage=_damage(shown),
        )
    )


def sentence(results: Results) -> str:
    """The answer in one sentence."""
    judged = sum(v.status != "not_run" for v in results.verdicts)
    if results.gate.exit_code == 2 and any(v.status == "unsure" for v in holding(results)):
        return "Release is undecided: this sample is too small to tell."
    if results.gate.exit_code == 2:
        return "Release is undecided: the corpus could not be judged as a whole."
    if results.gate.open:
        return f"Release is open. {judged} checks ran and none holds it."
    over = len(holding(results))
    return f"Release is held. {over} of {judged} checks {'is' if over == 1 else 'are'} over the bound."


@dataclass(frozen=True, slots=True)
class _Damage:
    """The checks with findings as columns, the worst sources as rows: records with findings, records, state."""

    columns: list[Verdict]
    rows: list[tuple[str, int, list[tuple[int, int, str] | None]]]
    sources: int
    is_whole: bool


def _damage(shown: list[Verdict]) -> _Damage:
    columns = [v for v in shown if any(s.kind == "source" for s in v.slices)]
    cells = {(s.name, v.check): s for v in columns for s in v.slices if s.kind == "source"}
    records = {name: s.records for (name, _), s in cells.items()}

    def weight(name: str) -> tuple[float, str]:
        weights = {"fail": 4.0, "warn": 2.0, "info": 0.2}
        return (-sum(cells[name, v.check].rate * weights[v.severity] for v in columns if (name, v.check) in cells), name)

    rows = []
    for name in sorted(records, key=weight)[:SOURCES]:
        line: list[tuple[int, int, str] | None] = []
        for v in columns:
            cell = cells.get((name, v.check))
            state = None if cell is None else v.status if not cell.held or v.status in ("fail", "warn") else "tolerated"
            line.append(None if cell is None or state is None else (cell.records_with_findings, cell.records, state))
        rows.append((name, records[name], line))
    # Sources come first among the slices of a verdict: where other kinds are listed too, no source is missing.
    is_whole = all(len(v.slices) == v.slices_total or any(s.kind != "source" for s in v.slices) for v in columns)
    return _Damage(columns, rows, len(records), is_whole)

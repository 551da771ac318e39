"""report.html: one offline file made from results.json. Hostile text stays text: autoescape is on, and no script but our own runs.

`select_autoescape` would leave templates with other endings unescaped, so it is set by hand; the policy in the head
allows one style sheet and one script by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined

from corpusgate import kept
from corpusgate.faces.change import Change
from corpusgate.faces.charts import Histogram, histogram, line
from corpusgate.faces.evidence import direction as direction_of
from corpusgate.faces.evidence import ends, marked, pieces, plain, share, short, values
from corpusgate.faces.heat import Heat, heat
from corpusgate.faces.private import without_evidence
from corpusgate.faces.states import ORDER, SIGNS, gravest, with_findings
from corpusgate.faces.whole import notes, stretches
from corpusgate.faces.words import Words, words
from corpusgate.results import Results, Verdict, holding

#: Code points of evidence shown; longer ones lose their middle.
SHOWN = 400

#: Code points of surroundings that evidence has where the text goes on.
AROUND = 80

#: Bytes that a report should stay below, and what is shown until it does: examples of each check, groups, whole records.
BYTES = 1_400_000
LIMITS = ((10, 10, 40), (6, 6, 24), (3, 4, 12), (2, 2, 0))


#: Bytes of markup around an example, at least.
MARKUP = 400

#: Lines to strip that are shown at once; the others unfold.
STRIP = 12


def _template(name: str) -> str:
    return (resources.files("corpusgate.faces") / "templates" / name).read_text("utf-8")


def _compiled() -> FileSystemBytecodeCache | None:
    """Where compiled templates are kept: compiling them takes as long as filling them. What is compiled depends on this module too."""
    folder = kept.place("templates", f"{version('jinja2')}\n{Path(__file__).read_text('utf-8')}")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(_template),
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(),
    )
    environment.filters |= {
        "pieces": pieces,
        "cut": partial(ends, limit=SHOWN),
        "number": "{:,}".format,
        "direction": direction_of,
        "short": short,
        "clean": plain,
        "values": values,
        "marked": marked,
        "line": line,
        "percent": lambda rate: f"{100 * rate:.3g} %",
        "notes": notes,
        "stretches": partial(stretches, order=ORDER),
    }
    environment.globals |= {"share": share, "signs": SIGNS}
    return environment


def render(results: Results, lang: str = "en", evidence: bool = True, change: Change | None = None) -> str:
    """The report as one HTML page.

    Args:
        results: the run.
        lang: the language of the report.
        evidence: whether anything that stands in records may be shown.
        change: what changed since earlier runs.

    Raises:
        Problem: there is no such language.
    """
    results = results if evidence else without_evidence(results)
    page = _render(results, words(lang), LIMITS[0], not evidence, change)
    size = len(page.encode())
    if size <= BYTES:
        return page
    # What is left out takes at least its text with it: the first limits of which that is enough, so that it is made twice at most.
    texts = [_texts(results, limits) for limits in LIMITS]
    enough = (limits for limits, left in zip(LIMITS, texts, strict=True) if size - (texts[0] - left) <= BYTES)
    return _render(results, words(lang), next(enough, LIMITS[-1]), not evidence, change)


def _texts(results: Results, limits: tuple[int, int, int]) -> int:
    """Bytes that what some limits let be shown takes at least: texts of examples, of members of groups and of whole records."""
    examples, groups, pages = limits
    shown = [one for v in results.verdicts for one in v.examples[:examples]]
    texts = [one.before + one.match[:SHOWN] + one.after for one in shown]
    texts += [member.beginning[:80] for v in results.verdicts for group in v.groups[:groups] for member in group.members]
    texts += [passage.text for one in results.pages[:pages] for field in one.fields for passage in field.passages]
    return sum(len(text.encode()) for text in texts) + MARKUP * len(shown)


def _render(results: Results, w: Words, limits: tuple[int, int, int], private: bool, change: Change | None) -> str:
    verdicts, shown = gravest(results.verdicts), with_findings(results)
    held = {v.check for v in holding(results)}
    blocking = [v for v in verdicts if v.status == "error" or v.check in held]
    found = heat(results, shown)
    months = histogram(results.distributions.month)
    ticks = [f".tick-{i + 1}{{inset-inline-start:{place:.2f}%}}\n" for i, (_, place) in enumerate(months.ticks)]
    style = _template("styles.css") + "".join([*ticks, *_rules(shown, found)])
    script = _template("script.js")
    allowed = f"style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'"
    return (
        _environment()
        .get_template("report.html")
        .render(
            results=results,
            w=w,
            style=style,
            script=script,
            policy=f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'",
            verdicts=verdicts,
            shown=shown,
            blocking=blocking,
            lost=[reason for reason in results.gate.reasons if not any(reason.startswith(f"{v.id} {v.check}") for v in blocking)],
            counts={state: sum(v.status == state for v in verdicts) for state in ORDER},
            families=list(dict.fromkeys(v.family for v in shown)),
            sentence=sentence(results, w),
            edge=edge(results),
            closest=_closest(results, w) if results.gate.open else "",
            heat=found,
            months=months,
            ticks=[name for name, _ in months.ticks],
            around=AROUND,
            span=_span(months),
            totals=_totals(results),
            damaged=sum(share.damaged for share in results.distributions.language),
            change=change,
            **_trend(change),
            private=private,
            limit=limits[0],
            group_limit=limits[1],
            page_limit=limits[2],
            strip_first=STRIP,
            sections=_sections(results, w, change is not None),
            **_places(results, shown, found, limits[2]),
        )
    )


def style_sheet() -> str:
    """The style sheet that all pages share."""
    return _template("styles.css")


def page(template: str, w: Words, **values: Any) -> str:
    """A page that needs no script: its template filled in, with the one style sheet and the policy for it."""
    style = style_sheet()
    policy = f"default-src 'none'; style-src 'sha256-{_digest(style)}'; base-uri 'none'; form-action 'none'"
    return _environment().get_template(template).render(w=w, style=style, policy=policy, **values)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def edge(results: Results) -> str:
    """The answer in a word: `open`, `held` or `undecided`."""
    return "open" if results.gate.open else "undecided" if results.gate.exit_code == 2 else "held"


def sentence(results: Results, w: Words) -> str:
    """The answer explained in one sentence."""
    if edge(results) == "undecided" and any(v.status == "unsure" for v in holding(results)):
        return w("undecided_sample")
    judged = sum(v.status != "not_run" for v in results.verdicts)
    return w(f"{edge(results)}_more", judged=judged, over=len(holding(results)))


def _trend(change: Change | None) -> dict[str, Any]:
    """The line of damaged records over all runs."""
    shares = [run.damaged / max(run.records, 1) for run in change.runs] if change else []
    return {"damaged_shares": [f"{100 * one:.3g} %" for one in shares], "damaged_line": line(shares) if shares else ""}


def _closest(results: Results, w: Words) -> str:
    """Which check has used most of its bound, in words; empty where none has used any."""
    used = [(v.rate / (1 - v.bound.mostly), v) for v in results.verdicts if v.rate and v.bound.mostly is not None and v.bound.mostly < 1]
    share, verdict = max(used, key=lambda one: (one[0], one[1].check), default=(0.0, None))
    return w("closest", name=w.label(verdict), percent=f"{100 * share:.0f}") if verdict is not None and share <= 1 else ""


def _sections(results: Results, w: Words, changed: bool) -> list[tuple[str, str]]:
    """Sections by id, with what the bar calls them."""
    wanted = ["gate", *(["change"] if changed else []), "damage", "checks", "findings", "corpus"]
    return [(name, w(f"nav_{name}")) for name in [*wanted, *(["records"] if results.pages else []), "run"]]


def _span(months: Histogram) -> str:
    if not months.columns:
        return ""
    first, last = months.columns[0].name, months.columns[-1].name
    return first if first == last else f"{first} \N{EN DASH} {last}"


def _totals(results: Results) -> dict[str, int]:
    spread = results.distributions
    return {kind: spread.totals.get(kind, len(getattr(spread, kind))) for kind in ("source", "language", "month")}


def _places(results: Results, shown: Sequence[Verdict], found: Heat, pages: int) -> dict[str, Any]:
    """What leads where: classes of evidence and cards by source, rows of sources, pages of records, verdicts by check."""
    rows = {row.source.name: row.index for row in found.rows}
    classes: dict[str, str] = {e.source: f"s{rows[e.source]}" if e.source in rows else "" for v in shown for e in v.examples}
    of_check: Mapping[str, list[str]] = {v.id: [f"s{row.index}" for row in found.rows if v.id in row.source.checks] for v in shown}
    return {
        "row_of": rows,
        "source_class": classes,
        "card_class": {check: " ".join(names) for check, names in of_check.items()},
        "places": {v.id: {s.name for s in v.slices[:8] if s.kind == "source" and s.name in rows} for v in shown},
        "page_of": {(page.source, page.record_id): i + 1 for i, page in enumerate(results.pages[:pages])},
        "status_of": {v.check: v.status for v in results.verdicts},
        "verdict_of": {v.check: v for v in results.verdicts},
    }


def _rules(shown: Sequence[Verdict], found: Heat) -> list[str]:
    """Style rules that make the filters work without a script: what a chosen button leaves out is not displayed."""

    def rule(group: str, key: str | int, left_out: str) -> str:
        return f":where(main:has(#by-{group}-{key}:checked)) {left_out}{{display:none}}\n"

    out = [rule("state", state, f".card:not(.is-{state})") for state in dict.fromkeys(v.status for v in shown)]
    out += [rule("family", family, f".card:not(.of-{family})") for family in dict.fromkeys(v.family for v in shown)]
    out += [rule("check", v.id, f".card:not(.{v.id})") for v in shown]
    for row in found.rows:
        out.append(rule("source", row.index, f":is(.card,.evidence):not(.s{row.index})"))
    # What a link names is shown all the same.
    return [*out, ".card.card.card:target,.card.card.card:has(:target),.evidence.evidence.evidence:target{display:block}\n"]

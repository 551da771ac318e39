"""The terminal face: what failed, how often, the worst source, an example each, and the gate's answer."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpusgate.faces.evidence import in_place, inert, plain, share, short, where
from corpusgate.faces.states import no_pages, with_findings
from corpusgate.results import Results, Verdict, holding

_STYLES = {"error": "bold red", "fail": "bold red", "unsure": "magenta", "warn": "yellow", "info": "blue"}
_SIGNS = {"error": "?", "fail": "✗", "unsure": "?", "warn": "!", "info": "i"}


def render(results: Results, width: int = 100, colour: bool = False) -> str:
    """The run as lines of text.

    Args:
        results: the run.
        width: columns of the terminal.
        colour: whether escape codes for colour may be used.
    """
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False, legacy_windows=False)
    corpus, sample = results.corpus, results.sample
    some = f" of {sample.of:,}" if sample is not None else ""
    records = "record" if corpus.checked == 1 else "records"
    told = f" (a sample of {sample.asked}, seed {sample.seed})" if sample is not None else ""
    _say(
        console,
        f"{plain(corpus.name)}: {corpus.checked:,}{some} {records} checked{told}, {corpus.quarantined:,} quarantined, "
        f"{corpus.bytes / 1e6:,.1f} MB, suite {plain(results.suite.name)}",
    )
    if corpus.no_pages:
        _say(console, f"{no_pages(corpus.no_pages)}.")
    shown = [v for v in with_findings(results) if v.status in _SIGNS]
    if shown:
        console.print(_table(shown))
    for v in shown:
        if v.status != "info" and v.examples:
            _say(console, f"{v.id} {v.summary}", "bold")
            for line in (where(v.examples[0]), in_place(v.examples[0])):
                if line:
                    _say(console, f"    {line}")
    for piece in results.quarantine.examples[:3]:
        _say(console, f"Quarantined: {plain(piece.file)}:{piece.line}: {plain(piece.reason)}")
    _say(console, _rest(results.verdicts))
    for line in _accepted(results):
        _say(console, plain(line))
    _say(console, _answer(results), "bold green" if results.gate.open else "bold red")
    for reason in results.gate.reasons if results.gate.exit_code == 2 else ():
        _say(console, f"    {plain(reason)}")
    return "\n".join(inert(line.rstrip()) for line in out.getvalue().splitlines()) + "\n"


def _say(console: Console, line: str, style: str = "") -> None:
    # Lines stay whole: a terminal wraps them itself, and in logs they can be searched.
    console.print(Text(line, style=style if not console.no_color else ""), soft_wrap=True)


def _table(shown: Sequence[Verdict]) -> Table:
    rows = [
        (
            f"{_SIGNS[v.status]} {v.status}",
            f"{v.id} {v.check}",
            f"{v.records_with_findings:,}",
            share(v.records_with_findings, v.records_checked),
        )
        for v in shown
    ]
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, pad_edge=False, header_style="dim")
    for i, title in enumerate(("", "check", "records", "share")):
        # Only the worst source may be cut where the terminal is narrow.
        widest = max(len(title), *(len(row[i]) for row in rows))
        table.add_column(title, no_wrap=True, min_width=widest, justify="right" if i > 1 else "left")
    table.add_column("worst source", overflow="ellipsis", no_wrap=True)
    for v, cells in zip(shown, rows, strict=True):
        style = _STYLES[v.status]
        table.add_row(Text(cells[0], style), Text(cells[1], style), *cells[2:], Text(_worst(v)))
    return table


def _worst(v: Verdict) -> str:
    sources = [s for s in v.slices if s.kind == "source"]
    return f"{sources[0].records_with_findings:,}/{sources[0].records:,} {plain(short(sources[0].name))}" if sources else ""


def _rest(verdicts: Sequence[Verdict]) -> str:
    clean = sum(v.status == "clean" for v in verdicts)
    parts = [f"{clean} {'check is' if clean == 1 else 'checks are'} clean."]
    idle = [v for v in verdicts if v.status == "not_run"]
    groups = (
        ("Within their bounds", [v for v in verdicts if v.status == "tolerated"]),
        ("Not run for want of columns", [v for v in idle if "needs" in v.message]),
        ("Not run, since a sample tells nothing of it", [v for v in idle if "needs" not in v.message]),
    )
    for title, found in groups:
        names = sorted(v.id for v in found)
        if names:
            parts.append(f"{title}: {', '.join(names)}.")
    return " ".join(parts)


def _accepted(results: Results) -> list[str]:
    """What was accepted, and what is to be known of it."""
    excused = [v.id for v in results.verdicts if v.excuse]
    past = results.baseline
    lines = []
    if past is not None:
        counts = f"{past.new:,} new findings, {past.known:,} known, {past.gone:,} gone"
        lines.append(f"Baseline of {past.made}: {counts}." + (f" Accepted there: {', '.join(excused)}." if excused else ""))
    for waiver in results.waivers:
        if waiver.state == "used":
            whose = f", {waiver.owner}" if waiver.owner else ""
            records = "1 record" if waiver.records == 1 else f"{waiver.records:,} records"
            what = f"{waiver.check} for {waiver.scope} {short(waiver.value)}, {records}"
            lines.append(f"Waived until {waiver.last_day}: {what} ({short(waiver.reason, 80)}{whose}).")
    return lines + list(results.gate.notes)


def _answer(results: Results) -> str:
    code = results.gate.exit_code
    answer = {0: "Gate: open", 1: "Gate: held", 2: "Gate: no judgement"}[code]
    by = f", by {', '.join(v.id for v in holding(results))}" if code == 1 else ""
    return f"{answer} (exit code {code}){by}."

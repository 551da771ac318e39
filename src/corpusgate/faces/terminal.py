"""The terminal face: what failed, how often, the worst source, an example each, and the gate's answer."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpusgate.faces.evidence import one_line, plain, share
from corpusgate.results import Results, Verdict

_STYLES = {"error": "bold red", "fail": "bold red", "warn": "yellow", "info": "blue", "tolerated": "magenta"}
_SIGNS = {"error": "?", "fail": "✗", "warn": "!", "info": "i", "tolerated": "~"}
_ORDER = ("error", "fail", "warn", "info", "tolerated")


def render(results: Results, width: int = 100, colour: bool = False) -> str:
    """The run as lines of text.

    Args:
        results: the run.
        width: columns of the terminal.
        colour: whether escape codes for colour may be used.
    """
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False, legacy_windows=False)
    corpus = results.corpus
    console.print(
        f"{plain(corpus.name)}: {corpus.checked:,} records checked, {corpus.quarantined:,} quarantined, {corpus.bytes / 1e6:,.1f} MB, "
        f"suite {plain(results.suite.name)}",
        markup=False,
    )
    shown = sorted((v for v in results.verdicts if v.status in _ORDER), key=lambda v: (_ORDER.index(v.status), -v.rate, v.check))
    if shown:
        table = Table(box=None, padding=(0, 1), show_edge=False, header_style="dim" if colour else "")
        table.add_column("")
        table.add_column("check", overflow="fold")
        table.add_column("records", justify="right")
        table.add_column("share", justify="right")
        table.add_column("worst source", overflow="ellipsis", no_wrap=True, max_width=34)
        for v in shown:
            style = _STYLES[v.status] if colour else ""
            name = Text(f"{v.id} {v.check}", style=style)
            table.add_row(
                Text(f"{_SIGNS[v.status]} {v.status}", style=style), name, f"{v.records_with_findings:,}",
                share(v.records_with_findings, v.records_checked), Text(_worst(v)),
            )  # fmt: skip
        console.print(table)
    for v in shown:
        if v.status in ("fail", "warn") and v.examples:
            console.print(Text(f"{v.id} {v.summary}", style="bold" if colour else ""))
            console.print(Text("  " + one_line(v.examples[0])), overflow="fold")
    clean = sum(v.status == "clean" for v in results.verdicts)
    idle = [v.id for v in results.verdicts if v.status == "not_run"]
    console.print(f"{clean} checks are clean." + (f" Not run for want of columns: {', '.join(idle)}." if idle else ""), markup=False)
    for piece in results.quarantine.examples[:3]:
        console.print(f"quarantined {plain(piece.file)}:{piece.line}: {plain(piece.reason)}", markup=False)
    answer = "Gate: open" if results.gate.open else "Gate: held" if results.gate.exit_code == 1 else "Gate: no judgement"
    style = ("bold green" if results.gate.open else "bold red") if colour else ""
    console.print(Text(f"{answer} (exit code {results.gate.exit_code}).", style=style))
    for reason in results.gate.reasons:
        console.print(Text(f"  {plain(reason)}"), overflow="fold")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _worst(v: Verdict) -> str:
    sources = [s for s in v.slices if s.kind == "source"]
    return f"{plain(sources[0].name)} {sources[0].records_with_findings:,}/{sources[0].records:,}" if sources else ""

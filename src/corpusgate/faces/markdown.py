"""summary.md: the answer for a pull request or a step summary. Scraped text is escaped: no tags, links, images, mentions or tables."""

from __future__ import annotations

from collections.abc import Iterator

from corpusgate.faces.evidence import in_place, plain, share, short, told, where
from corpusgate.faces.states import SIGNS, no_pages, with_findings
from corpusgate.results import Results, Verdict, holding

#: Bytes of a step summary: GitHub takes 1 MiB and drops what comes near it without a word.
LIMIT = 900 * 1024

_SPECIAL = {ord(sign): f"\\{sign}" for sign in "\\`*_[]#|~>"}


def safe(text: str) -> str:
    """Scraped text that Markdown shows as it is, on one line."""
    return _escaped(plain(text))


def _escaped(text: str) -> str:
    # Backslashes first, since entities have none; then what a backslash does not stop: tags, mentions, addresses, numbers of issues.
    escaped = text.translate(_SPECIAL).replace("&", "&amp;").replace("<", "&lt;")
    return escaped.replace("@", "&#64;").replace(":", "&#58;").replace("www", "w&#119;w")


def render(results: Results, limit: int = LIMIT) -> str:
    """The summary.

    Args:
        results: the run.
        limit: bytes at most: sections that do not fit are left out whole, and said to be.
    """
    head = "\n".join(_head(results)) + "\n"
    shown = with_findings(results)
    sections = [*(["\n".join(_table(shown))] if shown else []), *("\n".join(_section(v)) for v in shown if v.examples)]
    out, size = [head], len(head.encode())
    note = "\n{n} more sections did not fit: report.html has them.\n"
    room = limit - len(note.encode()) - 10
    for i, section in enumerate(sections):
        size += len(section.encode()) + 2
        if size > room:
            out.append(note.format(n=len(sections) - i))
            break
        out.append(section + "\n")
    return "\n".join(out)


def _head(results: Results) -> Iterator[str]:
    answer = {0: "✓ Release is open", 1: "▲ Release is held", 2: "◌ No judgement"}[results.gate.exit_code]
    corpus = results.corpus
    yield f"## {answer}: {safe(corpus.name)}"
    yield ""
    over = len(holding(results))
    judged = sum(v.status != "not_run" for v in results.verdicts)
    if results.gate.exit_code == 1:
        yield f"{over} of {judged} checks {'is' if over == 1 else 'are'} over the bound."
    yield f"{corpus.checked:,} records checked, {corpus.quarantined:,} quarantined, {judged} checks, suite {safe(results.suite.name)}."
    if corpus.no_pages:
        yield f"{no_pages(corpus.no_pages)}."
    if results.sample is not None:
        yield f"This is a sample of {results.sample.of:,} records."
    if results.baseline is not None:
        past = results.baseline
        yield f"Since {safe(past.made)}: {past.new:,} findings are new, {past.known:,} were known, {past.gone:,} are gone."
    for note in results.gate.notes:
        yield f"- {safe(note)}"


def _table(shown: list[Verdict]) -> Iterator[str]:
    yield "| | Check | Records | Share | Allowed | Worst source |"
    yield "|-|-|-:|-:|-|-|"
    for v in shown:
        worst = next((f"{safe(short(s.name))} {s.records_with_findings:,} / {s.records:,}" for s in v.slices if s.kind == "source"), "")
        counts = f"{v.records_with_findings:,} | {share(v.records_with_findings, v.records_checked)}"
        yield f"| {SIGNS[v.status]} {v.status} | **{v.id}** {safe(v.summary)} | {counts} | {safe(v.bound.words)} | {worst} |"


def _section(v: Verdict) -> Iterator[str]:
    yield f"<details><summary>{SIGNS[v.status]} {v.id} {v.check}: {v.findings:,} findings</summary>"
    yield ""
    for e in v.examples[:3]:
        evidence = in_place(e)
        yield f"- {safe(where(e))}: {_escaped(told(e))}{' ' + _escaped(evidence) if evidence else ''}"
    yield ""
    yield f"**Do next.** {safe(v.remedy)}"
    yield ""
    yield "</details>"

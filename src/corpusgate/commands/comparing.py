"""`corpusgate diff`: two runs compared."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpusgate.commands import options

if TYPE_CHECKING:
    from corpusgate.difference import Difference, Findings
    from corpusgate.drift import Drift

#: What may be asked of a comparison, and when it is the case.
POLICIES = ("new", "warn", "drift", "removed", "changed", "nothing")

#: Lines of a list before the rest is only counted.
LISTED = 10


@click.command()
@click.argument("old", type=options.PATH)
@click.argument("new", type=options.PATH)
@click.option(
    "--fail-on",
    type=click.Choice(POLICIES),
    multiple=True,
    default=("new",),
    show_default=True,
    help="When to end with 1: new findings of severity fail (new) or also warn (warn), drift beyond chance, records removed or changed.",
)
@click.option("--out", type=options.PATH, help="A file for all of it as JSON.")
def diff(old: Path, new: Path, fail_on: tuple[str, ...], out: Path | None) -> None:
    """Compare two runs, OLD and NEW (their folders): records, findings, and how the corpora are made up."""
    from corpusgate.difference import compare

    found = compare(old, new)
    for line in _lines(found):
        click.echo(line)
    if out is not None:
        out.write_text(json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
        click.echo(f"Written: {out}")
    met = [policy for policy in dict.fromkeys(fail_on) if _is_met(found, policy)]
    click.echo(f"Different (exit code 1), by {', '.join(met)}." if met else "Nothing that was asked for is different (exit code 0).")
    sys.exit(1 if met else 0)


def _is_met(found: Difference, policy: str) -> bool:
    match policy:
        case "new":
            return any(one.new for one in found.checks if one.severity == "fail")
        case "warn":
            return any(one.new for one in found.checks if one.severity != "info")
        case "drift":
            return bool(found.beyond_chance())
        case "removed":
            return found.records.removed > 0
        case "changed":
            return found.records.changed > 0
        case _:
            return False


def _lines(found: Difference) -> list[str]:
    from corpusgate.faces.evidence import plain, short

    lines = [f"{plain(found.old)} -> {plain(found.new)}"]
    total = found.records
    lines.append(f"Records: {total.added:,} added, {total.removed:,} removed, {total.changed:,} changed, {total.same:,} the same.")
    moved = [(name, one) for name, one in found.sources.items() if one.added or one.removed or one.changed]
    for name, one in moved[:LISTED]:
        lines.append(f"    {plain(short(name)) or 'unknown'}: +{one.added:,} -{one.removed:,} ~{one.changed:,}")
    lines += _more(moved)
    changed = [one for one in found.checks if one.new or one.fixed or one.gone]
    new, fixed, gone, still = (sum(getattr(one, name) for one in found.checks) for name in ("new", "fixed", "gone", "still"))
    lines.append(f"Findings: {new:,} new, {fixed:,} fixed, {gone:,} gone with their records, {still:,} still there.")
    for check in changed:
        lines.append(f"    {check.id} {check.check} ({check.severity}): +{check.new:,} new, -{check.fixed:,} fixed, "
                     f"-{check.gone:,} gone, {check.still:,} still{_worst(found.places, check)}")  # fmt: skip
    if found.uncompared:
        lines.append(f"Not compared, since they count otherwise or in one run only: {', '.join(found.uncompared)}.")
    beyond = found.beyond_chance()
    for drift in found.drifts:
        lines.append(_drift(drift, drift in beyond))
    return lines


def _worst(places: Sequence[Findings], check: Findings) -> str:
    from corpusgate.faces.evidence import plain, short

    mine = [one for one in places if one.check == check.check][:3]
    return f"; new in {', '.join(f'{plain(short(one.source))} {one.new:,}' for one in mine)}" if mine else ""


def _more(rows: Sequence[object]) -> list[str]:
    return [f"    and {len(rows) - LISTED:,} more"] if len(rows) > LISTED else []


def _drift(drift: Drift, is_beyond: bool) -> str:
    from corpusgate.faces.evidence import plain, short

    if drift.kind == "length":
        moved = ", ".join(f"{one.name} of texts up to {one.before:,.0f} -> {one.after:,.0f} letters" for one in drift.shifts)
        what = f"Lengths: largest gap {100 * drift.size:.1f} %"
    else:
        moved = ", ".join(f"{plain(short(s.name)) or 'unknown'} {100 * s.before:.1f} % -> {100 * s.after:.1f} %" for s in drift.shifts[:3])
        what = f"{drift.kind.capitalize()}s: {100 * drift.size:.1f} % of records are elsewhere"
    often = "< 0.001" if drift.chance < 0.001 else f"= {drift.chance:.3f}"
    judged = "beyond chance" if is_beyond else "no more than chance, or too little to matter"
    return f"{what} (p {often}): {judged}" + (f"; {moved}." if moved else ".")


COMMANDS = (diff,)

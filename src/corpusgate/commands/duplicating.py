"""`corpusgate duplicates`: the groups of copies in a corpus, largest first."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpusgate.commands import options
from corpusgate.corpora.addresses import Named

if TYPE_CHECKING:
    from corpusgate.duplicates import By, Groups

#: Members of a group that a table shows.
SHOWN = 3
#: Characters of a headline that a table shows.
WIDE = 60


@click.command()
@click.argument("corpus", nargs=-1, required=True, type=options.CORPUS)
@click.option("--by", type=click.Choice(["text", "headline"]), default="text", show_default=True, help="What is compared.")
@click.option("--format", "kind", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True, help="How to write.")
@click.option("--limit", type=click.IntRange(min=1), help="Groups to list; default: 20 in a table, else all.")
@click.option("--out", type=options.PATH, help="A file to write to; default: the terminal.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default="all cores", help="How much to do at once.")
@click.option("--cache", type=options.PATH, help="Folder where measured parts are kept; without it none are.")
def duplicates(corpus: tuple[Named, ...], by: By, kind: str, limit: int | None, out: Path | None, jobs: int, cache: Path | None) -> None:
    """List the groups of copies in CORPUS, the largest first, with what ties each record to its group."""
    from corpusgate.duplicates import duplicates as find

    found = find(list(corpus), by, jobs=jobs, cache=cache)
    written = {"table": _table, "json": _json, "csv": _csv}[kind](found, limit)
    if out is None:
        click.echo(written, nl=False)
        return
    out.write_text(written, encoding="utf-8", newline="")
    click.echo(f"Written: {out}")


def _json(found: Groups, limit: int | None) -> str:
    numbers = {"records": found.records, "quarantined": found.quarantined, "pages_crawled_again": found.again}
    told = {**numbers, "groups": found.listed(limit)}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _csv(found: Groups, limit: int | None) -> str:
    from corpusgate.faces.spreadsheet import cell

    out = io.StringIO()
    rows = [
        {"group": group["group"], "records": group["records"], **member} for group in found.listed(limit) for member in group["members"]
    ]
    names = ["group", "records", "ordinal", "record_id", "source", "headline", "repeats", "reason", "percent", "again"]
    writer = csv.DictWriter(out, names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _table(found: Groups, limit: int | None) -> str:
    surplus, groups = found.table.num_rows - found.count, found.listed(limit or 20)
    read = f"{found.records:,} records, {found.quarantined:,} quarantined"
    again = f", {found.again:,} of them the same page crawled again" if found.again else ""
    lines = [f"{read}: {found.count:,} groups, in which {surplus:,} records repeat another{again}."]
    for group in groups:
        lines.append(f"\n{group['records']:,} records of {group['sources']:,} {'source' if group['sources'] == 1 else 'sources'}")
        lines += [f"  {_member(member)}" for member in group["members"][:SHOWN]]
        if len(group["members"]) > SHOWN:
            lines.append(f"  … and {len(group['members']) - SHOWN:,} more")
    if len(groups) < found.count:
        lines.append(f"\n{found.count - len(groups):,} more groups: --limit, or --format json.")
    return "\n".join(lines) + "\n"


def _member(member: dict[str, Any]) -> str:
    from corpusgate.faces.evidence import plain

    headline = plain(member["headline"] or "")
    short = headline if len(headline) <= WIDE else f"{headline[: WIDE - 1]}…"
    # Isolated, so that right-to-left letters do not reorder the line.
    told = f"{plain(member['record_id'])}  \N{FIRST STRONG ISOLATE}{short}\N{POP DIRECTIONAL ISOLATE}"
    if member["reason"] is None:
        return told
    again = ", the same page crawled again" if member["again"] else ""
    return f"{told}  ({member['reason']}, {member['percent']} %{again})"


COMMANDS = (duplicates,)

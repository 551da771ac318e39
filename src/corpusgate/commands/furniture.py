"""`corpusgate furniture`: the lines of a source that an extractor should leave out, as patterns ready to copy."""

from __future__ import annotations

import click

from corpusgate.commands import options
from corpusgate.corpora.addresses import Named


@click.command()
@click.argument("corpus", nargs=-1, required=True, type=options.CORPUS)
@click.option("--source", help="The source to list; default: all, each under its name.")
@click.option("--min-records", type=click.IntRange(min=1), default=2, show_default=True, help="Fewest records that a line stands in.")
def furniture(corpus: tuple[Named, ...], source: str | None, min_records: int) -> None:
    """List the lines of furniture in CORPUS as regular expressions, one a line, those of most records first.

    Numbers that differ between records are \\d+. What each pattern would take out is told on the line before it, after a #.
    """
    from corpusgate.strip_lines import strip_lines

    for name, lines in strip_lines(list(corpus), source, min_records):
        click.echo(f"# {name or 'unknown source'}: {len(lines):,} {'pattern' if len(lines) == 1 else 'patterns'}")
        for line in lines:
            click.echo(f"# {line.records:,} records, {', '.join(line.checks)}\n{line.pattern}")


COMMANDS = (furniture,)

"""`corpusgate report`: the faces of a run, without reading the corpus."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from corpusgate.commands import options


@click.command()
@click.argument("results", type=options.PATH)
@options.faces(("html",))
@click.option("--against", type=options.PATH, multiple=True, help="An earlier run to compare with; several make a trend.")
@click.option("--out", type=options.PATH, help="A folder, or a file for one face; default: beside results.json.")
@click.option("--index", "is_index", is_flag=True, help="Write index.html over all runs below the folder RESULTS instead.")
def report(
    results: Path, formats: tuple[str, ...], lang: str, evidence: bool, against: tuple[Path, ...], out: Path | None, is_index: bool
) -> None:
    """Write faces of RESULTS (a results.json or its folder): a report, tables, annotations, without reading the corpus."""
    from corpusgate import reporting
    from corpusgate import results as schema

    if is_index:
        click.echo(f"Index: {reporting.write_index(results, lang)}")
        return
    width, colour = min(shutil.get_terminal_size((100, 24)).columns, 120), sys.stdout.isatty() and "NO_COLOR" not in os.environ
    chosen = reporting.Faces(formats, lang, evidence, against, width, colour)
    folder = results if results.is_dir() else results.parent
    for path in reporting.write(schema.load(results), folder, chosen, out):
        click.echo(f"{'Report' if path.suffix == '.html' else 'Written'}: {path}", err=path.suffix != ".html")


COMMANDS = (report,)

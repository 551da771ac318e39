"""`corpusgate export-gx`: a suite for those who judge slices in Great Expectations."""

from __future__ import annotations

import json
from pathlib import Path

import click

from corpusgate.commands import options


@click.command("export-gx")
@click.argument("suite", type=options.PATH)
@click.option("--out", type=options.PATH, help="The file to write; default: standard output.")
def export_gx(suite: Path, out: Path | None) -> None:
    """Write SUITE (a *.suite.yaml) as a suite of Great Expectations, in JSON, over the table of slices.

    The table is corpusgate.gx.slice_table of the folder of a run; corpusgate.gx.run_checkpoint judges one by the other.
    """
    from corpusgate.replacing import write_text
    from corpusgate.slice_suite import as_gx
    from corpusgate.suites import load_suite

    written = json.dumps(as_gx(load_suite(suite)), ensure_ascii=False, indent=2) + "\n"
    if out is None:
        click.echo(written, nl=False)
    else:
        write_text(out, written)
        click.echo(f"wrote {out}")


COMMANDS = (export_gx,)

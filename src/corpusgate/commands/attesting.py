"""`corpusgate attest` and `corpusgate verify`: a check bound to the bytes it was made on."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from corpusgate.commands import options
from corpusgate.corpora.addresses import Named

#: Files named before the rest is only counted.
NAMED = 10


@click.command()
@click.argument("folder", metavar="RESULTS", type=options.PATH)
@click.option("--corpus", multiple=True, type=options.CORPUS, help="Where the corpus lies now, if not where it was checked.")
@click.option("--out", type=options.PATH, help="The file; default: attestation.json in RESULTS.")
def attest(folder: Path, corpus: tuple[Named, ...], out: Path | None) -> None:
    """Bind RESULTS (the folder of a run) to the bytes that were checked: an in-toto statement with their SHA-256."""
    from corpusgate import attestation

    path = out or folder / "attestation.json"
    statement = attestation.attest(folder, corpus)
    attestation.save(statement, path)
    files = len(statement["subject"])
    click.echo(f"Attestation: {path}: {files:,} {'file' if files == 1 else 'files'}, {statement['predicate']['result']}.")
    name, bundle = shlex.quote(str(path)), shlex.quote(str(path.with_suffix(".sigstore.json")))
    click.echo(f"Sign it: cosign sign-blob --bundle {bundle} {name}")


@click.command()
@click.argument("statement", metavar="ATTESTATION", type=options.PATH)
@click.argument("corpus", nargs=-1, required=True, type=options.CORPUS)
@click.option("--any-result", is_flag=True, help="The bytes alone: also where the gate was held.")
def verify(statement: Path, corpus: tuple[Named, ...], any_result: bool) -> None:
    """Make sure that CORPUS is, byte for byte, what ATTESTATION was made on, and that its gate was open.

    Exit codes: 0 it is, 1 a file changed, is missing or was added, or the gate was held, 2 nothing can be said.
    """
    from corpusgate import attestation

    found = attestation.verify(statement, corpus)
    for what, names in (("changed", found.changed), ("missing", found.missing), ("added", found.added)):
        for name in names[:NAMED]:
            click.echo(f"{what}: {name!r}"[:500])
        if len(names) > NAMED:
            click.echo(f"{what}: and {len(names) - NAMED:,} more")
    if not found.holds:
        click.echo(f"Not what was checked: {found.same:,} files are as they were.")
        sys.exit(1)
    click.echo(
        f"What was checked: {found.same:,} {'file is as it was' if found.same == 1 else 'files are as they were'}. Result: {found.outcome}."
    )
    if found.outcome == "FAILED" and not any_result:
        click.echo("Its gate was held.")
        sys.exit(1)


COMMANDS = (attest, verify)

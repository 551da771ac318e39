"""`corpusgate calibrate`: what the checks see in a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from corpusgate.commands import options
from corpusgate.corpora.addresses import Named


@click.command()
@click.argument("corpus", nargs=-1, required=True, type=options.CORPUS)
@click.option("--suite", type=options.PATH, help="The suite to calibrate; default: the manifest's, else the built-in one for news.")
@click.option("--records", type=click.IntRange(min=1), default=2000, show_default=True, help="Records to plant into, chosen by their ids.")
@click.option("--trials", type=click.IntRange(min=1), default=30, show_default=True, help="Defects of each kind in each language.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another one plants others.")
@click.option("--clean", type=options.PATH, help="Ids of records that are known to be clean, one a line: alarms there are false.")
@click.option("--out", type=options.PATH, help="Folder of the run to calibrate; default: reports/<corpus>.")
def calibrate(corpus: tuple[Named, ...], suite: Path | None, out: Path | None, **choices: Any) -> None:
    """Plant known defects into copies of CORPUS's own records, and tell which of them the checks find.

    The result lies in calibration.json in the folder of the run, and goes into its report.
    """
    from corpusgate.calibrate import calibrate as plant
    from corpusgate.faces import calibration as face
    from corpusgate.job import keep_calibration

    made, name = plant(corpus, suite, **choices, say=lambda line: click.echo(line, err=True))
    click.echo(face.render(made), nl=False)
    for line in keep_calibration(made, out or Path("reports") / name):
        click.echo(line)


COMMANDS = (calibrate,)

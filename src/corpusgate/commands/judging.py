"""Commands that judge what was measured: `gate` and `baseline`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from corpusgate.commands import options


@click.command()
@click.argument("folder", metavar="RESULTS", type=options.PATH)
@click.option("--suite", type=options.PATH, help="The suite to judge by; default: the one it was last judged by.")
@options.policy
def gate(folder: Path, suite: Path | None, **choices: Any) -> None:
    """Judge RESULTS (the folder of a run) again by other bounds, waivers or another baseline, without reading the corpus."""
    from corpusgate.job import judge_again_and_write

    sys.exit(judge_again_and_write(folder, suite, options.as_policy(choices)).gate.exit_code)


@click.command()
@click.argument("folder", metavar="RESULTS", type=options.PATH)
@click.option("--out", type=options.PATH, default="baseline.json", show_default=True, help="The baseline; packed if it ends in .gz.")
@click.option("--accept-new", is_flag=True, help="Take in what is new or worse, and a run whose gate is held.")
@click.option("--ratchet", is_flag=True, help="Hold later runs to what this one reached, also within their bounds.")
def baseline(folder: Path, out: Path, accept_new: bool, ratchet: bool) -> None:
    """Make RESULTS (the folder of a run) the accepted past.

    A baseline that is there gets smaller by what is better or gone. It grows only with --accept-new.
    """
    from corpusgate.keep_baseline import keep

    click.echo(keep(folder, out, accept_new, ratchet))


COMMANDS = (gate, baseline)

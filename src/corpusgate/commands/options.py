"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from corpusgate.corpora.addresses import is_address

Command = Callable[..., Any]

PATH = click.Path(path_type=Path)


class _Corpus(click.Path):
    """A path, or an address that stays as it was written."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if isinstance(value, str) and is_address(value) else super().convert(value, param, ctx)


CORPUS = _Corpus(path_type=Path)

_POLICY = (
    click.option(
        "--fail-on", type=click.Choice(["fail", "warn"]), default="fail", show_default=True, help="Lowest severity that holds the gate."
    ),
    click.option("--waivers", type=PATH, help="A waivers.yaml: findings that somebody answers for until a day."),
    click.option("--baseline", type=PATH, help="The accepted past: only what is new or worse holds the gate."),
    click.option(
        "--tolerance",
        type=click.FloatRange(min=0),
        help="By how much of itself an accepted share may have grown; default: 0.05, from 2 % to 2.1 %.",
    ),
    click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by; default: today's, in UTC."),
)


def policy(command: Command) -> Command:
    """What is accepted: all options that make a policy."""
    for option in reversed(_POLICY):
        command = option(command)
    return command


def as_policy(choices: dict[str, Any]) -> Any:
    """The policy that the options say, taken out of them.

    Raises:
        Problem: a file cannot be read.
    """
    from corpusgate.policy import Policy

    names = ("fail_on", "waivers", "baseline", "tolerance", "today")
    chosen = {name: choices.pop(name) for name in names}
    return Policy.of(**{**chosen, "today": chosen["today"] and chosen["today"].date()})


#: Names of faces and of languages; a test holds them to what there is, and nothing heavy is imported to say them.
FORMATS = ("html", "terminal", "concise", "github", "markdown", "junit", "sarif", "csv", "badge")
LANGUAGES = ("ar", "en")


def faces(default: tuple[str, ...]) -> Callable[[Command], Command]:
    """Which faces are written, and how."""
    chosen = (
        click.option(
            "--format", "formats", type=click.Choice(FORMATS), multiple=True, default=default, show_default=bool(default),
            help="A face to write; may be given several times.",
        ),
        click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of report.html."),
        click.option("--no-evidence", "evidence", flag_value=False, default=True, help="Show nothing that stands in records."),
    )  # fmt: skip

    def add(command: Command) -> Command:
        for option in reversed(chosen):
            command = option(command)
        return command

    return add

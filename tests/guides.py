"""Pages of docs/ run as they stand: examples of Python as doctests, commands with the output that is shown under them."""

from __future__ import annotations

import doctest
import re
import subprocess
from pathlib import Path

from click.testing import CliRunner

from corpusgate.cli import main

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

#: A line that stands for any lines of output, and for any end of a line.
ANY = "\N{HORIZONTAL ELLIPSIS}"


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return [text for kind, text in re.findall(r"```(\w+)\n(.*?)```", page.read_text("utf-8"), re.DOTALL) if kind == language]


def run_python(page: Path) -> int:
    """Run the examples of a page one after the other, and tell how many there are.

    Raises:
        doctest.DocTestFailure: one says something else.
    """
    test = doctest.DocTestParser().get_doctest("\n".join(blocks(page, "python")), {}, page.name, str(page), 0)
    doctest.DebugRunner(optionflags=doctest.ELLIPSIS).run(test)
    return len(test.examples)


def commands(page: Path) -> list[tuple[str, str]]:
    """Commands of a page, each with what is shown of its output."""
    found = []
    for block in blocks(page, "console"):
        assert block.startswith("$ "), block
        found += [
            (command, shown) for command, _, shown in (piece.partition("\n") for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:])
        ]
    return found


def output(command: str) -> str:
    """What a command says in the working folder; `corpusgate` is run in this process, and may stand at the end of a pipe."""
    before, _, last = command.rpartition(" | ")
    piped = subprocess.run(["bash", "-c", before], capture_output=True, check=True, timeout=60).stdout if before else None
    if not last.startswith("corpusgate "):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
        return done.stdout + done.stderr
    # Words are what a shell makes of them.
    words = subprocess.run(["bash", "-c", f"printf '%s\\0' {last}"], capture_output=True, check=True, text=True, timeout=60)
    return CliRunner().invoke(main, words.stdout.split("\0")[1:-1], input=piped).output


def says(shown: str, told: str) -> bool:
    """Whether output is as shown."""
    lines = [re.escape(line).replace(re.escape(ANY), ".*") + "\n" for line in shown.splitlines()]
    pattern = "".join("(?:.*\n)*" if line == ".*\n" else line for line in lines)
    return re.fullmatch(pattern, told if told.endswith("\n") or not told else told + "\n") is not None

"""What `corpusgate check` does around the API: progress, the report and what the terminal shows."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from corpusgate import api
from corpusgate.corpora.manifest import name_of
from corpusgate.faces import html, terminal
from corpusgate.faces.evidence import plain
from corpusgate.gate import FailOn
from corpusgate.results import Results, forget
from corpusgate.runners.local import Progress


def check_and_write(paths: Sequence[Path], suite: Path | None, out: Path | None, fail_on: str, jobs: int) -> tuple[Results, Path]:
    """Check a corpus, write everything into its folder, and print the table.

    Raises:
        Problem: there is nothing to judge, or no way to judge it.
    """
    name = name_of(paths)
    for folder in (out, Path("reports") / name if out is None and name is not None else None):
        if folder is not None:
            forget(folder)
    chosen, corpus = api.prepare(list(paths), suite)
    folder = out or Path("reports") / corpus.name
    for note in corpus.notes:
        print(plain(note), file=sys.stderr)
    with _bar(corpus.bytes) as advance:
        results = api.check(corpus, suite=chosen, out=folder, fail_on=cast(FailOn, fail_on), jobs=jobs, progress=advance)
    report = folder / "report.html"
    report.write_text(html.render(results), encoding="utf-8", newline="\n")
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(terminal.render(results, width=min(shutil.get_terminal_size((100, 24)).columns, 120), colour=colour), end="")
    print(f"Report: {plain(str(report))}")
    return results, report


class _bar:  # noqa: N801 - used like a function
    """A progress bar with records, MB/s and time left on a terminal; nothing elsewhere, so that logs stay short."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = sys.stderr.isatty() and not os.environ.get("CI")

    def __enter__(self) -> Progress | None:
        if not self._shown:
            return None
        from rich import progress as bars
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn

        self._progress = bars.Progress(
            TextColumn("{task.fields[records]:,} records"), BarColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
            console=Console(file=sys.stderr), transient=True,
        )  # fmt: skip
        self._progress.start()
        task = self._progress.add_task("check", total=self._total, records=0)
        done = [0]

        def advance(consumed: int, records: int) -> None:
            done[0] += records
            self._progress.update(task, advance=consumed, records=done[0])

        return advance

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._progress.stop()

"""Faces of a run as files: rendered from results.json, with what the tables beside it know of other runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpusgate import results as schema
from corpusgate.errors import Problem
from corpusgate.faces import html, index, spreadsheet, terminal
from corpusgate.faces.change import Change, Counts, change
from corpusgate.faces.formats import FORMATS
from corpusgate.faces.private import without_evidence
from corpusgate.replacing import replaced, write_text
from corpusgate.results import Results
from corpusgate.runners import parquet_files


@dataclass(frozen=True, slots=True)
class Faces:
    """Which faces, and how.

    Attributes:
        formats: names of `FORMATS`.
        lang: the language of report.html.
        evidence: whether what stands in records may be shown.
        against: earlier runs to compare with, as results.json or their folders.
        width: columns of a terminal.
        colour: whether it may have colours.
    """

    formats: tuple[str, ...] = ("html",)
    lang: str = "en"
    evidence: bool = True
    against: tuple[Path, ...] = ()
    width: int = 100
    colour: bool = False


def write(results: Results, folder: Path, faces: Faces, out: Path | None = None) -> list[Path]:
    """Write the faces of a run, and print those that have no file.

    Args:
        results: the run.
        folder: where its tables lie, if they do.
        faces: which.
        out: another folder to write to, or the file, if it is one face.

    Returns:
        The files.

    Raises:
        Problem: an earlier run cannot be read, or one file is asked for several faces.
    """
    files = [name for name in faces.formats if FORMATS[name].file]
    is_file = out is not None and not out.is_dir() and out.suffix != ""
    if is_file and len(files) > 1:
        raise Problem(str(out), f"is one file for {len(files)} faces", "Name a folder, or one --format")
    shown = results if faces.evidence else without_evidence(results)
    written = []
    for name in dict.fromkeys(faces.formats):
        pieces = _rendered(name, results, shown, folder, faces)
        if not FORMATS[name].file:
            print("".join(pieces), end="")
            continue
        target = out if out is not None and is_file else (out or folder) / FORMATS[name].file
        target.parent.mkdir(parents=True, exist_ok=True)
        with replaced(target) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
        written.append(target)
    if "github" in faces.formats:
        _summarise(shown)
    return written


def _rendered(name: str, results: Results, shown: Results, folder: Path, faces: Faces) -> Iterator[str]:
    match name:
        case "html":
            yield html.render(results, faces.lang, faces.evidence, compared(results, folder, faces.against) if faces.against else None)
        case "terminal":
            yield terminal.render(shown, faces.width, faces.colour)
        case "csv" if faces.evidence and (folder / "findings.parquet").exists():
            yield from spreadsheet.lines(_findings(folder / "findings.parquet"))
        case _:
            yield FORMATS[name].render(shown)


def _findings(path: Path) -> Iterator[dict[str, Any]]:
    """All findings of a run, some at a time."""
    try:
        for one in parquet_files.files(path):
            with pq.ParquetFile(one) as file:
                for batch in file.iter_batches(columns=list(spreadsheet.COLUMNS)):
                    yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise Problem(str(path), f"cannot be read ({error})", "Run the check again") from None


def _summarise(results: Results) -> None:
    """Add the summary to that of the step, where a workflow runs."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(FORMATS["markdown"].render(results))
    except OSError as error:
        print(f"The summary of the step cannot be written to {path} ({error.strerror}).", file=sys.stderr)


def compared(results: Results, folder: Path, against: Sequence[Path]) -> Change:
    """What changed since earlier runs.

    Args:
        results: the run.
        folder: where its tables lie.
        against: earlier runs.

    Raises:
        Problem: one of them cannot be read.
    """
    earlier = [(schema.load(path), path if path.is_dir() else path.parent) for path in against]
    _, last = max(earlier, key=lambda run: run[0].run.started)
    return change(results, [run for run, _ in earlier], _counts(last, folder))


def _counts(old: Path, new: Path) -> Counts | None:
    """Findings by check: new, fixed, still there; None where the tables of a run are not beside its results."""
    if not all((path / name).exists() for path in (old, new) for name in ("findings.parquet", "signals.parquet", "slices.parquet")):
        return None
    from corpusgate.difference import compare_findings

    return {one.check: (one.new, one.fixed + one.gone, one.still) for one in compare_findings(old, new)}


def write_index(folder: Path, lang: str = "en") -> Path:
    """Write index.html over all reports below a folder.

    Raises:
        Problem: there is no such folder, or a results.json below it cannot be read.
    """
    if not folder.is_dir():
        raise Problem(str(folder), "is no folder", "Name a folder with reports below it")
    runs = []
    for path in sorted(folder.rglob("results.json")):
        report = path.with_name("report.html")
        shown = report if report.is_file() else path
        runs.append(index.Run(shown.relative_to(folder).as_posix(), schema.load(path)))
    target = folder / "index.html"
    write_text(target, index.render(runs, lang))
    return target

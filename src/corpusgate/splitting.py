"""A corpus split by its check: clean records here, rejects there, each file in its own format and byte for byte as it was.

What cannot be read goes with the rejects, so that both together are the corpus. Beside each file of rejects lies
`<name>.reasons.jsonl`, a line a reject in their order. Compressed files are split as what they hold.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from corpusgate import run_tables
from corpusgate.corpora import raw, tabular
from corpusgate.corpora.model import Corpus, SourceFile
from corpusgate.errors import Problem

#: What is told of each finding of a reject.
_TOLD = ("check", "field", "start", "end", "match", "message", "fingerprint")

_KINDS = ("clean", "reject", "unreadable")


@dataclass(frozen=True, slots=True)
class Split:
    """How many records went where: clean ones, rejects, and among these input that cannot be read."""

    clean: int
    rejects: int
    unreadable: int


def ready(folder: Path, other: Path | None) -> None:
    """Make sure that a folder may be written into.

    Raises:
        Problem: it holds something, or both folders are one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Problem(str(folder), "is not empty", "Name a folder that is empty or not there yet")
    if other is not None and folder.resolve() == other.resolve():
        raise Problem(str(folder), "is named for clean records and for rejects", "Name two folders")


def require_splittable(corpus: Corpus) -> None:
    """Make sure that a corpus has files that can be split.

    Raises:
        Problem: it has none, or some are WARC.
    """
    if corpus.frame is not None:
        raise Problem(corpus.name, "is a table in memory, which has no files to split", "Write it into a file first")
    if warc := [file.name for file in corpus.files if file.format == "warc"]:
        raise Problem(warc[0], "is WARC, which is not split", "Take the ids of rejects from findings.parquet")


def split(corpus: Corpus, folder: Path, checks: Sequence[str], waived: frozenset[str], clean: Path | None, rejects: Path | None) -> Split:
    """Write clean records, rejects, or both.

    Args:
        corpus: the corpus, as it was checked.
        folder: of its run.
        checks: a record with a finding of one of them is a reject.
        waived: fingerprints of findings that reject nothing.
        clean: folder for clean records.
        rejects: folder for rejects.

    Raises:
        Problem: the corpus has no files, or they are not as they were when they were checked.
    """
    require_splittable(corpus)
    reasons = _reasons(folder, checks, waived)
    lost = unreadable(folder)
    records = run_tables.read(folder / "signals.parquet", ("record_id", "source"))
    at, counts = 0, np.zeros(3, np.int64)
    # Records are counted in the order of the parts, where text files come behind all others.
    for file in (corpus.files[index] for index in dict.fromkeys(index for part in corpus.parts for index in part.files)):
        out = _Out(file, clean, rejects)
        split_file = _tables if file.format in tabular.FORMATS else _page if file.format == "txt" else _text
        for kind in split_file(file, out, lost.get(file.name, {}), reasons, records, at):
            counts[_KINDS.index(kind)] += 1
            at += kind != "unreadable"
    if at != len(records):
        raise Problem(corpus.name, f"has {at:,} records, where {len(records):,} were checked: a file changed meanwhile", "Check it again")
    return Split(int(counts[0]), int(counts[1] + counts[2]), int(counts[2]))


def _reasons(folder: Path, checks: Sequence[str], waived: frozenset[str]) -> dict[int, list[dict[str, Any]]]:
    """Findings that reject, by the ordinal of their record."""
    found = run_tables.findings(folder, checks, [name for name in _TOLD if name != "check"])
    reasons: dict[int, list[dict[str, Any]]] = {}
    for row in found.to_pylist():
        if row["fingerprint"] not in waived:
            reasons.setdefault(row["ordinal"], []).append({name: row[name] for name in _TOLD})
    return reasons


def unreadable(folder: Path) -> dict[str, dict[int, str]]:
    """Why input could not be read, by file and line."""
    pieces: dict[str, dict[int, str]] = {}
    with (folder / "quarantine.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            piece = json.loads(line)
            pieces.setdefault(piece["file"], {})[piece["line"]] = piece["reason"]
    return pieces


class _Out:
    """Where the pieces of one file go. A file is made when something comes into it."""

    def __init__(self, file: SourceFile, clean: Path | None, rejects: Path | None) -> None:
        name = Path(file.name)
        if name.is_absolute() or ".." in name.parts:
            name = Path(name.name)
        self.clean = clean / name if clean is not None else None
        self.rejects = rejects / name if rejects is not None else None
        self._stack = ExitStack()

    def path(self, kind: str) -> Path | None:
        """The file for a kind of record, and the folder it lies in."""
        path = self.clean if kind == "clean" else self.rejects
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def reasons(self) -> BinaryIO | None:
        """The file of reasons, opened."""
        path = self.path("reject")
        return self._stack.enter_context(path.with_name(f"{path.name}.reasons.jsonl").open("wb")) if path is not None else None

    def packed(self, kind: str, file: SourceFile) -> BinaryIO | None:
        """The file for a kind of record, opened to be packed as the original."""
        path = self.path(kind)
        return self._stack.enter_context(raw.packed(path, file.compression)) if path is not None else None

    def __enter__(self) -> _Out:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


def _line(row: Mapping[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _kind(ordinal: int, reasons: Mapping[int, Any]) -> str:
    return "reject" if ordinal in reasons else "clean"


def _told(records: pa.Table, ordinal: int, reasons: Mapping[int, Any]) -> dict[str, Any]:
    if ordinal >= len(records):
        raise Problem("corpus", "has more records than were checked: a file changed meanwhile", "Check it again")
    return {"record_id": records["record_id"][ordinal].as_py(), "source": records["source"][ordinal].as_py(), "findings": reasons[ordinal]}


def _text(
    file: SourceFile, out: _Out, unreadable: Mapping[int, str], reasons: Mapping[int, Any], records: pa.Table, at: int
) -> Iterator[str]:
    header, opened, told = b"", dict[str, BinaryIO | None](), None
    with out:
        for piece in raw.pieces(file, unreadable.keys()):
            if piece.kind == "header":
                header += piece.data
                continue
            kind = "unreadable" if piece.kind == "unreadable" else "clean" if piece.kind == "between" else _kind(at, reasons)
            target = "clean" if kind == "clean" else "reject"
            if target not in opened:
                opened[target] = out.packed(target, file)
                told = out.reasons() if target == "reject" else told
                if (begun := opened[target]) is not None:
                    begun.write(header)
            stream = opened[target]
            if stream is not None:
                stream.write(piece.data)
            if told is not None and kind != "clean":
                what = {"line": piece.line, "unreadable": unreadable[piece.line]} if kind == "unreadable" else _told(records, at, reasons)
                told.write(_line(what))
            if piece.kind != "between":
                yield kind
                at += kind != "unreadable"


def _page(
    file: SourceFile, out: _Out, unreadable: Mapping[int, str], reasons: Mapping[int, Any], records: pa.Table, at: int
) -> Iterator[str]:
    kind = "unreadable" if unreadable else _kind(at, reasons)
    with out:
        if (path := out.path("clean" if kind == "clean" else "reject")) is not None:
            shutil.copyfile(file.path, path)
        if kind != "clean" and (told := out.reasons()) is not None:
            line, reason = next(iter(unreadable.items()), (1, ""))
            told.write(_line({"line": line, "unreadable": reason} if unreadable else _told(records, at, reasons)))
    yield kind


def _tables(
    file: SourceFile, out: _Out, unreadable: Mapping[int, str], reasons: Mapping[int, Any], records: pa.Table, at: int
) -> Iterator[str]:
    writers: dict[str, Any] = {}
    row, told = 1, None
    with out, ExitStack() as stack:
        for table in tabular.tables(file):
            kinds = []
            for number in range(row, row + len(table)):
                kinds.append("unreadable" if number in unreadable else _kind(at, reasons))
                if kinds[-1] != "clean":
                    told = told or out.reasons()
                    is_bad = kinds[-1] == "unreadable"
                    what = {"line": number, "unreadable": unreadable[number]} if is_bad else _told(records, at, reasons)
                    if told is not None:
                        told.write(_line(what))
                at += kinds[-1] != "unreadable"
            row += len(table)
            good = np.array([kind == "clean" for kind in kinds], np.bool_)
            for target, chosen in (("clean", good), ("reject", ~good)):
                path = out.path(target) if chosen.any() else None
                if path is not None:
                    if target not in writers:
                        writers[target] = stack.enter_context(tabular.writer(file, path, table.schema))
                    writers[target].write_table(table.filter(pa.array(chosen)))
            yield from kinds

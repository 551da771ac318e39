"""Findings as attributes of Dolma, a line a document, in files that are called as those of the documents.

What its taggers write (https://github.com/allenai/dolma/blob/main/docs/data-format.md): spans `[start, end, score]` in code points of the
text, by the name of the attribute. Where a finding lies outside the text, or in no place, its span is the whole text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any

from corpusgate import run_tables
from corpusgate.corpora import raw
from corpusgate.corpora.columns import as_text, look_up
from corpusgate.corpora.datasets import DOCUMENTS
from corpusgate.corpora.model import Corpus, SourceFile
from corpusgate.errors import Problem
from corpusgate.splitting import unreadable

#: What taggers put between the parts of a name.
_BETWEEN = "__"

Spans = dict[str, list[list[float]]]


def require_documents(corpus: Corpus) -> None:
    """Make sure that attributes can lie beside the files of a corpus.

    Raises:
        Problem: some are no JSON lines.
    """
    other = [file.name for file in corpus.files if file.format not in ("jsonl", "lost")]
    if other:
        raise Problem(other[0], "is no JSON Lines, which Dolma's documents are", "Leave out --write-dolma, or write it as JSON Lines")


def write(corpus: Corpus, folder: Path, checks: Sequence[str], into: Path) -> int:
    """Write the attributes of all records, and say how many there are.

    Args:
        corpus: the corpus, as it was checked.
        folder: of its run.
        checks: the checks whose findings are told.
        into: an empty folder.

    Raises:
        Problem: the files are not as they were when they were checked.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    for row in run_tables.findings(folder, checks, ["field", "start", "end"]).to_pylist():
        found.setdefault(row["ordinal"], []).append(row)
    ids = run_tables.read(folder / "signals.parquet", ("record_id",))["record_id"]
    lost, ordinal = unreadable(folder), 0
    for index in dict.fromkeys(index for part in corpus.parts for index in part.files):
        file = corpus.files[index]
        if file.format == "lost":
            continue
        with ExitStack() as stack:
            out = stack.enter_context(raw.packed(into / _name(file), file.compression))
            for piece in raw.pieces(file, lost.get(file.name, {}).keys()):
                if piece.kind != "record" or ordinal >= len(ids):
                    ordinal += piece.kind == "record"
                    continue
                spans = _spans(found.get(ordinal, ()), file, piece.data)
                line = json.dumps({"id": ids[ordinal].as_py(), "attributes": spans}, ensure_ascii=False) + "\n"
                out.write(line.encode("utf-8", "surrogatepass"))
                ordinal += 1
    if ordinal != len(ids):
        raise Problem(corpus.name, f"has {ordinal:,} records, where {len(ids):,} were checked: a file changed meanwhile", "Check it again")
    return ordinal


def _name(file: SourceFile) -> str:
    """Where attributes of a file lie: as the file lies below `documents`."""
    steps = PurePosixPath(file.name).parts
    inner = steps[steps.index(DOCUMENTS) + 1 :] if DOCUMENTS in steps[:-1] else steps
    return str(PurePosixPath(*inner)) if ".." not in inner and not file.name.startswith("/") else steps[-1]


def _spans(findings: Sequence[dict[str, Any]], file: SourceFile, line: bytes) -> Spans:
    spans: Spans = {}
    for row in findings:
        is_placed = row["field"] == "text" and row["start"] is not None
        place = [row["start"], row["end"]] if is_placed else [0, _length(file, line)]
        spans.setdefault(_BETWEEN.join(["corpusgate", *row["check"].split("/")]), []).append([*place, 1.0])
    return {name: sorted(spans[name]) for name in sorted(spans)}


def _length(file: SourceFile, line: bytes) -> int:
    """Code points of a record's text."""
    record = json.loads(line.decode("utf-8").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    return len(as_text(look_up(record, file.fields["text"])) or "") if "text" in file.fields else 0

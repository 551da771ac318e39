"""Files looked through by executors for where they can be cut, and what they told of objects of a store kept beside measured parts."""

from __future__ import annotations

import hashlib
import json
import pickle
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from corpusgate.corpora.cutting import Look, Told, look_here
from corpusgate.corpora.model import Entry, SourceFile
from corpusgate.replacing import write_text
from corpusgate.runners.filestates import COARSE, state_of
from corpusgate.runners.work import code_hash
from corpusgate.spark import tasks
from corpusgate.spark.failures import asked, given

#: Bytes that the driver looks through itself in files of a path that all see: at a gigabyte a second.
HERE = 1 << 30


def looked(session: Any, together: int, cache: Path | None, looks: Sequence[Look]) -> Iterator[Told]:
    """What looks tell, in their order.

    Args:
        session: of Spark.
        together: tasks that follow each other in as many partitions.
        cache: folder of measured parts, where what was told of objects is found again.
        looks: those of a file follow each other.

    Raises:
        Problem: an object cannot be had, or executors do not see a file.
    """
    if not any(wanted.file.origin for wanted in looks) and sum(wanted.bytes for wanted in looks) < HERE:
        yield from look_here(looks)
        return
    begun, by_file = time.time_ns(), [list(group) for _, group in groupby(looks, attrgetter("file"))]
    known = [_read(cache, group) for group in by_file]
    missing = [wanted for group, told in zip(by_file, known, strict=True) if told is None for wanted in group]
    answers = iter(_asked(session, together, missing))
    for group, told in zip(by_file, known, strict=True):
        if told is None:
            told = [next(answers) for _ in group]
            _keep(cache, group, told, begun)
        yield from told


def _asked(session: Any, together: int, looks: Sequence[Look]) -> list[Told]:
    if not looks:
        return []
    items = [pickle.dumps((i, replace(wanted, file=absolute(wanted.file)))) for i, wanted in enumerate(looks)]
    rows = session.createDataFrame(pa.table({"look": items})).repartition(min(len(items), together))
    found = [given(row) for row in asked(rows.mapInArrow(tasks.looked, tasks.ANSWER).collect)]
    return [told for _, told in sorted(found, key=itemgetter(0))]


def absolute(file: SourceFile) -> SourceFile:
    """A file as executors know it, whose working folder is another one."""
    return replace(file, path=file.path.absolute())


def _place(cache: Path, looks: Sequence[Look]) -> Path:
    file = looks[0].file
    known = [code_hash(), file.origin, file.version, file.size, file.format, file.compression, [wanted.begin for wanted in looks]]
    # What is not used for long is removed from that folder.
    return cache / "files" / f"cuts-{hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]}.json"


def _read(cache: Path | None, looks: Sequence[Look]) -> list[Told] | None:
    if cache is None or not looks[0].file.origin:
        return None
    path = _place(cache, looks)
    try:
        told = json.loads(path.read_bytes())
        path.touch()
        return [_cuts(one["cuts"]) if "cuts" in one else (one["newlines"], one["end"]) for one in told]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _cuts(rows: Sequence[Sequence[Any]]) -> Told:
    return [(start, end, line, Entry(*entry) if entry else None) for start, end, line, entry in rows]


def _keep(cache: Path | None, looks: Sequence[Look], told: Sequence[Told], begun: int) -> None:
    state = state_of(looks[0].file) if looks[0].file.origin else ()
    # An object written so shortly before could be written again and bear the same time.
    if cache is None or not state or state[1] > begun - COARSE:
        return
    rows = [
        {"cuts": [[start, end, line, entry and [entry.packed, entry.before, entry.until]] for start, end, line, entry in one]}
        if isinstance(one, list)
        else {"newlines": one[0], "end": one[1]}
        for one in told
    ]
    path = _place(cache, looks)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(rows))

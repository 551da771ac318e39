"""What columns a file has, told from its header, its schema or some of its lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpusgate.corpora import arrow, delimited, parquet
from corpusgate.corpora.model import SourceFile
from corpusgate.corpora.streams import Broken, whole_lines

#: Bytes of JSON Lines looked at: in all files of a corpus together, and at most and at least of each.
BUDGET, MOST, LEAST = 64 << 20, 1 << 20, 64 << 10

#: Bytes of an object of tables or packed lines fetched for that.
_BLOCK = 2 << 20

#: Places of a large plain file that are looked at beside its beginning: a column may appear late.
_PLACES = 8


def sample(file: SourceFile, files: int) -> Sequence[Mapping[str, Any]]:
    """Records of a file, or one record without values, that show which columns it has; nothing where it has none.

    Args:
        file: the file.
        files: how many files share the budget.

    Raises:
        OSError, pa.ArrowException, ValueError: it cannot be read; the text of a ValueError says why.
    """
    match file.format:
        case "jsonl":
            return list(_json_records(file, _budget(files)))
        case "csv" | "tsv":
            header = delimited.header(file)
            return [dict.fromkeys(header)] if header else []
        case "parquet":
            return [parquet.skeleton(file)]
        case "arrow":
            return [arrow.skeleton(file)]
        case _:
            return []


def stretches(file: SourceFile, files: int) -> list[tuple[int, int]]:
    """What of an object must be here for `sample`: first bytes, and those after the last. Tables have what they need themselves."""
    if file.format == "jsonl":
        budget = _budget(files)
        # No packing makes text longer by more than a little, and a decompressor takes in a block of a megabyte at most.
        return [(0, budget + _BLOCK)] if file.compression else [(0, _begin(file, budget)), *_windows(file, budget)]
    return [(0, _BLOCK)] if file.format in ("csv", "tsv") else []


def _budget(files: int) -> int:
    return max(LEAST, min(MOST, BUDGET // max(files, 1)))


def _begin(file: SourceFile, budget: int) -> int:
    return budget if file.compression or file.size <= budget else budget // 2


def _windows(file: SourceFile, budget: int) -> list[tuple[int, int]]:
    if file.compression or file.size <= budget:
        return []
    begin, window = budget // 2, budget // 2 // _PLACES
    ends = [begin + (file.size - begin) * place // _PLACES for place in range(1, _PLACES + 1)]
    return [(end - window, end) for end in ends]


def _json_records(file: SourceFile, budget: int) -> Iterator[dict[str, Any]]:
    yield from _records(_first(file, _begin(file, budget)))
    if windows := _windows(file, budget):
        with file.path.open("rb") as stream:
            for start, end in windows:
                stream.seek(start)
                # The first line of a window has lost its beginning; a cut last line is no JSON.
                yield from _records(stream.read(end - start).partition(b"\n")[2])


def _first(file: SourceFile, size: int) -> bytes:
    try:
        return next(whole_lines(file, size=size), b"")
    except Broken:
        return b""


def _records(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.split(b"\n"):
        try:
            record = json.loads(line.decode("utf-8").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            yield record

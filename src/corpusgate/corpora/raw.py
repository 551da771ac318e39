"""Files of text formats as they are: every byte of them, in pieces that are a record each, or none.

The pieces of a file, one behind the other, are the file. What is a record follows from what its reader took for none.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import pyarrow as pa

from corpusgate.corpora import delimited
from corpusgate.corpora.model import Compression, SourceFile
from corpusgate.corpora.streams import whole_lines


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a file.

    Attributes:
        kind: a `record`; `unreadable` input; what stands `between` records, such as an empty line; or the `header` of a table.
        line: number of its first line.
        data: the bytes.
    """

    kind: Literal["record", "unreadable", "between", "header"]
    line: int
    data: bytes


def pieces(file: SourceFile, unreadable: Collection[int]) -> Iterator[Piece]:
    """All of a file of lines.

    Args:
        file: JSON lines, CSV or TSV.
        unreadable: numbers of the lines at which its reader found input that it could not read.
    """
    return _lines(file, unreadable) if file.format == "jsonl" else _rows(file, unreadable)


def _lines(file: SourceFile, unreadable: Collection[int]) -> Iterator[Piece]:
    number = 0
    for data in whole_lines(file):
        for line in io.BytesIO(data):
            number += 1
            is_empty = not line.strip(b" \t\r\n")
            yield Piece("between" if is_empty else "unreadable" if number in unreadable else "record", number, line)


def _rows(file: SourceFile, unreadable: Collection[int]) -> Iterator[Piece]:
    raw = enumerate(delimited.raw_lines(file), 1)
    held: list[bytes] = []
    begin = 1
    kind: Literal["record", "unreadable", "between", "header"] = "between"
    starts = delimited.row_lines(file)
    following = next(starts, None)
    is_header = True
    for number, line in raw:
        if number == following:
            if held:
                yield Piece(kind, begin, b"".join(held))
            held, begin = [], number
            kind = "header" if is_header else "unreadable" if number in unreadable else "record"
            is_header, following = False, next(starts, None)
        held.append(line)
    if held:
        yield Piece(kind, begin, b"".join(held))


def packed(path: Path, compression: Compression) -> AbstractContextManager[BinaryIO]:
    """A file to write into, packed as another one was; the same bytes give the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    opened: Any
    match compression:
        case "gz":
            opened = gzip.GzipFile(path, "wb", mtime=0)
        case "bz2":
            opened = bz2.BZ2File(path, "wb")
        case "xz":
            opened = lzma.LZMAFile(path, "wb")  # noqa: SIM115 - whoever asked for it closes it
        case "zst":
            opened = pa.CompressedOutputStream(str(path), "zstd")
        case _:
            opened = path.open("wb")
    return cast(AbstractContextManager[BinaryIO], opened)

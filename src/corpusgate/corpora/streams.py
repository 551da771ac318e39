"""Bytes of a file as they come, decompressed, cut at line ends; a stream that breaks off says so."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from corpusgate.corpora.model import BLOCK_BYTES, Compression, SourceFile

#: What reading a damaged stream raises, in every format.
BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, pa.ArrowInvalid)


def open_bytes(path: Path, compression: Compression) -> BinaryIO:
    """Open a file for reading, decompressing as it goes."""
    match compression:
        case "gz":
            return cast(BinaryIO, gzip.open(path, "rb"))
        case "bz2":
            return cast(BinaryIO, bz2.open(path, "rb"))
        case "xz":
            return cast(BinaryIO, lzma.open(path, "rb"))
        case "zst":
            return cast(BinaryIO, pa.CompressedInputStream(pa.OSFile(str(path)), "zstd"))
        case _:
            return path.open("rb")


class Broken(Exception):
    """The stream ended before its end; `rest` holds what was read of the last line."""

    def __init__(self, rest: bytes, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.rest = rest


def whole_lines(file: SourceFile, start: int = 0, end: int | None = None, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Yield runs of whole lines of about `size` bytes, from byte `start` (a line's first) to `end`.

    Raises:
        Broken: after all whole lines were yielded, if the stream is cut off or damaged.
    """
    rest = b""
    left = None if end is None else end - start
    with open_bytes(file.path, file.compression) as stream:
        if start:
            stream.seek(start)
        while left is None or left > 0:
            try:
                data = stream.read(size if left is None else min(size, left))
            except BROKEN as error:
                raise Broken(rest, error) from error
            if not data:
                break
            if left is not None:
                left -= len(data)
            cut = data.rfind(b"\n") + 1
            if cut:
                yield rest + data[:cut]
                rest = data[cut:]
            else:
                rest += data
    if rest:
        yield rest

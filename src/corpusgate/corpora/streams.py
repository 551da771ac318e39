"""Bytes of a file as they come, decompressed, cut at line ends; a stream that breaks off says so."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.model import BLOCK_BYTES, Compression, Entry, SourceFile
from corpusgate.kernels.machine import PADDING

Bytes = NDArray[np.uint8]

NEWLINE = 10

#: What reading a damaged stream raises, in every format.
BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, pa.ArrowInvalid)


def open_bytes(path: Path, compression: Compression, at: int = 0) -> BinaryIO:
    """Open a file for reading, decompressing as it goes, from a byte of it on that begins a member."""
    if compression == "zst":
        packed = pa.OSFile(str(path))
        packed.seek(at)
        return cast(BinaryIO, pa.CompressedInputStream(packed, "zstd"))
    if compression == "gz" and at:
        return cast(BinaryIO, _GzipFrom(path, at))
    match compression:
        case "gz":
            return cast(BinaryIO, gzip.open(path, "rb"))
        case "bz2":
            return cast(BinaryIO, bz2.open(path, "rb"))
        case "xz":
            return cast(BinaryIO, lzma.open(path, "rb"))
        case _:
            return path.open("rb")


class _GzipFrom(gzip.GzipFile):
    """A gzip file from one of its members on, which closes what it opened."""

    def __init__(self, path: Path, at: int) -> None:
        self._packed = path.open("rb")
        self._packed.seek(at)
        super().__init__(fileobj=self._packed, mode="rb")

    def close(self) -> None:
        super().close()
        self._packed.close()


#: Bytes read at a time, so that a stream that breaks off loses less than this.
PIECE = 1 << 16

#: Text passed over at a time, between where a compressed file is entered and where a part begins.
SKIPPED = 1 << 20


#: Reading of a plain file stops at multiples of so many bytes, so that who looks at its pieces sees whole ones.
STEP = 1 << 20

#: Called with the bytes of a plain file as they come, and where they begin; they must not be kept.
Seen = Callable[[int, Bytes], None]


class Broken(Exception):
    """The stream ended before its end; `rest` holds what was read of the last line."""

    def __init__(self, rest: bytes, cause: BaseException) -> None:
        # The file is named beside the reason, and by its name in the corpus.
        super().__init__(cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause))
        self.rest = rest


def _entered(file: SourceFile, start: int, entry: Entry | None) -> BinaryIO:
    """A file opened at byte `start`, of a compressed one after decompression."""
    stream = open_bytes(file.path, file.compression, entry.packed if entry else 0)
    left = start - entry.before if entry else 0
    try:
        while left:
            left -= len(stream.read(min(left, SKIPPED))) or left
    except BROKEN as error:
        stream.close()
        raise Broken(b"", error) from error
    if start and not entry:
        stream.seek(start)
    return stream


def whole_lines(
    file: SourceFile, start: int = 0, end: int | None = None, size: int = BLOCK_BYTES, mark: bytes = b"\n", entry: Entry | None = None
) -> Iterator[bytes]:
    """Yield runs of whole lines of about `size` bytes, from byte `start` (a line's first) to `end`; `mark` ends a line.

    Raises:
        Broken: after all whole lines were yielded, if the stream is cut off or damaged.
    """
    # What was read of a line whose end was not: put together once, since a line may be as long as the file.
    rest: list[bytes] = []
    left = sys.maxsize if end is None else end - start
    try:
        opened = _entered(file, start, entry)
    except OSError as error:
        raise Broken(b"", error) from error
    with opened as stream:
        while left > 0:
            data, failure = _read(stream, min(size, left))
            left = left - len(data) if data else 0
            cut = data.rfind(mark) + 1
            if cut:
                yield b"".join([*rest, data[:cut]])
                rest = []
            if cut < len(data):
                rest.append(data[cut:])
            if failure is not None:
                raise Broken(b"".join(rest), failure) from failure
    if rest:
        yield b"".join(rest)


def last_line_end(data: Bytes, low: int, high: int) -> int:
    """The byte after the last newline in `data[low:high]`, 0 if there is none; lines are short, so it is looked for from behind."""
    end = high
    while end > low:
        begin = max(low, end - PIECE)
        breaks = np.flatnonzero(data[begin:end] == NEWLINE)
        if len(breaks):
            return begin + int(breaks[-1]) + 1
        end = begin
    return 0


def padded_lines(
    file: SourceFile, start: int = 0, end: int | None = None, size: int = BLOCK_BYTES, entry: Entry | None = None, seen: Seen | None = None
) -> Iterator[tuple[Bytes, int]]:
    """The same as arrays, each with its number of bytes and `machine.PADDING` zero bytes behind them.

    They are read where they stay, since every copy of a block costs a tenth of what parsing it does. `seen` is for plain files.
    """
    rest = np.zeros(0, np.uint8)
    left = sys.maxsize if end is None else end - start
    at = start
    with _entered(file, start, entry) as stream:
        # A decompressor that breaks off within a read gives nothing of it: reads that stop at what there is lose nothing.
        step = PIECE if file.compression else STEP if seen else size
        read = stream.readinto  # type: ignore[attr-defined]
        read = getattr(stream, "readinto1", read) if file.compression else read
        while left > 0:
            # As much again as there is of a line without an end, so that a long one is not copied over and over.
            asked = min(max(size, len(rest)), left)
            if STEP < asked < left:
                asked -= (at + asked) % STEP
            room = np.empty(len(rest) + asked + PADDING, np.uint8)
            room[: len(rest)] = rest
            have, failure = len(rest), None
            while asked:
                try:
                    got = read(room[have : have + min(step - at % step if seen else step, asked)].data)
                except BROKEN as error:
                    failure = error
                    break
                if not got:
                    left = 0
                    break
                if seen is not None:
                    seen(at, room[have : have + got])
                have, asked, left, at = have + got, asked - got, left - got, at + got
            cut = last_line_end(room, len(rest), have)
            rest = room[cut:have].copy()
            if cut:
                room[cut : cut + PADDING] = 0
                yield room[: cut + PADDING], cut
            if failure is not None:
                raise Broken(rest.tobytes(), failure) from failure
    if len(rest):
        yield np.concatenate([rest, np.zeros(PADDING, np.uint8)]), len(rest)


def _read(stream: BinaryIO, size: int) -> tuple[bytes, BaseException | None]:
    """Up to `size` bytes, and what broke the stream after them. One big read would lose what came before the break."""
    # Decompressors give what one read of the file yields; plain and Arrow streams have no such read.
    step = getattr(stream, "read1", stream.read)
    pieces: list[bytes] = []
    got = 0
    while got < size:
        try:
            piece = step(min(size - got, PIECE))
        except BROKEN as error:
            return b"".join(pieces), error
        if not piece:
            break
        pieces.append(piece)
        got += len(piece)
    return b"".join(pieces), None

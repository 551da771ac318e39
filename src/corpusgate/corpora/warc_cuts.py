"""WARC files unpacked as they are read, and cut before a record: of a plain file any, of a packed one those that begin a gzip member.

Crawlers pack every record by itself, so that it can be had without the rest. Nobody tells the lengths of gzip members: they are found by
unpacking one after the other, a tenth of the work of making text of pages, or less.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from corpusgate.corpora.model import PART_BYTES, Corpus, Entry, Part, SourceFile
from corpusgate.corpora.streams import BROKEN, PIECE, open_bytes

#: Bytes of HTML in a byte of a packed file, about.
_PACKED = 4

#: A file with less than this share of a crawl is one part: where there are many files they keep all cores busy, and none need be looked
#: through first.
_SHARE = 64

#: Bytes unpacked at a time, so that a small file cannot fill the memory.
_MOST = 1 << 18


class Unpacked:
    """The stretch of a file that a part is about, for FastWARC to read.

    A step of reading ends where a gzip member ends, so that a file that breaks off loses nothing of what came before.

    Attributes:
        begins: where gzip members begin: byte in the file by byte after unpacking, of those read so far.
    """

    def __init__(self, file: SourceFile, part: Part) -> None:
        entry, self._left = part.entry, None if part.end is None else part.end - part.start
        self.begins: dict[int, int] = {}
        self._at = 0
        self._rest = b""
        if file.compression == "gz":
            self._file: BinaryIO = file.path.open("rb")
            self._file.seek(entry.packed if entry is not None else 0)
            self._steps = _unpacked(self._file, part.start, self.begins)
        else:
            self._file = open_bytes(file.path, file.compression)
            if part.start:
                self._file.seek(part.start)
            self._steps = iter(lambda: self._file.read(PIECE), b"")

    def read(self, size: int = PIECE) -> bytes:
        """At most so many bytes, none at the end."""
        size = PIECE if size < 0 else size
        if self._left is not None:
            size = min(size, self._left)
        if not self._rest and size:
            self._rest = next(self._steps, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        self._at += len(piece)
        if self._left is not None:
            self._left -= len(piece)
        return piece

    def tell(self) -> int:
        """Bytes read so far."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """A packed stream goes one way; every record is read to its end."""
        raise OSError("a stream that goes one way")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Unpacked:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _unpacked(file: BinaryIO, size: int, begins: dict[int, int]) -> Iterator[bytes]:
    """What the members of a gzip file hold, from where it stands, piece by piece; `begins` is told where they begin."""
    packed = b""
    # Some writers fill up with zeros.
    while packed := (packed or file.read(PIECE)).lstrip(b"\0") or file.read(PIECE):
        if packed[:1] == b"\0":
            continue
        begins[size] = file.tell() - len(packed)
        unpack = zlib.decompressobj(wbits=31)
        while not unpack.eof:
            if not packed and not (packed := file.read(PIECE)):
                raise EOFError("it ends within a gzip member")
            piece = unpack.decompress(packed, _MOST)
            packed = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
            size += len(piece)
            if piece:
                yield piece


def breaks(error: BaseException) -> bool:
    """Whether it is how a damaged file shows: code in Rust may give up by what is no `Exception`."""
    return isinstance(error, BROKEN) or is_panic(error)


def is_panic(error: BaseException) -> bool:
    """Whether code in Rust gave up."""
    return type(error).__name__ == "PanicException"


def large(corpus: Corpus) -> set[int]:
    """Indices of the WARC files that are worth more than one part."""
    crawl = {index: file for index, file in enumerate(corpus.files) if file.format == "warc"}
    share = sum(file.size for file in crawl.values()) / _SHARE
    return {index for index, file in crawl.items() if file.size > max(2 * _least(file), share) and file.compression in ("", "gz")}


def cuts(file: SourceFile) -> Iterable[tuple[int, int | None, int, Entry | None]]:
    """Stretches of a large file: first byte after unpacking, end, number of the first record, where it is entered.

    Where the file is damaged the last stretch begins before, and goes to the end: its reader says where.
    """
    from fastwarc.warc import ArchiveIterator

    is_packed, least = file.compression == "gz", _least(file)
    start, line, entered, number = 0, 1, 0, 0
    with Unpacked(file, Part(0, (0,))) as stream:
        try:
            for record in ArchiveIterator(stream, parse_http=False, stream_detect=False):
                if "Content-Length" not in record.headers:
                    break
                at, number = int(record.stream_pos), number + 1
                place = stream.begins.pop(at, None) if is_packed else at
                if place is not None and place - entered >= least:
                    yield start, at, line, Entry(entered, start, place) if is_packed else None
                    start, line, entered = at, number, place
        except BaseException as error:
            if not breaks(error):
                raise
    yield start, None, line, Entry(entered, start, file.size) if start and is_packed else None


def _least(file: SourceFile) -> int:
    return PART_BYTES // (_PACKED if file.compression else 1)

"""Compressed files of several members, each of which can be decompressed by itself: where they lie and what lines they hold.

Crawlers write such files: a frame or a member for each batch of pages, by appending, or by compressing on many cores. Zstandard
(RFC 8878) tells the length of each block, blocked gzip (SAM specification, section 4.1) that of each member; members of any
other gzip file (RFC 1952) are found by decompressing it. xz and bzip2 are not cut: crawls hardly come in them.
"""

from __future__ import annotations

import gzip
import mmap
import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from corpusgate.corpora.model import Compression

_FRAME, _SKIPPABLE, _SKIPPABLE_MASK = 0xFD2FB528, 0x184D2A50, 0xFFFFFFF0
#: Bytes of a gzip header with the extra field that blocked gzip has, and where the size of the block stands in it.
_BLOCKED_HEADER, _BLOCKED_SIZE = 18, 16

#: Bytes of text without the end of a gzip member after which a file is taken for one member; read, and decompressed, at a time.
_GIVEN_UP, _PIECE, _MOST = 64 << 20, 1 << 20, 16 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One or more members that follow each other.

    Attributes:
        start: first byte in the file.
        end: byte after the last.
        size: bytes after decompression.
        lead: those of them up to the first newline, and it; 0 if there is none.
        lines: newlines.
    """

    start: int
    end: int
    size: int
    lead: int
    lines: int


def members(path: Path, compression: Compression, least: int) -> list[Member]:
    """What can be decompressed by itself, in runs of about `least` compressed bytes or more; nothing where it cannot be told.

    Args:
        path: the file.
        compression: how it is packed.
        least: bytes in the file that are worth a run of their own.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if compression == "zst":
                bounds = list(_frames(data))
            elif compression == "gz" and _is_blocked(data, 0):
                bounds = list(_blocks(data))
            else:
                found = list(_gzip_members(file, least)) if compression == "gz" else []
                return found if len(found) > 1 else []
        runs = list(_runs(bounds, least))
        if len(runs) < 2:
            return []
        with ThreadPoolExecutor(min(os.cpu_count() or 1, len(runs))) as threads:
            return list(threads.map(lambda run: _looked_at(path, compression, *run), runs))
    except (OSError, ValueError, EOFError, IndexError, zlib.error, pa.ArrowException):
        # What is damaged is read from the beginning, by a reader that says where.
        return []


def _number(data: mmap.mmap, at: int, size: int) -> int:
    piece = data[at : at + size]
    if len(piece) < size:
        raise EOFError
    return int.from_bytes(piece, "little")


def _frames(data: mmap.mmap) -> Iterator[int]:
    """First byte of each zstd frame, and the end of the last."""
    at = 0
    while at < len(data):
        magic = _number(data, at, 4)
        if magic & _SKIPPABLE_MASK == _SKIPPABLE:
            # Belongs to the frame before it: a decompressor passes over it.
            at += 8 + _number(data, at + 4, 4)
            continue
        if magic != _FRAME:
            raise ValueError
        yield at
        descriptor = data[at + 4]
        single = descriptor >> 5 & 1
        size_of_content = (single, 2, 4, 8)[descriptor >> 6]
        at += 5 + (not single) + (0, 1, 2, 4)[descriptor & 3] + size_of_content
        last = 0
        while not last:
            block = _number(data, at, 3)
            last, kind = block & 1, block >> 1 & 3
            # A run of one byte is stored as that byte.
            at += 3 + (1 if kind == 1 else block >> 3)
        at += 4 if descriptor & 4 else 0
    if at > len(data):
        raise EOFError
    yield at


def _is_blocked(data: mmap.mmap, at: int) -> bool:
    return data[at : at + 4] == b"\x1f\x8b\x08\x04" and data[at + 10 : at + 16] == b"\x06\x00BC\x02\x00"


def _blocks(data: mmap.mmap) -> Iterator[int]:
    """First byte of each block of a blocked gzip file, and the end of the last."""
    at = 0
    while at < len(data):
        if not _is_blocked(data, at) or at + _BLOCKED_HEADER > len(data):
            raise ValueError
        yield at
        at += _number(data, at + _BLOCKED_SIZE, 2) + 1
    if at > len(data):
        raise EOFError
    yield at


def _runs(bounds: list[int], least: int) -> Iterator[tuple[int, int]]:
    """Neighbours put together until they have enough bytes."""
    start = 0
    for end in bounds[1:]:
        if end - start >= least or end == bounds[-1]:
            yield start, end
            start = end


def _looked_at(path: Path, compression: Compression, start: int, end: int) -> Member:
    size = lead = lines = 0
    with pa.memory_map(str(path)) as file:
        file.seek(start)
        packed = pa.BufferReader(file.read_buffer(end - start))
        with gzip.GzipFile(fileobj=packed) if compression == "gz" else pa.CompressedInputStream(packed, "zstd") as stream:
            while piece := stream.read(_PIECE):
                if not lines:
                    lead = size + piece.find(b"\n") + 1 if b"\n" in piece else 0
                lines += piece.count(b"\n")
                size += len(piece)
    return Member(start, end, size, lead, lines)


def _gzip_members(file: BinaryIO, least: int) -> Iterator[Member]:
    """Runs of gzip members that nobody tells the length of: decompressed one after the other."""
    file.seek(0)
    start = read = size = lead = lines = 0
    packed, unpack = b"", zlib.decompressobj(wbits=31)
    inside = several = False
    while True:
        if not packed:
            packed = file.read(_PIECE)
            read += len(packed)
            if not packed:
                break
        piece, inside = unpack.decompress(packed, _MOST), True
        if not lines:
            lead = size + piece.find(b"\n") + 1 if b"\n" in piece else 0
        lines += piece.count(b"\n")
        size += len(piece)
        packed = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
        if not unpack.eof:
            if not several and size > _GIVEN_UP:
                raise ValueError
            continue
        end = read - len(packed)
        several, inside, unpack = True, False, zlib.decompressobj(wbits=31)
        if end - start >= least:
            yield Member(start, end, size, lead, lines)
            start, size, lead, lines = end, 0, 0, 0
    if inside:
        raise EOFError
    if size:
        yield Member(start, read, size, lead, lines)

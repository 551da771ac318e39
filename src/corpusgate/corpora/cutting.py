"""Files cut into parts: the same cuts whatever the number of cores, found on all of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from corpusgate.corpora import arrow, parquet, warc_cuts
from corpusgate.corpora.members import members
from corpusgate.corpora.model import PART_BYTES, Corpus, Entry, Part, SourceFile
from corpusgate.corpora.streams import last_line_end
from corpusgate.kernels.json_lines import newlines
from corpusgate.kernels.machine import PADDING

#: Text files that make one part.
PAGES_A_PART = 500

#: Rows of row groups that make one part.
ROWS = 20_000

#: Bytes of text in a byte of a compressed file, about.
_PACKED = 4

#: Bytes looked through for newlines at a time: they stay in the cache of a core.
_PIECE = 1 << 19


def parts(corpus: Corpus) -> Iterable[Part]:
    """The parts of a corpus, in its order."""
    index = 0
    large = warc_cuts.large(corpus)
    text_files = [i for i, file in enumerate(corpus.files) if file.format == "txt"]
    for i, file in enumerate(corpus.files):
        if file.format == "txt":
            continue
        for start, end, line, entry in warc_cuts.cuts(file) if i in large else _cuts(file):
            yield Part(index, (i,), start, end, line, entry)
            index += 1
    for begin in range(0, len(text_files), PAGES_A_PART):
        yield Part(index, tuple(text_files[begin : begin + PAGES_A_PART]))
        index += 1


def _cuts(file: SourceFile) -> Iterable[tuple[int, int | None, int, Entry | None]]:
    """Stretches of one file: first byte or row group, end, number of the first line or row, where a compressed file is entered."""
    if file.format == "parquet":
        row, start = 1, 0
        groups = parquet.row_groups(file)
        for i in range(len(groups)):
            if sum(groups[start : i + 1]) >= ROWS or i == len(groups) - 1:
                yield start, i + 1, row, None
                row, start = row + sum(groups[start : i + 1]), i + 1
    elif file.format == "arrow":
        yield from ((start, end, row, None) for start, end, row in arrow.cuts(file))
    elif file.format == "jsonl" and file.compression:
        yield from _of_members(file)
    elif file.format != "jsonl" or file.size <= PART_BYTES:
        yield 0, None, 1, None
    else:
        start, line, first = 0, 1, 1
        for count, cut in _newlines(file):
            line += count
            # A line longer than a part leaves no cut, and joins the next part.
            if cut and cut < file.size:
                yield start, cut, first, None
                start, first = cut, line
        yield start, None, first, None


def _newlines(file: SourceFile) -> Iterable[tuple[int, int]]:
    """How many newlines there are in each stretch of `PART_BYTES`, and the byte after the last of them, 0 where there is none."""

    def look(begin: int) -> tuple[int, int]:
        room, at, end, found, last = np.zeros(_PIECE + PADDING, np.uint8), begin, begin + PART_BYTES, 0, 0
        with file.path.open("rb", buffering=0) as stream:
            stream.seek(begin)
            while got := stream.readinto(room[: min(_PIECE, end - at)].data):
                if count := newlines(room, got):
                    found, last = found + count, at + last_line_end(room, 0, got)
                at += got
        return found, last

    # Reading and the kernel let go of the interpreter, so that cores work at the same time.
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        yield from threads.map(look, range(0, file.size, PART_BYTES))


def _of_members(file: SourceFile) -> Iterable[tuple[int, int | None, int, Entry | None]]:
    """The same for a compressed file: cut after the first newline of a member, where enough text lies before it."""
    least = PART_BYTES // _PACKED
    found = members(file.path, file.compression, least) if file.size > 2 * least else []
    start, line, entry = 0, 1, (0, 0)
    before = lines = 0
    for member in found:
        if member.lead and before > start and member is not found[0]:
            cut = before + member.lead
            yield start, cut, line, Entry(*entry, member.end)
            start, line, entry = cut, lines + 2, (member.start, before)
        before += member.size
        lines += member.lines
    yield start, None, line, Entry(*entry, file.size) if found else None

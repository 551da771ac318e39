"""Files cut into parts: the same cuts whatever the number of cores, found on all of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import cast

import numpy as np

from corpusgate.corpora import arrow, parquet, replicas, warc_cuts
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


@dataclass(frozen=True, slots=True)
class Look:
    """Something to be looked for in the bytes of a file before it can be cut: newlines, in a stretch of `PART_BYTES` of a plain file of
    lines; else where it can be entered.

    Attributes:
        file: the file.
        begin: first byte of the stretch.
    """

    file: SourceFile
    begin: int = 0

    @property
    def bytes(self) -> int:
        """How many it takes in."""
        return min(self.file.size, PART_BYTES) if _is_plain(self.file) else self.file.size


#: How many newlines there are, and the byte after the last of them, 0 where there is none.
Newlines = tuple[int, int]
#: First byte of each stretch, its end, number of its first line or row, and where a compressed file is entered.
Stretches = list[tuple[int, int | None, int, Entry | None]]
#: What a look tells: of a plain file of lines the one, of others the other.
Told = Newlines | Stretches


def looks(corpus: Corpus) -> list[Look]:
    """All that must be looked for in a corpus, in its order."""
    large = warc_cuts.large(corpus)
    wanted = []
    for i, file in enumerate(corpus.files):
        if _is_plain(file):
            wanted += [Look(file, begin) for begin in range(0, file.size, PART_BYTES) if file.size > PART_BYTES]
        elif file.format == "arrow" or i in large or (file.format == "jsonl" and file.size > 2 * PART_BYTES // _PACKED):
            wanted.append(Look(file))
    return wanted


def look(wanted: Look) -> Told:
    """Look for it."""
    file = wanted.file
    replicas.have(file, wanted.begin, wanted.begin + wanted.bytes)
    if _is_plain(file):
        return _newlines(file, wanted.begin)
    if file.format == "arrow":
        return [(*cut, None) for cut in arrow.cuts(file)]
    return list(warc_cuts.cuts(file) if file.format == "warc" else _of_members(file))


def look_here(wanted: Sequence[Look]) -> Iterator[Told]:
    """Look for all of it, on all cores: reading and kernels let go of the interpreter."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        yield from threads.map(look, wanted)


def parts(corpus: Corpus, looked: Callable[[Sequence[Look]], Iterator[Told]] = look_here) -> Iterable[Part]:
    """The parts of a corpus, in its order.

    Args:
        corpus: the corpus.
        looked: gives what looks tell, in their order.
    """
    index, wanted = 0, looks(corpus)
    told, counts = looked(wanted), Counter(one.file.name for one in wanted)
    text_files = [i for i, file in enumerate(corpus.files) if file.format == "txt"]
    for i, file in enumerate(corpus.files):
        if file.format == "txt":
            continue
        for start, end, line, entry in _cuts(file, list(islice(told, counts[file.name]))):
            yield Part(index, (i,), start, end, line, entry)
            index += 1
    for begin in range(0, len(text_files), PAGES_A_PART):
        yield Part(index, tuple(text_files[begin : begin + PAGES_A_PART]))
        index += 1


def _is_plain(file: SourceFile) -> bool:
    return file.format == "jsonl" and not file.compression


def _cuts(file: SourceFile, told: Sequence[Told]) -> Iterable[tuple[int, int | None, int, Entry | None]]:
    """Stretches of one file: first byte or row group, end, number of the first line or row, where a compressed file is entered."""
    if file.format == "parquet":
        row, start = 1, 0
        groups = parquet.row_groups(file)
        for i in range(len(groups)):
            if sum(groups[start : i + 1]) >= ROWS or i == len(groups) - 1:
                yield start, i + 1, row, None
                row, start = row + sum(groups[start : i + 1]), i + 1
    elif not told:
        yield 0, None, 1, None
    elif not _is_plain(file):
        yield from cast(Stretches, told[0])
    else:
        start, line, first = 0, 1, 1
        for count, cut in cast(Sequence[Newlines], told):
            line += count
            # A line longer than a part leaves no cut, and joins the next part.
            if cut and cut < file.size:
                yield start, cut, first, None
                start, first = cut, line
        yield start, None, first, None


def _newlines(file: SourceFile, begin: int) -> tuple[int, int]:
    """How many newlines there are in a stretch of `PART_BYTES`, and the byte after the last of them, 0 where there is none."""
    room, at, end, found, last = np.zeros(_PIECE + PADDING, np.uint8), begin, begin + PART_BYTES, 0, 0
    with file.path.open("rb", buffering=0) as stream:
        stream.seek(begin)
        while got := stream.readinto(room[: min(_PIECE, end - at)].data):
            if count := newlines(room, got):
                found, last = found + count, at + last_line_end(room, 0, got)
            at += got
    return found, last


def _of_members(file: SourceFile) -> Iterable[tuple[int, int | None, int, Entry | None]]:
    """The same for a compressed file: cut after the first newline of a member, where enough text lies before it."""
    found = members(file.path, file.compression, PART_BYTES // _PACKED)
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

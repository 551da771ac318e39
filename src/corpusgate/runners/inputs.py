"""What the input is, byte by byte: digests of files, piece by piece, and which of them a part is made from.

A file is cut into pieces of a fixed size, whatever its parts are, so that the fingerprint of a corpus does not depend on
how it was cut for the cores.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora import replicas
from corpusgate.corpora.model import Corpus, Part, SourceFile
from corpusgate.corpora.spans import PIECE, have, spans
from corpusgate.errors import Problem

#: Digests of the pieces of a file by their number.
Digests = dict[int, str]


def digests(path: Path, start: int, end: int) -> Digests:
    """Digests of all pieces of a file that lie in a stretch of it, wholly or in part."""
    from corpusgate.kernels import digest

    try:
        return dict(digest.digests(path, start, end, PIECE))
    except OSError as error:
        raise Problem(str(path), f"cannot be read ({error.strerror})", "Check the path and its permissions") from None


def known(corpus: Corpus, part: Part, of_files: Mapping[int, Digests]) -> list[list[str]] | None:
    """The digests that a part is made from, if those of its files are known."""
    found = []
    for index, start, end in spans(corpus, part):
        pieces = of_files.get(index, {})
        numbers = range(start // PIECE, max(-(-end // PIECE), start // PIECE + 1))
        if any(number not in pieces for number in numbers):
            return None
        found.append([pieces[number] for number in numbers])
    return found


def read_digests(corpus: Corpus, part: Part, seen: Digests | None = None) -> dict[int, Digests]:
    """Read what a part is made from, and give the digests by file; of the first file some pieces may have been `seen` already."""
    have(corpus, part)
    found: dict[int, Digests] = {part.files[0]: dict(seen or {})}
    for index, start, end in spans(corpus, part):
        mine = found.setdefault(index, {})
        for first, last in _missing(mine, start, end):
            mine.update(digests(corpus.files[index].path, first, last))
    return found


def _missing(known: Digests, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of another one in which no piece is known."""
    begin = start
    for number in sorted(number for number in known if start < (number + 1) * PIECE and number * PIECE < end):
        if begin < number * PIECE:
            yield begin, number * PIECE
        begin = (number + 1) * PIECE
    if begin < end or start == end:
        yield begin, end


class Watched:
    """Takes the digests of pieces of a file that are seen whole while it is read for something else.

    Attributes:
        found: the digests.
    """

    def __init__(self) -> None:
        self.found: Digests = {}

    def __call__(self, at: int, data: NDArray[np.uint8]) -> None:
        """See the bytes of the file from a place on."""
        from corpusgate.kernels.digest import digest_whole

        if at % PIECE == 0 and len(data) == PIECE:
            self.found[at // PIECE] = digest_whole(data)


def watch(corpus: Corpus, part: Part) -> Watched:
    """What takes the digests of a part that is about to be read, with its first piece, of which another part may have a share.

    Raises:
        Problem: the file cannot be read.
    """
    have(corpus, part)
    watched = Watched()
    watched.found.update(digests(corpus.files[part.files[0]].path, part.start, part.start))
    return watched


def fingerprint(corpus: Corpus, of_files: Mapping[int, Digests], of_frame: Sequence[str]) -> str:
    """Hash of all that was read: 64 hex digits. It does not depend on the parts, nor on where the files lie."""

    def pieces(index: int, file: SourceFile) -> Iterator[str]:
        known = of_files.get(index, {})
        # What no part is made from, such as the space between two tables, is read here.
        for number in range(max(-(-file.size // PIECE), 1)) if file.format != "frame" else ():
            if number not in known:
                replicas.have(file, number * PIECE, (number + 1) * PIECE)
            yield known.get(number) or digests(file.path, number * PIECE, number * PIECE + 1)[number]

    return total(((file.name, file.size, pieces(index, file)) for index, file in enumerate(corpus.files)), of_frame)


def total(files: Iterable[tuple[str, int, Iterable[str]]], of_frame: Iterable[str] = ()) -> str:
    """The fingerprint of files, of which each is told by its name, its size and the digests of its pieces."""
    whole = hashlib.sha256()
    for name, size, pieces in files:
        whole.update(f"{name}\n{size}\n".encode("utf-8", "surrogateescape"))
        for piece in pieces:
            whole.update(piece.encode())
    for digest in of_frame:
        whole.update(digest.encode())
    return whole.hexdigest()


class BlockDigest:
    """Hash of records as they come, for input that is no file."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()

    def add(self, columns: Mapping[str, Any]) -> None:
        """Take a block in."""
        for name, column in columns.items():
            self._sum.update(name.encode())
            for buffer in pa.concat_arrays([column]).buffers() if column.offset else column.buffers():
                if buffer is not None:
                    self._sum.update(buffer)

    def hexdigest(self) -> str:
        """64 hex digits."""
        return self._sum.hexdigest()

"""Objects of a store without their bytes: each has a file here that is as large and empty, into which stretches are fetched before
they are read.

So every reader finds them where it looks, and nobody fetches more than it reads. A replica belongs to one process, which alone
knows what is in it; holes take no room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from corpusgate.corpora.model import SourceFile

#: Bytes that are fetched at least, and of which each is here or not; bytes fetched at a time; and objects.
_GRAIN, _AT_ONCE, _TOGETHER = 1 << 14, 8 << 20, 8

#: Grains that are here.
_here: dict[Path, set[int]] = {}


def lay(path: Path, size: int) -> None:
    """Make an empty file of a size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(size)


def have(file: SourceFile, start: int = 0, end: int | None = None) -> None:
    """Fetch what is not here of a stretch of an object; all of it without an end, and nothing of what is no object.

    Raises:
        Problem: it cannot be had, or is another one than was found.
    """
    if not file.origin:
        return
    here = _here.setdefault(file.path, set())
    last = min(file.size, file.size if end is None else end)
    missing = [grain for grain in range(start // _GRAIN, -(-last // _GRAIN)) if grain not in here]
    if not missing and (here or file.size):
        return
    from corpusgate.corpora import objects

    if not file.path.exists():
        lay(file.path, file.size)
    with file.path.open("r+b") as stream:
        objects.fetch(file, [(begin * _GRAIN, min(stop * _GRAIN, file.size)) for begin, stop in _runs(missing)], stream, _AT_ONCE)
    here.update(missing)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First number, and the one after the last, of those that follow each other."""
    begin = 0
    for i in range(1, len(numbers) + 1):
        if i == len(numbers) or numbers[i] != numbers[i - 1] + 1:
            yield numbers[begin], numbers[i - 1] + 1
            begin = i


def forget() -> None:
    """Give up what this process has fetched."""
    for path in _here:
        path.unlink(missing_ok=True)
    _here.clear()


def complete(files: Sequence[SourceFile]) -> list[SourceFile]:
    """Fetch all objects whole: files like any other then.

    Raises:
        Problem: one cannot be had, or there is no room.
    """
    far = [file for file in files if file.origin]
    if not far:
        return list(files)
    from corpusgate.corpora import spool

    spool.require_room(far[0].origin if len(far) == 1 else f"{far[0].origin} and {len(far) - 1} more", sum(file.size for file in far))
    together(far)
    for file in far:
        del _here[file.path]
    return [replace(file, origin="", version="") for file in files]


def together(files: Sequence[SourceFile], stretches: Sequence[Sequence[tuple[int, int]]] | None = None) -> None:
    """Fetch several objects at the same time, whole or some stretches of each: most of fetching is waiting."""

    def get(file: SourceFile, wanted: Sequence[tuple[int, int]]) -> None:
        for start, end in wanted:
            have(file, start, end)

    with ThreadPoolExecutor(_TOGETHER) as threads:
        list(threads.map(get, files, stretches or [[(0, file.size)] for file in files]))

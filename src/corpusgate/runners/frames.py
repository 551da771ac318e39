"""The frame of a source's pages, set aside where texts are compared: else two articles in one frame look like copies.

Counted are the lines of records that are compared, since of these the frame is known if it is what makes them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.furniture import add_own, standing
from corpusgate.kernels.kin import once
from corpusgate.kernels.sieve import COUNTED, Buckets, add, sieve
from corpusgate.runners.hash_tables import Rows, key_of, stretches_of
from corpusgate.runners.work import PartResult

Ints = NDArray[np.int64]
Short = NDArray[np.int32]

#: Letters that must stand in lines of a record's own, for it to be an article in a frame and no copy: about a sentence.
OWN_LETTERS = 100

#: Records whose lines are held in memory rather than read four times.
HELD = 50_000

#: Articles of a source in which a line must stand to be part of the frame.
LEAST = 3


def path_of(work: Path) -> Path:
    """Where the sieve of lines of frames lies, if there is one."""
    return work / "frames.npy"


def find(work: Path, parts: Sequence[PartResult], starts: Sequence[int], records: Short) -> None:
    """Find the lines of frames among some records, and write them for all processes.

    Args:
        work: where to.
        parts: all parts in order.
        starts: first ordinal of each.
        records: int32: ordinals of the records that are compared, rising.
    """
    found: Callable[[], Iterator[tuple[Ints, Ints, Ints]]] = partial(_lines, parts, starts, records)
    if len(records) <= HELD:
        held = list(found())
        found = partial(iter, held)
    total = sum(len(keys) for _, keys, _ in found())
    if not total:
        return
    buckets, own = sieve(total, COUNTED), np.zeros(len(records), np.int64)
    for _, keys, _ in found():
        add(buckets, keys)
    for rows, keys, letters in found():
        add_own(buckets, rows, keys, letters, own)
    framed = sieve(total, COUNTED)
    for rows, keys, _ in found():
        chosen = own[rows] >= OWN_LETTERS
        rows, keys = rows[chosen], keys[chosen]
        add(framed, keys[once(rows, keys)])
    np.save(path_of(work), framed)


def _lines(parts: Sequence[PartResult], starts: Sequence[int], records: Short) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Stretch by stretch the lines of some records: index of the record, key, and letters."""
    for part, start in zip(parts, starts, strict=True):
        low, high = np.searchsorted(records, (start, start + part.measurement.records))
        for lines in stretches_of(part.folder, "lines") if low < high else ():
            first = start + lines.first
            low, high = np.searchsorted(records, (first, first + len(lines.sources)))
            if low < high:
                rows, of = lines_of(lines, records[low:high].astype(np.int64) - start)
                yield of + low, key(lines, rows), lines.ints("letters", rows)


def lines_of(lines: Rows, records: Ints) -> tuple[Ints, Ints]:
    """The lines of some records of a stretch: their indices, and which of the records each is of; int64 (n,) both."""
    row = lines.own.column("row").to_numpy()
    begins, ends = np.searchsorted(row, records), np.searchsorted(row, records + 1)
    sizes = ends - begins
    of = np.repeat(np.arange(len(records)), sizes)
    return np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes - begins, sizes), of


def key(lines: Rows, rows: Ints) -> Ints:
    """What a line is known by: its source and what stands there."""
    return key_of([lines.ints("source", rows), lines.ints("hash", rows)])


def in_frame(framed: Buckets, keys: Ints) -> NDArray[np.bool_]:
    """Which lines are of the frame of their source."""
    return np.asarray(standing(framed, keys, LEAST))

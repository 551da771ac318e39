"""What pairs of texts have in common: the texts are read again by some tasks, and the pairs compared by others, each where it is done.

What the first ones read they write as sorted sets of numbers, and the second ones look those of their pairs up in these files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.overlaps import overlap
from corpusgate.runners.candidates import Pairs
from corpusgate.runners.compare import TASK_RECORDS, Reading, shingle, shingles_path
from corpusgate.runners.stages import Stages
from corpusgate.runners.tasks import Tasks
from corpusgate.runners.work import PartResult, Work
from corpusgate.signals.stories import Common

Ints = NDArray[np.int64]
Short = NDArray[np.int32]

#: Pairs compared by one task.
TOGETHER = 1 << 16


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pairs for a task, by the places of their records.

    Attributes:
        number: of the task.
        file: int64 (records,): which file has the sets of each record.
        start: int64 (records,): where they begin there, in numbers.
        sizes: int64 (records, 2): how many shingles each has, and how many numbers.
        left: int64 (n,): index of the one record of each pair.
        right: int64 (n,): index of the other.
    """

    number: int
    file: Ints
    start: Ints
    sizes: Ints
    left: Ints
    right: Ints


def common(
    folder: Path, parts: Sequence[PartResult], starts: Sequence[int], found: Pairs, records: Short, pool: Tasks, stages: Stages
) -> tuple[Common, Common]:
    """The shingles and the numbers that each pair has in common.

    Args:
        folder: of the run.
        parts: all parts in order.
        starts: first ordinal of each.
        found: the pairs.
        records: int32: ordinals of all records in them, rising.
        pool: who reads and compares.
        stages: where to count the time.
    """
    sizes: dict[int, Ints] = {}
    for task in pool.run(shingle, _readings(parts, starts, records)):
        stages.merge(task.seconds)
        sizes[task.number] = task.sizes.reshape(-1, 2)
    both: dict[int, Ints] = {}
    left, right = np.searchsorted(records, found.first), np.searchsorted(records, found.second)
    file = np.repeat(np.array(sorted(sizes), np.int64), [len(sizes[number]) for number in sorted(sizes)])
    size = np.concatenate([np.zeros((0, 2), np.int64), *(sizes[number] for number in sorted(sizes))])
    start = np.cumsum(size.sum(axis=1)) - size.sum(axis=1)
    start -= start[np.searchsorted(file, file)]
    for number, shared, seconds in pool.run(compare, _pieces(file, start, size, left, right)):
        stages.merge(seconds)
        both[number] = shared
    shared = np.concatenate([np.zeros((0, 2), np.int64), *(both[number] for number in sorted(both))])
    for number in sizes:
        shingles_path(folder, number).unlink()
    one, other = (Common(shared[:, i], size[left, i], size[right, i]) for i in range(2))
    return one, other


def _pieces(file: Ints, start: Ints, sizes: Ints, left: Ints, right: Ints) -> Iterator[Pieces]:
    for number, at in enumerate(range(0, len(left), TOGETHER)):
        some = slice(at, at + TOGETHER)
        records, places = np.unique(np.concatenate([left[some], right[some]]), return_inverse=True)
        yield Pieces(number, file[records], start[records], sizes[records], *np.split(places, 2))


def compare(work: Work, pieces: Pieces) -> tuple[int, Ints, dict[str, float]]:
    """A task: how many shingles and how many numbers pairs have in common, int64 (n, 2), and CPU seconds by stage."""
    stages = Stages()
    with stages("compare"):
        values = _sets(work.folder, pieces)
        # Shingles are the even sets, numbers the odd ones.
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(pieces.sizes.ravel())])
        shared = [overlap(values, bounds, 2 * pieces.left + i, 2 * pieces.right + i) for i in range(2)]
    return pieces.number, np.stack(shared, axis=1).astype(np.int64), stages.seconds


def _sets(work: Path, pieces: Pieces) -> NDArray[np.uint32]:
    """The sets of all records, one after the other."""
    held = [np.zeros(0, np.uint32)]
    sizes = pieces.sizes.sum(axis=1)
    for number in np.unique(pieces.file).tolist():
        of = np.flatnonzero((pieces.file == number) & (sizes > 0))
        values = np.asarray(np.memmap(shingles_path(work, number), np.uint32, "r")) if len(of) else held[0]
        places = zip(pieces.start[of].tolist(), sizes[of].tolist(), strict=True)
        held += [np.asarray(values[begin : begin + size]) for begin, size in places]
    return np.concatenate(held)


def _readings(parts: Sequence[PartResult], starts: Sequence[int], records: Short) -> Iterator[Reading]:
    """Tasks of enough records each."""
    held, size, number = [], 0, 0
    for part, start in zip(parts, starts, strict=True):
        low, high = np.searchsorted(records, (start, start + part.measurement.records))
        if low < high:
            held.append((part.index, part.folder, start, records[low:high]))
            size += int(high - low)
        if size >= TASK_RECORDS:
            yield Reading(number, tuple(held))
            held, size, number = [], 0, number + 1
    if held:
        yield Reading(number, tuple(held))

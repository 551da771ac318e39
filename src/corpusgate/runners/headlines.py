"""Headlines read again to be compared: tasks, so that whoever does them reads them there, and what comes back are numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.titles import Weights, smallest
from corpusgate.runners.stages import Stages
from corpusgate.runners.taken import taken
from corpusgate.runners.tasks import Tasks
from corpusgate.runners.work import PartResult, Work
from corpusgate.signals.titles import Beginnings, Laid, beginnings, lay, likeness, weights

Result = TypeVar("Result")

Ints = NDArray[np.int64]

#: Headlines by which the rarity of runs of letters is told, spread over the corpus.
SAMPLED = 2048

#: Pairs compared, or headlines looked at, by one task.
TOGETHER = 1 << 17

#: Headlines without a text are compared if they share one of so many runs of so many letters: nine in ten like ones do.
SKETCH, SKETCH_LETTERS = 6, 8

NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Reading:
    """Headlines for a task.

    Attributes:
        number: of the task.
        parts: those that have the records.
        starts: first ordinal of each.
        first: int64 (n,): ordinals, in any order.
        second: int64 (n,): where pairs are to be compared, the other one of each.
    """

    number: int
    parts: tuple[PartResult, ...]
    starts: tuple[int, ...]
    first: Ints
    second: Ints = field(default_factory=lambda: NONE)

    def lay(self, ordinals: Ints) -> Laid:
        """The headlines of some of the records, laid out."""
        return lay(taken(self.parts, self.starts, "signals", ("headline",), ordinals)["headline"].cast(pa.string()))


class Compared:
    """How like headlines are, told by tasks, whose time counts for `compare`."""

    def __init__(self, pool: Tasks, parts: Sequence[PartResult], starts: Sequence[int], stages: Stages) -> None:
        self._pool, self._parts, self._starts, self._stages = pool, parts, starts, stages
        self._total = starts[-1] + parts[-1].measurement.records
        self._knows_rarity = False

    def __call__(self, first: NDArray[np.integer], second: NDArray[np.integer]) -> tuple[NDArray[np.float64], Beginnings]:
        """How like pairs of headlines are, and how they begin; there is one at least."""
        if not self._knows_rarity:
            sample = np.arange(0, self._total, -(-self._total // SAMPLED))
            self._run(keep_rarity, [self._reading(0, sample)])
            self._knows_rarity = True
        found = self._run(compare, self._readings(first, second))
        alike, begin = zip(*(found[number] for number in sorted(found)), strict=True)
        joined = (np.concatenate([getattr(piece, name) for piece in begin]) for name in Beginnings.__slots__)
        return np.concatenate(alike), Beginnings(*joined)

    def sketches(self, ordinals: NDArray[np.integer]) -> tuple[NDArray[np.int32], Ints]:
        """The smallest runs of some headlines: index of the headline, int32 (n,), rising, and hash, int64 (n,)."""
        found = self._run(sketch, self._readings(ordinals))
        rows, keys = [np.zeros(0, np.int32)], [NONE]
        for number in sorted(found):
            rows.append(found[number][0] + np.int32(number * TOGETHER))
            keys.append(found[number][1])
        return np.concatenate(rows), np.concatenate(keys)

    def _run(self, task: Callable[[Work, Reading], Result], readings: Iterable[Reading]) -> dict[int, Result]:
        """What a task gives for each reading, by its number."""
        found = {}
        with self._stages.apart():
            for number, given, seconds in self._pool.run(partial(_timed, task), readings):
                found[number] = given
                self._stages.merge(seconds)
        return found

    def _readings(self, first: NDArray[np.integer], second: NDArray[np.integer] = NONE) -> Iterator[Reading]:
        for number, at in enumerate(range(0, len(first), TOGETHER)):
            some = slice(at, at + TOGETHER)
            yield self._reading(number, first[some], second[some])

    def _reading(self, number: int, first: NDArray[np.integer], second: NDArray[np.integer] = NONE) -> Reading:
        # Of parts that begin at one ordinal the last has records.
        held = np.unique(np.searchsorted(self._starts, np.concatenate([first, second]), "right") - 1).tolist()
        parts, starts = tuple(self._parts[i] for i in held), tuple(self._starts[i] for i in held)
        return Reading(number, parts, starts, first.astype(np.int64), second.astype(np.int64))


def _timed(task: Callable[[Work, Reading], Result], work: Work, reading: Reading) -> tuple[int, Result, Mapping[str, float]]:
    """A task: does another one, and tells the number of its reading and the seconds that it took."""
    stages = Stages()
    with stages("compare"):
        given = task(work, reading)
    return reading.number, given, stages.seconds


def keep_rarity(work: Work, reading: Reading) -> None:
    """A task: write how rare runs of letters are among some headlines, for `compare`."""
    laid = reading.lay(reading.first)
    np.save(work.folder / "rarity.npy", weights(laid, np.arange(len(reading.first))))


def compare(work: Work, reading: Reading) -> tuple[NDArray[np.float64], Beginnings]:
    """A task: how like pairs are, and how they begin."""
    ordinals, places = np.unique(np.concatenate([reading.first, reading.second]), return_inverse=True)
    laid = reading.lay(ordinals)
    left, right = np.split(places, 2)
    rarity: Weights = np.load(work.folder / "rarity.npy")
    return likeness(laid, rarity, left, right), beginnings(laid, left, right)


def sketch(work: Work, reading: Reading) -> tuple[NDArray[np.int32], Ints]:
    """A task: what `smallest` gives for headlines."""
    laid = reading.lay(reading.first)
    found: tuple[NDArray[np.int32], Ints] = smallest(laid.letters, laid.bounds, SKETCH_LETTERS, SKETCH)
    return found

"""Who does the tasks of a run: this process or several others, or whoever else keeps to `Engine`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpusgate.runners import candidates, duck
from corpusgate.runners.candidates import Pairs
from corpusgate.runners.finish import Batch, Summed, finish
from corpusgate.runners.handed import keep
from corpusgate.runners.resolve import Opened
from corpusgate.runners.stories import Comparing
from corpusgate.runners.tasks import Item, Result
from corpusgate.runners.titles import Known
from corpusgate.runners.work import PartResult, Work
from corpusgate.runners.workers import Workers


class Engine(Comparing, Protocol):
    """Where a run takes place.

    Attributes:
        largest: bytes of a table that are put into one file.
    """

    largest: int

    def finish(self, batches: Sequence[Batch]) -> Summed:
        """Finish batches that follow each other, and put together what they gave."""

    @property
    def opened(self) -> Opened:
        """What opens the database that signals across records are resolved in."""


#: What makes an engine ready for a run.
Started = Callable[[Work], AbstractContextManager[Engine]]


class Pool:
    """Some processes; with one, the work is done in this one."""

    largest = sys.maxsize

    def __init__(self, work: Work, processes: int, workers: Workers | None, threads: int) -> None:
        self.processes = processes
        self._threads = threads
        self._work = work
        self._workers = None
        if processes > 1:
            self._known = keep(work.folder, work)
            self._workers = workers or Workers(processes)
        elif workers is not None:
            workers.stop(at_once=True)

    def run(self, task: Callable[[Work, Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do a task for each item; results come in any order."""
        if self._workers is None:
            for item in items:
                yield task(self._work, item)
        else:
            yield from self._workers.run(task, self._known, items)

    def finish(self, batches: Sequence[Batch]) -> Summed:
        """Finish batches, and put together what they gave."""
        summed = Summed(self._work.plan)
        for finished in self.run(finish, batches):
            summed.add(finished)
        return summed

    def pairs(self, parts: Sequence[PartResult], starts: Sequence[int], first: NDArray[np.int32], headlines: Known) -> Pairs:
        """Pairs of records worth reading for copies."""
        return candidates.pairs(self._work.folder, parts, starts, first, headlines, self._threads)

    @property
    def opened(self) -> Opened:
        """DuckDB."""
        return duck.opened(self._threads)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._workers is not None:
            self._workers.stop(at_once=kind is not None)

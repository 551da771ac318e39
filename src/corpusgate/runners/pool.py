"""Who does the tasks of a run: threads of this process or other processes, or whoever else keeps to `Engine`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpusgate.corpora.model import Corpus, Part
from corpusgate.runners import candidates, duck
from corpusgate.runners.candidates import Pairs
from corpusgate.runners.finish import Batch, Summed, finish
from corpusgate.runners.handed import keep
from corpusgate.runners.resolve import Opened
from corpusgate.runners.stories import Comparing
from corpusgate.runners.tasks import Item, Result
from corpusgate.runners.threads import unordered
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


class Started(Protocol):
    """What makes an engine ready for a run."""

    def __call__(self, work: Work) -> AbstractContextManager[Engine]:
        """Make it ready."""

    def cut(self, corpus: Corpus) -> Iterable[Part]:
        """Cut a corpus whose objects of a store were not fetched into parts."""


class Pool:
    """Some hands: threads of this process, or processes of their own.

    Args:
        work: the run.
        hands: how many tasks are done at once.
        workers: processes to do them; None does them here.
        threads: how many of this process find pairs and answer queries.
    """

    largest = sys.maxsize

    def __init__(self, work: Work, hands: int, workers: Workers | None, threads: int) -> None:
        self._work, self._hands, self._workers, self._threads = work, hands, workers, threads
        self._known = keep(work.folder, work) if workers is not None else None

    def run(self, task: Callable[[Work, Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do a task for each item; results come in any order."""
        if self._workers is not None and self._known is not None:
            yield from self._workers.run(task, self._known, items)
        elif self._hands > 1:
            yield from unordered(partial(task, self._work), items, self._hands)
        else:
            yield from map(partial(task, self._work), items)

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

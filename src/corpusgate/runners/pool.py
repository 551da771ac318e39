"""Who does the tasks of a run: this process, or several others."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from corpusgate.runners.work import Work
from corpusgate.runners.workers import Workers

Item = TypeVar("Item")
Result = TypeVar("Result")


class Pool:
    """Some processes; with one, the work is done in this one."""

    def __init__(self, work: Work, processes: int, workers: Workers | None) -> None:
        self.processes = processes
        self._work = work
        self._known = work.folder / "work.pickle"
        self._workers = None
        if processes > 1:
            self._known.write_bytes(pickle.dumps(work))
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

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._workers is not None:
            self._workers.stop(at_once=kind is not None)

"""The processes of a run: tasks are functions of the run and one argument, and their results come as they are done."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import connection, get_context, parent_process
from threading import Thread
from typing import Any, TypeVar

from corpusgate.runners.memory import release
from corpusgate.runners.work import Work

Item = TypeVar("Item")
Result = TypeVar("Result")

_WORK: list[Work] = []


class Pool:
    """Some processes; with one, the work is done in this one."""

    def __init__(self, work: Work, processes: int) -> None:
        self.processes = processes
        self._work = work
        # Spawned, not forked: numba's and Arrow's threads do not survive a fork.
        self._pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (work,)) if processes > 1 else None

    def run(self, task: Callable[[Work, Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do a task for each item; results come in any order."""
        if self._pool is None:
            for item in items:
                yield task(self._work, item)
            return
        for done in as_completed([self._pool.submit(_do, task, item) for item in items]):
            yield done.result()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _begin(work: Work) -> None:
    # An interrupt from the keyboard reaches all processes; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _WORK.append(work)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for tasks for ever: it holds both ends of their pipe."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do(task: Callable[[Work, Any], Any], item: Any) -> Any:
    try:
        return task(_WORK[0], item)
    finally:
        release()

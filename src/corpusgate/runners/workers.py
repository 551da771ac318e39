"""Processes to work with, started before it is known what they will do: importing takes them as long as it takes the first one.

This module imports nothing heavy, so that the command line can start them before anything else.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from tempfile import gettempdir
from threading import Thread
from typing import Any

from corpusgate.errors import Problem
from corpusgate.runners import handed, threads

#: Bytes of text to measure that are worth a process: starting one takes seconds.
WORTH = 32 << 20

#: Bytes of text to measure from which on more processes than threads are worth their start: what four threads do, at 130 MB/s each, while
#: eight processes start and do the same.
MUCH = 2 << 30

#: Bytes of text in a byte of a compressed file, about.
COMPRESSED = 4

#: Endings of compressed files.
_COMPRESSIONS = (".gz", ".bz2", ".zst", ".xz", ".parquet")

#: Files of a folder that are looked at to tell whether there is much to do.
_LOOKED_AT = 5000


#: Longest path of the folder for temporary files in which a socket fits, to ask for a fork: its own path has 108 bytes at most
#: (unix(7)), and `/pymp-12345678/listener-12345678` comes behind it.
_LONGEST = 70

#: What is loaded in the process that workers are forked from.
_READY = "corpusgate.runners.ready"


class Workers:
    """Some processes. A task is a function of what all tasks know, read from a file, and of one argument.

    Args:
        processes: how many.
        own: whether this process is ours alone: then they are forked from one that has all code loaded, where that is safe. A program
            that imports us may have such a process for purposes of its own.
    """

    def __init__(self, processes: int, own: bool = False) -> None:
        self.processes = processes
        # Never forked from this process: numba's and Arrow's threads do not survive a fork.
        forked = own and sys.platform == "linux" and len(os.fsencode(gettempdir())) <= _LONGEST
        context = get_context("forkserver" if forked else "spawn")
        if forked:
            context.set_forkserver_preload([_READY])
        self._pool = ProcessPoolExecutor(processes, context, _begin)
        # What asks for a fork waits until that process has loaded all code, and this one has other things to do.
        self._beginning = Thread(target=self._all_begin, daemon=True)
        self._beginning.start()

    def _all_begin(self) -> None:
        with suppress(RuntimeError):
            for _ in range(self.processes):
                self._pool.submit(_nothing)

    def run(self, task: Callable[[Any, Any], Any], known: Path, items: Iterable[Any]) -> Iterator[Any]:
        """Do a task for each item; results come as they are done.

        Raises:
            Problem: a process was killed.
        """
        try:
            # A few more than there are processes, so that none waits.
            yield from threads.as_done(lambda item: self._pool.submit(_do, task, str(known), item), items, 2 * self.processes)
        except BrokenProcessPool:
            raise Problem(
                "a worker process", "was ended from outside", "If memory ran out, use fewer --jobs; finished parts are kept"
            ) from None

    def stop(self, at_once: bool = False) -> None:
        """End them, after what they are at, or at once."""
        self._beginning.join()
        processes = list((getattr(self._pool, "_processes", None) or {}).values())
        self._pool.shutdown(wait=not at_once, cancel_futures=True)
        if at_once:
            for process in processes:
                process.kill()


def worth(jobs: int, size: int, by_python: bool = False) -> int:
    """How many processes of `jobs` so many bytes of text are worth; 0 where threads of this one do as well.

    Args:
        jobs: how many there may be.
        size: bytes to measure.
        by_python: whether Python reads them, so that threads would wait for each other.
    """
    processes = min(jobs, size // max(WORTH, 1))
    worth_it = processes > 1 if by_python else processes > threads.SIDE_BY_SIDE and size >= MUCH
    return processes if worth_it else 0


@contextmanager
def start_ahead(paths: Sequence[str | Path], jobs: int) -> Iterator[Workers | None]:
    """As many processes as a corpus seems to be worth, if it is worth any."""
    files = [path for path in paths if isinstance(path, Path)] if jobs > threads.SIDE_BY_SIDE else []
    processes = worth(jobs, _bytes(files))
    workers = Workers(processes, own=True) if processes else None
    try:
        yield workers
    finally:
        if workers is not None:
            workers.stop(at_once=True)


def _bytes(paths: Sequence[Path]) -> int:
    """About how many bytes of text there are, at a glance."""
    total = looked = 0
    for path in paths:
        # A manifest names files below its folder, mostly.
        folder = path.parent if path.suffix in (".yaml", ".yml") else path
        for file in folder.rglob("*") if folder.is_dir() else [folder]:
            looked += 1
            if looked > _LOOKED_AT:
                return total
            try:
                total += file.stat().st_size * (COMPRESSED if file.suffix.lower() in _COMPRESSIONS else 1)
            except OSError:
                continue
    return total


def end_with_parent() -> None:
    """Have this process end when and only when the one ends that started it."""
    # An interrupt from the keyboard reaches all processes; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _begin() -> None:
    end_with_parent()
    if _READY in sys.modules:
        return
    from corpusgate.runners import memory, warm

    memory.reuse()
    warm.warm()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for tasks for ever: it holds both ends of their pipe."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _nothing() -> None:
    """The first task: a process is started for each."""


def _do(task: Callable[[Any, Any], Any], known: str, item: Any) -> Any:
    from corpusgate.runners.memory import release

    try:
        return task(handed.known(known), item)
    finally:
        release()

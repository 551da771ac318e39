"""Work of this process done by several threads: kernels hold no lock, so they run side by side in one memory."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Threads that a process can make use of: measuring holds the interpreter's lock for a fifth of its time (sampled with py-spy), so that
#: a fifth of them would mostly wait.
SIDE_BY_SIDE = 4

#: Bytes of text to measure that are worth a thread.
WORTH = 4 << 20

#: Seconds after which a thread that runs Python hands the interpreter to one that waits for it. Between two kernels there are
#: microseconds of Python, which must not wait for Python's 5 ms: with two threads measuring gets a fifth faster.
TURN = 0.0001


#: Seconds that work which was begun may still take when nobody wants it any more: a part takes less, compiling kernels much longer.
PATIENCE = 2.0


def in_order(work: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """What some work gives for each item, in their order, of which no more than a few are held; with one thread it is done in this one."""
    if threads < 2:
        yield from map(work, items)
        return
    waiting = deque[Future[Result]]()
    with _pool(work, threads) as submit:
        for item in items:
            waiting.append(submit(item))
            if len(waiting) == threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def unordered(work: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """What some work gives for each item, as it is done."""
    with _pool(work, threads) as submit:
        yield from as_done(submit, items, 2 * threads)


def as_done(submit: Callable[[Item], Future[Result]], items: Iterable[Item], at_once: int) -> Iterator[Result]:
    """What is submitted for each item, as it is done. Only some are submitted at once, so that no result is held for long."""
    left, waiting = iter(items), set[Future[Result]]()
    while True:
        for item in islice(left, at_once - len(waiting)):
            waiting.add(submit(item))
        if not waiting:
            return
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        while done:
            yield done.pop().result()


@contextmanager
def _pool(work: Callable[[Item], Result], threads: int) -> Iterator[Callable[[Item], Future[Result]]]:
    """What submits items to threads that take short turns. Who leaves early, by an interrupt say, waits a moment for what was begun."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(TURN, before))
    pool, begun = ThreadPoolExecutor(threads, "corpusgate"), set[Future[Result]]()

    def submit(item: Item) -> Future[Result]:
        future = pool.submit(work, item)
        begun.add(future)
        future.add_done_callback(begun.discard)
        return future

    try:
        yield submit
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        wait(begun, PATIENCE)
        sys.setswitchinterval(before)

"""A process that loads Great Expectations while this one measures: importing it takes longer than all other imports together, and holds
the interpreter's lock, which threads that measure need.

This module imports nothing heavy, so that the command line can start it before anything else.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import RLock
from typing import Any

from corpusgate import evaluation
from corpusgate.evaluation import Evaluate, Table
from corpusgate.runners.workers import end_with_parent


@contextmanager
def started(jobs: int) -> Iterator[Evaluate]:
    """Who evaluates: a process of its own, if there is a core for it and something to load."""
    if jobs < 2 or "great_expectations" in sys.modules:
        yield evaluation.evaluate
        return
    evaluator = Evaluator()
    try:
        yield evaluator
    finally:
        evaluator.stop()


class Evaluator:
    """Evaluates expectations in a process of its own, or in this one should that one have ended."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        # So that an end of that process is the end of the pipe.
        theirs.close()
        self._asked: bytes | None = None

    def ask(self, table: Table, configurations: Sequence[Mapping[str, Any]]) -> None:
        """Have that process begin with what this one may call it with next."""
        question = pickle.dumps((table, configurations))
        with suppress(OSError):
            self._pipe.send_bytes(question)
            self._asked = question

    def __call__(self, table: Table, configurations: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
        """As `evaluation.evaluate`."""
        question = pickle.dumps((table, configurations))
        asked, self._asked = self._asked, None
        try:
            if asked != question:
                self._pipe.send_bytes(question)
                if asked is not None:
                    # An answer that nobody wants any more.
                    self._pipe.recv()
            answer: dict[str, bool] | Exception = self._pipe.recv()
        except (EOFError, OSError):
            return evaluation.evaluate(table, configurations)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stop(self) -> None:
        """End it; what it is at may be thrown away."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    end_with_parent()
    with suppress(ImportError):
        from tqdm import tqdm

        # Its own is shared by processes, and who is killed leaves it behind.
        tqdm.set_lock(RLock())
    evaluation.load()
    while True:
        question = pipe.recv()
        answer: dict[str, bool] | Exception
        try:
            answer = evaluation.evaluate(*question)
        except Exception as error:  # Whatever it is, the other side raises it.
            answer = error
        pipe.send(answer)

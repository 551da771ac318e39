"""A process that loads Great Expectations while this one measures: importing it takes longer than all other imports together, and holds
the interpreter's lock, which threads that measure need.

This module imports nothing heavy, so that the command line can start it before anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from corpusgate import evaluation
from corpusgate.evaluation import Evaluate
from corpusgate.runners.workers import end_with_parent

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def started(jobs: int) -> Iterator[Evaluate]:
    """Who evaluates: a process of its own, if there is a core for it."""
    if jobs < 2:
        yield evaluation.evaluate
        return
    evaluator = Evaluator()
    try:
        yield evaluator
    finally:
        evaluator.stop()


class Evaluator:
    """Evaluates expectations in a process of its own, once, or in this one should that one have ended."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        # So that an end of that process is the end of the pipe.
        theirs.close()

    def __call__(self, table: pd.DataFrame, configurations: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
        """As `evaluation.evaluate`."""
        try:
            self._pipe.send((table, configurations))
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
    import pandas as pd  # noqa: F401 - what comes through the pipe is a table of it

    evaluation.load()
    answer: dict[str, bool] | Exception
    try:
        answer = evaluation.evaluate(*pipe.recv())
    except Exception as error:  # Whatever it is, the other side raises it.
        answer = error
    pipe.send(answer)

"""What does the tasks of a run, as those see it who have tasks to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from corpusgate.runners.work import Work

Item = TypeVar("Item")
Result = TypeVar("Result")


class Tasks(Protocol):
    """Some processes. Tasks are functions of the run and of one item, which can be pickled like what they give."""

    def run(self, task: Callable[[Work, Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do a task for each item; results come in any order."""

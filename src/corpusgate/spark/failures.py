"""What Spark raises, as a problem that says what went wrong on an executor."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, TypeVar

from corpusgate.errors import Problem

Given = TypeVar("Given")

#: How lines of Java's own begin.
_JAVA = ("at ", "...", "Caused by", "Driver stacktrace")


def asked(ask: Callable[[], Given]) -> Given:
    """What Spark answers.

    Raises:
        Problem: it does not.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        return ask()
    except (PySparkException, Py4JError) as error:
        raise Problem("Spark", f"could not do its work ({told(str(error))})", "Look at the log of its executors") from None


def given(row: Any) -> Any:
    """What a task gave, by its row of `tasks.ANSWER`.

    Raises:
        Problem: the one that it ran into.
    """
    answer = pickle.loads(row["answer"])
    if row["problem"]:
        raise answer
    return answer


def told(message: str) -> str:
    """The line of a failure that says what it was: the last one of Python's traceback if there is one, else the first."""
    lines = [line for line in map(str.strip, message.splitlines()) if line and not line.startswith(_JAVA)]
    begin = next((i for i, line in enumerate(lines) if line.startswith("Traceback (most recent call last)")), len(lines))
    errors = [line for line in lines[begin + 1 :] if _names_an_error(line)]
    return (errors[-1] if errors else lines[0] if lines else "it does not say why")[:300]


def _names_an_error(line: str) -> bool:
    name, colon, _ = line.partition(": ")
    return bool(colon) and all(part.isidentifier() for part in name.split("."))

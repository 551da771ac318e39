"""What Spark raises, as a problem that says what went wrong on an executor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from corpusgate.errors import Problem

Given = TypeVar("Given")

#: How the last line of a traceback of Python begins, in what Spark says of a failure, is not to be told; that of Java's begins so.
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


def told(message: str) -> str:
    """The line of a failure that says what it was: the last one of Python's traceback if there is one, else the first."""
    lines = [line.strip() for line in message.splitlines()]
    own = [line for line in lines if line and not line.startswith(_JAVA)]
    begins = next((i for i, line in enumerate(own) if line.startswith("Traceback (most recent call last)")), None)
    traced = [line for line in own[begins + 1 :] if not line.startswith(("File ", "^"))] if begins is not None else []
    errors = [line for line in traced if line.split(":")[0].replace(".", "").replace("_", "").isalnum() and ": " in line]
    return (errors or own or ["it does not say why"])[0 if not errors else -1][:300]

"""Seconds of CPU by stage, for `--profile`. Costs about a microsecond a stage, so it is always on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import process_time


class Stages:
    """An accumulator: `with stages("read"): …`. Time of an inner stage does not count for the one around it.

    Attributes:
        seconds: CPU seconds of this process by stage, in the order in which stages were first met.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner = 0.0

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Count the time of a `with` block for a stage."""
        self.seconds.setdefault(name, 0.0)
        before, self._inner = self._inner, 0.0
        begun = process_time()
        try:
            yield
        finally:
            spent = process_time() - begun
            self.seconds[name] += spent - self._inner
            self._inner = before + spent

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Count nothing in a `with` block, nor for the stage around it: tasks tell what they took, whoever does them."""
        before, begun = self._inner, process_time()
        try:
            yield
        finally:
            self._inner = before + process_time() - begun

    def add(self, name: str, seconds: float) -> None:
        """Count seconds that were measured otherwise; they do not count for the stage around them."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self._inner += seconds

    def merge(self, other: Mapping[str, float]) -> None:
        """Count what another process took."""
        for name, seconds in other.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds

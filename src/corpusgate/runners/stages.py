"""Seconds of CPU by stage, for `--profile`. Costs about a microsecond a stage, so it is always on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import current_thread, main_thread
from time import process_time, thread_time


class Stages:
    """An accumulator: `with stages("read"): …`. Time of an inner stage does not count for the one around it.

    Attributes:
        seconds: CPU seconds by stage, in the order in which stages were first met: of this process, or of this thread if others work
            beside it.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner = 0.0
        # What the first thread waits for is done for it, by threads of libraries too.
        self._now = process_time if current_thread() is main_thread() else thread_time

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Count the time of a `with` block for a stage."""
        self.seconds.setdefault(name, 0.0)
        before, self._inner = self._inner, 0.0
        begun = self._now()
        try:
            yield
        finally:
            spent = self._now() - begun
            self.seconds[name] += spent - self._inner
            self._inner = before + spent

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Count nothing in a `with` block, nor for the stage around it: tasks tell what they took, whoever does them."""
        before, begun = self._inner, self._now()
        try:
            yield
        finally:
            self._inner = before + self._now() - begun

    def add(self, name: str, seconds: float) -> None:
        """Count seconds that were measured otherwise; they do not count for the stage around them."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self._inner += seconds

    def merge(self, other: Mapping[str, float]) -> None:
        """Count what another process took."""
        for name, seconds in other.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds

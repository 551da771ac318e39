"""Locks on files, which the system releases when a process ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has none of this; runs at the same time are then not told apart.
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock on a file, which is made if it is not there."""

    path: Path

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold it together with others, waiting for one who holds it alone.

        Raises:
            OSError: the file cannot be written to.
        """
        with self.path.open("ab") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_SH)
            yield

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold it alone if nobody holds it now; tells whether it does.

        Raises:
            OSError: the file cannot be written to.
        """
        with self.path.open("ab") as file:
            try:
                if fcntl is not None:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

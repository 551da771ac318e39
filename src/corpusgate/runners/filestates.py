"""Digests of input files kept with the state of the file, so that a file that nobody touched need not be read again.

What git's index does: size, times, inode and device tell whether a file is the same, unless it was written so shortly
before it was read that a later write could bear the same time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpusgate.corpora.model import SourceFile
from corpusgate.replacing import write_text
from corpusgate.runners.inputs import Digests

#: Nanoseconds that the clocks of file systems may be coarse by.
COARSE = 2_000_000_000


@dataclass(frozen=True, slots=True)
class FileStates:
    """The digests known, in a folder."""

    folder: Path

    def find(self, file: SourceFile, state: Sequence[int]) -> Digests:
        """Digests of the pieces of a file, if it is in the state they were taken in; else none."""
        try:
            known = json.loads(self._file(file).read_bytes())
            if known["state"] != list(state) or max(known["state"][1:3]) > known["taken"] - COARSE:
                return {}
            os.utime(self._file(file))
            return {number: digest for number, digest in enumerate(known["digests"]) if digest}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def keep(self, file: SourceFile, state: Sequence[int], taken: int, digests: Digests) -> None:
        """Keep digests, if the file is still in that state.

        Args:
            file: the file.
            state: its state before it was read.
            taken: nanoseconds since 1970 when the reading began.
            digests: of the pieces that were read.
        """
        if not digests or state_of(file) != tuple(state):
            return
        pieces = [digests.get(number, "") for number in range(max(digests) + 1)]
        write_text(self._file(file), json.dumps({"state": list(state), "taken": taken, "digests": pieces}))

    def _file(self, file: SourceFile) -> Path:
        return self.folder / f"{hashlib.sha256(os.fsencode(file.origin or file.path.resolve())).hexdigest()[:32]}.json"


def state_of(file: SourceFile) -> tuple[int, ...]:
    """What tells a file from itself after a change: size, times of content and of state, inode and device; empty if it is gone.

    Of an object a store tells size and time, to a second or less; executors see to it that it is the one that was found.
    """
    if file.origin:
        return (file.size, int(file.version), int(file.version)) if file.version else ()
    try:
        found = file.path.stat()
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev

"""Files written whole or not at all: beside their place first, so that nobody ever reads half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` once that is done; where it is not, all stays as it was.

    Of several processes that write one file each has a path of its own.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(path)
    except BaseException as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(partial):
            # Who is told of it knows the file by its name.
            error.filename = str(path)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file whole, with the line ends it has."""
    with replaced(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")

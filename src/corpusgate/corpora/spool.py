"""A folder for what is no file here: it is fetched into one, so that it can be cut, read twice and known by its bytes.

It is removed when the process ends. Parts that were measured are found again in the cache, since they are known by content.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

from corpusgate.errors import Problem

_numbers = count()

#: Address and version of the objects that files are replicas of.
_origins: dict[Path, tuple[str, str]] = {}


@cache
def _root() -> Path:
    root = Path(tempfile.mkdtemp(prefix="corpusgate-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def folder() -> Path:
    """A new empty folder."""
    new = _root() / str(next(_numbers))
    new.mkdir()
    return new


def note(path: Path, address: str, version: str) -> None:
    """Remember which object a file is the replica of."""
    _origins[path] = address, version


def origin(path: Path) -> tuple[str, str]:
    """Address and version of the object that a file is the replica of; nothing for other files."""
    return _origins.get(path, ("", ""))


def holds(path: Path) -> bool:
    """Whether a file was fetched by this process, and will be gone with it."""
    return path.is_relative_to(_root())


def require_room(where: str, size: int) -> None:
    """Make sure that so many bytes can be fetched.

    Raises:
        Problem: the disk has not enough room.
    """
    free = shutil.disk_usage(_root()).free
    if size > free:
        raise Problem(where, f"takes {size:,} bytes, and {_root().parent} has room for {free:,}", "Set TMPDIR to a folder on a larger disk")

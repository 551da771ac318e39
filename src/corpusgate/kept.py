"""What takes long to make and is the same for every run, kept in the user's cache folder: made once a machine."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def user_folder() -> Path:
    """The cache folder of this user: `$XDG_CACHE_HOME/corpusgate`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "corpusgate"


def kept(name: str, made_from: str, make: Callable[[], bytes]) -> bytes:
    """Something from the cache folder, or made now and put there. Where nothing can be put there, it is made each time.

    Args:
        name: what it is.
        made_from: all that it depends on.
        make: makes it.
    """
    path = user_folder() / "made" / f"{name}-{hashlib.sha256(made_from.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
    with suppress(OSError):
        data = path.read_bytes()
        if hashlib.sha256(data[32:]).digest() == data[:32]:
            return data[32:]
    made = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        partial.write_bytes(hashlib.sha256(made).digest() + made)
        partial.replace(path)
    return made

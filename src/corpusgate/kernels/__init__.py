"""Compiled loops straight over bytes and offsets: no policy, no Python object a record.

Compiled code is kept in the user's cache folder, so that it is made once a machine and not once a run.
"""

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from corpusgate.kept import user_folder

#: Seconds that compiling all of them takes, about.
SECONDS = 40


def _folder() -> Path:
    """A folder that can be written to: the user's, else one that this machine throws away."""
    own = user_folder() / "numba"
    try:
        own.mkdir(parents=True, exist_ok=True)
        if os.access(own, os.W_OK):
            return own
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"corpusgate-{os.getuid() if hasattr(os, 'getuid') else 0}" / "numba"


# numba reads this when it is first imported; next to the sources would fail where they are read-only.
if "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(_folder())


def _mark() -> Path:
    """A file that is there once the kernels as they are now were compiled."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    state = [sys.version, version("numba"), *(f"{path} {path.stat().st_mtime_ns}" for path in sources)]
    return Path(os.environ["NUMBA_CACHE_DIR"]) / f"compiled-{hashlib.sha256(repr(state).encode()).hexdigest()[:16]}"


def to_be_compiled() -> bool:
    """Whether they have to be compiled yet, as far as is known."""
    return not _mark().exists()


def were_compiled() -> None:
    """Note that they need not be compiled again."""
    with suppress(OSError):
        _mark().touch()

"""Compiled loops straight over bytes and offsets: no policy, no Python object a record.

Compiled code is kept in the user's cache folder, so that it is made once a machine and not once a run.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from corpusgate.kept import user_folder

#: Seconds that compiling all of them takes, about.
SECONDS = 40

#: Seconds after which compiled code that no run used is removed.
_AGE = 30 * 24 * 3600


@cache
def _state() -> str:
    """Tells these kernels from others. numba sees a change in a function's own file alone, not in those that it calls."""
    total = hashlib.sha256(f"{sys.version} {version('numba')} {Path(__file__).parent}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


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
_OWN = "NUMBA_CACHE_DIR" not in os.environ
if _OWN:
    os.environ["NUMBA_CACHE_DIR"] = str(_folder() / _state())


def _mark() -> Path:
    """A file that is there once the kernels as they are now were compiled."""
    return Path(os.environ["NUMBA_CACHE_DIR"]) / f"compiled-{_state()}"


def to_be_compiled() -> bool:
    """Whether they have to be compiled yet, as far as is known."""
    return not _mark().exists()


def were_compiled() -> None:
    """Note that they need not be compiled again; what no run used for a month is removed."""
    mark = _mark()
    with suppress(OSError):
        mark.touch()
        for other in mark.parent.parent.iterdir() if _OWN else ():
            used = max((path.stat().st_mtime for path in other.glob("compiled-*")), default=0.0)
            if other != mark.parent and max(used, other.stat().st_mtime) < time.time() - _AGE:
                shutil.rmtree(other, ignore_errors=True)

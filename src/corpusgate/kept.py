"""What takes long to make and is the same for every run, kept in the user's cache folder: made once a machine."""

from __future__ import annotations

import hashlib
import os
import sys
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusgate.replacing import replaced

if TYPE_CHECKING:
    from numpy.typing import NDArray


def user_folder() -> Path:
    """The cache folder of this user: `$XDG_CACHE_HOME/corpusgate`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "corpusgate"


def place(name: str, made_from: str) -> Path:
    """Where something of that name lies in the cache folder that was made from that."""
    return user_folder() / "made" / f"{name}-{hashlib.sha256(made_from.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def kept(name: str, made_from: str, make: Callable[[], bytes]) -> bytes:
    """Something from the cache folder, or made now and put there. Where nothing can be put there, it is made each time.

    Args:
        name: what it is.
        made_from: all that it depends on.
        make: makes it.
    """
    path = place(name, made_from)
    with suppress(OSError):
        data = path.read_bytes()
        if hashlib.sha256(data[32:]).digest() == data[:32]:
            return data[32:]
    made = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as partial:
            partial.write_bytes(hashlib.sha256(made).digest() + made)
    return made


def kept_arrays(name: str, code: Sequence[str], make: Callable[[], Sequence[NDArray[Any]]], given: str = "") -> list[NDArray[Any]]:
    """Arrays that follow from code and from Python's tables of characters and codecs alone: read in a thousandth of a second.

    Args:
        name: what they are.
        code: the files of code that make them.
        make: makes them.
        given: what else they depend on.
    """
    import numpy as np

    def written() -> bytes:
        out = BytesIO()
        for array in make():
            np.save(out, array, allow_pickle=False)
        return out.getvalue()

    state = [given, sys.version, unicodedata.unidata_version, np.__version__, *(Path(file).read_bytes() for file in code)]
    data = BytesIO(kept(name, repr(state), written))
    found = []
    while data.tell() < len(data.getbuffer()):
        found.append(np.load(data, allow_pickle=False))
    return found

"""The run handed to those who do its tasks: written once into its folder, and read once by each process."""

from __future__ import annotations

import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any


def path_of(folder: Path) -> Path:
    """Where the run lies."""
    return folder / "work.pickle"


def keep(folder: Path, work: Any) -> Path:
    """Write what all tasks know into the folder of the run."""
    path = path_of(folder)
    path.write_bytes(pickle.dumps(work))
    return path


@lru_cache(maxsize=1)
def known(path: Path | str) -> Any:
    """What `keep` wrote there."""
    return pickle.loads(Path(path).read_bytes())

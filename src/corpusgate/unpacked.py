"""The package unpacked, where Python imports it from an archive, as executors of Spark do with what `--py-files` ships.

Its checks and models are files that are read by their paths, and compiled kernels are kept by the files that they are made from.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path


def folder(module: str) -> str:
    """A folder with the package that a module of an archive belongs to: beside the archive, so that all processes share it and it goes
    with it, else one of this process alone.

    Args:
        module: path of the package's first module, through the archive.
    """
    package = Path(module).parent
    archive = next(parent for parent in package.parents if parent.is_file())
    place = archive.with_name(f"{archive.name}.unpacked")
    if not place.is_dir():
        made = _made_beside(archive)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(made)
        try:
            made.rename(place)
        except OSError:
            if not place.is_dir():
                return str(made / package.relative_to(archive))
            # Another process was first.
            shutil.rmtree(made, ignore_errors=True)
    return str(place / package.relative_to(archive))


def _made_beside(archive: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=".unpacking-", dir=archive.parent))
    except OSError:
        return Path(tempfile.mkdtemp(prefix="corpusgate-"))

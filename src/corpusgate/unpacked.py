"""The package unpacked, where Python imports it from an archive, as executors of Spark do with what `--py-files` ships.

Its checks and models are files that are read by their paths, and compiled kernels are kept by the files that they are made from.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path

from corpusgate.kept import user_folder


def folder(module: str) -> str:
    """A folder with the package that a module of an archive belongs to: among what is kept for the user, so that all processes of a
    machine share it, run after run; else one of this process alone.

    Args:
        module: path of the package's first module, through the archive.
    """
    package = Path(module).parent
    archive = next(parent for parent in package.parents if parent.is_file())
    place = user_folder() / "packages" / hashlib.sha256(archive.read_bytes()).hexdigest()[:16]
    if not place.is_dir():
        made = _made_beside(place)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(made)
        try:
            made.rename(place)
        except OSError:
            if not place.is_dir():
                place = made
            else:
                # Another process was first.
                shutil.rmtree(made, ignore_errors=True)
    return str(place / package.relative_to(archive))


def _made_beside(place: Path) -> Path:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="making-", dir=place.parent))
    except OSError:
        return Path(tempfile.mkdtemp(prefix="corpusgate-"))

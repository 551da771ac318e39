"""A store of measured parts: each entry is a folder that appears whole or not at all, and is read only if it still is.

parts/<2 hex>/<key>/    tables of a part, and part.json with a digest of each
files/<hash>.json       digests of an input file, with the state of the file they were taken in
making/                 entries being written
lock                    held shared by every run, alone by the one that tidies up
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from corpusgate.corpora.spans import PIECE
from corpusgate.runners.locks import Lock
from corpusgate.runners.parts import DESCRIPTION, Measurement

#: Bytes that entries may take before the ones that lay unused the longest are removed.
LIMIT = 4 << 30

#: Seconds after which an entry that nobody used is removed.
AGE = 30 * 86_400

#: The layout of entries; those of another are never found.
LAYOUT = 4


@dataclass(frozen=True, slots=True)
class Cache:
    """The store in a folder."""

    folder: Path

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep others from tidying up while entries are in use.

        Raises:
            OSError: the folder cannot be written to.
        """
        for name in ("parts", "files", "making"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        with Lock(self.folder / "lock").shared():
            yield

    def find(self, key: str, name: str, today: date) -> tuple[Path, Measurement] | None:
        """An entry that is whole and holds for a corpus of that name on that day, and what its part gave."""
        for path in sorted(self._folder(key).glob(f"*/{DESCRIPTION}")):
            found = _read(path)
            if found is not None and found.validity.holds(name, today):
                with suppress(OSError):
                    os.utime(path)
                    return path.parent, found
        return None

    def any(self, head: str) -> bool:
        """Whether there is any entry whose key begins so, with two characters or more."""
        return any((self.folder / "parts" / head[:2]).glob(f"{head}*"))

    def begin(self) -> Path:
        """An empty folder to write an entry to."""
        return Path(mkdtemp(dir=self.folder / "making"))

    def finish(self, written: Path, key: str, measurement: Measurement) -> Path:
        """Make a written folder an entry. One that is there already and not whole gives way."""
        files = {path.name: _digest(path) for path in sorted(written.iterdir())}
        described = {"files": files, "measurement": json.loads(measurement.to_json())}
        (written / DESCRIPTION).write_text(json.dumps(described), encoding="utf-8")
        entry = self._folder(key) / (hashlib.sha256(repr(measurement.validity).encode()).hexdigest()[:8])
        entry.parent.mkdir(parents=True, exist_ok=True)
        try:
            written.rename(entry)
        except OSError:
            # Two runs at once may measure the same part: what the other wrote is as good.
            if _read(entry / DESCRIPTION) is not None:
                shutil.rmtree(written, ignore_errors=True)
                return entry
            entry.rename(Path(mkdtemp(dir=self.folder / "making")) / "old")
            written.rename(entry)
        return entry

    def tidy(self, limit: int = LIMIT, age: float = AGE) -> None:
        """Remove what is left over, and entries beyond the bounds, unless somebody uses the store."""
        with Lock(self.folder / "lock").alone() as alone:
            if not alone:
                return
            shutil.rmtree(self.folder / "making", ignore_errors=True)
            entries = sorted(((path.stat().st_mtime, path.parent) for path in self.folder.glob(f"parts/*/*/*/{DESCRIPTION}")), reverse=True)
            total = 0
            for used, entry in entries:
                total += sum(path.stat().st_size for path in entry.iterdir())
                if total > limit or used < time.time() - age:
                    shutil.rmtree(entry, ignore_errors=True)
            for path in self.folder.glob("files/*.json"):
                if path.stat().st_mtime < time.time() - age:
                    path.unlink(missing_ok=True)

    def _folder(self, key: str) -> Path:
        return self.folder / "parts" / key[:2] / key


def _read(path: Path) -> Measurement | None:
    """The measurement of an entry by its description; nothing if anything at all is wrong with it: then it is made again."""
    try:
        described = json.loads(path.read_bytes())
        for name, digest in described["files"].items():
            if _digest(path.parent / name) != digest:
                return None
        return Measurement.of(described["measurement"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _digest(path: Path) -> str:
    """Tells bytes that were damaged on the disk, not those that somebody forged."""
    from corpusgate.kernels.digest import digests

    return "".join(found for _, found in digests(path, 0, path.stat().st_size, PIECE))

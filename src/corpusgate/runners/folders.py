"""The folder a run works in, inside its output folder: what it writes comes into its place at once, when all of it is whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from corpusgate.runners.locks import Lock

_PREFIX = ".work-"
_STATE = "run.json"

#: What a run writes, in the order in which it comes into its place: the rest is there when results.json is.
OUTPUTS = ("quarantine.jsonl", "signals.parquet", "findings.parquet", "slices.parquet", "results.json")

#: What a run replaces, and what is made from its results: old ones would not belong to the new.
_STALE = ("results.json", "report.html")


@contextmanager
def work_folder(out: Path, state: Mapping[str, str]) -> Iterator[Path]:
    """A folder that is gone afterwards; those of killed runs go as well.

    Args:
        out: the output folder.
        state: what tells one run from another, and the day it judges by, for `interrupted`.

    Raises:
        OSError: it cannot be made.
    """
    _remove_stale(out)
    folder = Path(mkdtemp(prefix=_PREFIX, dir=out))
    try:
        with Lock(folder / "lock").shared():
            (folder / _STATE).write_text(json.dumps(state), encoding="utf-8")
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def interrupted(out: Path, state: Mapping[str, str]) -> date | None:
    """The day by which a run judged that was killed, if it was of the same corpus and suite; of several the last one's."""
    days = []
    for folder in _stale(out):
        with suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads((folder / _STATE).read_bytes())
            if {**known, "today": ""} == {**state, "today": ""}:
                days.append(((folder / _STATE).stat().st_mtime, date.fromisoformat(known["today"])))
    return max(days)[1] if days else None


def publish(work: Path, out: Path) -> None:
    """Move what a run wrote into the output folder. Whoever finds results.json there finds what belongs to it."""
    for name in _STALE:
        (out / name).unlink(missing_ok=True)
    for name in OUTPUTS:
        # A table of many machines is a folder.
        if (out / name).is_dir():
            shutil.rmtree(out / name)
        if (work / name).exists():
            (work / name).replace(out / name)
        else:
            (out / name).unlink(missing_ok=True)


def _stale(out: Path) -> Iterator[Path]:
    """Work folders that nobody works in: the system released their locks."""
    for folder in sorted(out.glob(f"{_PREFIX}*")):
        with suppress(OSError), Lock(folder / "lock").alone() as alone:
            if alone:
                yield folder


def _remove_stale(out: Path) -> None:
    for folder in _stale(out):
        shutil.rmtree(folder, ignore_errors=True)

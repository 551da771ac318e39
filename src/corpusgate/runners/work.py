"""What every process of a run knows, and its first task: a part measured, or found in the cache."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpusgate.checks import Suite
from corpusgate.corpora.model import Corpus, Part
from corpusgate.corpora.reading import is_watched
from corpusgate.runners import inputs
from corpusgate.runners import plan as planning
from corpusgate.runners.cache import LAYOUT, Cache
from corpusgate.runners.inputs import Digests, Watched
from corpusgate.runners.parts import Measurement, measure_part
from corpusgate.runners.plan import Plan
from corpusgate.runners.stages import Stages

#: Packages whose version can change what is measured or how it is stored.
_PACKAGES = ("hyperscan", "numba", "numpy", "pyarrow")

#: Folders and files of corpusgate that measuring depends on.
_SOURCES = ("corpora", "kernels", "signals", "records.py", "runners/measure.py", "runners/parts.py", "runners/plan.py")


@dataclass(frozen=True)
class Work:
    """What every process of a run needs to know.

    Attributes:
        corpus: what to read.
        suite: what to look for, as JSON.
        cache: folder of the measured parts.
        folder: where what is joined is written.
        today: the day of the run, for records without a crawl date.
        code: hash of the code that measures.
    """

    corpus: Corpus
    suite: str
    cache: Path
    folder: Path
    today: date
    code: str

    @property
    def plan(self) -> Plan:
        """What to do with each block."""
        return _plan(self.suite, tuple(self.corpus.fields), self.corpus.sample is not None)


@lru_cache(maxsize=2)
def _plan(suite: str, mapped: tuple[str, ...], is_sample: bool) -> Plan:
    return planning.make(Suite.model_validate_json(suite), mapped, is_sample)


@dataclass(frozen=True, slots=True)
class PartResult:
    """A part and where its tables lie.

    Attributes:
        index: position among the parts.
        folder: where its tables lie.
        measurement: what it gave.
        reused: whether it was found in the cache.
        digests: digests of the input that were read for it, by file.
        seconds: CPU seconds by stage.
    """

    index: int
    folder: Path
    measurement: Measurement
    reused: bool
    digests: Mapping[int, Digests]
    seconds: Mapping[str, float]


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Hash of the code that measures and of the packages it stands on."""
    total = hashlib.sha256(f"{LAYOUT} {sys.version} {[version(package) for package in _PACKAGES]}".encode())
    root = Path(__file__).parents[1]
    for name in _SOURCES:
        path = root / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(f"{file.relative_to(root).as_posix()}\n".encode() + file.read_bytes())
    return total.hexdigest()


def head(work: Work, part: Part) -> str:
    """What a part is known by beside the bytes it is made from: it does not depend on where the corpus lies, nor on bounds."""
    corpus = work.corpus
    files = [corpus.files[index] for index in part.files]
    known: list[Any] = [
        work.code,
        work.plan.measuring(),
        list(corpus.fields),
        [(file.name, file.format, file.compression, list(file.fields.items()), file.lost) for file in files],
        [part.start, part.end, part.first_line, *([part.entry.packed, part.entry.before] if part.entry else [])],
        *([corpus.sample.seed, corpus.sample.last] if corpus.sample else []),
    ]
    return _hash(known)


def key(work: Work, part: Part, pieces: list[list[str]]) -> str:
    """What the result of a part is known by: its head, and the digests of the bytes it is made from."""
    return f"{head(work, part)}{_hash(pieces)}"


def _hash(known: list[Any]) -> str:
    return hashlib.sha256(json.dumps(known, default=str).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def find(work: Work, part: Part, pieces: list[list[str]]) -> PartResult | None:
    """A part in the cache, if it may be used in this run."""
    found = Cache(work.cache).find(key(work, part, pieces), work.corpus.name, work.today)
    return PartResult(part.index, *found, True, {}, {}) if found is not None else None


def measure_or_find(work: Work, part: Part, progress: Any = None) -> PartResult:
    """The first task: read a part's bytes, and measure it unless it is in the cache.

    Where the cache has nothing of such a part, whatever its bytes are, they are read once: their digests are taken on the way.

    Args:
        work: the run.
        part: the part.
        progress: called with bytes and records, block by block.
    """
    stages = Stages()
    digests: dict[int, Digests] = {}
    cache = Cache(work.cache)
    watched: Watched | None = None
    if is_watched(work.corpus, part) and not cache.any(head(work, part)):
        with stages("digest"):
            watched = inputs.watch(work.corpus, part)
    pieces: list[list[str]] | None = None
    if work.corpus.frame is None and watched is None:
        with stages("digest"):
            digests, pieces = _digests(work, part)
            if found := find(work, part, pieces):
                return PartResult(part.index, found.folder, found.measurement, True, digests, stages.seconds)
    written = cache.begin()
    measurement = measure_part(work.corpus, part, work.plan, written, work.today, stages, progress, watched)
    if watched is not None:
        with stages("digest"):
            digests, pieces = _digests(work, part, watched.found)
    name = key(work, part, pieces) if pieces is not None else f"frame {part.index}"
    with stages("write"):
        folder = cache.finish(written, name, measurement)
    return PartResult(part.index, folder, measurement, False, digests, stages.seconds)


def _digests(work: Work, part: Part, seen: Digests | None = None) -> tuple[dict[int, Digests], list[list[str]]]:
    """The digests of a part's bytes by file, and those that it is made from."""
    digests = inputs.read_digests(work.corpus, part, seen)
    pieces = inputs.known(work.corpus, part, digests)
    assert pieces is not None
    return digests, pieces

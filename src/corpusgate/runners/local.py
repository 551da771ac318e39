"""One machine: parts are measured by as many threads or processes as wished, then joined in the corpus's order.

Parts do not depend on their number, and everything is joined in their order, so the output does not either.
"""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from corpusgate.checks import Suite
from corpusgate.corpora.model import Corpus, Part, Quarantined
from corpusgate.errors import Problem
from corpusgate.runners import inputs, threads, workers
from corpusgate.runners.cache import Cache
from corpusgate.runners.filestates import FileStates, state_of
from corpusgate.runners.folders import interrupted, work_folder
from corpusgate.runners.inputs import Digests
from corpusgate.runners.join import Joined, join
from corpusgate.runners.memory import reuse
from corpusgate.runners.parts import QUARANTINE_EXAMPLES
from corpusgate.runners.pool import Pool, Started
from corpusgate.runners.stages import Stages
from corpusgate.runners.strip import Wanted
from corpusgate.runners.totals import Totals
from corpusgate.runners.work import PartResult, Work, code_hash, find, measure_or_find
from corpusgate.runners.workers import Workers

Progress = Callable[[int, int], None]

#: Formats that are read by Python rather than by kernels or Arrow, so that threads would wait for each other.
_BY_PYTHON = ("warc", "txt")

#: How many bytes of a part that was measured already are as much work as one that was not.
JOINING = 8


@dataclass(frozen=True)
class Outcome:
    """What a run measured, before anything is judged.

    Attributes:
        totals: the sums.
        broken: files that broke off, so that nobody knows what they held.
        quarantine: the first pieces of input that could not be read.
        fingerprint: hash of all that was read.
        folder: where signals.parquet, findings.parquet and quarantine.jsonl lie until they are published.
        parts: how many parts there were.
        reused: how many of them were found in the cache.
        stages: where the time is counted.
    """

    totals: Totals
    broken: tuple[str, ...]
    quarantine: tuple[Quarantined, ...]
    fingerprint: str
    folder: Path
    parts: int
    reused: int
    stages: Stages


@dataclass(frozen=True, slots=True)
class Options:
    """How to run, none of which changes what comes out.

    Attributes:
        jobs: how many parts are measured at once; a few by threads of this process, more by processes.
        cache: where measured parts are kept; None keeps none.
        resume: judge by the day of the run that was killed in the same output folder, if there is one.
        progress: called with the bytes and records done since the last call.
        stages: where to count the time.
        workers: processes that were started ahead; they are ended afterwards.
        duplicates: write the groups of copies too, as duplicates.parquet in the work folder.
        strip: which lines of furniture to tell.
        engine: starts what does the tasks instead.
        summed: called with the sums as soon as they are known, when nothing is shown yet.
    """

    jobs: int = 1
    cache: Path | None = None
    resume: bool = False
    progress: Progress | None = None
    stages: Stages | None = None
    workers: Workers | None = None
    duplicates: bool = False
    strip: Wanted = field(default_factory=Wanted)
    engine: Started | None = None
    summed: Callable[[Totals], None] = lambda _totals: None


@contextmanager
def run(corpus: Corpus, suite: Suite, out: Path, today: date, options: Options | None = None) -> Iterator[Outcome]:
    """Measure a corpus. What is written lies in a work folder that is gone after the `with` block.

    Args:
        corpus: what to read.
        suite: what to look for.
        out: the output folder, in which the work folder is made.
        today: the day of the run, for records without a crawl date.
        options: how to run.

    Raises:
        Problem: input cannot be read, or a folder cannot be written to.
    """
    chosen = options or Options()
    reuse()
    state = {"corpus": corpus.name, "fields": str(dict(corpus.fields)), "suite": suite.hash}
    if corpus.sample is not None:
        state["sample"] = str(corpus.sample)
    day = (interrupted(out, state) if chosen.resume else None) or today
    # Rows of a DataFrame have no bytes to know them by.
    kept = chosen.cache if corpus.frame is None else None
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(work_folder(out, {**state, "today": day.isoformat()}))
            cache = Cache(kept or folder / "cache")
            with cache.used():
                work = Work(corpus, suite.model_dump_json(by_alias=True), cache.folder, folder, day, code_hash())
                outcome = _run(work, chosen, chosen.stages or Stages())
            if kept is not None:
                cache.tidy()
        except OSError as error:
            where = error.filename if isinstance(error.filename, str) else str(out)
            raise Problem(where, f"cannot be read or written ({error.strerror or error})", "Free space, or choose other folders") from error
        yield outcome


def _run(work: Work, options: Options, stages: Stages) -> Outcome:
    corpus = work.corpus
    begun, states = time.time_ns(), [state_of(file) for file in corpus.files]
    with stages("look up"):
        known = _known(work, states)
        parts = [_in_cache(work, part, known) for part in corpus.parts]
    read: dict[int, Digests] = {index: dict(digests) for index, digests in known.items()}
    waiting = [part for part, found in zip(corpus.parts, parts, strict=True) if found is None]
    for found in parts:
        _tell(options.progress, found)
    hands, apart = _hands(corpus, waiting, options.jobs)
    alone = hands == 1 and options.engine is None
    with options.engine(work) if options.engine else _pool(work, hands, apart, options) as pool:
        # In this thread progress is told block by block.
        task = partial(measure_or_find, progress=options.progress) if alone else measure_or_find
        for result in pool.run(task, waiting):
            parts[result.index] = result
            stages.merge(result.seconds)
            for index, digests in result.digests.items():
                read.setdefault(index, {}).update(digests)
            if not alone or result.reused:
                _tell(options.progress, result)
        whole = [part for part in parts if part is not None]
        with stages("look up"):
            for index in read.keys() - known.keys():
                FileStates(work.cache / "files").keep(corpus.files[index], states[index], begun, read[index])
            digest = inputs.fingerprint(corpus, read, [part.measurement.digest for part in whole])
        joined = join(work, whole, pool, stages, options.duplicates, options.strip, lambda sums: options.summed(_totals(work, whole, sums)))
    with (work.folder / "quarantine.jsonl").open("wb") as file:
        for part in whole:
            with (part.folder / "quarantine.jsonl").open("rb") as share:
                shutil.copyfileobj(share, file)
    measured = [part.measurement for part in whole]
    return Outcome(
        _totals(work, whole, joined),
        tuple(dict.fromkeys(file for part in measured for file in part.broken)),
        tuple(piece for part in measured for piece in part.examples)[:QUARANTINE_EXAMPLES],
        digest,
        work.folder,
        len(whole),
        sum(part.reused for part in whole),
        stages,
    )


def _totals(work: Work, parts: Sequence[PartResult], joined: Joined) -> Totals:
    measured = [part.measurement for part in parts]
    return Totals(
        work.plan.checks,
        work.plan.idle,
        sum(part.records for part in measured),
        sum(part.quarantined for part in measured),
        _summed(part.reasons for part in measured),
        joined.slices,
        joined.facts,
        joined.findings,
        joined.shown,
        left_out=sum(part.left_out for part in measured),
        no_pages=_summed(part.no_pages for part in measured),
    )


def _known(work: Work, states: Sequence[tuple[int, ...]]) -> dict[int, Digests]:
    """Digests of the files that are as they were when they were last read."""
    store = FileStates(work.cache / "files")
    found = {}
    for index, (file, state) in enumerate(zip(work.corpus.files, states, strict=True)):
        if file.format not in ("txt", "frame") and state and (digests := store.find(file, state)):
            found[index] = digests
    return found


def _in_cache(work: Work, part: Part, known: Mapping[int, Digests]) -> PartResult | None:
    if any(index not in known for index in part.files):
        return None
    pieces = inputs.known(work.corpus, part, known)
    return find(work, part, pieces) if pieces is not None else None


def _hands(corpus: Corpus, waiting: Sequence[Part], jobs: int) -> tuple[int, bool]:
    """How many do tasks at once, as many as there is work for, and whether they are processes of their own.

    Parts that were measured already are work too, but little.
    """
    shares = Counter(part.files for part in corpus.parts)
    sizes = {part.index: _bytes(corpus, part) // shares[part.files] for part in corpus.parts}
    measuring = sum(sizes[part.index] for part in waiting)
    effort = measuring + (sum(sizes.values()) - measuring) // JOINING
    most = min(jobs, len(corpus.parts))
    # A DataFrame is at hand in this process only.
    if corpus.frame is None and (processes := workers.worth(most, effort, any(file.format in _BY_PYTHON for file in corpus.files))):
        return processes, True
    return max(1, min(most, threads.SIDE_BY_SIDE, effort // max(threads.WORTH, 1))), False


def _pool(work: Work, hands: int, apart: bool, options: Options) -> Pool:
    started = options.workers
    if apart:
        started = started or Workers(hands)
    elif started is not None:
        started.stop(at_once=True)
        started = None
    return Pool(work, hands, started, min(options.jobs, os.cpu_count() or 1))


def _bytes(corpus: Corpus, part: Part) -> int:
    """About how many bytes of text the files of a part have."""
    files = [corpus.files[index] for index in part.files]
    return sum(file.size * (workers.COMPRESSED if file.compression or file.format == "parquet" else 1) for file in files)


def _tell(progress: Progress | None, part: PartResult | None) -> None:
    if progress is not None and part is not None:
        progress(part.measurement.consumed, part.measurement.records)


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in counts:
        for name, count in part.items():
            total[name] = total.get(name, 0) + count
    return dict(sorted(total.items()))

"""A run on Spark: executors do its tasks, Spark SQL resolves what only the whole corpus shows, and slices are summed by `groupBy`.

What the driver gets are descriptions of parts, pairs and groups as hashes and numbers, sums of slices, and the few findings that are shown.
Of a small corpus it looks through the hashes itself; of any it joins copies to groups, by hashes that it reads from the measured parts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.cutting import parts
from corpusgate.corpora.model import Corpus, Part
from corpusgate.errors import Problem
from corpusgate.runners import candidates, duck
from corpusgate.runners.candidates import Pairs
from corpusgate.runners.finish import Batch, Summed, finish
from corpusgate.runners.handed import keep
from corpusgate.runners.offered import Known as Offered
from corpusgate.runners.pool import Started
from corpusgate.runners.resolve import Database, Opened
from corpusgate.runners.tasks import Item, Result
from corpusgate.runners.titles import Known
from corpusgate.runners.work import PartResult, Work
from corpusgate.spark import candidates as shared
from corpusgate.spark import tasks
from corpusgate.spark.cuts import absolute, looked
from corpusgate.spark.database import database
from corpusgate.spark.failures import asked, given

#: Tasks of Spark for each that can run at a time: beginning one takes some tenths of a second, and with few the last one is waited for.
_WAVES = 4

#: How many partitions a shuffle has, and how many where nobody says.
_PARTITIONS, _DEFAULT = "spark.sql.shuffle.partitions", "200"

#: Records of a corpus whose hash tables and sums the driver looks through itself, in the memory that one machine takes for it: a million
#: take it a few seconds, and each of some twenty queries of Spark takes a second for a handful.
_HERE = 1_000_000

#: Finished tasks whose answers the driver takes as they are.
_AT_ONCE = 64


def started(session: Any, cache: Path | None = None) -> Started:
    """What makes a session of Spark ready for a run.

    Args:
        session: of Spark.
        cache: folder where measured parts are kept, if they are: there lies how objects of a store are cut, too.

    Raises:
        Problem: it is one of Spark Connect.
    """
    try:
        return _Start(session, str(session.sparkContext.master).startswith("local"), cache)
    except Exception:
        what = "is one of Spark Connect, which has no executors to share a folder with"
        raise Problem("session", what, "Take a classic session, as spark-submit and clusters have") from None


@dataclass(frozen=True)
class _Start:
    """A session of Spark, whether its executors are on this machine, and where measured parts are kept."""

    session: Any
    is_local: bool
    cache: Path | None

    @contextmanager
    def __call__(self, work: Work) -> Iterator[SparkEngine]:
        work = _anywhere(work)
        keep(work.folder, work)
        engine = SparkEngine(self.session, work)
        if not self.is_local:
            engine.require_shared()
        yield engine

    def cut(self, corpus: Corpus) -> Iterable[Part]:
        """Cut a corpus into parts; what must be looked for in much or in what is not here, executors look for."""
        together = _WAVES * self.session.sparkContext.defaultParallelism
        return parts(corpus, partial(looked, self.session, together, self.cache))


def _anywhere(work: Work) -> Work:
    """A run as executors know it, whose working folder is another one."""
    files = tuple(map(absolute, work.corpus.files))
    return replace(work, corpus=replace(work.corpus, files=files), cache=work.cache.absolute(), folder=work.folder.absolute())


class SparkEngine:
    """Who does the tasks of a run."""

    #: Copying this much takes the driver some seconds.
    largest = 4 << 30

    def __init__(self, session: Any, work: Work) -> None:
        # A session of its own has temporary views of its own.
        self._session = session.newSession()
        self._session.conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")
        self._work = work
        self._numbers = count()
        self._together = _WAVES * self._session.sparkContext.defaultParallelism
        # Spark's own number is for clusters, and each partition costs a hundredth of a second a query.
        asked_for = session.conf.get(_PARTITIONS)
        self._session.conf.set(_PARTITIONS, asked_for if asked_for != _DEFAULT else str(self._together))

    def run(self, task: Callable[[Work, Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do a task for each item."""
        number, places = self._lay(items)
        if places is not None:
            frame = places.mapInArrow(tasks.answers(self._work.folder, number, task), tasks.ANSWER)
            yield from map(given, asked(frame.collect))

    def finish(self, batches: Sequence[Batch]) -> Summed:
        """Finish batches; sums of slices are put together by Spark, and those of a small corpus by the driver."""
        whole = Summed(self._work.plan)
        if sum(records for batch in batches for *_, records in batch.parts) <= _HERE:
            for finished in self.run(finish, batches):
                whole.add(finished)
            return whole
        number, places = self._lay(batches)
        if places is None:
            return whole
        width = len(whole.slices.corpus)
        frame = places.mapInArrow(tasks.sums(self._work.folder, number), tasks.SUMMED).persist()
        try:
            answers = frame.where("answer IS NOT NULL").select("answer", "problem")
            size = min(len(batches), self._together)
            if size > _AT_ONCE:
                # Each has some examples of every check: put together on executors first, they are as many as one machine can hold.
                answers = answers.coalesce(isqrt(size)).mapInArrow(tasks.merged(self._work.folder), tasks.ANSWER)
            for row in asked(answers.collect):
                whole.merge(given(row))
            frame.createOrReplaceTempView("finished")
            columns = ", ".join(f"sum(sums[{i}])" for i in range(width))
            totals = self._session.sql(f"SELECT kind, name, {columns} FROM finished WHERE kind IS NOT NULL GROUP BY kind, name")
            rows = asked(totals.collect)
        finally:
            frame.unpersist()
        for kind, name, *sums in rows:
            if kind == "corpus":
                whole.slices.corpus += np.array(sums, np.int64)
            else:
                whole.slices.by[kind][name] = np.array(sums, np.int64)
        return whole

    def pairs(self, parts: Sequence[PartResult], starts: Sequence[int], first: NDArray[np.int32], headlines: Known) -> Pairs:
        """Pairs of records worth reading for copies; of a small corpus the driver finds them."""
        if len(first) <= _HERE:
            return candidates.pairs(self._work.folder, parts, starts, first, headlines)
        return shared.pairs(self._session, self._lay, self._work.folder, parts, starts, first, headlines)

    @property
    def opened(self) -> Opened:
        """Spark SQL, and DuckDB for a small corpus."""
        here, elsewhere = duck.opened(os.cpu_count() or 1), partial(database, self._session, self._lay)

        def within(folder: Path, parts: Sequence[Offered], sources: pa.Table) -> AbstractContextManager[Database]:
            small = sum(len(known.sources) for known in parts) <= _HERE
            return here(folder, parts, sources) if small else elsewhere(folder, parts, sources)

        return within

    def require_shared(self) -> None:
        """Make sure that executors see the corpus and the folder of the run.

        Raises:
            Problem: they do not.
        """
        first = [file.path for file in self._work.corpus.files if file.format not in ("frame", "lost") and not file.origin][:1]
        paths = (first or [self._work.folder]) * self._session.sparkContext.defaultParallelism
        unseen = sorted(filter(None, set(self.run(tasks.sees, paths))))
        if unseen:
            raise tasks.unseen(unseen[0])

    def _lay(self, items: Iterable[Any]) -> tuple[int, Any]:
        """Lay items down for executors. Their places come a partition of Spark for each, or for some that follow each other; None if
        there are no items."""
        number = next(self._numbers)
        size = tasks.keep_items(self._work.folder, number, items)
        return number, self._session.range(0, size, 1, min(size, self._together)) if size else None

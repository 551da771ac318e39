"""What executors do: the tasks of a run, each found by its number in a folder that all machines share.

Spark is given numbers and gives bytes; what is between is the same as on one machine. Functions for `mapInArrow` are made here, so that
executors import them from the package and nothing of it has to be sent along.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from corpusgate.corpora import replicas
from corpusgate.corpora.cutting import Told, look
from corpusgate.corpora.model import SourceFile
from corpusgate.errors import Problem
from corpusgate.runners import parquet_files
from corpusgate.runners.finish import Summed, finish, output
from corpusgate.runners.handed import known, path_of
from corpusgate.runners.memory import release, reuse
from corpusgate.runners.offered import Known, Wanted, offered
from corpusgate.runners.part_tables import batches
from corpusgate.runners.work import PartResult, Work
from corpusgate.slices import Slices

#: A function for `mapInArrow`.
Mapped = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

#: What comes back of each task: pickled, and whether it is a problem that somebody can mend.
ANSWER = "answer binary, problem boolean"

#: What comes back of finished batches: the sums of a slice, or an answer, whose other columns are null then.
SUMMED = f"kind string, name string, sums array<bigint>, {ANSWER}"

_ANSWER = pa.schema([("answer", pa.binary()), ("problem", pa.bool_())])
_SUMMED = pa.schema([("kind", pa.string()), ("name", pa.string()), ("sums", pa.list_(pa.int64())), *_ANSWER])


def keep_items(folder: Path, number: int, items: Iterable[Any]) -> int:
    """Write what tasks are given, so that each can be had by its place, and say how many there are."""
    sizes = []
    with _items(folder, number).open("wb") as file:
        for item in items:
            sizes.append(file.write(pickle.dumps(item)))
    np.save(_items(folder, number).with_suffix(".npy"), np.array([0, *accumulate(sizes)], np.int64))
    return len(sizes)


def answers(folder: Path, number: int, task: Callable[[Work, Any], Any]) -> Mapped:
    """Does a task for each item: one row of `ANSWER` a number."""

    def each(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for item in items_of(folder, number, numbers):
            yield _answered(lambda item=item: task(_work(folder), item), _ANSWER)  # type: ignore[misc]

    return each


def sums(folder: Path, number: int) -> Mapped:
    """Finishes batches: rows of `SUMMED`, a slice each, and one for all that is known besides."""

    def each(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        together = Summed(_work(folder).plan)
        taken: list[Slices] = []

        def finished() -> Summed:
            shares = list[int]()
            for batch in items_of(folder, number, numbers):
                together.add(finish(_work(folder), batch))
                shares.append(batch.number)
                release()
            _put_together(folder, shares)
            taken.append(together.take_slices())
            return together

        yield _answered(finished, _SUMMED)
        yield from map(_slices, taken)

    return each


def merged(folder: Path) -> Mapped:
    """Puts answers of `sums` together: one row of `ANSWER` for all."""

    def each(answers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        together, met = Summed(_work(folder).plan), False
        for batch in answers:
            for answer, problem in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
                if problem:
                    yield pa.record_batch([[answer], [True]], schema=_ANSWER)
                else:
                    together.merge(pickle.loads(answer))
                    met = True
        if met:
            yield _answered(lambda: together, _ANSWER)

    return each


def _put_together(folder: Path, shares: Sequence[int]) -> None:
    """Make one file of the outputs of some batches, under the name of the first: a cluster's files are as many as its tasks."""
    for name in ("signals", "findings"):
        paths = [output(folder, name, number) for number in shares]
        if len(paths) > 1:
            whole = paths[0].with_suffix(".whole")
            parquet_files.concatenate(paths, whole)
            whole.replace(paths[0])
            for path in paths[1:]:
                path.unlink()


def _slices(slices: Slices) -> pa.RecordBatch:
    named = [(kind, name, sums) for kind, by_name in slices.by.items() for name, sums in by_name.items()]
    kinds, names, sums = zip(("corpus", "", slices.corpus), *named, strict=True)
    nothing = pa.nulls(len(kinds))
    columns = [kinds, names, [row.tolist() for row in sums], nothing.cast(pa.binary()), nothing.cast(pa.bool_())]
    return pa.record_batch([pa.array(column, field.type) for column, field in zip(columns, _SUMMED, strict=True)], schema=_SUMMED)


def rows(folder: Path, number: int, wanted: Wanted, sql: str, columns: Sequence[str]) -> Mapped:
    """Gives the rows of a hash table, each with what is known of its record: those that some SQL may want, alike ones once a part."""

    def each(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        # Only all parts together tell which keys stand too seldom.
        every = wanted._replace(least=1, share=0.0)
        for part, start in items_of(folder, number, numbers):
            for table in offered([_known(folder, part, start)], every, sql):
                for batch in table.select(columns).to_batches():
                    yield pa.record_batch([column.cast(pa.int64()) for column in batch.columns], names=list(columns))

    return each


def _known(folder: Path, part: PartResult, start: int) -> Known:
    sources = [np.zeros(0, np.int64), *(batch.column("source").to_numpy() for batch in batches(part.folder, "records"))]
    here = slice(start, start + part.measurement.records)
    stories, titles = (np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")[here]) for name in ("told", "titles"))
    corpus = _work(folder).corpus
    place = corpus.place(corpus.parts[part.index])
    return Known(part, np.concatenate(sources), np.zeros(0, np.int32), stories, titles, place)


def _answered(work: Callable[[], Any], schema: pa.Schema) -> pa.RecordBatch:
    """What some work gives, or the problem that it ran into, as a row."""
    try:
        given, is_problem = work(), False
    except Problem as problem:
        given, is_problem = problem, True
    finally:
        release()
    held = {"answer": [pickle.dumps(given)], "problem": [is_problem]}
    return pa.record_batch([pa.array(held.get(field.name, [None]), field.type) for field in schema], schema=schema)


def items_of(folder: Path, number: int, numbers: Iterator[pa.RecordBatch]) -> Iterator[Any]:
    """The items whose numbers Spark gave."""
    reuse()
    bounds = np.load(_items(folder, number).with_suffix(".npy"), mmap_mode="r")
    with _items(folder, number).open("rb") as file:
        for batch in numbers:
            for place in batch.column(0).to_pylist():
                yield _item(file, int(bounds[place]), int(bounds[place + 1]))
                replicas.forget()


def _item(file: BinaryIO, begin: int, end: int) -> Any:
    file.seek(begin)
    return pickle.loads(file.read(end - begin))


def _items(folder: Path, number: int) -> Path:
    return folder / f"items-{number}.pickle"


@lru_cache(maxsize=1)
def _work(folder: Path) -> Work:
    work: Work = known(path_of(folder))
    return replace(work, corpus=replace(work.corpus, files=tuple(map(_own, work.corpus.files))))


def _own(file: SourceFile) -> SourceFile:
    """A file as a process of an executor has it: an object of a store as a replica of its own."""
    if not file.origin:
        return file
    from pyspark import SparkFiles

    folder = Path(SparkFiles.getRootDirectory()) / "corpusgate" / str(os.getpid())
    return replace(file, path=folder / hashlib.sha256(f"{file.origin} {file.version}".encode()).hexdigest()[:16] / file.path.name)


def looked(rows: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What looks tell that come pickled with their numbers: one row of `ANSWER` each, with that number."""

    def told(row: bytes) -> tuple[int, Told]:
        number, wanted = pickle.loads(row)
        file = _own(wanted.file)
        if not file.origin and not file.path.exists():
            raise unseen(file.path)
        return number, look(replace(wanted, file=file))

    for batch in rows:
        for row in batch.column(0).to_pylist():
            yield _answered(lambda row=row: told(row), _ANSWER)  # type: ignore[misc]
            replicas.forget()


def unseen(path: Path | str) -> Problem:
    """What is wrong where executors do not see a file or folder."""
    return Problem(
        str(path),
        "is not to be seen by the executors of Spark",
        "Put the corpus and --out where all machines have them under one path, such as NFS, EFS, /dbfs or a mounted bucket",
    )


def sees(work: Work, path: Path) -> str:
    """A task: whether a machine sees a file of the corpus and the folder of the run; says which it does not."""
    return next((str(one) for one in (path, work.folder) if not one.exists()), "")

"""Texts read again to be compared: the second task of a run. All shingles of each go into a file, as sorted sets of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.cut_out import cut_out
from corpusgate.kernels.haystack import build
from corpusgate.kernels.numbers import digits, numbers_of
from corpusgate.kernels.sets import both_sets
from corpusgate.kernels.sieve import Buckets
from corpusgate.kernels.survey import survey
from corpusgate.kernels.survey_tables import Wanted
from corpusgate.kernels.survey_tokens import ALL
from corpusgate.runners import frames
from corpusgate.runners.evidence import FieldReader
from corpusgate.runners.hash_tables import Rows, stretches_of
from corpusgate.runners.part_tables import batches
from corpusgate.runners.stages import Stages
from corpusgate.runners.work import Work
from corpusgate.signals.charset_model import model
from corpusgate.signals.charsets import first_test
from corpusgate.signals.headlines import OWN_TEXT_LETTERS

Ints = NDArray[np.int64]

#: Texts looked at together.
TOGETHER = 2048

#: Records whose texts are read by one task.
TASK_RECORDS = 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """Records to be read for comparison.

    Attributes:
        number: of the task.
        parts: index, folder and first ordinal of each part, with the ordinals to read in it, rising.
    """

    number: int
    parts: tuple[tuple[int, Path, int, NDArray[np.int32]], ...]


@dataclass(frozen=True, slots=True)
class Shingled:
    """What a task gave, beside its file of numbers.

    Attributes:
        number: of the task.
        sizes: int64 (2 records,): how many shingles and how many numbers each record has, in order.
        seconds: CPU seconds by stage.
    """

    number: int
    sizes: Ints
    seconds: dict[str, float]


def shingles_path(work: Path, number: int) -> Path:
    """Where the numbers of a task lie, uint32."""
    return work / f"shingles-{number:06d}"


def shingle(work: Work, reading: Reading) -> Shingled:
    """A task: write the sets of shingles of some records, the upper halves of their hashes: two texts of a thousand shingles
    each have one in common by chance once in four thousand times."""
    stages = Stages()
    sizes: list[Ints] = []
    with stages("compare"), shingles_path(work.folder, reading.number).open("wb") as file:
        for texts in _texts(work, reading.parts):
            values, size = sets(texts, work.plan.patterns.wanted)
            file.write(values.data)
            sizes.append(size)
    return Shingled(reading.number, np.concatenate(sizes), stages.seconds)


def _texts(work: Work, parts: Sequence[tuple[int, Path, int, NDArray[np.int32]]]) -> Iterator[pa.StringArray]:
    path = frames.path_of(work.folder)
    framed = np.load(path, mmap_mode="r") if path.exists() else None
    held: list[pa.StringArray] = []
    for index, folder, start, ordinals in parts:
        reader = FieldReader(work.corpus, work.corpus.parts[index], "text")
        rows = ordinals.astype(np.int64) - start
        for signals, lines in zip(batches(folder, "signals"), stretches_of(folder, "lines"), strict=True):
            first = lines.first
            low, high = np.searchsorted(rows, (first, first + len(signals)))
            if low == high:
                continue
            reader.stretch(first, signals.column("offset").to_numpy(), None)
            texts = reader.column(rows[low:high] - first)
            texts = texts if framed is None else _without_frame(texts, lines, rows[low:high], framed)
            for at in range(0, len(texts), TOGETHER):
                held.append(texts.slice(at, TOGETHER))
                if sum(map(len, held)) >= TOGETHER:
                    yield pa.concat_arrays(held)
                    held = []
    if held:
        yield pa.concat_arrays(held)


def _without_frame(texts: pa.StringArray, lines: Rows, records: Ints, framed: Buckets) -> pa.StringArray:
    """The texts of some records without the lines that frame them."""
    found, of = frames.lines_of(lines, records)
    chosen = np.flatnonzero(frames.in_frame(framed, frames.key(lines, found)))
    return cut_out(texts, of[chosen], *(lines.ints(name, found[chosen]) for name in ("start_at", "end_at")))


def sets(texts: pa.StringArray, wanted: Wanted) -> tuple[NDArray[np.uint32], Ints]:
    """Two sets for each text, its shingles and its numbers, one after the other: hashes, rising and without repetition in each set;
    and how many each set has. `wanted` is what the first reading looked out for, so that the survey knows the chunks that it met."""
    haystack = build({"headline": pa.nulls(len(texts), pa.string()), "text": texts})
    found = survey(haystack, wanted, OWN_TEXT_LETTERS, first_test(), model(), ALL).shingles
    places = haystack.segment("text")
    text, numbers = numbers_of(haystack.data, haystack.starts[places], haystack.ends[places], digits())
    values, sizes = both_sets(len(texts), found[:, 0] // len(haystack.fields), found[:, 1], text, numbers)
    return values, sizes

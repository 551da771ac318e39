"""What a corpus is: files of known formats, cut into parts that can be read one by one, in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.series import NOWHERE, Place, Series
from corpusgate.kernels.haystack import Haystack

#: `lost` is a file or folder that could not be read at all: its part gives nothing but an entry in the quarantine.
Format = Literal["jsonl", "csv", "tsv", "parquet", "arrow", "warc", "txt", "frame", "lost"]
Compression = Literal["", "gz", "bz2", "zst", "xz"]

#: Text read at a time. What is done once a block costs a tenth of the time at 4 MB, and a twentieth at 12; a part of a plain file is
#: two of them.
BLOCK_BYTES = 17 << 20

#: Bytes of a plain file that make one part: the unit of work of a core.
PART_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file.

    Attributes:
        path: where it is.
        name: what it is called in record ids.
        format: how to read it.
        compression: what it is packed with.
        size: bytes on disk.
        fields: which of its columns holds which field of a record; dots lead into nested values.
        lost: why it could not be read, where the format says so.
        origin: address of the object that it is a replica of, into which must be fetched what is read of it.
        version: what the store says of that object, by which it is known after it was written anew.
    """

    path: Path
    name: str
    format: Format
    compression: Compression
    size: int
    fields: Mapping[str, str] = field(default_factory=dict)
    lost: str = ""
    origin: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a compressed file can be entered: byte in the file, text before it, byte in the file up to which a part needs it."""

    packed: int
    before: int
    until: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one file, or several small files.

    Attributes:
        index: position among the corpus's parts; parts in order give the corpus in order.
        files: indices into `Corpus.files`; several for text files, else one.
        start: first byte (jsonl, arrow; of a compressed file after decompression), row group (parquet) or row (frame).
        end: end of that stretch; None reads to the end of the file.
        first_line: line number of the first line, counted from 1.
        entry: where a compressed file is entered, if not at its beginning, and left.
    """

    index: int
    files: tuple[int, ...]
    start: int = 0
    end: int | None = None
    first_line: int = 1
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Input that could not be read. `fatal` says that what came after it is lost too."""

    file: str
    line: int
    offset: int
    reason: str
    sample: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Some records, column by column, and what could not be read among them.

    Attributes:
        columns: string arrays of equal length under the names of `records.FIELDS`; `id` and `source` are never null.
        offsets: int64 (n,): where each record begins in its file, in bytes after decompression; -1 where it has no such place.
        quarantined: what could not be read.
        consumed: bytes of the file this block took, for progress.
        haystack: gives the searched fields laid out, where the reader can: the same ones each time.
        left_out: readable records that are not in the sample.
        no_pages: what else lies in the input and is no record, by what it is: requests of a crawl, pictures.
    """

    columns: Mapping[str, pa.Array]
    offsets: NDArray[np.int64]
    quarantined: tuple[Quarantined, ...] = ()
    consumed: int = 0
    haystack: Callable[[], Haystack] | None = None
    left_out: int = 0
    no_pages: Mapping[str, int] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """What its columns take in memory, about; those that are made when they are asked for are in the haystack."""
        columns: int = sum(column.nbytes for column in self.columns.values())
        return columns + (len(self.haystack().data) if self.haystack is not None else 0)

    def __len__(self) -> int:
        return len(self.offsets)


@dataclass(frozen=True, slots=True)
class Sample:
    """Which records of a corpus are looked at: those whose key, by their id and the seed, is not above `last`."""

    asked: str
    seed: int
    last: int


@dataclass(frozen=True)
class Corpus:
    """A corpus ready to be read.

    Attributes:
        name: what reports call it.
        files: all files, sorted by name.
        parts: the same cut into units of work.
        fields: the fields that any of the files has, with the columns that hold them, for readers of reports: a file is
            read by its own mapping.
        frame: the DataFrame or Arrow table, where the corpus is one.
        notes: what whoever checks the corpus should know of how it was found, in sentences.
        sample: the records to look at; None looks at all.
    """

    name: str
    files: tuple[SourceFile, ...]
    parts: tuple[Part, ...]
    fields: Mapping[str, str]
    frame: Any = None
    notes: tuple[str, ...] = ()
    sample: Sample | None = None

    @property
    def bytes(self) -> int:
        """Size of all files as they lie on disk."""
        return sum(file.size for file in self.files)

    @cached_property
    def series(self) -> Series:
        """Which files follow each other; a text file is a record and no file of records."""
        return Series.of([(i, file.name) for i, file in enumerate(self.files) if file.format not in ("txt", "lost")])

    def place(self, part: Part) -> Place:
        """Where the file of a part stands among those that follow each other."""
        return self.series.places.get(part.files[0], NOWHERE)

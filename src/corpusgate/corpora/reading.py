"""Reading a corpus part by part, and single records of it again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa

from corpusgate.corpora import arrow, delimited, jsonl, pages, parquet, samples, spans, warc
from corpusgate.corpora.model import Block, Corpus, Part, Quarantined
from corpusgate.corpora.streams import Seen
from corpusgate.records import FIELDS


def _lost(corpus: Corpus, part: Part) -> Iterator[Block]:
    """What is to be said of a file that could not be read at all."""
    for file in (corpus.files[index] for index in part.files):
        yield jsonl.empty_block(corpus, (Quarantined(file.name, 1, -1, file.lost, "", fatal=True),))


_READERS = {
    "jsonl": jsonl.read,
    "csv": delimited.read,
    "tsv": delimited.read,
    "parquet": parquet.read,
    "arrow": arrow.read,
    "warc": warc.read,
    "txt": pages.read,
    "frame": parquet.read_frame,
    "lost": _lost,
}


def is_watched(corpus: Corpus, part: Part) -> bool:
    """Whether the bytes of a part can be looked at as they are read."""
    file = corpus.files[part.files[0]]
    return file.format == "jsonl" and not file.compression


def read(corpus: Corpus, part: Part, seen: Seen | None = None) -> Iterator[Block]:
    """The records of one part, in blocks of about 17 MB, with what could not be read; of a sample those that are in it.

    `seen` is shown the bytes of a part that `is_watched`.
    """
    spans.have(corpus, part)
    if seen is not None and is_watched(corpus, part):
        blocks = jsonl.read(corpus, part, seen)
    else:
        blocks = _READERS[corpus.files[part.files[0]].format](corpus, part)
    return blocks if corpus.sample is None else (samples.chosen(block, corpus.sample) for block in blocks)


def fetch(
    corpus: Corpus, part: Part, rows: Sequence[int], offsets: Sequence[int], fields: Collection[str] = FIELDS
) -> Iterator[dict[str, str | None]]:
    """Read some records of a part again, for their evidence.

    Args:
        corpus: the corpus.
        part: the part they lie in.
        rows: their positions among the part's readable records, rising.
        offsets: their byte offsets; -1 where the format has none, and the part is read through.
        fields: which of their fields.
    """
    if offsets and min(offsets) >= 0:
        spans.have(corpus, part)
        by_place = warc.fetch if corpus.files[part.files[0]].format == "warc" else jsonl.fetch
        yield from by_place(corpus, part, offsets, fields)
        return
    wanted, base = iter(rows), 0
    row = next(wanted, None)
    for block in read(corpus, part):
        while row is not None and row < base + len(block):
            yield {field: block.columns[field][row - base].as_py() for field in fields}
            row = next(wanted, None)
        if row is None:
            return
        base += len(block)


def fetch_field(corpus: Corpus, part: Part, rows: Sequence[int], offsets: Sequence[int], field: str) -> pa.Array:
    """The same of one field, as strings."""
    if corpus.files[part.files[0]].format == "jsonl" and offsets and min(offsets) >= 0:
        spans.have(corpus, part)
        return jsonl.fetch_field(corpus, part, offsets, field)
    return pa.array([record.get(field) for record in fetch(corpus, part, rows, offsets, (field,))], pa.string())

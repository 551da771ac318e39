"""Which bytes of which files a part is read from."""

from __future__ import annotations

import pyarrow.parquet as pq

from corpusgate.corpora import arrow, parquet, replicas
from corpusgate.corpora.model import Corpus, Part, SourceFile

#: Bytes of a file that one digest is about.
PIECE = 1 << 20

#: Bytes behind a stretch of a compressed file that its reader may take in beside it, without a need for them.
_AHEAD = 1 << 17


def spans(corpus: Corpus, part: Part) -> list[tuple[int, int, int]]:
    """Index of the file, first byte and end of all that a part is read from."""
    if part.end is None and part.start == 0:
        return [(index, 0, corpus.files[index].size) for index in part.files]
    index = part.files[0]
    file = corpus.files[index]
    if part.entry is not None:
        return [(index, part.entry.packed, part.entry.until)]
    if file.format == "parquet":
        return [(index, *_row_groups(file, part.start, part.end)), (index, *_footer(file))]
    begins = [(index, 0, arrow.head(file))] if file.format == "arrow" else []
    return [(index, part.start, file.size if part.end is None else part.end), *begins]


def _row_groups(file: SourceFile, first: int, last: int | None) -> tuple[int, int]:
    parquet.require_footer(file)
    metadata = pq.read_metadata(file.path)
    chunks = [
        metadata.row_group(i).column(j)
        for i in range(first, metadata.num_row_groups if last is None else last)
        for j in range(metadata.num_columns)
    ]
    starts = [min(chunk.dictionary_page_offset or chunk.data_page_offset, chunk.data_page_offset) for chunk in chunks]
    return min(starts), max(start + chunk.total_compressed_size for start, chunk in zip(starts, chunks, strict=True))


def _footer(file: SourceFile) -> tuple[int, int]:
    return max(0, file.size - 8 - pq.read_metadata(file.path).serialized_size), file.size


def have(corpus: Corpus, part: Part) -> None:
    """Fetch what a part is read from, where it is of objects of a store, and the rest of the pieces that digests are about.

    Raises:
        Problem: it cannot be had.
    """
    if any(corpus.files[index].origin for index in part.files):
        for index, start, end in spans(corpus, part):
            replicas.have(corpus.files[index], start // PIECE * PIECE, -(-(end + _AHEAD) // PIECE) * PIECE)

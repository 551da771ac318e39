"""Text files: one page a file, its first line the headline. The text is the whole page, so that offsets are the file's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from corpusgate.corpora.columns import complete
from corpusgate.corpora.jsonl import empty_block, shown
from corpusgate.corpora.model import BLOCK_BYTES, Block, Corpus, Part, Quarantined
from corpusgate.corpora.streams import BROKEN, open_bytes

#: What a page gives by itself: its first solid line and all of it.
FIELDS = {"headline": "first line", "text": "whole file"}


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The pages of some files, one record each."""
    ids, headlines, texts, bad, consumed = list[str](), list[str](), list[str](), list[Quarantined](), 0
    for index in part.files:
        file = corpus.files[index]
        consumed += file.size
        try:
            with open_bytes(file.path, file.compression) as stream:
                raw = stream.read()
        except BROKEN as error:
            bad.append(Quarantined(file.name, 1, 0, f"the file breaks off or is damaged ({error})", "", fatal=True))
            continue
        try:
            page = raw.decode("utf-8").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            reason = f"not UTF-8: byte 0x{raw[error.start]:02X} at byte {error.start + 1} of the file"
            bad.append(Quarantined(file.name, line, error.start, reason, shown(raw[max(0, error.start - 40) :])))
            continue
        ids.append(file.name)
        texts.append(page)
        headlines.append(next((line.strip() for line in page.split("\n") if line.strip()), ""))
        if sum(map(len, texts)) > BLOCK_BYTES:
            yield _block(corpus, ids, headlines, texts, bad, consumed)
            ids, headlines, texts, bad, consumed = [], [], [], [], 0
    yield _block(corpus, ids, headlines, texts, bad, consumed)


def _block(corpus: Corpus, ids: list[str], headlines: list[str], texts: list[str], bad: list[Quarantined], consumed: int) -> Block:
    if not ids:
        return empty_block(corpus, tuple(bad), consumed)
    columns = {"headline": pa.array(headlines, pa.string()), "text": pa.array(texts, pa.string())}
    return Block(complete(corpus.name, columns, len(ids), lambda: ids), np.full(len(ids), -1, np.int64), tuple(bad), consumed)

"""WARC and WET (ISO 28500), record by record: pages to text by resiliparse, text that was extracted already as it is.

A record of the corpus is a `response` or `resource` that holds a page (HTML or plain text, of an answer with status 2xx), or a
`conversion`. Requests, redirects, errors, pictures and notes of the crawler are none. The text is the main content of the page, and the
headline its title. FastWARC passes over the end of a file that breaks off, so lengths are held against what the headers say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa

from corpusgate.corpora.columns import complete, without_surrogates
from corpusgate.corpora.jsonl import empty_block, shown
from corpusgate.corpora.model import BLOCK_BYTES, Block, Corpus, Part, Quarantined, SourceFile
from corpusgate.corpora.warc_cuts import Unpacked, breaks, is_panic
from corpusgate.errors import Problem

#: What such a file gives by itself.
FIELDS = {
    "id": "WARC-Record-ID", "url": "WARC-Target-URI", "headline": "title", "text": "main content", "crawled": "WARC-Date",
}  # fmt: skip

_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_MARKUP = _PAGES[:2]

#: What else a crawl keeps.
_NOTES = frozenset(("continuation", "metadata", "request", "revisit", "warcinfo"))

#: What else the web is made of: by whole type, and by the first half of it.
_MEDIA = frozenset((
    "application", "application/javascript", "application/json", "application/pdf", "application/xml", "application/zip", "audio", "font",
    "image", "message", "model", "multipart", "text", "text/css", "text/javascript", "text/xml", "video",
))  # fmt: skip


def require(name: str) -> None:
    """Make sure that WARC can be read.

    Raises:
        Problem: the extra is not installed.
    """
    if any(find_spec(package) is None for package in ("fastwarc", "resiliparse")):
        raise Problem(name, "is WARC, for which packages are missing", "Install them: pip install 'corpusgate[warc]'")


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The pages of a file, or of a stretch of it."""
    file = corpus.files[part.files[0]]
    rows: list[tuple[str | None, ...]] = []
    places: list[tuple[int, int]] = []
    bad: list[Quarantined] = []
    others: Counter[str] = Counter()
    number, size, at, is_whole = part.first_line - 1, 0, -1, True
    try:
        # FastWARC would take a packed file that breaks off for one that ends.
        with Unpacked(file, part) as stream:
            for record, place in _records(stream, part):
                number, at, is_whole = number + 1, place, False
                body = _body(record)
                is_whole = True
                try:
                    row = _row(record, body)
                except BaseException as error:
                    if not (is_panic(error) or isinstance(error, ValueError | RuntimeError)):
                        raise
                    bad.append(Quarantined(file.name, number, at, f"no text can be made of this page ({error})", shown(body)))
                    continue
                if isinstance(row, str):
                    others[row] += 1
                    continue
                rows.append(row)
                places.append((number, at))
                size += len(row[3] or "")
                if size > BLOCK_BYTES:
                    yield _block(corpus, file.name, rows, places, bad, others, 0)
                    rows, places, bad, others, size = [], [], [], Counter(), 0
    except BaseException as error:
        if not breaks(error):
            raise
        reason = f"the file breaks off or is damaged here ({error}): what follows is lost"
        bad.append(Quarantined(file.name, number + is_whole, -1 if is_whole else at, reason, "", fatal=True))
    yield _block(corpus, file.name, rows, places, bad, others, _packed_bytes(file, part))


def fetch(corpus: Corpus, part: Part, offsets: Sequence[int], fields: Collection[str]) -> Iterator[dict[str, str | None]]:
    """Read single pages again by their offsets, in rising order: text is made of these alone, which is nearly all of the work."""
    file, wanted = corpus.files[part.files[0]], set(offsets)
    with Unpacked(file, part) as stream:
        for record, at in _records(stream, part):
            if at in wanted:
                row = _row(record, _body(record))
                assert not isinstance(row, str), "it was a page when it was measured"
                columns = _block(corpus, file.name, [row], [(0, at)], [], Counter(), 0).columns
                yield {field: columns[field][0].as_py() for field in fields}


def _records(stream: Unpacked, part: Part) -> Iterator[tuple[Any, int]]:
    """Records, and the byte after unpacking at which each begins."""
    from fastwarc.warc import ArchiveIterator

    for record in ArchiveIterator(stream, parse_http=True, stream_detect=False):
        yield record, part.start + int(record.stream_pos)


def _body(record: Any) -> bytes:
    body: bytes = record.reader.read()
    if "Content-Length" not in record.headers or len(body) < record.content_length:
        raise EOFError("the last record is shorter than its header says")
    return body


def _packed_bytes(file: SourceFile, part: Part) -> int:
    if part.entry is not None:
        return part.entry.until - part.entry.packed
    return (file.size if part.end is None else part.end) - part.start


def _row(record: Any, body: bytes) -> tuple[str | None, ...] | str:
    """Values of `FIELDS` in their order; of what is no page what it is, in one of a few words, whatever its headers say."""
    from fastwarc.warc import WarcRecordType

    kind, headers = record.record_type, record.headers
    told = (headers.get("WARC-Record-ID", "").strip("<>") or None, headers.get("WARC-Target-URI"))
    day = headers.get("WARC-Date")
    if kind == WarcRecordType.conversion:
        return *told, None, body.decode("utf-8", "replace").removesuffix("\n"), day
    if kind not in (WarcRecordType.response, WarcRecordType.resource):
        word = headers.get("WARC-Type", "").strip().lower()
        return f"WARC records of type {word}" if word in _NOTES else "WARC records of unknown type"
    answer = record.http_headers
    if answer is not None and not 200 <= (status := int(answer.status_code or 0)) < 300:
        return f"answers of status {status}" if 100 <= status < 600 else "answers without a status"
    media = (record.http_content_type if answer is not None else headers.get("Content-Type", "").split(";")[0]) or ""
    media = media.strip().lower()
    if media not in _PAGES:
        known = media if media in _MEDIA else media.partition("/")[0]
        return f"answers of media type {known}" if known in _MEDIA else "answers of unknown media type"
    title, text = _text(body, record.http_charset if answer is not None else None, media in _MARKUP)
    return *told, title, text, day


def _text(body: bytes, charset: str | None, is_markup: bool) -> tuple[str | None, str]:
    """Title and main content of a page. The server's word for its character set goes first, as in browsers."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    from resiliparse.parse.html import HTMLTree

    page = bytes_to_str(body, charset or detect_encoding(body, from_html_meta=True) or "utf-8")
    if not is_markup:
        return None, without_surrogates(page)
    tree = HTMLTree.parse(page)
    return tree.title or None, without_surrogates(extract_plain_text(tree, main_content=True, alt_texts=False))


def _block(
    corpus: Corpus,
    name: str,
    rows: list[tuple[str | None, ...]],
    places: list[tuple[int, int]],
    bad: list[Quarantined],
    others: Counter[str],
    consumed: int,
) -> Block:
    if not rows:
        return replace(empty_block(corpus, tuple(bad), consumed), no_pages=others)
    columns = {field: pa.array(values, pa.string()) for field, values in zip(FIELDS, zip(*rows, strict=True), strict=True)}
    numbers, offsets = zip(*places, strict=True)
    ids = [f"{name}:{number}" for number in numbers]
    return Block(complete(corpus.name, columns, len(rows), lambda: ids), np.array(offsets, np.int64), tuple(bad), consumed, no_pages=others)

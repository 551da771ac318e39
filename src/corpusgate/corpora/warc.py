"""WARC and WET (ISO 28500), record by record: pages to text by resiliparse, text that was extracted already as it is.

A record of the corpus is a `response` or `resource` that holds a page (HTML or plain text, of an answer with status 2xx), or a
`conversion`. Requests, redirects, errors, pictures and notes of the crawler are none. The text is the main content of the page, and the
headline its title. FastWARC passes over the end of a file that breaks off, so lengths are held against what the headers say.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from corpusgate.corpora.columns import complete, without_surrogates
from corpusgate.corpora.jsonl import empty_block, shown
from corpusgate.corpora.model import BLOCK_BYTES, Block, Corpus, Part, Quarantined
from corpusgate.corpora.streams import BROKEN, PIECE, open_bytes
from corpusgate.errors import Problem

#: What such a file gives by itself.
FIELDS = {
    "id": "WARC-Record-ID", "url": "WARC-Target-URI", "headline": "title", "text": "main content", "crawled": "WARC-Date",
}  # fmt: skip

_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_MARKUP = _PAGES[:2]


def require(name: str) -> None:
    """Make sure that WARC can be read.

    Raises:
        Problem: the extra is not installed.
    """
    if any(find_spec(package) is None for package in ("fastwarc", "resiliparse")):
        raise Problem(name, "is WARC, for which packages are missing", "Install them: pip install 'corpusgate[warc]'")


class _Steps:
    """A stream that gives what one step of unpacking yields, so that a break loses nothing of what came before it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read = getattr(stream, "read1", stream.read)
        self._at = 0

    def read(self, size: int = PIECE) -> bytes:
        """At most so many bytes, none at the end."""
        piece: bytes = self._read(min(size, PIECE) if size >= 0 else PIECE)
        self._at += len(piece)
        return piece

    def tell(self) -> int:
        """Bytes read so far."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """A packed stream goes one way; every record is read to its end."""
        raise OSError("a stream that goes one way")

    def close(self) -> None:
        """Close what it reads from."""
        self._stream.close()


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The pages of one file."""
    from fastwarc.warc import ArchiveIterator

    file = corpus.files[part.files[0]]
    rows: list[tuple[str | None, ...]] = []
    numbers: list[int] = []
    bad: list[Quarantined] = []
    number = whole = size = at = 0
    try:
        # FastWARC would take a packed file that breaks off for one that ends.
        with open_bytes(file.path, file.compression) as stream:
            for record in ArchiveIterator(_Steps(stream), parse_http=True, stream_detect=False):
                number, at = number + 1, int(record.stream_pos)
                body = record.reader.read()
                if "Content-Length" not in record.headers or len(body) < record.content_length:
                    raise EOFError("the last record is shorter than its header says")
                whole = number
                try:
                    row = _row(record, body)
                except BaseException as error:
                    if not (_is_panic(error) or isinstance(error, ValueError | RuntimeError)):
                        raise
                    bad.append(Quarantined(file.name, number, at, f"no text can be made of this page ({error})", shown(body)))
                    continue
                if row is not None:
                    rows.append(row)
                    numbers.append(number)
                    size += len(row[3] or "")
                if size > BLOCK_BYTES:
                    yield _block(corpus, file.name, rows, numbers, bad, 0)
                    rows, numbers, bad, size = [], [], [], 0
    except BaseException as error:
        if not (_is_panic(error) or isinstance(error, BROKEN)):
            raise
        reason = f"the file breaks off or is damaged here ({error}): what follows is lost"
        bad.append(Quarantined(file.name, whole + 1, at if number > whole else -1, reason, "", fatal=True))
    yield _block(corpus, file.name, rows, numbers, bad, file.size)


def _is_panic(error: BaseException) -> bool:
    """Whether it is how code in Rust gives up, which is no `Exception`: one page that does so costs no other."""
    return type(error).__name__ == "PanicException"


def _row(record: Any, body: bytes) -> tuple[str | None, ...] | None:
    """Values of `FIELDS` in their order; None for what is no page."""
    from fastwarc.warc import WarcRecordType

    kind, headers = record.record_type, record.headers
    told = (headers.get("WARC-Record-ID", "").strip("<>") or None, headers.get("WARC-Target-URI"))
    day = headers.get("WARC-Date")
    if kind == WarcRecordType.conversion:
        return *told, None, body.decode("utf-8", "replace").removesuffix("\n"), day
    if kind not in (WarcRecordType.response, WarcRecordType.resource):
        return None
    answer = record.http_headers
    if answer is not None and not 200 <= int(answer.status_code or 0) < 300:
        return None
    media = (record.http_content_type if answer is not None else headers.get("Content-Type", "").split(";")[0]) or ""
    media = media.strip().lower()
    if media not in _PAGES:
        return None
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
    corpus: Corpus, name: str, rows: list[tuple[str | None, ...]], numbers: list[int], bad: list[Quarantined], consumed: int
) -> Block:
    if not rows:
        return empty_block(corpus, tuple(bad), consumed)
    columns = {field: pa.array(values, pa.string()) for field, values in zip(FIELDS, zip(*rows, strict=True), strict=True)}
    ids = [f"{name}:{number}" for number in numbers]
    return Block(complete(corpus.name, columns, len(rows), lambda: ids), np.full(len(rows), -1, np.int64), tuple(bad), consumed)

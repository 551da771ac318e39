"""CSV and TSV with a header line. A row that does not fit the header is quarantined, its neighbours are kept.

Quotes are taken strictly. Where a row breaks their rules, in CSV a value may go on after its closing quote, and a quote that
is never closed costs its own line alone; in TSV, which many write without quoting, the quotes of such a row are characters
like any other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from corpusgate.corpora.columns import complete
from corpusgate.corpora.jsonl import empty_block, shown
from corpusgate.corpora.model import BLOCK_BYTES, Block, Corpus, Part, Quarantined, SourceFile
from corpusgate.corpora.streams import BROKEN, Broken, open_bytes, whole_lines

# The csv module refuses fields above 128 KiB by default; pages are longer.
csv.field_size_limit(1 << 30)

#: Bytes of a row after which a quote in it counts as never closed; and where many were not, so that looking costs no more
#: than a few times what reading does.
_LONGEST, _LEAST = 32 << 20, 256


class _Unclosed(Exception):
    """The file ended, or went on for too long, inside a quoted value."""


class _Lines:
    """Decoded lines for the csv module, which can be given back. Bad bytes become lone surrogates.

    Attributes:
        row: lines taken since the row began.
        number: line number of the last one taken.
        read_bytes: bytes of the file read so far.
        broken: how the file broke off, if it did.
    """

    def __init__(self, file: SourceFile) -> None:
        self.row: list[str] = []
        self.number = 0
        self.read_bytes = 0
        self.broken: Broken | None = None
        self._size = self._in_vain = 0
        self._longest = _LONGEST
        self._back: list[str] = []
        self._lines = self._decoded(file)

    def _decoded(self, file: SourceFile) -> Iterator[str]:
        first = True
        try:
            for line in raw_lines(file):
                self.read_bytes += len(line)
                text = line.decode("utf-8", "surrogateescape")
                yield text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}") if first else text
                first = False
        except Broken as broken:
            self.broken = broken

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._lines, None)
        # The csv module asks for more within a row only where a quote is open.
        if line is None and not self.row:
            raise StopIteration
        if line is None or self._size > self._longest:
            if line is not None:
                self._back.append(line)
            raise _Unclosed
        self.row.append(line)
        self.number += 1
        self._size += len(line)
        return line

    def begin(self) -> None:
        """A row begins."""
        self.row, self._size = [], 0
        self._longest = max(_LEAST, min(_LONGEST, _LONGEST + 2 * self.read_bytes - self._in_vain))

    def give_back(self, lines: Sequence[str]) -> None:
        """Let lines be taken again: the last ones that were."""
        self._back += reversed(lines)
        self.number -= len(lines)
        self._in_vain += sum(map(len, lines))


def raw_lines(file: SourceFile) -> Iterator[bytes]:
    """The lines of a file, with their ends.

    Raises:
        Broken: after all whole lines, if the file breaks off.
    """
    mark = _line_end(file)
    for data in whole_lines(file, mark=mark):
        yield from data.splitlines(keepends=True) if mark == b"\r" else io.BytesIO(data)


def row_lines(file: SourceFile) -> Iterator[int]:
    """Numbers of the lines at which rows begin, those that cannot be read among them; the header's first."""
    for number, _ in _rows(file, _Lines(file)):
        yield number


def _line_end(file: SourceFile) -> bytes:
    """What ends the lines of a file: a bare carriage return where its first line ends so, as old spreadsheets have it."""
    try:
        with open_bytes(file.path, file.compression) as stream:
            begin = stream.read(_LONGEST >> 8)
    except BROKEN:
        return b"\n"
    bare, newline = begin.find(b"\r"), begin.find(b"\n")
    return b"\r" if bare >= 0 and not 0 <= newline <= bare + 1 else b"\n"


def _rows(file: SourceFile, lines: _Lines) -> Iterator[tuple[int, list[str] | str]]:
    """Line number and row, or what is wrong with it."""
    delimiter = "\t" if file.format == "tsv" else ","
    reader, width = csv.reader(lines, delimiter=delimiter, strict=True), 0
    while True:
        lines.begin()
        begin = lines.number + 1
        row: list[str] | str
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Unclosed) as error:
            if isinstance(error, _Unclosed) and lines.broken is not None:
                return
            row = _sloppy(lines, delimiter, width, error)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        if row:
            width = width or (len(row) if isinstance(row, list) else 0)
            yield begin, row


def _sloppy(lines: _Lines, delimiter: str, width: int, error: Exception) -> list[str] | str:
    """The row that begins with the lines taken, read as leniently as can be told; lines that are not of it are given back."""
    taken = lines.row
    if delimiter == "\t":
        lines.give_back(taken[1:])
        try:
            return next(csv.reader(taken[:1], delimiter=delimiter, quoting=csv.QUOTE_NONE))
        except csv.Error as worse:
            return f"not TSV: {worse}"
    if isinstance(error, csv.Error):
        lines.give_back(taken)
        lines.begin()
        try:
            row = next(csv.reader(lines, delimiter=delimiter))
        except csv.Error as worse:
            return f"not CSV: {worse}"
        except _Unclosed:
            taken = lines.row
        else:
            # Rows of their own among the lines of this one say that a quote before them was never closed.
            if not any(_is_row(line, delimiter, width) for line in lines.row[1:]):
                return row
            taken = lines.row
    lines.give_back(taken[1:])
    return "not CSV: a quote opens in this row and is not closed"


def _is_row(line: str, delimiter: str, width: int) -> bool:
    try:
        return width > 1 and len(next(csv.reader([line], delimiter=delimiter, strict=True), [])) == width
    except csv.Error:
        return False


def header(file: SourceFile) -> list[str]:
    """The names in the first row; nothing in an empty file.

    Raises:
        ValueError: the first row cannot be read; its text says why.
    """
    _, row = next(_rows(file, _Lines(file)), (1, []))
    if isinstance(row, str):
        raise ValueError(f"has no header that can be read ({row})")
    return row


def read(corpus: Corpus, part: Part) -> Iterator[Block]:
    """The records of one file."""
    file = corpus.files[part.files[0]]
    lines = _Lines(file)
    rows = _rows(file, lines)
    _, first = next(rows, (1, []))
    header = first if isinstance(first, list) else []
    taken = [(field, header.index(column)) for field, column in file.fields.items() if column in header]
    numbers: list[int] = []
    values: list[list[str]] = [[] for _ in taken]
    bad: list[Quarantined] = []
    begun = 0
    for number, row in rows:
        reason = row if isinstance(row, str) else _wrong(row, header)
        if reason:
            raw = lines.row[0].rstrip("\r\n") if isinstance(row, str) else ("\t" if file.format == "tsv" else ",").join(row)
            bad.append(Quarantined(file.name, number, -1, reason, shown(raw.encode("utf-8", "surrogateescape"))))
        else:
            numbers.append(number)
            for column, (_, index) in zip(values, taken, strict=True):
                column.append(row[index])
        if lines.read_bytes - begun > BLOCK_BYTES:
            yield _block(corpus, file, taken, numbers, values, bad, lines.read_bytes - begun)
            numbers, values, bad, begun = [], [[] for _ in taken], [], lines.read_bytes
    if lines.broken is not None:
        reason = f"the file breaks off or is damaged here ({lines.broken}): what follows is lost"
        bad.append(Quarantined(file.name, numbers[-1] + 1 if numbers else 1, -1, reason, shown(lines.broken.rest), fatal=True))
    yield _block(corpus, file, taken, numbers, values, bad, lines.read_bytes - begun)


def _wrong(row: Sequence[str], header: Sequence[str]) -> str:
    if len(row) != len(header):
        return f"{len(row)} columns, where the header has {len(header)}"
    for name, value in zip(header, row, strict=True):
        if any(0xDC80 <= ord(c) <= 0xDCFF for c in value if c > "\ud7ff"):
            return f"not UTF-8 in column '{name}'"
    return ""


def _block(
    corpus: Corpus,
    file: SourceFile,
    taken: Sequence[tuple[str, int]],
    numbers: list[int],
    values: list[list[str]],
    bad: list[Quarantined],
    consumed: int,
) -> Block:
    if not numbers:
        return empty_block(corpus, tuple(bad), consumed)
    columns = {field: pa.array(column, pa.string()) for (field, _), column in zip(taken, values, strict=True)}
    ids = [f"{file.name}:{number}" for number in numbers]
    return Block(complete(corpus.name, columns, len(ids), lambda: ids), np.full(len(ids), -1, np.int64), tuple(bad), consumed)

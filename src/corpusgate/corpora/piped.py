"""JSON Lines that are piped in, packed or not."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import BinaryIO

from corpusgate.corpora import spool
from corpusgate.errors import Problem

#: How packed streams begin.
_PACKED = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\x28\xb5\x2f\xfd": ".zst", b"\xfd7zXZ\0": ".xz"}

#: How files begin that are no stream of lines.
_TABLES = {b"PAR1": "Parquet", b"ARROW1": "Arrow"}

_USAGE = "Pipe JSON lines into it, as in  cat news.jsonl | corpusgate check -"

_LONGEST = 8


def fetch(stream: BinaryIO | None = None) -> Path:
    """Write what is piped in into a file.

    Args:
        stream: where to read from; without it standard input.

    Raises:
        Problem: nothing is piped in, or no lines.
    """
    if stream is None:
        if sys.stdin is None or sys.stdin.isatty():
            raise Problem("-", "nothing is piped in", _USAGE)
        stream = sys.stdin.buffer
    begins = b""
    while len(begins) < _LONGEST and (more := stream.read(_LONGEST - len(begins))):
        begins += more
    if not begins:
        raise Problem("-", "what is piped in is empty", _USAGE)
    if kind := next((kind for mark, kind in _TABLES.items() if begins.startswith(mark)), None):
        raise Problem("-", f"{kind} is piped in, where JSON lines are expected", f"Name the {kind} file itself")
    ending = next((ending for mark, ending in _PACKED.items() if begins.startswith(mark)), "")
    path = spool.folder() / f"stdin.jsonl{ending}"
    with path.open("wb") as file:
        file.write(begins)
        shutil.copyfileobj(stream, file, 1 << 20)
    return path

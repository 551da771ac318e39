"""Values inside objects: each object is a line of JSON itself, in which the same kernel finds what is wanted.

Documents of Dolma and of datatrove have their url so. A whole parser would make objects of all that stands in a line, of its
text too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels import json_lines
from corpusgate.kernels.json_lines import NULL, OBJECT, ODD, READ, Scanned
from corpusgate.kernels.machine import PADDING

Bytes = NDArray[np.uint8]


def with_heads(paths: Collection[str]) -> list[str]:
    """Names to look for where dotted paths are wanted: the paths as they are, and the objects they may lead into."""
    return list(dict.fromkeys([*paths, *(path.split(".", 1)[0] for path in paths)]))


def enter(data: Bytes, found: Scanned, columns: Sequence[str], wanted: Collection[str]) -> None:
    """Look into objects for the values of dotted columns, and write them into what was found.

    A column of the whole path as its name comes first. A line is odd afterwards where a wanted value is an object itself.

    Args:
        data: the text that was looked through.
        found: what stands in it, by `columns`.
        columns: what `with_heads` gave for the wanted ones.
        wanted: names and dotted paths.
    """
    for k, column in enumerate(columns):
        rows = np.flatnonzero((found.kind[k] == OBJECT) & (found.became == READ))
        if len(rows) and column in wanted:
            found.became[rows] = ODD
        elif len(rows):
            tails = [path.removeprefix(f"{column}.") for path in columns if path.startswith(f"{column}.")]
            names = with_heads(tails)
            spans = zip(found.start[k, rows].tolist(), found.stop[k, rows].tolist(), strict=True)
            text = b"".join(data[start:stop].tobytes() + b"\n" for start, stop in spans)
            within = np.frombuffer(text + bytes(PADDING), np.uint8)
            inner = json_lines.scan(within, len(text), names)
            enter(within, inner, names, tails)
            found.became[rows[inner.became != READ]] = ODD
            moved = found.start[k, rows] - inner.line_start
            for i, tail in enumerate(tails):
                j = columns.index(f"{column}.{tail}")
                at = np.flatnonzero((inner.kind[i] != NULL) & (found.kind[j, rows] == NULL))
                found.start[j, rows[at]] = inner.start[i, at] + moved[at]
                found.stop[j, rows[at]] = inner.stop[i, at] + moved[at]
                found.kind[j, rows[at]] = inner.kind[i, at]

"""Files that follow each other: those of one name but for the numbers in it, in the order of these.

Shards of a crawl are such files, and so are those of its days. Of files with other names nobody knows which came first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

#: Files that make a series at least: of two either may be the odd one.
FEWEST = 3

_DIGITS = frozenset("0123456789")


class Place(NamedTuple):
    """Where a file stands among those of all series: the number of the first file of its own series, and its own; -1 without one."""

    series: int
    file: int


NOWHERE = Place(-1, -1)


@dataclass(frozen=True, slots=True)
class Series:
    """The series of a corpus.

    Attributes:
        names: of their files, in their order.
        places: of files that are of one, by their index in the corpus.
    """

    names: tuple[str, ...]
    places: Mapping[int, Place]

    @classmethod
    def of(cls, files: Sequence[tuple[int, str]]) -> Series:
        """Those of some files, each with its index and its name."""
        alike: dict[tuple[str, ...], list[tuple[tuple[int, ...], int, str]]] = {}
        for index, name in files:
            pieces = [(is_number, "".join(piece)) for is_number, piece in groupby(name, _DIGITS.__contains__)]
            numbers = tuple(int(piece) for is_number, piece in pieces if is_number)
            alike.setdefault(tuple("0" if is_number else piece for is_number, piece in pieces), []).append((numbers, index, name))
        names: list[str] = []
        places: dict[int, Place] = {}
        for _, members in sorted(alike.items()):
            first = len(names)
            for _, index, name in sorted(members) if len(members) >= FEWEST else ():
                places[index] = Place(first, len(names))
                names.append(name)
        return cls(tuple(names), places)

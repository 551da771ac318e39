"""Furniture phrases as data: one YAML file a language, phrases by kind.

`anywhere` phrases are evidence wherever they stand, since no article says them; `line` phrases only where they
make up half of their line, and `alone` phrases, single words of prose too, only where they are all of it. Those that are `common`, such
as "Home", head lists and tables of articles as well: they count in a text where another phrase does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import yaml
from numpy.typing import NDArray

from corpusgate.errors import Problem, nearest
from corpusgate.kernels.lines import Lines
from corpusgate.kernels.patterns import Matches, Pattern, literal

KINDS = (
    "comment_form",
    "consent",
    "terms",
    "share",
    "subscribe",
    "login",
    "paywall",
    "navigation",
    "related",
    "advertisement",
    "error_page",
    "end_mark",
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a list."""

    text: str
    kind: str
    language: str
    anywhere: bool
    alone: bool = False
    common: bool = False


@lru_cache(maxsize=1)
def all_phrases() -> tuple[Phrase, ...]:
    """Every phrase of every list, by language, kind and order in the file."""
    phrases = []
    folder = resources.files("corpusgate.signals") / "phrases"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            data = yaml.load(entry.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            common = frozenset(data.get("common", ()))
            for kind, places in data["kinds"].items():
                if kind not in KINDS:
                    raise Problem(entry.name, f"'{kind}' is not a kind of phrase", nearest(kind, KINDS))
                for place in ("anywhere", "line", "alone"):
                    texts = places.get(place) or ()
                    phrases += [
                        Phrase(text, kind, data["language"], place == "anywhere", place == "alone", text in common) for text in texts
                    ]
    return tuple(phrases)


@lru_cache(maxsize=64)
def of_kinds(kinds: tuple[str, ...]) -> tuple[tuple[Pattern, ...], tuple[Phrase, ...]]:
    """Patterns of some kinds, and the phrase each pattern is of.

    Raises:
        Problem: a kind is not known.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise Problem("with.kinds", f"'{kind}' is not a kind of phrase", nearest(kind, KINDS))
    owner: dict[Pattern, Phrase] = {}
    for phrase in all_phrases():
        if phrase.kind in kinds:
            # A phrase of a line must make up half of it, or all.
            longest = 0 if phrase.anywhere else (1 if phrase.alone else 2) * sum(map(str.isalnum, phrase.text))
            for pattern in literal(phrase.text, longest_line=longest):
                # The same words may stand in two languages' lists.
                owner.setdefault(pattern, phrase)
    return tuple(owner), tuple(owner.values())


@lru_cache(maxsize=64)
def half_lines(kinds: tuple[str, ...]) -> NDArray[np.int64]:
    """Letters and digits of the longest line that each pattern of `of_kinds` makes up half of; 0 for those of any line, int64."""
    return np.array([pattern.longest_line for pattern in of_kinds(kinds)[0]], np.int64)


@lru_cache(maxsize=64)
def among(kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which patterns of all kinds are of some: bool (patterns,)."""
    mine = frozenset(of_kinds(kinds)[0])
    return np.array([pattern in mine for pattern in of_kinds(KINDS)[0]], np.bool_)


@lru_cache(maxsize=1)
def _texts() -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Which text each pattern of all kinds spells, by number, and whether that is common."""
    numbers: dict[str, int] = {}
    phrases = of_kinds(KINDS)[1]
    which = np.array([numbers.setdefault(phrase.text.casefold(), len(numbers)) for phrase in phrases], np.int64)
    return which, np.array([phrase.common for phrase in phrases], np.bool_)


def in_company(matches: Matches) -> NDArray[np.bool_]:
    """Which accepted matches of the patterns of all kinds, rising by segment, stand in a field with a phrase that is not common, or with
    two that are, on lines of their own: bool (n,)."""
    which, common = (known[matches.pattern] for known in _texts())
    if not common.any():
        return np.ones(len(matches), np.bool_)
    first = np.flatnonzero(np.diff(matches.segment, prepend=-1))
    field = np.cumsum(np.diff(matches.segment, prepend=-1) != 0) - 1
    another = (which != which[first][field]) & (matches.line != matches.line[first][field])
    company: NDArray[np.bool_] = np.logical_or.reduceat(another | ~common, first)[field]
    return company


def patterns(kinds: Sequence[str]) -> tuple[Pattern, ...]:
    """What the signal `phrases` looks for."""
    return of_kinds(tuple(kinds))[0]


def accepted(matches: Matches, lines: Lines, kinds: tuple[str, ...]) -> Matches:
    """Matches of the patterns of some kinds that count as evidence: those of a line must make up half of it."""
    letters = half_lines(kinds)[matches.pattern]
    return matches.take((letters == 0) | (letters >= lines.letters[matches.line]))

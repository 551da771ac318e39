"""Traits of characters and what letters fold to, laid out for one pass over a block (`survey.py`)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.characters import BMP, MARK, WORD, classes
from corpusgate.kernels.folding import fold_table
from corpusgate.kernels.unicode_form import combining_classes, may_join

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Points = NDArray[np.int32]

#: Base of the polynomial hashes: odd, and with bits in all its bytes.
BASE = np.uint64(0x9E3779B97F4A7C15)

# Traits of a code point: the lowest bits of what is known of it.
LETTER, SPACE, GLUE, MARK_TRAIT, ALONE, MANY, IS_NEEDED, MAY_JOIN = 1, 2, 4, 8, 16, 32, 64, 128
#: Above them what it folds to where that is one code point, 0 where it is none; above that its combining class.
FOLDED_AT, FOLDED, ORDER_AT = 8, 0xFFFF, 24
#: The bits of a word's hash that say where it is looked for first.
HASH_AT = 40
#: What is known of code points beyond the plane.
BEYOND = LETTER | ALONE


class Wanted(NamedTuple):
    """What the pass looks out for, so that lines without it need not be searched.

    Attributes:
        characters: lines that hold one of them are marked.
        words: likewise; letters that are tokens by themselves mark their line whatever they are.
    """

    characters: str = ""
    words: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def known_of(needed: str) -> NDArray[np.uint32]:
    """What is known of each code point of the plane, uint32 (65536,); `needed` are the characters to look out for."""
    table = np.zeros(BMP, np.uint32)
    known = classes()
    table[known & 1 == 1] = LETTER
    table[(known & 1 == 1) & (known & WORD == 0)] |= ALONE
    table[known & MARK == MARK] = GLUE | MARK_TRAIT
    for point in (0x640, 0xAD, *range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF):
        table[point] = GLUE
    for point in (9, 10, 11, 12, 13, 32, 0xA0, *range(0x2000, 0x200C), 0x202F, 0x3000):
        table[point] = SPACE
    index, targets = fold_table()
    length = np.diff(index)
    table[(length > 1) & (table & LETTER == LETTER)] |= MANY
    table[may_join() == 1] |= MAY_JOIN
    for character in needed:
        if ord(character) < BMP:
            table[ord(character)] |= IS_NEEDED
    table[length == 1] |= targets[index[:-1][length == 1]].astype(np.uint32) << FOLDED_AT
    table |= combining_classes().astype(np.uint32) << ORDER_AT
    return table


@lru_cache(maxsize=1)
def powers() -> NDArray[np.uint64]:
    """Powers of the base, uint64 (256,)."""
    return np.multiply.accumulate(np.concatenate([np.ones(1, np.uint64), np.full(255, BASE)]))


def words_in(text: str) -> list[str]:
    """The letters of each token of a text: those of a run of letters, or one that is a token by itself."""
    known = known_of("")
    words, word = [], ""
    for character in f"{text} ":
        trait = int(known[ord(character)]) if ord(character) < BMP else BEYOND
        if trait & LETTER and not trait & ALONE:
            word += character
        elif not trait & GLUE:
            words += [found for found in (word, character if trait & LETTER else "") if found]
            word = ""
    return words


@lru_cache(maxsize=4)
def hashes_of(words: tuple[str, ...]) -> NDArray[np.uint64]:
    """A table that tells whether a token is one of some words, by the hash of its folded letters; 0 where none is."""
    index, targets = fold_table()
    hashes = set()
    for word in words:
        value = 0
        for point in map(ord, word):
            for letter in targets[index[point] : index[point + 1]].tolist() if point < BMP else [point]:
                value = (value * int(BASE) + letter) % (1 << 64)
        hashes.add(value)
    table = np.zeros(max(64, 1 << (4 * len(hashes)).bit_length()), np.uint64)
    for value in sorted(hashes - {0}):
        place = value >> HASH_AT & len(table) - 1
        while table[place]:
            place = (place + 1) % len(table)
        table[place] = value
    return table


class Tables(NamedTuple):
    """All tables of the pass; see the functions that make them."""

    known: NDArray[np.uint32]
    index: Points
    targets: Points
    powers: NDArray[np.uint64]
    words: NDArray[np.uint64]


@lru_cache(maxsize=4)
def tables(wanted: Wanted) -> Tables:
    """The tables for what is to be looked out for."""
    return Tables(known_of(wanted.characters), *fold_table(), powers(), hashes_of(wanted.words))

"""A sample of a corpus: records chosen by a hash of their ids, so that the same ones are chosen again as the corpus grows.

A share takes every record whose hash is below it; a number takes those with the smallest hashes, which are found by reading the
ids of all records first.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora import replicas
from corpusgate.corpora.model import Block, Corpus, Sample
from corpusgate.errors import Problem
from corpusgate.kernels.hashing import combine, hash_bytes
from corpusgate.kernels.haystack import build
from corpusgate.records import FIELDS

_ALL = 1 << 64

_SAID = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(%?)")


def parse(asked: str | int) -> tuple[float, bool]:
    """A number of records, or a share of them in percent and True.

    Raises:
        Problem: it is neither.
    """
    said = _SAID.fullmatch(str(asked).strip())
    value, is_share = (float(said[1]), said[2] == "%") if said else (0.0, False)
    if not value or (is_share and value > 100) or (not is_share and value != int(value)):
        raise Problem("sample", f"'{asked}' is no sample", "Give a number of records, as in  5000, or a share of them, as in  2%")
    return value, is_share


def keys(block: Block, seed: int) -> NDArray[np.uint64]:
    """uint64 (records,): a number for each record that its id alone decides, and the seed."""
    ids = build({"id": block.columns["id"]})
    hashes = hash_bytes(ids.data, ids.starts, ids.ends)
    mixed: NDArray[np.uint64] = combine(hashes, np.full(len(hashes), seed, np.int64)).view(np.uint64)
    return mixed


def chosen(block: Block, sample: Sample) -> Block:
    """The records of a block that are in the sample."""
    if not len(block):
        return block
    taken = np.flatnonzero(keys(block, sample.seed) <= np.uint64(sample.last))
    # Some columns are made when they are asked for by name.
    columns = {field: block.columns[field].take(pa.array(taken)) for field in FIELDS}
    return replace(block, columns=columns, offsets=block.offsets[taken], haystack=None, left_out=len(block) - len(taken))


def settle(corpus: Corpus, asked: str | int, seed: int) -> Corpus:
    """The corpus with its sample; as it is, where the sample is all of it.

    Args:
        corpus: the corpus.
        asked: a number of records, or a share such as `2%`.
        seed: another one gives another sample.

    Raises:
        Problem: that is no sample, or the seed is none.
    """
    value, is_share = parse(asked)
    if not 0 <= seed < 1 << 63:
        raise Problem("seed", f"{seed} is no seed", "Give a whole number from 0 on")
    told = f"{value:g} %" if is_share else f"{int(value)}"
    if is_share:
        return corpus if value == 100 else replace(corpus, sample=Sample(told, seed, math.floor(value / 100 * _ALL) - 1))
    last = _smallest(corpus, int(value), seed)
    return corpus if last is None else replace(corpus, sample=Sample(told, seed, last))


def _smallest(corpus: Corpus, count: int, seed: int) -> int | None:
    """The largest of the smallest `count` keys; None where there are no more records than that."""
    # A reader of records, which this room's readers do not know.
    from corpusgate.corpora.reading import read

    held, total = np.zeros(0, np.uint64), 0
    for part in corpus.parts:
        for block in read(corpus, part):
            if len(block):
                total += len(block)
                held = np.concatenate([held, keys(block, seed)])
            if len(held) > 4 * count + (1 << 16):
                held = np.partition(held, count)[:count]
        replicas.forget()
    return int(np.sort(held)[count - 1]) if total > count else None

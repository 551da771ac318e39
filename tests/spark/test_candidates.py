"""Candidates for copies that executors find by shares are those of one machine; a key that stands everywhere makes no share larger."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from corpusgate.runners import sampled
from corpusgate.spark import candidates as shared
from corpusgate.spark.candidates import _LINKS, _SHINGLES, _likely, _links, _ranks, _Shares, _stands, _whole

Ints = NDArray[np.int64]

RECORDS = 400


def shingles(everywhere: int = 0) -> tuple[Ints, Ints]:
    """Sampled shingles of invented records, in their order: every third shares most with one before; some keys stand everywhere."""
    chance = random.Random(5)
    common = [chance.getrandbits(63) for _ in range(everywhere)]
    rows, keys, held = list[int](), list[int](), list[list[int]]()
    for record in range(RECORDS):
        own = [chance.getrandbits(64) - (1 << 63) for _ in range(chance.randint(1, 12))]
        if record % 3 == 2:
            own = [*chance.choice(held)[:8], *own[:2]]
        held.append(own)
        mine = list(dict.fromkeys([*own, *common]))
        rows += [record] * len(mine)
        keys += mine
    return np.array(rows, np.int64), np.array(keys, np.int64)


def by_share(shares: _Shares, rows: Ints, keys: Ints) -> dict[int, int]:
    """How many shingles each share has."""
    return dict(enumerate(np.bincount(shares.share(keys, rows), minlength=shares.number(RECORDS)).tolist()))


def sent(table: pa.Table, *order: str) -> Iterator[pa.RecordBatch]:
    """Rows in some order, as a task gets them."""
    yield from table.sort_by([(name, "ascending") for name in order]).to_batches(max_chunksize=37)


def linked(shares: _Shares, rows: Ints, keys: Ints) -> set[tuple[int, int]]:
    """The pairs that share enough, as the tasks of Spark and its SQL find them."""
    size = np.bincount(rows)[rows].astype(np.int32)
    table = pa.table([shares.share(keys, rows), rows, keys, size], schema=_SHINGLES)
    if shares.keys == 1:
        found = pa.Table.from_batches(_whole(sent(table, "share", "ordinal")), schema=_LINKS)
    else:
        told = pa.Table.from_batches(_stands(shares)(sent(table, "share", "ordinal")))
        ranks = pa.Table.from_batches(_ranks(sent(told, "ordinal")))
        found = pa.Table.from_batches(_links(sent(ranks, "share", "ordinal")), schema=_LINKS)
    sums = found.group_by(["first", "second"]).aggregate([("shared", "sum"), ("counted", "sum"), ("size", "min")]).to_pylist()
    enough = [row for row in sums if row["counted_sum"] * sampled.PART >= row["size_min"]]
    return {(row["first"], row["second"]) for row in enough if row["shared_sum"] > 1 or row["counted_sum"] == 1}


def on_one_machine(folder: Path, rows: Ints, keys: Ints) -> set[tuple[int, int]]:
    """The same as one machine finds them."""

    def all_of_them() -> Iterator[tuple[int, int, NDArray[np.int32], Ints]]:
        yield 0, RECORDS, rows.astype(np.int32), keys

    found = sampled.by_shingles(folder, all_of_them, np.ones(RECORDS, np.bool_))
    return set(zip((found & 0x7FFFFFFF).tolist(), (found >> 32).tolist(), strict=True))


@pytest.mark.parametrize("at_once", [16_000_000, 600, 150])
def test_shares_give_the_pairs_of_one_machine(at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, keys = shingles()
    monkeypatch.setattr(sampled, "AT_ONCE", at_once)
    found = linked(_Shares.of(len(keys), at_once), rows, keys)
    assert len(found) > RECORDS // 4
    assert found == on_one_machine(tmp_path, rows, keys)


def test_a_key_that_stands_everywhere_makes_no_share_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampled, "WITHIN", 20)
    rows, keys = shingles(everywhere=6)
    values, counts = np.unique(keys, return_counts=True)
    heavy = values[counts > RECORDS // 2]
    assert len(heavy) == 6
    plain, ranged = _Shares(8), _Shares(8, heavy, 40)
    most = max(by_share(plain, rows, keys).values())
    assert most > RECORDS
    sizes = by_share(ranged, rows, keys)
    assert sum(sizes.values()) == len(keys)
    assert max(sizes.values()) < most
    # All of a range are together.
    assert [sizes[i] for i in range(8, ranged.number(RECORDS))] == [240] * 10
    found = linked(ranged, rows, keys)
    assert found == linked(plain, rows, keys) == on_one_machine(tmp_path, rows, keys)
    # The records of a range are linked by these keys with a few before them.
    assert len(found) > RECORDS // 20 * 60


def test_pairs_that_have_little_in_common_are_left_out() -> None:
    sets = [np.arange(12, dtype=np.uint32), np.arange(11, 23, dtype=np.uint32), np.arange(2, 12, dtype=np.uint32), np.zeros(0, np.uint32)]
    pairs = list(product(range(4), range(4)))
    columns = [
        [one for one, _ in pairs],
        [other for _, other in pairs],
        [False] * len(pairs),
        *([sets[pair[side]].tobytes() for pair in pairs] for side in range(2)),
    ]
    schema = pa.schema([*shared._PAIRS, ("left_keys", pa.binary()), ("right_keys", pa.binary())])
    (found,) = _likely(iter([pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)]))
    left = set(zip(found.column(0).to_pylist(), found.column(1).to_pylist(), strict=True))
    # A record without sampled shingles says nothing against a pair.
    assert set(pairs) - left == {(0, 1), (1, 0), (1, 2), (2, 1)}

"""The sieve for keys, their index and the fingerprints of findings, beside obvious ways to do the same."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.fingerprints import fingerprints
from corpusgate.kernels.lookup import distinct, find, index
from corpusgate.kernels.sieve import add, pass_each, pass_through, sieve
from corpusgate.kernels.tally import Tally

_KEYS = st.lists(st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-3, 12), max_size=300)


@settings(max_examples=200, deadline=None)
@given(keys=_KEYS, least=st.integers(1, 300), guess=st.integers(0, 500))
def test_nothing_that_stands_often_is_sieved_out(keys: list[int], least: int, guess: int) -> None:
    buckets, column = sieve(guess), np.array(keys, np.int64)
    # In two goes, as parts come.
    add(buckets, column[: len(keys) // 2])
    add(buckets, column[len(keys) // 2 :])
    through = pass_through(buckets, column, least).tolist()
    counts = Counter(keys)
    assert through == sorted(set(through))
    assert {i for i, key in enumerate(keys) if counts[key] >= min(least, 255)} <= set(through)
    # And what passes shares its bucket with as many.
    shared = Counter(key & len(buckets) - 1 for key in keys)
    assert through == [i for i, key in enumerate(keys) if shared[key & len(buckets) - 1] >= min(least, 255)]


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(-3, 12), st.integers(0, 3)), max_size=200),
    least=st.lists(st.integers(0, 255), min_size=4, max_size=4),
)
def test_each_owner_has_its_own_bound(rows: list[tuple[int, int]], least: list[int]) -> None:
    keys, owners = np.array(rows, np.int64).reshape(-1, 2).T.copy()
    buckets = sieve(1000)
    add(buckets, keys)
    counts = Counter(key for key, _ in rows)
    through = pass_each(buckets, keys, owners, np.array(least, np.uint8)).tolist()
    assert through == [i for i, (key, owner) in enumerate(rows) if counts[key] >= least[owner]]


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-3, 12), st.integers(-5, 1000))), cuts=st.integers(1, 7)
)
def test_a_tally_counts_what_different_keys_weigh(rows: list[tuple[int, int]], cuts: int) -> None:
    tally, new = Tally(), list[int]()
    keys, weights = np.array(rows, np.int64).reshape(-1, 2).T.copy()
    for some in np.array_split(np.arange(len(rows)), cuts):
        new += some[tally.add(keys[some], weights[some])].tolist()
    expected = dict[int, int]()
    for key, weight in rows:
        expected[key] = expected.get(key, 0) + weight
    assert tally.keys.tolist() == list(expected) == keys[new].tolist()
    assert tally.counts.tolist() == list(expected.values())
    assert new == sorted(new)


def test_a_tally_grows() -> None:
    keys = np.random.default_rng(2).permutation(np.repeat(np.arange(20_000) << 40, 2))
    tally = Tally()
    first = [part[tally.add(part, np.ones(len(part), np.int64))] for part in np.array_split(keys, 9)]
    assert tally.held == len(np.concatenate(first)) == 20_000
    assert (tally.counts == 2).all()


def test_most_of_what_stands_once_is_sieved_out() -> None:
    keys = np.random.default_rng(1).integers(-(1 << 62), 1 << 62, 100_000)
    buckets = sieve(len(keys))
    add(buckets, keys)
    assert len(pass_through(buckets, keys, 2)) < 0.13 * len(keys)


def test_more_than_a_bucket_can_count_is_often() -> None:
    buckets, keys = sieve(10), np.full(1000, 7, np.int64)
    add(buckets, keys)
    assert len(pass_through(buckets, keys, 1000)) == 1000


_ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), max_size=60)


@settings(max_examples=200, deadline=None)
@given(rows=_ROWS, cut=st.integers(0, 60))
def test_fingerprints_tell_apart_what_is_alike_in_one_record(rows: list[tuple[int, int, int]], cut: int) -> None:
    """Equal for equal record, kind, evidence and number before it in its record; else different; and the same when cut."""
    rows = sorted(rows, key=lambda row: row[1])
    kind, record, evidence = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    found = fingerprints(kind, record, record * 7, evidence)
    seen: Counter[tuple[int, int, int]] = Counter()
    names: dict[int, tuple[tuple[int, int, int], int]] = {}
    for row, number in zip(rows, found.tolist(), strict=True):
        assert names.setdefault(number, (row, seen[row])) == (row, seen[row])
        seen[row] += 1
    assert len(names) == len(rows)
    # Records keep theirs wherever a block ends, as long as it ends between records.
    while 0 < cut < len(rows) and record[cut - 1] == record[cut]:
        cut += 1
    halves = [fingerprints(kind[part], record[part] + 5, record[part] * 7, evidence[part]) for part in (slice(cut), slice(cut, None))]
    assert np.concatenate(halves).tolist() == fingerprints(kind, record + 5, record * 7, evidence).tolist()


@settings(max_examples=200, deadline=None)
@given(known=st.lists(st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-20, 20), unique=True, max_size=80), keys=_KEYS)
def test_known_keys_are_found_again(known: list[int], keys: list[int]) -> None:
    column = np.array(known, np.int64)
    rows, places = find(index(column), column, np.array(keys, np.int64))
    expected = [(row, known.index(key)) for row, key in enumerate(keys) if key in known]
    assert list(zip(rows.tolist(), places.tolist(), strict=True)) == expected


@settings(max_examples=200, deadline=None)
@given(keys=_KEYS)
def test_alike_rows_are_told(keys: list[int]) -> None:
    first, which = distinct(np.array(keys, np.int64))
    assert [keys[i] for i in first] == list(dict.fromkeys(keys))
    assert [keys[first[i]] for i in which] == keys
    assert first.tolist() == [keys.index(key) for key in dict.fromkeys(keys)]

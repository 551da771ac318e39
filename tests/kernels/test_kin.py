"""Kernels that find copies, beside obvious ways to do the same."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels import kin, overlaps, twice
from corpusgate.kernels.haystack import build
from corpusgate.kernels.numbers import digits, numbers_of
from corpusgate.kernels.pages import page_keys
from corpusgate.kernels.sieve import sieve

Rows = list[tuple[int, int]]

_HASHES = st.integers(-(1 << 63), (1 << 63) - 1)
#: Rows of a few records, rising, with keys that come back.
_ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12)), max_size=80).map(sorted)


def _spread(key: int) -> int:
    """A hash for a small number: all bits take part."""
    return (key + 1) * 0x9E3779B97F4A7C15 % (1 << 64) - (1 << 63)


def _columns(rows: Rows) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    return np.array([record for record, _ in rows], np.int32), np.array([_spread(key) for _, key in rows], np.int64)


@settings(max_examples=200, deadline=None)
@given(rows=_ROWS)
def test_a_key_is_left_once_in_its_record(rows: Rows) -> None:
    records, keys = _columns(rows)
    left = kin.once(records.astype(np.int64), keys).tolist()
    seen: set[tuple[int, int]] = set()
    expected = [i for i, row in enumerate(rows) if not (row in seen or seen.add(row))]  # type: ignore[func-returns-value]
    assert left == expected


@settings(max_examples=300, deadline=None)
@given(
    rows=_ROWS,
    wanted=st.lists(st.booleans(), min_size=10, max_size=10),
    most=st.integers(1, 5),
    few=st.integers(1, 3),
    shares=st.sampled_from([1, 2, 4]),
)
def test_telling_keys_stand_in_several_records_but_not_in_all(rows: Rows, wanted: list[bool], most: int, few: int, shares: int) -> None:
    records, keys = _columns(rows)
    sizes = np.zeros(10, np.uint16)
    found: dict[int, int] = {}
    for share in range(shares):
        buckets = sieve(1000)
        kin.count_keys(buckets, records, keys, np.array(wanted), share, shares)
        chosen, often = kin.telling(buckets, records, keys, np.array(wanted), sizes, share, shares, most, few)
        assert records[chosen].tolist() == sorted(records[chosen].tolist())
        found |= dict(zip(chosen.tolist(), often.tolist(), strict=True))
    counts = Counter(key for record, key in rows if wanted[record])
    # No two of these few keys share a bucket of a thousand.
    assert len({_spread(key) & len(sieve(1000)) - 1 for key in range(13)}) == 13
    expected = {i for i, (record, key) in enumerate(rows) if wanted[record] and 1 < counts[key] <= most}
    for record in range(10):
        for share in range(shares):
            mine = [i for i, row in enumerate(rows) if row[0] == record and (_spread(row[1]) % (1 << 64) >> 56) % shares == share]
            often_there = [i for i in mine if wanted[record] and counts[rows[i][1]] > most]
            expected |= set(sorted(often_there, key=lambda i: (counts[rows[i][1]], _spread(rows[i][1]) % (1 << 64) >> 8, i))[:few])
    assert found == {i: counts[rows[i][1]] for i in expected}
    assert sizes.tolist() == [sum(other == record for other, _ in rows) if wanted[record] else 0 for record in range(10)]


@settings(max_examples=200, deadline=None)
@given(rows=_ROWS, wanted=st.lists(st.booleans(), min_size=10, max_size=10), cut=st.integers(0, 50))
def test_what_stands_once_is_left_out(rows: Rows, wanted: list[bool], cut: int) -> None:
    records, keys = _columns(rows)
    bits, sizes = twice.places(1000), np.zeros(10, np.uint16)
    for some in (slice(cut), slice(cut, None)):
        twice.add_twice(bits, records[some], keys[some], np.array(wanted))
    counts = Counter(key for record, key in rows if wanted[record])
    # No two of these few keys share a place.
    assert twice.twice(bits, records, keys, np.array(wanted), sizes).tolist() == [
        i for i, (record, key) in enumerate(rows) if wanted[record] and counts[key] > 1
    ]
    assert sizes.tolist() == [sum(other == record for other, _ in rows) if wanted[record] else 0 for record in range(10)]


def test_few_that_stand_once_are_left_among_many() -> None:
    keys = np.random.default_rng(3).integers(-(1 << 62), 1 << 62, 200_000)
    records, wanted, sizes = np.zeros(len(keys), np.int32), np.ones(1, np.bool_), np.zeros(1, np.uint16)
    bits = twice.places(len(keys))
    twice.add_twice(bits, records, keys, wanted)
    assert len(twice.twice(bits, records, keys, wanted, sizes)) < 0.25 * len(keys)
    assert sizes[0] == 65535


@settings(max_examples=300, deadline=None)
@given(rows=_ROWS, most=st.integers(1, 6), part=st.sampled_from([1, 2, 3]))
def test_rows_that_lead_to_no_pair_are_left_out(rows: Rows, most: int, part: int) -> None:
    records, keys = _columns(rows)
    counts = Counter(key for _, key in rows)
    often = np.array([counts[key] for _, key in rows], np.uint8)
    sizes = np.bincount(records, minlength=10).astype(np.uint16)
    rare = Counter(record for record, key in rows if counts[key] <= most)
    of_rich = {key for record, key in rows if rare[record] * part >= sizes[record]}
    expected = [i for i, (_, key) in enumerate(rows) if counts[key] > most or key in of_rich]
    assert kin.useful(records, keys, often, sizes, most, part).tolist() == expected


@settings(max_examples=100, deadline=None)
@given(rows=_ROWS, wanted=st.lists(st.booleans(), min_size=10, max_size=10))
def test_keys_of_some_records(rows: Rows, wanted: list[bool]) -> None:
    records, keys = _columns(rows)
    sizes = np.zeros(10, np.int64)
    found = overlaps.of_records(records, keys, np.array(wanted), sizes).tolist()
    assert found == [_spread(key) % (1 << 64) >> 32 for record, key in rows if wanted[record]]
    assert sizes.tolist() == [sum(other == record for other, _ in rows) if wanted[record] else 0 for record in range(10)]


def _linked(rows: Rows, often: list[int], reach: int, most: int) -> dict[tuple[int, int], tuple[int, int]]:
    pairs: dict[tuple[int, int], tuple[int, int]] = {}
    for i, (record, key) in enumerate(rows):
        before = [other for other, same in rows[:i] if same == key][::-1]
        for other in before[: reach if often[i] <= 2 * reach else reach // 2]:
            if other != record:
                shared, counted = pairs.get((other, record), (0, 0))
                pairs[other, record] = shared + 1, counted + (1 if often[i] <= most else kin.HEAVY)
    return pairs


@settings(max_examples=300, deadline=None)
@given(rows=_ROWS, reach=st.integers(1, 6), most=st.integers(1, 6), part=st.sampled_from([0, 2, 3]))
def test_records_are_linked_with_a_few_before_them(rows: Rows, reach: int, most: int, part: int) -> None:
    records, keys = _columns(rows)
    counts = Counter(key for _, key in rows)
    often = [counts[key] for _, key in rows]
    sizes = np.bincount(records, minlength=10).astype(np.uint16)
    columns = kin.partners(records, keys, np.array(often, np.uint8), reach, most, sizes, part)
    found = {(a, b): (shared, counted) for a, b, shared, counted in zip(*(column.tolist() for column in columns), strict=True)}
    expected = {
        (a, b): (shared, counted)
        for (a, b), (shared, counted) in _linked(rows, often, reach, most).items()
        if part == 0 or (counted * part >= min(sizes[a], sizes[b]) and (shared > 1 or counted == 1))
    }
    assert found == expected
    assert columns[1].tolist() == sorted(columns[1].tolist())


def test_the_work_grows_with_the_rows_whatever_stands_in_all_of_them() -> None:
    """One key in every record, and a record with more partners than are counted."""
    many = 100_000
    records, keys = np.arange(many, dtype=np.int32), np.full(many, 7, np.int64)
    first, second, _, _ = kin.partners(records, keys, np.full(many, 255, np.uint8), 8, 50, np.ones(many, np.uint16), 0)
    assert len(first) == 4 * many - (1 + 2 + 3 + 4)
    assert ((second - first >= 1) & (second - first <= 4)).all()
    others = 2 * kin.PARTNERS
    records = np.concatenate([np.arange(others), np.full(others, others)]).astype(np.int32)
    keys = np.tile(np.array([_spread(i) for i in range(others)], np.int64), 2)
    first, _, _, _ = kin.partners(records, keys, np.full(2 * others, 2, np.uint8), 8, 50, np.ones(others + 1, np.uint16), 0)
    assert first.tolist() == list(range(kin.PARTNERS))


_SETS = st.lists(st.frozensets(st.integers(0, 40) | st.integers(0, (1 << 32) - 1), max_size=30), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(sets=_SETS)
def test_what_sets_have_in_common(sets: list[frozenset[int]]) -> None:
    values = np.array([value for one in sets for value in sorted(one)], np.uint32)
    starts = np.cumsum([0, *map(len, sets)])
    left, right = (index.ravel() for index in np.indices((len(sets), len(sets))))
    expected = [len(sets[a] & sets[b]) for a, b in zip(left, right, strict=True)]
    assert overlaps.overlap(values, starts, left, right).tolist() == expected
    # The other way may lose a key to one that has the same lower bits.
    lower = [len({value % 4096 for value in one}) == len(one) for one in sets]
    loose = overlaps.in_common(values, starts, left, right).tolist()
    assert all(found == true if lower[b] else found <= true for found, true, b in zip(loose, expected, right, strict=True))


_PAIRS = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30)


def _joined(pairs: list[tuple[int, int]], least: list[int]) -> list[int]:
    for a, b in pairs:
        low, high = sorted((least[a], least[b]))
        least = [low if each == high else each for each in least]
    return least


@settings(max_examples=200, deadline=None)
@given(pairs=_PAIRS)
def test_groups_are_known_by_their_smallest_member(pairs: list[tuple[int, int]]) -> None:
    least = np.arange(20, dtype=np.int32)
    kin.unite(least, *(np.array([pair[i] for pair in pairs], np.int32) for i in range(2)))
    assert least.tolist() == _joined(pairs, list(range(20)))


@settings(max_examples=200, deadline=None)
@given(before=_PAIRS, runs=st.lists(st.tuples(st.integers(0, 19), st.lists(st.integers(0, 19), min_size=1, max_size=4)), max_size=8))
def test_a_whole_joins_its_parts_if_they_are_of_one_group(before: list[tuple[int, int]], runs: list[tuple[int, list[int]]]) -> None:
    least = np.arange(20, dtype=np.int32)
    kin.unite(least, *(np.array([pair[i] for pair in before], np.int32) for i in range(2)))
    expected = least.tolist()
    for whole, parts in runs:
        if len({expected[part] for part in parts}) == 1:
            expected = _joined([(part, whole) for part in parts], expected)
    part = np.array([part for _, parts in runs for part in parts], np.int32)
    whole = np.array([whole for whole, parts in runs for _ in parts], np.int32)
    kin.unite_with_whole(least, part, whole, np.cumsum([0, *(len(parts) for _, parts in runs)]))
    assert least.tolist() == expected


def _keys(addresses: list[str]) -> list[int]:
    haystack = build({"url": pa.array(addresses, pa.string())})
    return page_keys(haystack.data, haystack.starts, haystack.ends).tolist()  # type: ignore[no-any-return]


def _page(address: str) -> str:
    """The same with regular expressions."""
    address = re.sub(r"^[\x00-\x20]+", "", address)
    address = re.sub(r"^([^/]*:)?//", "", address)
    address = re.sub(r"^[wW]{3}\.", "", address)
    address = re.split(r"#|[?&](?=utm_|fbclid=|gclid=)", address)[0]
    address = re.sub(r"[/\x00-\x20]+$", "", address)
    host, slash, rest = address.partition("/")
    return re.sub("[A-Z]+", lambda found: found[0].lower(), host) + slash + rest


_ADDRESSES = st.lists(
    st.sampled_from(["http", "https", "://", ":", "/", "www.", "WWW.", "Mill", ".example", "?id=1", "&page=2", "?", "&", "utm_source=x"])
    | st.sampled_from(["fbclid=1", "gclid=2", "#top", " ", "\n", "a", "A", "\u0639"]),
    max_size=8,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(addresses=st.lists(_ADDRESSES, min_size=1, max_size=6))
def test_addresses_of_one_page_have_one_key(addresses: list[str]) -> None:
    keys, pages = _keys(addresses), [_page(address) for address in addresses]
    assert [key == 0 for key in keys] == [page == "" for page in pages]
    assert [[a == b for b in keys] for a in keys] == [[a == b for b in pages] for a in pages]


def test_spellings_of_one_page() -> None:
    same = [
        "https://www.mill.example/News/1/",
        "http://Mill.example/News/1",
        " mill.example/News/1#top",
        "//mill.example/News/1?utm_source=x",
    ]
    other = ["https://mill.example/news/1", "https://mill.example/News/1?id=2", "https://mill.example/News/12"]
    keys = _keys(same + other)
    assert len(set(keys[: len(same)])) == 1
    assert len(set(keys)) == 1 + len(other)


@settings(max_examples=200, deadline=None)
@given(
    texts=st.lists(st.text(st.sampled_from("12a \u0663\u06f3\u0969.,\U0001d7d9") | st.characters(exclude_categories=["Cs"])), max_size=5)
)
def test_numbers_are_runs_of_digits_of_any_script(texts: list[str]) -> None:
    haystack = build({"text": pa.array(texts, pa.string())})
    which, hashes = numbers_of(haystack.data, haystack.starts, haystack.ends, digits())
    values = [
        (i, "".join(str(digits()[ord(digit)]) for digit in run))
        for i, text in enumerate(texts)
        for run in re.findall(f"[{''.join(chr(point) for point in np.flatnonzero(digits() != 255))}]+", text)
    ]
    assert which.tolist() == [i for i, _ in values]
    names: dict[str, int] = {}
    assert all(names.setdefault(value, key) == key for (_, value), key in zip(values, hashes.tolist(), strict=True))
    assert len(set(names.values())) == len(names)

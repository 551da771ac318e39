"""Kernels that find copies, beside obvious ways to do the same."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels import kin, overlaps, telling, twice
from corpusgate.kernels.haystack import build
from corpusgate.kernels.numbers import digits, numbers_of
from corpusgate.kernels.pages import page_keys
from corpusgate.kernels.sieve import add, sieve

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


def _numbered(keys: np.ndarray, room: int = 1000) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    buckets = sieve(room)
    add(buckets, keys)
    return telling.numbered(buckets, keys)


@settings(max_examples=200, deadline=None)
@given(keys=st.lists(st.integers(0, 9).map(_spread) | _HASHES, max_size=60), crowded=st.booleans(), repeated=st.sampled_from([1, 100]))
def test_keys_are_numbered_that_stand_several_times(keys: list[int], crowded: bool, repeated: int) -> None:
    # Whether they share buckets of the sieve or places of the table makes no difference.
    keys = [key >> 48 << 48 for key in keys * repeated] if crowded else keys * repeated
    numbers, often = (column.tolist() for column in _numbered(np.array(keys, np.int64)))
    counts = Counter(keys)
    assert often == [min(counts[key], 255) for key in keys]
    names = {key: number for key, number in zip(keys, numbers, strict=True) if counts[key] > 1}
    assert numbers == [names.get(key, -1) for key in keys]
    assert len(set(names.values())) == len(names)
    assert all(number >= 0 for number in names.values())


@settings(max_examples=300, deadline=None)
@given(rows=_ROWS, most=st.integers(1, 6), few=st.integers(1, 3), part=st.sampled_from([1, 2, 3]), shares=st.sampled_from([1, 2, 4]))
def test_telling_keys_stand_in_several_records_but_not_in_all(rows: Rows, most: int, few: int, part: int, shares: int) -> None:
    records, keys = _columns(rows)
    sizes = np.bincount(records, minlength=10).astype(np.uint16)
    rich, rarest, share = np.zeros(10, np.uint16), np.full((10, few), 0xFFFFFFFF, np.uint32), keys.view(np.uint64) >> np.uint64(56)
    mine, numbers, often = [np.flatnonzero(share % np.uint64(shares) == i) for i in range(shares)], [], []
    for some in mine:
        numbers.append(_numbered(keys[some])[0])
        often.append(_numbered(keys[some])[1])
        telling.rank(records[some], keys[some], often[-1], most, rich, rarest)
    counts = Counter(key for _, key in rows)
    assert [of.tolist() for of in often] == [[counts[rows[i][1]] for i in some] for some in mine]
    rank = [(counts[key], _spread(key) % (1 << 64) >> 40) for _, key in rows]
    kept = {i for i, (_, key) in enumerate(rows) if 1 < counts[key] <= most}
    rare = Counter(rows[i][0] for i in kept)
    for record in range(10):
        heavy = sorted((i for i, row in enumerate(rows) if row[0] == record and counts[row[1]] > most), key=lambda i: rank[i])
        kept |= {i for i in heavy if counts[rows[i][1]] > 1 and rank[i] <= rank[heavy[:few][-1]]}
    for some, of in zip(mine, often, strict=True):
        last = [sorted(rank[i] for i, row in enumerate(rows) if row[0] == record and counts[row[1]] > most) for record in range(10)]
        told = telling.rare(records[some], keys[some], of, rarest).tolist()
        assert told == [len(last[rows[i][0]]) < few or rank[i] <= last[rows[i][0]][few - 1] for i in some]
    of_rich = {rows[i][1] for i in kept if rare[rows[i][0]] * part >= sizes[rows[i][0]]}
    found = [
        telling.telling(records[some], keys[some], number, of, most, rich, rarest, sizes, part)
        for some, number, of in zip(mine, numbers, often, strict=True)
    ]
    expected = [[i for i in some.tolist() if i in kept and (counts[rows[i][1]] > most or rows[i][1] in of_rich)] for some in mine]
    assert [some[chosen].tolist() for some, chosen in zip(mine, found, strict=True)] == expected


@settings(max_examples=100, deadline=None)
@given(rows=_ROWS, start=st.integers(0, 1 << 40), shares=st.sampled_from([1, 2, 8, 256]))
def test_keys_fall_into_shares(rows: Rows, start: int, shares: int) -> None:
    records, keys = _columns(rows)
    out, bounds = kin.by_share(records, keys, start, shares)
    whole = [(start + record, _spread(key)) for record, key in rows]
    expected = [[row for row in whole if (row[1] % (1 << 64) >> 56) % shares == share] for share in range(shares)]
    assert [[tuple(row) for row in out[low:high].tolist()] for low, high in pairwise(bounds.tolist())] == expected


@settings(max_examples=200, deadline=None)
@given(
    pairs=st.lists(st.tuples(st.integers(0, 40), st.integers(41, 49), st.integers(1, 3), st.integers(1, 3)), max_size=60),
    sizes=st.lists(st.integers(1, 20), min_size=50, max_size=50),
    part=st.sampled_from([1, 2, 3]),
)
def test_what_pairs_share_is_added_up(pairs: list[tuple[int, int, int, int]], sizes: list[int], part: int) -> None:
    rows = np.array(pairs, np.int32).reshape(-1, 4)
    first, second = kin.add_up(rows, 41, np.array(sizes, np.uint16), part)
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for one, other, shared, counted in pairs:
        before = sums.get((one, other), (0, 0))
        sums[one, other] = before[0] + shared, before[1] + counted
    expected = [
        pair
        for pair, (shared, counted) in sums.items()
        if counted * part >= min(sizes[pair[0]], sizes[pair[1]]) and (shared > 1 or counted == 1)
    ]
    assert sorted(zip(first.tolist(), second.tolist(), strict=True)) == sorted(expected)
    assert second.tolist() == sorted(second.tolist())


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


@settings(max_examples=100, deadline=None)
@given(rows=_ROWS, wanted=st.lists(st.booleans(), min_size=10, max_size=10))
def test_keys_of_some_records(rows: Rows, wanted: list[bool]) -> None:
    records, keys = _columns(rows)
    sizes = np.zeros(10, np.int64)
    found = overlaps.of_records(records, keys, np.array(wanted), sizes).tolist()
    assert found == [_spread(key) % (1 << 64) >> 32 for record, key in rows if wanted[record]]
    assert sizes.tolist() == [sum(other == record for other, _ in rows) if wanted[record] else 0 for record in range(10)]


def _linked(
    rows: Rows, ordinals: list[int], often: list[int], reach: int, most: int, within: int
) -> dict[tuple[int, int], tuple[int, int]]:
    pairs: dict[tuple[int, int], tuple[int, int]] = {}
    for i, (record, key) in enumerate(rows):
        before = [j for j, (_, same) in enumerate(rows[:i]) if same == key][::-1]
        for j in before[: reach if often[i] <= 2 * reach else reach // 2]:
            other = rows[j][0]
            if other != record and (often[i] < 255 or ordinals[j] // within == ordinals[i] // within):
                shared, counted = pairs.get((other, record), (0, 0))
                pairs[other, record] = shared + 1, counted + (1 if often[i] <= most else kin.HEAVY)
    return pairs


@settings(max_examples=300, deadline=None)
@given(
    rows=_ROWS,
    reach=st.integers(1, 6),
    most=st.integers(1, 6),
    part=st.sampled_from([0, 2, 3]),
    everywhere=st.sets(st.integers(0, 12)),
    places=st.lists(st.integers(0, 99), min_size=10, max_size=10, unique=True).map(sorted),
)
def test_records_are_linked_with_a_few_before_them(
    rows: Rows, reach: int, most: int, part: int, everywhere: set[int], places: list[int]
) -> None:
    """Some keys stand in so many others that links by them do not lead out of ten records."""
    records, keys = _columns(rows)
    counts = Counter(key for _, key in rows)
    often = [255 if key in everywhere and counts[key] > 1 else counts[key] for _, key in rows]
    ordinals = [places[record] for record, _ in rows]
    sizes = np.bincount(records, minlength=10).astype(np.uint16)
    numbers, _ = _numbered(keys)
    columns = kin.partners(records, np.array(ordinals, np.int32), numbers, np.array(often, np.uint8), reach, most, 10, sizes, part)
    found = {(a, b): (shared, counted) for a, b, shared, counted in zip(*(column.tolist() for column in columns), strict=True)}
    expected = {
        (a, b): (shared, counted)
        for (a, b), (shared, counted) in _linked(rows, ordinals, often, reach, most, 10).items()
        if part == 0 or (counted * part >= min(sizes[a], sizes[b]) and (shared > 1 or counted == 1))
    }
    assert found == expected
    assert columns[1].tolist() == sorted(columns[1].tolist())


def test_the_work_grows_with_the_rows_whatever_stands_in_all_of_them() -> None:
    """One key in every record, and a record that has a key in common with each of many."""
    many, ranges = 100_000, 4
    records, numbers = np.arange(many, dtype=np.int32), np.zeros(many, np.int32)
    often, sizes = np.full(many, 255, np.uint8), np.ones(many, np.uint16)
    first, second, _, _ = kin.partners(records, records, numbers, often, 8, 50, many // ranges, sizes, 0)
    assert len(first) == 4 * many - ranges * (1 + 2 + 3 + 4)
    assert ((second - first >= 1) & (second - first <= 4)).all()
    records = np.concatenate([records, np.full(many, many, np.int32)])
    numbers = np.tile(np.arange(many, dtype=np.int32), 2)
    first, _, _, _ = kin.partners(records, records, numbers, np.full(2 * many, 2, np.uint8), 8, 50, many, sizes, 0)
    assert first.tolist() == list(range(many))


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

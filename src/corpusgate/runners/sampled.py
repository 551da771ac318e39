"""Pairs of records that share sampled shingles.

Of many shingles those that stand once are passed over, and the others go into files, each a share of all keys: whatever the size of
the corpus, a share is as much as memory is meant for. What records have in common in each share goes into a file as well, and is
added up for some records at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels.kin import add_up, by_share, partners
from corpusgate.kernels.sieve import add, sieve
from corpusgate.kernels.telling import numbered, rank, telling
from corpusgate.kernels.twice import add_twice, places, twice
from corpusgate.runners.part_tables import batches
from corpusgate.runners.threads import in_order
from corpusgate.runners.work import PartResult

Ints = NDArray[np.int64]
Short = NDArray[np.int32]
Counts = NDArray[np.uint16]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

#: Stretch by stretch its first ordinal and the one behind its last, and its shingles: records counted within it, and keys.
Shingles = Callable[[], Iterator[tuple[int, int, Short, Ints]]]

#: Links followed from a shingle or a headline to records before.
REACH = 8

#: Records in which a shingle may stand to be looked at always; of those that stand in more a record's rarest few are.
MOST, FEW = 50, 3

#: Records out of which no link leads by a key that stands in 255 or more: so those can be looked at some records at a time.
WITHIN = 1 << 16

#: Part of the sampled shingles of the smaller record that must be shared: a third. Copies share half of them and more, on average.
PART = 3

#: Shingles of a share: what their sieve and links take bounds the memory.
AT_ONCE = 2_000_000

#: Shares at most: so many can be told by a byte of a key.
SHARES = 256

#: Records whose pairs are added up together.
TOGETHER = 1 << 16


@dataclass(frozen=True, slots=True)
class About:
    """What is known of each record.

    Attributes:
        sizes: uint16 (records,): how many keys it has, 65,535 at most.
        rich: as for `kin.rank`.
        rarest: likewise.
    """

    sizes: Counts
    rich: Counts
    rarest: NDArray[np.uint32]

    @classmethod
    def empty(cls, records: int) -> About:
        """Nothing yet."""
        return cls(np.zeros(records, np.uint16), np.zeros(records, np.uint16), np.full((records, FEW), 0xFFFFFFFF, np.uint32))


def merged(*columns: NDArray[Any]) -> NDArray[Any]:
    """All values of some columns, each once, rising. Sorting is several times as fast as the hash table of `np.unique`."""
    values: NDArray[Any] = np.sort(np.concatenate(columns))
    return np.asarray(values[np.diff(values, prepend=~values[:1]) != 0])


def pair(one: NDArray[np.integer], other: NDArray[np.integer]) -> Ints:
    """Two ordinals in one number, the later one in its upper half."""
    both: Ints = np.maximum(one, other).astype(np.int64) << 32 | np.minimum(one, other).astype(np.int64)
    return both


def shingles_of(parts: Sequence[PartResult], starts: Sequence[int]) -> Iterator[tuple[int, int, Short, Ints]]:
    """Stretch by stretch its first ordinal and the one behind its last, and its shingles: records counted within it, and keys."""
    for part, start in zip(parts, starts, strict=True):
        first = 0
        for batch, size in zip(batches(part.folder, "shingles"), part.measurement.stretches, strict=False):
            rows = np.asarray(batch.column("row").to_numpy(), np.int32)
            yield start + first, start + first + size, rows - np.int32(first) if first else rows, batch.column("hash").to_numpy()
            first += size


def by_shingles(work: Path, shingles: Shingles, wanted: Flags, threads: int = 1) -> Ints:
    """Pairs of records that share so many of their sampled shingles that they may be copies, as numbers, rising; int64 (n,).

    Args:
        work: a folder for what is not kept in memory.
        shingles: of all records.
        wanted: bool (records,): which records are looked at.
        threads: how many look at shares side by side.
    """
    total = sum(len(keys) for _, _, _, keys in shingles())
    about = About.empty(len(wanted))
    if total > AT_ONCE:
        return _by_shares(work, shingles, wanted, about, total, threads)
    held = [(np.zeros(0, np.int32), np.zeros(0, np.int64))]
    for start, end, rows, keys in shingles():
        chosen = wanted[start:end][rows]
        held.append((rows[chosen] + np.int32(start), keys[chosen]))
    records, keys = (np.concatenate(column) for column in zip(*held, strict=True))
    about.sizes[:] = np.minimum(np.bincount(records, minlength=len(wanted)), 65535)
    numbers, often = counted(keys)
    ranked(records, keys, often, about)
    one, other, _, _ = linked(records, records, keys, numbers, often, about, PART)
    alike: Ints = np.sort(pair(one, other))
    return alike


def counted(keys: Ints) -> tuple[Short, Bytes]:
    """What each key of a share is known by, and in how many records it stands: see `numbered`."""
    buckets = sieve(len(keys))
    add(buckets, keys)
    found: tuple[Short, Bytes] = numbered(buckets, keys)
    return found


def ranked(records: Short, keys: Ints, often: Bytes, about: About) -> None:
    """Take note of the keys of records."""
    rank(records, keys, often, MOST, about.rich, about.rarest)


def linked(
    records: Short, ordinals: Short, keys: Ints, numbers: Short, often: Bytes, about: About, part: int
) -> tuple[Short, Short, Short, Short]:
    """What records have in common by the keys of a share."""
    left = telling(records, keys, numbers, often, MOST, about.rich, about.rarest, about.sizes, PART)
    columns = (column[left] for column in (records, ordinals, numbers, often))
    found: tuple[Short, Short, Short, Short] = partners(*columns, REACH, MOST, WITHIN, about.sizes, part)
    return found


def under_one_key(records: Short, keys: Ints) -> tuple[Short, Short]:
    """Pairs of records with a key in common, by a few links from each row: the earlier ones, and the later ones.

    Args:
        records: int32 (n,), rising.
        keys: int64 (n,).
    """
    numbers, _ = counted(keys)
    seldom, sizes = np.zeros(len(keys), np.uint8), np.zeros(0, np.uint16)
    one, other, _, _ = partners(records, records, numbers, seldom, REACH, MOST, WITHIN, sizes, 0)
    return one, other


def _by_shares(work: Path, shingles: Shingles, wanted: Flags, about: About, total: int, threads: int) -> Ints:
    shares = min(1 << (-(-total // AT_ONCE) - 1).bit_length(), SHARES)
    paths = _sifted(work, shingles, wanted, about.sizes, total, shares, threads)
    for records, keys, often in in_order(_counted, paths, threads):
        ranked(records, keys, often, about)
    windows = np.append(np.arange(0, len(wanted), TOGETHER), len(wanted))
    common, held, bounds = work / "in-common", 0, list[Ints]()
    with common.open("wb") as file:
        for found in in_order(partial(_linked, about), paths, threads):
            bounds.append(held + np.searchsorted(found[:, 1], windows))
            held += len(found)
            file.write(found.data)
    alike = in_order(partial(_added, common, about, bounds, windows), range(len(windows) - 1), threads)
    pairs = np.concatenate([np.zeros(0, np.int64), *alike])
    common.unlink()
    return pairs


def _sifted(work: Path, shingles: Shingles, wanted: Flags, sizes: Counts, total: int, shares: int, threads: int) -> list[Path]:
    """The shingles that may stand in several records, a file for each share of keys; all of each record are added to `sizes`."""
    bits = places(total)
    for start, end, rows, keys in shingles():
        add_twice(bits, rows, keys, wanted[start:end])

    def shared(stretch: tuple[int, int, Short, Ints]) -> tuple[Ints, Ints]:
        start, end, rows, keys = stretch
        chosen = twice(bits, rows, keys, wanted[start:end], sizes[start:end])
        found: tuple[Ints, Ints] = by_share(rows[chosen], keys[chosen], start, shares)
        return found

    paths = [work / f"sampled-{share:03d}" for share in range(shares)]
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("wb")) for path in paths]
        for some, bounds in in_order(shared, shingles(), threads):
            for file, (low, high) in zip(files, pairwise(bounds.tolist()), strict=True):
                file.write(some[low:high].data)
    return paths


def _counted(path: Path) -> tuple[Short, Ints, Bytes]:
    """Records and keys of a share, and in how many records each key stands; that and what each key is known by lie beside it then."""
    records, keys = _read(path)
    numbers, often = counted(keys)
    numbers.tofile(path.with_suffix(".numbers"))
    often.tofile(path.with_suffix(".often"))
    return records, keys, often


def _linked(about: About, path: Path) -> Short:
    """What records have in common by the keys of a share, whose files are done with: int32 (n, 4)."""
    (records, keys), of_keys, stand = _read(path), path.with_suffix(".numbers"), path.with_suffix(".often")
    numbers, often = np.fromfile(of_keys, np.int32), np.fromfile(stand, np.uint8)
    found = np.stack(linked(records, records, keys, numbers, often, about, 0), axis=1)
    for read in (path, of_keys, stand):
        read.unlink()
    return found


def _added(common: Path, about: About, bounds: Sequence[Ints], windows: Ints, number: int) -> Ints:
    """The pairs of one window of records that share enough, as numbers, rising."""
    with common.open("rb") as file:
        some = np.concatenate([_pairs(file, share[number], share[number + 1]) for share in bounds])
    one, other = add_up(some, windows[number], about.sizes, PART)
    alike: Ints = np.sort(pair(one, other))
    return alike


def _read(path: Path) -> tuple[Short, Ints]:
    """Records and keys of a share."""
    some = np.fromfile(path, np.int64).reshape(-1, 2)
    return some[:, 0].astype(np.int32), some[:, 1].copy()


def _pairs(file: BinaryIO, low: int, high: int) -> Short:
    """Some rows of what records have in common."""
    file.seek(16 * int(low))
    return np.fromfile(file, np.int32, 4 * int(high - low)).reshape(-1, 4)

"""What stands around a line, against the same told slowly."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels import line_context as context
from corpusgate.kernels.line_model import context_rows
from corpusgate.kernels.line_shapes import SHAPES

#: One line: effective characters, kinds of its last and first character, whether it is prose, its own score, its hash, whether in doubt.
LINE = st.tuples(
    st.sampled_from([0, 1, 12, 20, 30, 80, 500, 5000]), st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), st.integers(-128, 128),
    st.sampled_from([1, 2, 3, 4097, 2**62]), st.booleans(),
)  # fmt: skip
PAGES = st.lists(st.lists(LINE, max_size=30), min_size=1, max_size=4)


def best_run(gains: list[int]) -> tuple[int, int]:
    """The run that adds up to most: of several the one that a reader from the left finds first."""
    best, found, begin = 0, (0, 0), 0
    for i in range(len(gains)):
        if sum(gains[begin:i]) <= 0:
            begin = i
        if sum(gains[begin : i + 1]) > best:
            best, found = sum(gains[begin : i + 1]), (begin, i + 1)
    return found


def slowly(page: list[tuple[int, ...]], i: int) -> dict[str, int]:
    """The numbers of context of one line."""
    long, ends, begins, prose, own, hashes, _ = (list(column) for column in zip(*page, strict=True))
    n = len(page)
    size = [min(each, 2000) for each in long]
    mass = [each if p else 0 for each, p in zip(size, prose, strict=True)]
    total, told = max(sum(size), 1), max(sum(mass), 1)
    ups = [j for j in range(i) if prose[j]]
    downs = [j for j in range(i + 1, n) if prose[j]]
    # Looked for no further than a hundred lines up.
    up, down = (ups[-1] if ups else None), (downs[0] if downs else None)

    def mean(low: int, high: int) -> int:
        window = [own[j] for j in range(max(low, 0), min(high, n)) if j != i]
        return sum(window) // len(window) if window else 0

    def at(values: list[int], j: int, most: int = 1000, none: int = -1) -> int:
        return min(values[j], most) if 0 <= j < n else none

    def off(low: int, high: int) -> int:
        return 0 if low <= i < high else i - low if i < low else i - high + 1

    def like(j: int) -> bool:
        near = 2 * long[j] >= long[i] - 8 and long[j] <= 2 * long[i] + 8
        return ends[j] == ends[i] and begins[j] == begins[i] and near

    def up_to(marked: list[bool]) -> int:
        return next((min(i - j, 100) for j in range(i - 1, -1, -1) if marked[j]), 200)

    def down_to(marked: list[bool]) -> int:
        return next((min(j - i, 100) for j in range(i + 1, n) if marked[j]), 200)

    around = [size[j] for j in range(max(i - 8, 0), min(i + 9, n)) if j != i]
    low1, high1 = best_run([min(each, 400) if p else -30 for each, p in zip(long, prose, strict=True)])
    low2, high2 = best_run([-each - 8 for each in own])
    run_up = next((k for k in range(i + 1) if i - k == 0 or k == 40 or not like(i - k - 1)), 0)
    run_down = next((k for k in range(n - i) if i + k == n - 1 or k == 40 or not like(i + k + 1)), 0)
    return {
        "score": own[i],
        "index": min(i, 300),
        "behind": min(n - 1 - i, 300),
        "relative": 1000 * i // n,
        "before_share": 1000 * sum(size[:i]) // total,
        "prose_share": 1000 * sum(mass) // total,
        "prose_lines": min(sum(prose), 200),
        "size": min(total >> 4, 3000),
        "prose_before": 1000 * sum(mass[:i]) // told,
        "up": 200 if up is None else min(i - up, 100),
        "down": 200 if down is None else min(down - i, 100),
        "up_gap": 6000 if up is None else min(sum(size[up + 1 : i]), 5000),
        "down_gap": 6000 if down is None else min(sum(size[i + 1 : down]), 5000),
        "effective1u": at(long, i - 1),
        "effective1d": at(long, i + 1),
        "effective2u": at(long, i - 2),
        "effective2d": at(long, i + 2),
        "end1u": at(ends, i - 1),
        "end1d": at(ends, i + 1),
        "score1u": at(own, i - 1, none=0),
        "score1d": at(own, i + 1, none=0),
        "score2u": at(own, i - 2, none=0),
        "score2d": at(own, i + 2, none=0),
        "near": mean(i - 3, i + 4),
        "wide": mean(i - 8, i + 9),
        "far": mean(i - 25, i + 26),
        "above": mean(i - 5, i),
        "below": mean(i + 1, i + 6),
        "page": mean(0, n),
        "block_at": off(low1, high1),
        "block_place": 100 * (i - low1) // (high1 - low1) if low1 <= i < high1 else -1,
        "block_share": 1000 * sum(size[low1:high1]) // total,
        "gain_at": off(low2, high2),
        "gain_share": 1000 * (high2 - low2) // n,
        "repeats": hashes.count(hashes[i]),
        "earlier": hashes[:i].count(hashes[i]),
        "run_up": run_up,
        "run_down": run_down,
        "begins": at(begins, i + 1),
        "lines": n,
        "sure_up": up_to([own[j] >= 128 for j in range(n)]),
        "sure_down": down_to([own[j] >= 128 for j in range(n)]),
        "likely_up": up_to([own[j] >= 64 for j in range(n)]),
        "likely_down": down_to([own[j] >= 64 for j in range(n)]),
        "prose_around": sum(prose[max(i - 25, 0) : i + 26]),
        "mass_above": min(sum(mass[max(i - 30, 0) : i]), 8000),
        "mass_below": min(sum(mass[i + 1 : i + 31]), 8000),
        "long_around": sum(around) // len(around) if around else 0,
        "alike": sum(like(j) for j in range(max(i - 8, 0), min(i + 9, n)) if j != i),
        "begins1u": at(begins, i - 1),
    }


@settings(deadline=None, max_examples=300)
@given(PAGES)
def test_context_is_as_told_slowly(pages: list[list[tuple[int, ...]]]) -> None:
    lines = [line for page in pages for line in page]
    columns = list(zip(*lines, strict=True)) if lines else [()] * 7
    long, hashes = np.array(columns[0], np.int64), np.array(columns[5], np.int64)
    ends, begins, prose, own = (np.array(columns[j], np.int16) for j in (1, 2, 3, 4))
    doubtful = np.flatnonzero(np.array(columns[6], np.bool_))
    bounds = np.cumsum([0, *map(len, pages)])
    rows = np.zeros((len(doubtful), len(context.FEATURES)), np.int16)
    context_rows(bounds, doubtful, long, ends, begins, prose, own, hashes, rows)
    for row, line in zip(rows, doubtful.tolist(), strict=True):
        page = int(np.searchsorted(bounds, line, "right")) - 1
        told = slowly(pages[page], line - int(bounds[page]))
        named = dict(zip(context.FEATURES[SHAPES : context.FIRST_FEATURES], row[SHAPES : context.FIRST_FEATURES].tolist(), strict=True))
        assert named == told

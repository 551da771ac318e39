"""When extraction broke: sound sources are not blamed, however small or unlike their months are, and breaks are told from their month."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import corpusgate
from corpusgate.signals.extraction import extraction_broke

Row = tuple[int, int, int, int]

FIRST = 2020


def source(draw: np.random.Generator, number: int, shares: list[float], size: float) -> list[Row]:
    """Rows of `furnished`: source, month, level and number of texts, of which about `size` are drawn each month."""
    rows = []
    for at, share in enumerate(shares):
        texts = int(draw.poisson(size))
        furnished = int(draw.binomial(texts, share))
        month = 100 * (FIRST + at // 12) + at % 12 + 1
        rows += [(number, month, level, n) for level, n in ((0, texts - furnished), (1, furnished)) if n]
    return rows


def blamed(rows: list[Row], sources: int) -> dict[int, set[tuple[int, int]]]:
    """Sources with a break, and the months of its texts beside the one that it is said to begin with."""
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("furnished", pa.table(dict(zip(("source", "month", "level", "n"), columns, strict=True))))
        query, _ = extraction_broke()
        counted = {name: np.asarray(column, np.int64) for name, column in connection.execute(query.groups).fetchnumpy().items()}
    assert query.left is not None
    groups = query.left(counted, sources)
    found: dict[int, set[tuple[int, int]]] = {}
    for number, month, begins in zip(*(groups[name].tolist() for name in ("source", "month", "detail")), strict=True):
        found.setdefault(number, set()).add((month, begins))
    return found


@pytest.mark.parametrize(("months", "size"), [(2, 12), (6, 6), (12, 30), (30, 4)])
@pytest.mark.parametrize("alike", [True, False])
def test_sound_sources_are_not_blamed(months: int, size: float, alike: bool) -> None:
    """Forty corpora of ten sources, of which chance may blame one in a hundred; where months differ by themselves, one source in fifty."""
    draw = np.random.default_rng(1)
    corpora, sources = 0, 0
    for _ in range(40):
        rows = []
        for number, share in enumerate((0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.5, 0.7, 0.9, 1.0)):
            shares = [share if alike else draw.beta(4 * share + 0.01, 4 * (1 - share) + 0.01) for _ in range(months)]
            rows += source(draw, number, shares, size)
        found = blamed(rows, 10)
        corpora, sources = corpora + bool(found), sources + len(found)
    assert corpora <= 1 if alike else sources <= 8


@pytest.mark.parametrize(("before", "after", "size"), [(0.0, 1.0, 12), (0.05, 0.8, 20), (0.3, 0.95, 60)])
def test_a_break_is_told_from_its_month(before: float, after: float, size: float) -> None:
    draw = np.random.default_rng(2)
    told = 0
    for _ in range(20):
        rows = source(draw, 0, [before] * 7 + [after] * 5, size) + source(draw, 1, [before] * 12, size)
        found = blamed(rows, 2)
        assert 1 not in found
        told += found.get(0) == {(202000 + month, 202008) for month in range(8, 13)}
    assert told >= 18


def test_a_break_that_was_mended_ends_where_it_was() -> None:
    rows = source(np.random.default_rng(3), 0, [0.02] * 6 + [0.95] * 4 + [0.02] * 8, 30)
    assert blamed(rows, 1)[0] == {(202000 + month, 202007) for month in range(7, 11)}


@pytest.mark.parametrize(
    ("shares", "size"),
    [([0.9] * 6 + [0.05] * 6, 40), ([0.1] * 6 + [0.4] * 6, 40), ([0.0] * 6 + [1.0], 3), ([1.0] * 12, 40), ([], 0)],
    ids=["mended", "a small change", "few texts", "always", "nothing"],
)
def test_what_is_no_break(shares: list[float], size: float) -> None:
    assert not blamed(source(np.random.default_rng(4), 0, shares, size), 1)


def test_many_sources_make_it_harder_to_be_blamed() -> None:
    rows = source(np.random.default_rng(5), 0, [0.0, 1.0], 40)
    assert blamed(rows, 1)
    assert not blamed(rows, 10_000_000)


def test_the_finding_names_the_month_and_shows_the_line(tmp_path: Path) -> None:
    days = [date(2024, 1, 2) + timedelta(days=3 * i) for i in range(60)]
    broken = [day >= date(2024, 4, 1) for day in days]
    records = [
        {"id": str(i), "source": "mill.example", "headline": f"Story {i}", "published": day.isoformat(),
         "text": f"The mill has ground {i} sacks of wheat this morning, and the miller is tired." + "\nAll rights reserved" * bad}
        for i, (day, bad) in enumerate(zip(days, broken, strict=True))
    ]  # fmt: skip
    corpusgate.check(pd.DataFrame(records), out=tmp_path, today=date(2026, 11, 1))
    rows = [row for row in pq.read_table(tmp_path / "findings.parquet").to_pylist() if row["check"] == "boilerplate/extraction-broke"]
    assert [row["ordinal"] for row in rows] == [i for i, bad in enumerate(broken) if bad]
    assert {row["match"] for row in rows} == {"All rights reserved"}
    assert {row["message"] for row in rows} == {"Far more texts of this source have furniture from 2024-04 on than before."}

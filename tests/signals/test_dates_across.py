"""What the other dates of a source settle, whatever the cut of the work; date columns of every type and of any year."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import corpusgate
from corpusgate.faces import html

DAY = date(2026, 11, 1)
FIRST = date(2024, 1, 1)


def rows(written: str, count: int, source: str, language: str = "en") -> list[dict[str, str]]:
    """Records of every third day."""
    return [
        {"id": f"{source}-{i}", "source": source, "headline": f"Story {i}", "text": f"It is story {i}.", "language": language,
         "published": f"{FIRST + timedelta(days=3 * i):{written}}"}
        for i in range(count)
    ]  # fmt: skip


def signals(folder: Path) -> list[dict[str, object]]:
    return pq.read_table(folder / "signals.parquet").to_pylist()


@pytest.mark.parametrize(
    ("written", "language"),
    [("%d/%m/%Y", "en"), ("%m/%d/%Y", "en"), ("%m/%d/%Y", "fr"), ("%m-%d-%Y %H:%M", ""), ("%d/%m/%y", "en"), ("%m/%d/%y", "en")],
)
def test_five_hundred_dates_settle_the_order_of_a_source(tmp_path: Path, written: str, language: str) -> None:
    made = rows(written, 500, "one.example", language)
    results = corpusgate.check(pd.DataFrame(made), out=tmp_path, today=DAY)
    days = [FIRST + timedelta(days=3 * i) for i in range(500)]
    assert [row["published_day"] for row in signals(tmp_path)] == days
    assert [row["month"] for row in signals(tmp_path)] == [f"{day:%Y-%m}" for day in days]
    assert {share.name for share in results.distributions.month} == {f"{day:%Y-%m}" for day in days}
    assert not [v.findings for v in results.verdicts if v.check == "dates/ambiguous" and v.findings]


def test_what_nothing_settles_is_told_and_not_guessed(tmp_path: Path) -> None:
    early = [row for row in rows("%d/%m/%Y", 500, "early.example") if int(row["published"][:2]) <= 12]
    mixed = rows("%d/%m/%Y", 50, "mixed.example") + rows("%m/%d/%Y", 50, "mixed.example")
    for i, row in enumerate(mixed):
        row["id"] = f"mixed-{i}"
    corpusgate.check(pd.DataFrame(early + mixed), out=tmp_path, today=DAY)
    for row in signals(tmp_path):
        assert (row["published_day"] is None) == bool(row["dates/ambiguous"])
    assert sum(row["dates/ambiguous"] for row in signals(tmp_path)) > 100  # type: ignore[misc]
    assert sum(row["dates/orders-mixed"] for row in signals(tmp_path)) > 10  # type: ignore[misc]


def test_the_cut_of_the_work_settles_nothing(tmp_path: Path) -> None:
    """Dates and evidence of a source are the same when its records lie in one file or in many."""
    made = rows("%m/%d/%Y", 120, "one.example") + rows("%d/%m/%Y", 120, "two.example") + rows("%Y-%m-%dT00:00:00", 60, "three.example")
    Random(1).shuffle(made)
    found = []
    for name, size in (("whole", len(made)), ("cut", 7)):
        folder = tmp_path / name
        folder.mkdir()
        for i in range(0, len(made), size):
            lines = "".join(json.dumps(row) + "\n" for row in made[i : i + size])
            (folder / f"{i:04}.jsonl").write_text(lines, encoding="utf-8")
        corpusgate.check(folder, out=tmp_path / f"{name}-out", today=DAY)
        findings = pq.read_table(tmp_path / f"{name}-out" / "findings.parquet").to_pylist()
        found.append((signals(tmp_path / f"{name}-out"), sorted((row["record_id"], row["check"], row["match"]) for row in findings)))
    assert found[0] == found[1]
    assert {check for _, check, _ in found[0][1]} >= {"dates/time-of-day-lost"}


MOMENT = datetime(2024, 5, 17, 10, 30, 15, tzinfo=UTC)
SECONDS = int(MOMENT.timestamp())
NAIVE = MOMENT.replace(tzinfo=None)
COLUMNS = {
    "string": pa.array(["17 May 2024", "2024-05-17"]),
    "large string": pa.array(["17 May 2024", "2024-05-17"], pa.large_string()),
    "string view": pa.array(["17 May 2024", "2024-05-17"], pa.string_view()),
    "binary": pa.array([b"17 May 2024", b"2024-05-17"]),
    "dictionary": pa.array(["17 May 2024", "2024-05-17"]).dictionary_encode(),
    "date32": pa.array([MOMENT.date()] * 2, pa.date32()),
    "date64": pa.array([MOMENT.date()] * 2, pa.date64()),
    **{f"timestamp {unit}": pa.array([NAIVE] * 2, pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")},
    **{f"timestamp {zone}": pa.array([MOMENT] * 2, pa.timestamp("us", tz=zone)) for zone in ("UTC", "Asia/Tokyo", "+05:30")},
    **{f"epoch {unit}": pa.array([SECONDS * factor] * 2) for unit, factor in (("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9))},
    "unsigned epoch": pa.array([SECONDS] * 2, pa.uint64()),
    "number of a day": pa.array([20240517] * 2, pa.int32()),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_date_columns_of_every_type_are_read(tmp_path: Path, name: str) -> None:
    table = pa.table({"headline": ["a", "b"], "text": ["one", "two"], "published": COLUMNS[name]})
    pq.write_table(table, tmp_path / "a.parquet")
    corpusgate.check(tmp_path / "a.parquet", out=tmp_path / "out", today=DAY)
    assert [row["published_day"] for row in signals(tmp_path / "out")] == [MOMENT.date()] * 2


def test_no_year_is_too_far(tmp_path: Path) -> None:
    """Years from 1 to 9999 are read or refused, and later ones, as a column of times may hold them, break nothing; nor does the report."""
    written = ["0001-01-01", "9999-12-31", "17 May 0999", "17.05.1000", "1403-05-05", "2567-05-17", "12345-01-01", "99999999999999999999"]
    times = pa.array([10**17, -(10**14), 253402300799999, None], pa.timestamp("ms"))
    days = pa.array([2_932_896, 2_932_897, -719_162, -719_163], pa.date32())
    for name, column in {"written": pa.array(written), "times": times, "days": days}.items():
        ids = [str(i) for i in range(len(column))]
        pq.write_table(pa.table({"headline": ids, "text": ids, "published": column, "modified": column}), tmp_path / f"{name}.parquet")
        results = corpusgate.check(tmp_path / f"{name}.parquet", out=tmp_path / name, today=DAY)
        assert results.corpus.checked == len(column)
        read = [row["published_day"] for row in signals(tmp_path / name) if row["published_day"] is not None]
        assert set(read) <= {date(1, 1, 1), date(9999, 12, 31), date(1000, 5, 17), date(2567, 5, 17)}
        assert "</html>" in html.render(results)
        assert [share.name for share in results.distributions.month] == sorted(share.name for share in results.distributions.month)


def test_an_archive_older_than_the_web_names_its_first_year(tmp_path: Path) -> None:
    made = rows("%Y-%m-%d", 40, "old.example")
    for i, row in enumerate(made):
        row["published"] = "1970-01-01" if i == 7 else "1849-05-02" if i == 8 else f"{1851 + i}-05-{i % 28 + 1:02}"
    (tmp_path / "old.suite.yaml").write_text(
        "name: old\nchecks: [dates/sentinel]\noverrides: {dates/sentinel: {with: {first_year: 1851}}}\n", encoding="utf-8"
    )
    corpusgate.check(pd.DataFrame(made), tmp_path / "old.suite.yaml", out=tmp_path / "out", today=DAY)
    found = pq.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    assert {row["match"] for row in found} == {"1970-01-01", "1849-05-02"}

"""Objects of a store, read by executors alone: the same results as with files, and the driver fetches next to nothing."""

from __future__ import annotations

import base64
import gzip
import json
import random
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from s3_server import counted, serving, upload
from test_engine import contents  # type: ignore[import-not-found]

from corpusgate import api, spark

DAY = date(2026, 11, 1)

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving() as options:
        yield options


def rows(count: int, size: int, seed: int) -> list[dict[str, str]]:
    """Records without ids, whose lines are counted to name them; each fiftieth is a copy."""
    draw, made = random.Random(seed), list[dict[str, str]]()
    for i in range(count):
        words = base64.b64encode(draw.randbytes(size)).decode().replace("+", " ").replace("/", " ")
        text = made[-1]["text"] if i % 50 == 49 else f"Ship {seed} {i} came in.\n{words}"
        made.append({"title": f"Harbour, day {seed} {i}", "text": text, "site": f"s{i % 3}.example", "date": f"2026-03-{i % 28 + 1:02}"})
    return made


def lines(records: list[dict[str, str]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in records)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of each kind that is cut into parts, and one of each that is not."""
    made = tmp_path_factory.mktemp("store") / "far"
    made.mkdir()
    (made / "a.jsonl").write_bytes(lines(rows(900, 33_000, 1)) + b'{"title": \n')
    packed = [gzip.compress(lines(rows(110, 40_000, seed)), 1) for seed in range(2, 6)]
    (made / "b.jsonl.gz").write_bytes(b"".join(packed))
    table = pa.Table.from_pylist(rows(45_000, 60, 6))
    pq.write_table(table, made / "c.parquet", row_group_size=9_000)
    pq.write_table(table.slice(0, 50), made / "d.parquet")
    with pa.ipc.new_file(made / "e.arrow", table.schema) as writer:
        writer.write_table(table.slice(50, 50))
    (made / "f.jsonl").touch()
    (made / "g.txt").write_text("Harbour\nA ship came in.\n", encoding="utf-8")
    (made / "h.csv").write_text("title,text\nHarbour,A ship came in at noon.\n", encoding="utf-8")
    return made


@pytest.mark.slow
def test_objects_give_what_files_give_and_stay_away_from_the_driver(spark_session: Any, server: str, folder: Path, tmp_path: Path) -> None:
    upload(server, "far", folder)
    uploaded = time.monotonic()
    size = sum(path.stat().st_size for path in folder.iterdir())
    api.check(folder, out=tmp_path / "local", today=DAY, jobs=2)
    expected = contents(tmp_path / "local")
    cache = tmp_path / "cache"
    # What was written just now is not taken for known.
    time.sleep(max(0.0, uploaded + 4 - time.monotonic()))
    fetched = []
    with counted(server) as (options, tally):
        for name in ("first", "again"):
            before = tally.here, tally.elsewhere
            spark.check(f"s3://far{options}", out=tmp_path / name, today=DAY, session=spark_session, cache=cache)
            found = contents(tmp_path / name)
            # Where files lie is told of those that have a path.
            assert found[:4] == expected[:4]
            fetched.append((tally.here - before[0], tally.elsewhere - before[1]))
    # The driver gets what columns are told from, and footers; of what is in the cache executors get what is compared and shown.
    assert all(here < 6 << 20 for here, _ in fetched), fetched
    assert fetched[0][1] >= size
    assert list(cache.glob("files/cuts-*.json"))
    assert fetched[1][1] < fetched[0][1] - size, (size, fetched)
    print(size, fetched)

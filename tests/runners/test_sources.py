"""Corpora that are no plain files, from end to end: several processes, a run that is killed and goes on, the cache."""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from s3_server import serving, upload

from corpusgate.api import check
from corpusgate.attestation import attest
from corpusgate.errors import Problem

Outputs = Callable[[Path], dict[str, object]]

RECORDS = Path(__file__).parents[2] / "corpora" / "sample-news" / "records"
FIELDS = ("url", "site", "title", "content", "date")

#: Has many parts and several threads or processes though the corpus is small.
_RUN = """
import os
from corpusgate.corpora import arrow, cutting, queries, warc_cuts
from corpusgate.runners import threads, workers
threads.WORTH = workers.WORTH = workers.MUCH = 1
threads.SIDE_BY_SIDE = int(os.environ['SIDE_BY_SIDE'])
cutting.PART_BYTES = 10_000
arrow.PART_BYTES = 10_000
queries._ROWS = cutting.ROWS = 8
warc_cuts._least = lambda file: 4_000
if __name__ == '__main__':
    from corpusgate.cli import program; program()
"""


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """The sample corpus but for the lines of it that are broken on purpose."""
    made = []
    for line in b"".join(path.read_bytes() for path in sorted(RECORDS.glob("*.jsonl"))).split(b"\n"):
        with suppress(ValueError):
            record = json.loads(line)
            made.append({name: str(record.get(name) or "").encode("utf-8", "replace").decode() for name in FIELDS})
    # Several times over, so that a run can be killed before it ends.
    return [{**row, "url": row["url"].replace("https://", f"https://{copy}.")} for copy in range(3) for row in made]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving() as options:
        yield options


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def warc(rows: list[dict[str, Any]], folder: Path) -> str:
    pytest.importorskip("resiliparse")
    with (folder / "news.warc.gz").open("wb") as file:
        for number, row in enumerate(rows):
            paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in row["content"].split("\n"))
            page = f"<title>{html.escape(row['title'])}</title><main><article>{paragraphs}</article></main>".encode("utf-8", "replace")
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Target-URI: {row['url']}\r\n"
                f"WARC-Date: 2026-11-20T00:00:00Z\r\nContent-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0))
    return str(folder / "news.warc.gz")


def arrow(rows: list[dict[str, Any]], folder: Path) -> str:
    table = pa.Table.from_pylist(rows)
    with pa.ipc.new_stream(folder / "news.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=4)
    return str(folder / "news.arrow")


def query(rows: list[dict[str, Any]], folder: Path) -> str:
    # DuckDB's own row groups have 2,048 rows at least: those of the answer of SQLite are as small as wished.
    with closing(sqlite3.connect(folder / "news.db")) as made, made:
        made.execute(f"CREATE TABLE pages ({', '.join(FIELDS)})")
        made.executemany("INSERT INTO pages VALUES (?, ?, ?, ?, ?)", [tuple(row.values()) for row in rows])
    return f"duckdb:{folder / 'news.db'}?query=SELECT * FROM pages ORDER BY url, title"


def piped(rows: list[dict[str, Any]], folder: Path) -> str:
    (folder / "news.jsonl").write_bytes(as_lines(rows))
    return "-"


def store(rows: list[dict[str, Any]], folder: Path) -> str:
    (folder / "news").mkdir()
    for begin in range(0, len(rows), 10):
        (folder / "news" / f"{begin:03}.jsonl").write_bytes(as_lines(rows[begin : begin + 10]))
    return "s3://harbour/news"


def start(corpus: str, folder: Path, out: str, cache: str, jobs: int, *more: str, side_by_side: int = 4) -> subprocess.Popen[str]:
    (folder / "fetched").mkdir(exist_ok=True)
    command = [sys.executable, "-c", _RUN, "check", corpus, "--out", str(folder / out), "--cache", str(folder / cache), "--jobs", str(jobs)]
    environment = {**os.environ, "TMPDIR": str(folder / "fetched"), "SIDE_BY_SIDE": str(side_by_side)}
    with Path(folder / "news.jsonl" if corpus == "-" else os.devnull).open("rb") as stdin:
        return subprocess.Popen([*command, *more], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def finished(cache: Path) -> int:
    return len(list((cache / "parts").glob("*/*/*/part.json"))) if cache.exists() else 0


@pytest.mark.slow
@pytest.mark.parametrize(("make", "side_by_side"), [(warc, 4), (arrow, 1), (arrow, 4), (query, 4), (piped, 1), (store, 4)])
def test_a_killed_run_of_several_hands_goes_on_and_gives_what_one_gives(
    make: Callable[[list[dict[str, Any]], Path], str],
    rows: list[dict[str, Any]],
    request: pytest.FixtureRequest,
    outputs: Outputs,
    tmp_path: Path,
    side_by_side: int,
) -> None:
    corpus = make(rows, tmp_path)
    if make is store:
        server = request.getfixturevalue("server")
        upload(server, "harbour", tmp_path)
        corpus += server
    killed = start(corpus, tmp_path, "out", "cache", 2, side_by_side=side_by_side)
    while finished(tmp_path / "cache") < 3:
        assert killed.poll() is None, killed.communicate()
        time.sleep(0.002)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    assert not (tmp_path / "out" / "results.json").exists()
    resumed = start(corpus, tmp_path, "out", "cache", 2, "--resume", side_by_side=side_by_side)
    said = resumed.communicate(timeout=400)
    assert resumed.returncode == 1, said
    found = re.search(r"Measured before and unchanged: (\d+) of (\d+) parts", said[1])
    assert found is not None, said
    before, parts = map(int, found.groups())
    assert 3 <= before < parts
    assert parts > 10
    undisturbed = start(corpus, tmp_path, "other", "none", 1)
    assert undisturbed.communicate(timeout=400)[0].replace("/other/", "/out/") == said[0]
    assert outputs(tmp_path / "out") == outputs(tmp_path / "other")
    assert json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["corpus"]["records"] == len(rows)
    assert len(list((tmp_path / "fetched").glob("corpusgate-*"))) <= 1, "only the killed run left what it had fetched"


def test_what_was_fetched_is_attested_where_it_lies(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    corpus = query(rows[:20], tmp_path)
    check(corpus, out=tmp_path / "out")
    with pytest.raises(Problem, match=r"is a run on what was fetched for it, such as query.parquet. Name where it lies, as in  --corpus"):
        attest(tmp_path / "out")
    assert attest(tmp_path / "out", [corpus])["subject"]

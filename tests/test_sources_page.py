"""docs/sources.md does what it shows: each command, against real inputs, with the output that stands under it."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from guides import ANY, DOCS, commands, output, says

PAGE = DOCS / "sources.md"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in (DOCS / "great-expectations" / "articles.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the commands of the page name."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "news").mkdir()
    shutil.copy(DOCS / "great-expectations" / "articles.jsonl", folder / "news" / "a.jsonl")
    table = pa.Table.from_pylist(ROWS)
    (folder / "my_dataset").mkdir()
    for name in ("data-00000-of-00001.arrow", "cache-9f.arrow"):
        with pa.ipc.new_stream(folder / "my_dataset" / name, table.schema) as writer:
            writer.write_table(table)
    state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}
    (folder / "my_dataset" / "state.json").write_text(json.dumps(state), encoding="utf-8")
    (folder / "dolma" / "documents").mkdir(parents=True)
    documents = [{"id": row["id"], "source": "crawl", "text": row["body"] or "", "added": "2026-11-20T00:00:00Z"} for row in ROWS]
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    (folder / "dolma" / "documents" / "0.json.gz").write_bytes(gzip.compress(lines.encode()))
    with duckdb.connect(str(folder / "news.db")) as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE pages AS SELECT * FROM given")
    with closing(sqlite3.connect(folder / "news.sqlite")) as made, made:
        made.execute("CREATE TABLE pages (id, title, body)")
        made.executemany("INSERT INTO pages VALUES (?, ?, ?)", [(row["id"], row["title"], row["body"]) for row in ROWS])
    (folder / "crawl.warc.gz").write_bytes(b"".join(gzip.compress(entry) for entry in crawl()))
    return folder


def crawl() -> list[bytes]:
    def entry(kind: str, body: str) -> bytes:
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://post.example/\r\nContent-Type: application/http"
        return f"{head}\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}\r\n\r\n".encode()

    entries = [entry("response", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\ngone")]
    for row in ROWS:
        page = f"<title>{row['title']}</title><main><article><p>{row['body'] or ''}</p></article></main>"
        entries.append(entry("request", "GET / HTTP/1.1\r\n\r\n"))
        entries.append(entry("response", f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}"))
    return entries


@pytest.mark.parametrize(("command", "shown"), commands(PAGE), ids=[command[:60] for command, _ in commands(PAGE)])
def test_a_command_says_what_is_shown(inputs: Path, monkeypatch: pytest.MonkeyPatch, command: str, shown: str) -> None:
    if "warc" in command:
        pytest.importorskip("resiliparse")
    monkeypatch.chdir(inputs)
    told = output(command)
    assert says(shown, told), told


def test_what_is_not_shown_is_not_said() -> None:
    assert says(f"a{ANY}\nb\n", "a 1\nb\n")
    assert says(f"{ANY}\nb\n{ANY}\n", "b\n")
    assert says(f"{ANY}\nb\n", "x\ny\nb\n")
    assert not says("a\n", "a\nb\n")
    assert not says(f"a{ANY}\nb\n", "a\nx\nb\n")
    assert not says("", "a\n")

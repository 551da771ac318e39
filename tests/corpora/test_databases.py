"""Databases that are not DuckDB's: SQLite by Python's own library, and PostgreSQL by an extension and a real server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT, unavailable
from test_addresses import IDS, ROWS, ids  # type: ignore[import-not-found]
from test_finding import contents  # type: ignore[import-not-found]

from corpusgate.api import check
from corpusgate.corpora import sqlite
from corpusgate.corpora.manifest import open_corpus
from corpusgate.errors import Problem


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database whose name an address could misread."""
    path = tmp_path / "news #1 50%.db"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE pages (id TEXT, title TEXT, text, day, n INTEGER)")
        made.executemany("INSERT INTO pages VALUES (?, ?, ?, '2026-03-04', ?)", [(*row.values(), i) for i, row in enumerate(ROWS)])
    return path


def test_sqlite_answers_in_its_own_sql_without_an_extension(database: Path) -> None:
    query = "SELECT id, title || printf(' (%d)', n) AS title, text, day AS published FROM pages WHERE title GLOB '*day*' ORDER BY n;"
    records, lost = contents(open_corpus([f"duckdb:{database}?query={query}"])[0])
    assert [(row["id"], row["headline"], row["published"]) for row in records] == [
        (one, f"Harbour, day {i} ({i})", "2026-03-04") for i, one in enumerate(IDS)
    ]
    assert (lost, {row["text"] for row in records}) == ([], {row["text"] for row in ROWS})


def test_a_column_of_sqlite_may_hold_anything(database: Path) -> None:
    values = ["text", b"bytes", 7, 2.5, None, b"\xff\xfe", "a\0b", ""]
    with closing(sqlite3.connect(database)) as made, made:
        made.execute("DELETE FROM pages")
        made.executemany("INSERT INTO pages VALUES (?, 'A title', ?, NULL, 0)", list(enumerate(values)))
        # Text may be no UTF-8 either.
        made.execute("INSERT INTO pages VALUES ('bad', CAST(x'c328' AS TEXT), 'It rains.', NULL, 0)")
    records, lost = contents(open_corpus([f"duckdb:{database}?query=SELECT id, title, text FROM pages"])[0])
    assert [row["text"] for row in records] == ["text", "bytes", "7", "2.5", None, "a\0b", ""]
    assert [row["id"] for row in records] == ["0", "1", "2", "3", "4", "6", "7"]
    assert [(bad.line, bad.reason, bad.fatal) for bad in lost] == [
        (6, "not UTF-8 in column 'text'", False),
        (9, "not UTF-8 in column 'title'", False),
    ]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT zilch FROM pages", "no such column: zilch"),
        ("SELECT * FROM gone", "no such table: gone"),
        ("SELEC 1", "syntax error"),
        ("SELECT id FROM pages; SELECT 1", "one statement at a time"),
        ("SELECT id, id FROM pages", "two columns of the answer are called 'id'"),
        ("DELETE FROM pages", "readonly database"),
        ("ATTACH '{}' AS other", "not authorized"),
        ("VACUUM INTO '{}'", "authorization denied"),
        ("CREATE TEMP TABLE t AS SELECT 1", "it gives no rows"),
        ("-- nothing", "it gives no rows"),
    ],
)
def test_a_query_that_sqlite_cannot_answer_says_why_and_changes_nothing(database: Path, query: str, message: str) -> None:
    before, beside = database.read_bytes(), database.with_name("other.db")
    with pytest.raises(
        Problem, match=rf"news #1 50%\.db: the query cannot be answered \(.*{message}.*Try it in SQLite: it must be one SELECT"
    ):
        open_corpus([f"duckdb:{database}?query={query.format(beside)}"])
    assert (database.read_bytes(), beside.exists()) == (before, False)


def test_a_database_that_is_damaged_is_no_corpus(database: Path) -> None:
    database.write_bytes(sqlite.BEGINS + b"\x07" * 5000)
    with pytest.raises(Problem, match=r"the query cannot be answered \((file is not a database|database disk image is malformed)"):
        open_corpus([f"duckdb:{database}?query=SELECT * FROM pages"])


def test_an_answer_of_no_rows_is_no_judgement(database: Path) -> None:
    with pytest.raises(Problem, match="no record was checked: the corpus is empty"):
        check(f"duckdb:{database}?query=SELECT id, title, text FROM pages WHERE 0")


# PostgreSQL.


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of PostgreSQL on loopback, with the pages in it."""
    # Debian keeps them apart from other programs.
    places = os.pathsep.join([os.environ["PATH"], *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])
    programs = [shutil.which(name, path=places) or "" for name in ("initdb", "postgres", "psql")]
    if not all(programs):
        unavailable("postgres", "there is no PostgreSQL here")
    # It refuses to be run by root, and others may not look into the folders of pytest.
    user = "postgres" if os.geteuid() == 0 else None
    data = Path(tempfile.mkdtemp(prefix="corpusgate-postgres-"))
    if user:
        shutil.chown(data, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run(
        [programs[0], "-D", data, "-A", "trust", "-U", "reader"], user=user, cwd="/", check=True, capture_output=True, timeout=120
    )
    quick = ["-c", f"unix_socket_directories={data}", "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"]
    process = subprocess.Popen([programs[1], "-D", data, "-p", str(port), *quick], user=user, cwd="/", stderr=subprocess.DEVNULL)
    try:
        script = "CREATE TABLE pages (id TEXT, title TEXT, text TEXT, day DATE);\n" + "".join(
            f"INSERT INTO pages VALUES ('{row['id']}', '{row['title']}', '{row['text']}', '2026-03-04');\n" for row in ROWS
        )
        command = [programs[2], "-h", "127.0.0.1", "-p", str(port), "-U", "reader", "-v", "ON_ERROR_STOP=1", "postgres"]
        for tries in range(60):
            done = subprocess.run(command, input=script, text=True, capture_output=True, timeout=60)
            if done.returncode == 0:
                break
            assert tries < 59, done.stderr
            time.sleep(0.5)
        yield f"postgresql://reader@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(data, ignore_errors=True)


def _checked(address: str, out: Path) -> subprocess.CompletedProcess[str]:
    """The command with a DuckDB for which the extension is there as a wheel."""
    packages = Path(os.environ.get("CORPUSGATE_POSTGRES_PACKAGES") or ROOT / ".venv" / "duckdb-postgres")
    if not (packages / "duckdb_extension_postgres_scanner").is_dir():
        unavailable("postgres", "DuckDB's extension for PostgreSQL is not here: .ci/run gets it")
    environment = {**os.environ, "PYTHONPATH": f"{packages}{os.pathsep}{ROOT / 'src'}"}
    command = [sys.executable, "-m", "corpusgate.cli", "check", address, "--out", str(out), "--no-cache", "--jobs", "1"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


def test_a_query_is_answered_by_postgresql(server: str, tmp_path: Path) -> None:
    query = "SELECT id, title, text || chr(10) || 'caf\u00c3\u00a9' AS text, day AS published FROM pages ORDER BY id"
    done = _checked(f"duckdb:{server}?query={query}", tmp_path / "out")
    assert done.returncode == 1, done.stderr
    results = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert (results["corpus"]["name"], results["corpus"]["checked"]) == ("postgres", len(ROWS))
    mojibake = next(verdict for verdict in results["verdicts"] if verdict["id"] == "ENC002")
    assert mojibake["records_with_findings"] == len(ROWS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("pages", "gone"), "the query cannot be answered"),
        (("/postgres?", "/nowhere?"), "cannot be opened"),
        (("reader@", "nobody@"), "cannot be opened"),
        (("SELECT *", "DELETE"), "the query cannot be answered"),
    ],
)
def test_what_postgresql_refuses_is_told(server: str, tmp_path: Path, change: tuple[str, str], message: str) -> None:
    done = _checked(f"duckdb:{server}?query=SELECT * FROM pages".replace(*change), tmp_path / "out")
    assert done.returncode == 2
    assert message in done.stderr


def test_what_is_read_is_the_same_for_every_database(database: Path) -> None:
    assert ids(f"duckdb:{database}?query=SELECT id, title, text FROM pages ORDER BY n") == IDS

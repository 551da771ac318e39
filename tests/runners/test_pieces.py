"""Small parts of the engine: files put together, sums and choices that merge, modules and bytes kept for later."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate import api
from corpusgate.corpora import cutting, jsonl, streams
from corpusgate.corpora.model import SourceFile
from corpusgate.corpora.reading import read
from corpusgate.kept import kept
from corpusgate.kernels.digest import digest
from corpusgate.runners import examples, parquet_files, thrift
from corpusgate.runners.assemble import hexadecimal
from corpusgate.runners.filestates import FileStates, state_of
from corpusgate.runners.inputs import PIECE, Watched, digests, read_digests
from corpusgate.runners.stages import Stages
from corpusgate.slices import Slices


def table(rows: int, seed: int) -> pa.Table:
    random = np.random.default_rng(seed)
    return pa.table(
        {
            "word": pa.array([f"w{n % 7}" for n in range(rows)], pa.string()).dictionary_encode(),
            "number": random.integers(0, 1 << 40, rows),
            "maybe": pa.array(random.integers(0, 9, rows), mask=random.random(rows) < 0.3),
            "text": pa.array([None if n % 5 == 0 else "\N{CYRILLIC SMALL LETTER ZHE}" * (n % 50) for n in range(rows)], pa.string()),
            "day": pa.array(random.integers(0, 20000, rows).astype("int32")).cast(pa.date32()),
        }
    )


@pytest.mark.parametrize(
    "options", [{}, {"write_page_index": True, "data_page_version": "2.0"}, {"store_schema": False, "compression": "none"}]
)
def test_files_put_together_read_as_their_tables_do(tmp_path: Path, options: dict[str, Any]) -> None:
    tables = [table(rows, seed) for seed, rows in enumerate([1000, 1, 0, 2500])]
    paths = []
    for number, part in enumerate(tables):
        paths.append(tmp_path / f"{number}.parquet")
        pq.write_table(part, paths[-1], row_group_size=700, **options)
    parquet_files.concatenate(paths, tmp_path / "all.parquet")
    expected = pa.concat_tables(tables).cast(pq.read_schema(tmp_path / "all.parquet")).to_pylist()
    assert pq.read_table(tmp_path / "all.parquet").to_pylist() == expected
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "all.parquet")]).fetchall()
    assert rows == [tuple(row.values()) for row in expected]
    metadata = pq.read_metadata(tmp_path / "all.parquet")
    assert metadata.num_rows == 3501
    assert metadata.num_row_groups == sum(pq.read_metadata(path).num_row_groups for path in paths)
    read = pq.ParquetFile(tmp_path / "all.parquet")
    assert read.read_row_group(metadata.num_row_groups - 1).num_rows == 2500 % 700
    assert duckdb.execute(f"SELECT count(*) FROM read_parquet('{tmp_path}/all.parquet') WHERE number < 1000000").fetchone() == (
        sum(row["number"] < 1_000_000 for row in expected),
    )


def test_tables_of_another_kind_are_not_put_together(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"b": [1]}), tmp_path / "b.parquet")
    (tmp_path / "c.parquet").write_bytes(b"no Parquet file at all")
    with pytest.raises(ValueError, match="another schema"):
        parquet_files.concatenate([tmp_path / "a.parquet", tmp_path / "b.parquet"], tmp_path / "out")
    with pytest.raises(ValueError, match="no Parquet file"):
        parquet_files.concatenate([tmp_path / "c.parquet"], tmp_path / "out")


def test_a_footer_survives_being_read_and_written(tmp_path: Path) -> None:
    pq.write_table(table(5000, 1), tmp_path / "a.parquet", row_group_size=100, write_page_index=True)
    data = (tmp_path / "a.parquet").read_bytes()
    footer = data[-8 - int.from_bytes(data[-8:-4], "little") : -8]
    fields, end = thrift.read_struct(footer)
    written = bytearray()
    thrift.write_struct(fields, written)
    assert bytes(written) == footer
    assert end == len(footer)


_FINDINGS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, (1 << 64) - 1) | st.integers(0, 50)), min_size=1, max_size=200
)


@settings(max_examples=60, deadline=None)
@given(rows=_FINDINGS, cuts=st.lists(st.integers(0, 200), max_size=4), limit=st.integers(1, 6))
def test_the_best_of_some_are_among_the_best_of_each(rows: list[tuple[int, int, int]], cuts: list[int], limit: int) -> None:
    """Choosing part by part, in any order, gives what SQL says of all findings at once."""
    prints = np.array([row[2] for row in rows], np.uint64).view(np.int64)
    whole = pa.table(
        {
            "ordinal": np.arange(len(rows)),
            "check": [f"c{row[0]}" for row in rows],
            "source": [f"s{row[1]}" for row in rows],
            "fingerprint": hexadecimal(prints),
            "print": prints,
        }
    )
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    before, examples.EXAMPLES = examples.EXAMPLES, limit
    try:
        pieces = [examples.best(whole.slice(a, b - a)) for a, b in pairwise(bounds)]
        chosen = [(row["check"], row["ordinal"]) for row in examples.choose(pa.concat_tables(reversed(pieces)))]
    finally:
        examples.EXAMPLES = before
    connection = duckdb.connect()
    connection.register("whole", whole)
    expected = connection.execute(f"""
        SELECT "check", ordinal FROM (
            SELECT *, row_number() OVER (PARTITION BY "check" ORDER BY turn, fingerprint, ordinal) AS place FROM (
                SELECT *, row_number() OVER (PARTITION BY "check", source ORDER BY fingerprint, ordinal) AS turn FROM whole
            )
        ) WHERE place <= {limit} ORDER BY "check", place
    """).fetchall()
    assert chosen == expected


def test_sums_of_some_records_merge_to_the_sums_of_all() -> None:
    random = np.random.default_rng(3)
    names = {kind: pa.array([f"{kind}{n}" for n in random.integers(0, 9, 500)]) for kind in ("source", "language", "month")}
    breaks, damaging = random.random((4, 500)) < 0.2, np.array([True, False, True, False])
    whole, merged = Slices.empty("abcd"), Slices.empty("abcd")
    whole.add(names, breaks, damaging)
    for low, high in ((0, 123), (123, 123), (123, 500)):
        some = Slices.empty("abcd")
        some.add({kind: column[low:high] for kind, column in names.items()}, breaks[:, low:high], damaging)
        merged.merge(some)
    assert merged.corpus.tolist() == whole.corpus.tolist()
    assert whole.corpus.tolist() == [500, int(breaks[[0, 2]].any(axis=0).sum()), *breaks.sum(axis=1).tolist()]
    for kind, column in names.items():
        assert {k: v.tolist() for k, v in merged.by[kind].items()} == {k: v.tolist() for k, v in whole.by[kind].items()}
        for name, sums in whole.by[kind].items():
            mine = np.array(column.to_pylist()) == name
            assert sums.tolist() == [int(mine.sum()), int(breaks[[0, 2]][:, mine].any(axis=0).sum()), *breaks[:, mine].sum(axis=1).tolist()]


def test_numbers_as_hex_digits() -> None:
    values = np.array([0, 1, -1, 1 << 62, -(1 << 63)], np.int64)
    assert hexadecimal(values).to_pylist() == [f"{int(value) & 0xFFFFFFFFFFFFFFFF:016x}" for value in values]


@settings(deadline=None)
@given(data=st.binary(min_size=1, max_size=300), at=st.integers(0, 299), bit=st.integers(0, 7))
def test_a_digest_tells_any_bit(data: bytes, at: int, bit: int) -> None:
    def of(content: bytes) -> str:
        return digest(bytearray(content) + bytearray(320 - len(content)), len(content))

    other = bytearray(data)
    other[at % len(data)] ^= 1 << bit
    assert of(data) == of(data) != of(bytes(other))
    assert of(data) != of(data + b"\0")


def test_digests_of_a_stretch_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "some"
    path.write_bytes(os.urandom(3 * PIECE + 1000))
    whole = digests(path, 0, path.stat().st_size)
    assert list(whole) == [0, 1, 2, 3]
    assert digests(path, PIECE + 5, 2 * PIECE + 5) == {1: whole[1], 2: whole[2]}
    assert digests(path, 3 * PIECE, 3 * PIECE + 1000) == {3: whole[3]}


def test_digests_taken_while_a_part_is_read_are_those_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PART_BYTES", 5 * PIECE // 2)
    path = tmp_path / "some.jsonl"
    lines = [json.dumps({"id": f"r{number}", "text": "word " * (number * 37 % 4000)}) for number in range(600)]
    path.write_text("\n".join(lines), encoding="utf-8")
    _, corpus = api.prepare([path])
    assert len(corpus.parts) > 1
    # Blocks smaller than a part, one of which ends within a piece of the file.
    monkeypatch.setattr(jsonl, "padded_lines", partial(streams.padded_lines, size=3 * PIECE // 2))
    for part in corpus.parts:
        watched = Watched()
        assert sum(map(len, read(corpus, part, watched))) > 0
        end = path.stat().st_size if part.end is None else part.end
        whole = digests(path, part.start, end)
        # All but the pieces that another part has a share of, and the last one.
        assert watched.found == {number: whole[number] for number in range(-(-part.start // PIECE), end // PIECE)}
        assert read_digests(corpus, part, watched.found) == read_digests(corpus, part) == {0: whole}


def test_a_file_is_known_by_its_state_unless_it_was_written_just_now(tmp_path: Path) -> None:
    path, store = tmp_path / "some", FileStates(tmp_path)
    file = SourceFile(path, "some", "jsonl", "", 4)
    path.write_bytes(b"some")
    state = state_of(file)
    store.keep(file, state, max(state[1:3]) + 1, {0: "aa"})
    assert store.find(file, state) == {}
    store.keep(file, state, max(state[1:3]) + 3_000_000_000, {0: "aa", 2: "cc"})
    assert store.find(file, state) == {0: "aa", 2: "cc"}
    path.write_bytes(b"more")
    assert store.find(file, state_of(file)) == {}
    store.keep(file, state, max(state[1:3]) + 3_000_000_000, {0: "bb"})
    assert store.find(file, state) == {0: "aa", 2: "cc"}, "the file changed while it was read"


def test_stages_count_each_second_once() -> None:
    stages = Stages()
    with stages("outer"):
        sum(range(200_000))
        with stages("inner"):
            sum(range(400_000))
        stages.add("told", 0.001)
    assert list(stages.seconds) == ["outer", "inner", "told"]
    assert 0 < stages.seconds["outer"] < stages.seconds["inner"]
    with stages("around"), stages.apart():
        sum(range(400_000))
        stages.merge({"inner": 0.0})
    assert stages.seconds["around"] < stages.seconds["outer"]
    stages.merge({"inner": 100.0, "other": 1.0})
    assert stages.seconds["inner"] > 100
    assert stages.seconds["other"] == 1


def test_what_is_kept_is_made_once_and_again_where_it_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"something"

    assert [kept("it", "this", make), kept("it", "this", make)] == [b"something"] * 2
    assert len(made) == 1
    (path,) = (tmp_path / "corpusgate" / "made").iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert kept("it", "this", make) == b"something"
    assert kept("it", "that", make) == b"something"
    assert len(made) == 3
    monkeypatch.setenv("XDG_CACHE_HOME", str(path))
    assert kept("it", "this", make) == b"something"


_LATER = """
import sys
from corpusgate.later import load_later
load_later("colorsys", "json.tool", "no_such_module", "sys")
assert "colorsys" in sys.modules and "no_such_module" not in sys.modules
import colorsys
from colorsys import rgb_to_hsv
import json.tool
assert hasattr(colorsys, "__file__") and not hasattr(colorsys, "__warningregistry__")
print(rgb_to_hsv(0, 0, 1), colorsys.ONE_THIRD, callable(json.tool.main), type(sys.modules["colorsys"]).__name__)
try:
    colorsys.nothing
except AttributeError as error:
    print(error)
"""

_UNUSED = """
import sys
from datetime import date
import pandas as pd
import corpusgate
corpusgate.check(pd.DataFrame([{"text": "The ferry sails at noon."}]), today=date(2026, 11, 1))
print("scipy.stats._stats_py" in sys.modules, "altair.vegalite" in sys.modules)
import great_expectations as gx
import great_expectations.expectations as gxe
frame = pd.DataFrame({"a": ["x", "y", "x"]})
batch = gx.get_context(mode="ephemeral").data_sources.add_pandas("p").add_dataframe_asset("f").add_batch_definition_whole_dataframe("w")
partition = {"values": ["x", "y"], "weights": [0.6, 0.4]}
done = batch.get_batch(batch_parameters={"dataframe": frame}).validate(
    gxe.ExpectColumnKLDivergenceToBeLessThan(column="a", partition_object=partition, threshold=0.5)
)
print(done.success, "scipy.stats._stats_py" in sys.modules)
"""


def _python(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_modules_are_loaded_when_they_are_used() -> None:
    assert _python(_LATER) == [
        f"{(2 / 3, 1.0, 1)} {1 / 3} True module",
        "module 'colorsys' has no attribute 'nothing'",
    ]


def test_great_expectations_loads_what_it_is_asked_for() -> None:
    assert _python(_UNUSED) == ["False False", "True True"]

"""Lines of JSON read by the kernel, beside Python's parser: what it calls read is what Python reads."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.corpora.columns import as_text, look_up
from corpusgate.kernels import json_lines, json_nested, json_values
from corpusgate.kernels.json_lines import BLANK, ODD, READ
from corpusgate.kernels.machine import PADDING
from corpusgate.kernels.utf8 import next_line
from corpusgate.records import LONE_SURROGATE

COLUMNS = ("title", "text", "n", "meta.url", "meta.x.y")
_ALL = json_nested.with_heads(COLUMNS)

long_texts = st.lists(st.sampled_from(["x" * 63, "\\", '"', "\n", "word " * 20, "\N{ARABIC LETTER BEH}" * 9]), max_size=6).map("".join)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(st.characters(), max_size=12), long_texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=8,
)
inner = st.dictionaries(st.sampled_from(["url", "x", "x.y", "z"]), st.one_of(values, st.dictionaries(st.sampled_from("yz"), values)))
objects = st.builds(
    lambda record, meta: record | meta,
    st.dictionaries(st.one_of(st.sampled_from(COLUMNS), st.text(max_size=4)), values, max_size=5),
    st.one_of(st.just({}), st.fixed_dictionaries({"meta": inner})),
)


def padded(data: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(data + bytes(PADDING), np.uint8)


def read(data: bytes) -> list[dict[str, str | None] | int]:
    """What the kernel makes of each line: the values of a record, or what became of it."""
    room = padded(data)
    whole = json_lines.scan(room, len(data), _ALL)
    json_nested.enter(room, whole, _ALL, COLUMNS)
    found = replace(whole, **{name: getattr(whole, name)[: len(COLUMNS)].copy() for name in ("start", "stop", "kind")})
    columns = []
    kinds = np.where(found.became == READ, found.kind, 0).astype(np.uint8)
    data, starts, ends = json_values.laid_out(room, found.start.copy(), found.stop.copy(), kinds, ord(LONE_SURROGATE))
    for k in range(len(COLUMNS)):
        kind = np.where(found.became == READ, found.kind[k], 0).astype(np.uint8)
        written, offsets, bitmap = json_values.values(room, found.start[k].copy(), found.stop[k].copy(), kind, ord(LONE_SURROGATE))
        buffers = [pa.py_buffer(buffer) for buffer in (offsets, written, bitmap)]
        columns.append(pa.StringArray.from_buffers(len(kind), *buffers).to_pylist())
    rows = list(zip(*columns, strict=True))
    # The same values laid side by side: nothing stands for null, and a newline stands behind each.
    assert data.tobytes() == b"".join(((value or "") + "\n").encode() for row in rows for value in row)
    assert [data[a:b].tobytes().decode() for a, b in zip(starts, ends, strict=True)] == [value or "" for row in rows for value in row]
    return [
        dict(zip(COLUMNS, row, strict=True)) if became == READ else became for became, row in zip(found.became.tolist(), rows, strict=True)
    ]


def expected(line: bytes) -> dict[str, str | None] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return {column: as_text(look_up(record, column)) for column in COLUMNS} if isinstance(record, dict) else None


@settings(max_examples=300, deadline=None)
@given(st.lists(objects, max_size=6), st.booleans(), st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " : ")]))
def test_what_python_writes_is_read_as_python_reads_it(made: list[dict[str, Any]], ascii_only: bool, between: tuple[str, str]) -> None:
    lines = [json.dumps(record, ensure_ascii=ascii_only, separators=between).encode("utf-8", "surrogatepass") for record in made]
    lines = [line for line in lines if ascii_only or line.decode("utf-8", "ignore").encode() == line]
    for got, line in zip(read(b"\n".join(lines)), lines, strict=True) if lines else ():
        if got != ODD:
            assert got == expected(line)


@pytest.mark.parametrize(
    "record",
    [
        {"title": "a", "text": 'b\n"c" \\ \u00e9 \U0001f600', "n": 12},
        {"text": ["one", "", "t\u00e9"]},
        {},
        {"n": None},
        {"meta": {"url": "u\u00e9", "x": {"y": ["1", "2"], "z": [1]}}, "n": 1},
        {"meta": {"url": None}},
        {"meta": "flat"},
    ],
)
def test_usual_lines_need_no_other_parser(record: dict[str, Any]) -> None:
    for ascii_only in (True, False):
        line = json.dumps(record, ensure_ascii=ascii_only).encode()
        assert read(line) == [expected(line)]


tampered = st.builds(
    lambda record, place, what: (line := json.dumps(record).encode())[: place % (len(line) + 1)] + what + line[place % (len(line) + 1) :],
    objects,
    st.integers(0, 10_000),
    st.sampled_from(
        [
            b"",
            b",",
            b"}",
            b"{",
            b'"',
            b"\\",
            b"0",
            b"-",
            b".",
            b"e",
            b"[",
            b"]",
            b"\x01",
            b"\\ud83d",
            b"null",
            b" ",
            b"nan",
            b"\xef\xbb\xbf",
        ]
    ),
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(tampered, st.binary(max_size=40).filter(lambda raw: b"\n" not in raw)))
def test_nothing_is_read_that_python_refuses(line: bytes) -> None:
    for got in read(line):
        if isinstance(got, dict):
            assert got == expected(line)
        elif got == BLANK:
            assert not line.strip(b" \t\r")


ODD_LINES = [
    b'{"title": 01}', b'{"title": "a"} x', b'{"title": "\x01"}', b'{"title": "\\x"}', b'{"a" 1}', b'{"a": 1,}', b"{,}", b"[]",
    b'"x"', b"null",
    b'{"title": {"b": 1}}', b'{"title": true}', b'{"title": 1.5}', b'{"t\\u0069tle": "a"}', b'{"title": -0}', b'{"a": [1, 2}',
    b'{"title": "a',
    b'{"a": {"b": [}]}', b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", b'{"a": tru}', b'{"a": NaN}',
]  # fmt: skip


@pytest.mark.parametrize("line", ODD_LINES)
def test_whatever_is_unusual_is_odd(line: bytes) -> None:
    assert read(line) == [ODD]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([b'{"n": 1}', b"", b"{}", b'{"title": "' + b"x" * 900 + b'"}']), st.integers(1, 400)), max_size=4)
)
def test_lines_shorter_than_any_are_all_there(runs: list[tuple[bytes, int]]) -> None:
    lines = [line for line, times in runs for _ in range(times)]
    assert read(b"".join(line + b"\n" for line in lines)) == [expected(line) if line else BLANK for line in lines]


BITS = ["7F", "80", "8F", "90", "9F", "A0", "BF", "C0", "C1", "C2", "DF", "E0", "E1", "ED", "EE", "F0", "F1", "F4", "F5", "FF", "0A"]
bits = st.one_of(
    st.sampled_from([bytes.fromhex(bit) for bit in BITS]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(str.encode),
    st.integers(1, 70).map(lambda count: b"x" * count),
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(bits, max_size=14).map(b"".join))
def test_lines_end_at_newlines_and_are_valid_where_python_decodes_them(data: bytes) -> None:
    room, at, lines = padded(data), 0, []
    while at < len(data):
        end, valid = next_line(room, at, len(data))
        lines.append(data[at:end])
        assert valid == is_utf8(data[at:end])
        at = end + 1
    assert lines == (data.split(b"\n")[:-1] if data.endswith(b"\n") else data.split(b"\n") if data else [])


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_every_sequence_of_bytes_is_valid_where_python_decodes_it(length: int) -> None:
    firsts = range(0x80, 0x100)
    rest = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE0, 0xFF]
    for first in firsts:
        for following in itertools.product(rest, repeat=length - 1):
            data = bytes([first, *following])
            for before in (0, 62):
                assert next_line(padded(b"x" * before + data), 0, before + length) == (before + length, is_utf8(data)), data

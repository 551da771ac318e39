"""Compressed files cut where they can be entered: the parts give what the file gives as a whole, byte by byte."""

from __future__ import annotations

import gzip
import json
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from corpusgate import api
from corpusgate.corpora import cutting
from corpusgate.corpora.manifest import open_corpus
from corpusgate.corpora.members import members
from corpusgate.corpora.model import Corpus, Part
from corpusgate.corpora.reading import fetch, read


def lines(count: int, seed: int = 1) -> bytes:
    draw = random.Random(seed)
    rows = []
    for i in range(count):
        text = "".join(chr(draw.choice((97, 98, 0xE9, 0x6F22))) for _ in range(draw.randrange(400)))
        rows.append("not JSON" if i % 97 == 5 else json.dumps({"headline": f"Ferry {i}", "text": text}, ensure_ascii=draw.random() < 0.5))
    return ("\n".join(rows) + draw.choice(("", "\n"))).encode()


def zstd(piece: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(piece)
    return sink.getvalue().to_pybytes()


def blocked(piece: bytes) -> bytes:
    """Blocks of blocked gzip."""
    out = []
    for at in range(0, len(piece), 60_000):
        raw = piece[at : at + 60_000]
        pack = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = pack.compress(raw) + pack.flush()
        head = b"\x1f\x8b\x08\x04" + bytes(5) + b"\xff\x06\x00BC\x02\x00" + struct.pack("<H", len(packed) + 25)
        out.append(head + packed + struct.pack("<II", zlib.crc32(raw), len(raw)))
    return b"".join(out)


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "zstd": (".zst", zstd),
    "one-shot zstd": (".zst", lambda piece: pa.compress(piece, "zstd", asbytes=True)),
    "gzip": (".gz", gzip.compress),
    "blocked gzip": (".gz", blocked),
}


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def records(corpus: Corpus, parts: tuple[Part, ...]) -> list[object]:
    found, bad = list[object](), list[object]()
    for part in parts:
        for block in read(corpus, part):
            columns = {name: column.to_pylist() for name, column in block.columns.items()}
            found += zip(block.offsets.tolist(), *columns.values(), strict=True)
            bad += [(piece.line, piece.offset, piece.reason, piece.sample) for piece in block.quarantined]
    return [*found, *bad]


@pytest.mark.parametrize("kind", PACKED)
@pytest.mark.parametrize("size", [3_000, 100_000, 333_333])
def test_parts_give_what_the_file_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, size: int) -> None:
    ending, pack = PACKED[kind]
    path = tmp_path / f"a.jsonl{ending}"
    path.write_bytes(b"".join(map(pack, pieces(lines(3000), size))))
    whole, _ = open_corpus([path])
    assert len(whole.parts) == 1
    monkeypatch.setattr(cutting, "PART_BYTES", 40_000)
    cut, _ = open_corpus([path])
    assert len(cut.parts) > 3
    assert records(cut, cut.parts) == records(whole, whole.parts)
    assert [records(cut, (part,)) for part in reversed(cut.parts)][::-1] == [records(cut, (part,)) for part in cut.parts]
    for part in cut.parts:
        found = [(block.offsets.tolist(), block.columns["headline"].to_pylist()) for block in read(cut, part)]
        offsets = [offset for some, _ in found for offset in some]
        headlines = [headline for _, some in found for headline in some]
        again = [row["headline"] for row in fetch(cut, part, range(len(offsets)), offsets)]
        assert again == headlines


@pytest.mark.parametrize("kind", ["zstd", "gzip"])
def test_results_do_not_depend_on_the_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    ending, pack = PACKED[kind]
    path = tmp_path / f"a.jsonl{ending}"
    path.write_bytes(b"".join(map(pack, pieces(lines(400), 10_000))))
    day = date(2026, 1, 1)
    one = api.check(path, out=tmp_path / "1", today=day)
    monkeypatch.setattr(cutting, "PART_BYTES", 20_000)
    many = api.check(path, out=tmp_path / "2", today=day, cache=tmp_path / "cache")
    again = api.check(path, out=tmp_path / "3", today=day, cache=tmp_path / "cache")
    for name in ("findings.parquet", "signals.parquet", "quarantine.jsonl"):
        contents = {(tmp_path / out / name).read_bytes() for out in ("1", "2", "3")}
        assert len(contents) == 1, name
    assert many.corpus == one.corpus == again.corpus


def test_a_file_that_breaks_off_gives_all_that_was_unpacked(tmp_path: Path) -> None:
    packed = gzip.compress(lines(400))
    left = packed[: len(packed) * 3 // 5]
    (tmp_path / "a.jsonl.gz").write_bytes(left)
    corpus, _ = open_corpus([tmp_path / "a.jsonl.gz"])
    blocks = [block for part in corpus.parts for block in read(corpus, part)]
    whole = zlib.decompressobj(31).decompress(left).split(b"\n")[:-1]
    assert sum(map(len, blocks)) == sum(line != b"not JSON" for line in whole)
    assert [bad.fatal for block in blocks for bad in block.quarantined if bad.fatal] == [True]


def damaged(data: bytes) -> list[bytes]:
    return [
        data[:-3],
        data[: len(data) // 2],
        data + b"\0\0\0",
        data + b"tail",
        data[:100] + b"\xff" + data[101:],
        b"",
        b"\x28\xb5\x2f\xfd",
        b"\x1f\x8b",
    ]


@pytest.mark.parametrize("kind", PACKED)
def test_what_is_damaged_is_read_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    ending, pack = PACKED[kind]
    for i, data in enumerate(damaged(b"".join(map(pack, pieces(lines(500), 20_000))))):
        path = tmp_path / f"{i}.jsonl{ending}"
        path.write_bytes(data)
        whole, _ = open_corpus([path])
        with monkeypatch.context() as small:
            small.setattr(cutting, "PART_BYTES", 40_000)
            cut, _ = open_corpus([path])
        assert records(cut, cut.parts) == records(whole, whole.parts)


def test_one_member_is_no_run(tmp_path: Path) -> None:
    for ending, pack in PACKED.values():
        path = tmp_path / f"a{ending}"
        path.write_bytes(pack(lines(20)))
        assert members(path, "zst" if ending == ".zst" else "gz", 1) == []


def test_skippable_frames_belong_to_what_is_before_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skippable = struct.pack("<II", 0x184D2A53, 5) + b"table"
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(b"".join(zstd(piece) + skippable for piece in pieces(lines(900), 30_000)))
    whole, _ = open_corpus([path])
    monkeypatch.setattr(cutting, "PART_BYTES", 40_000)
    cut, _ = open_corpus([path])
    assert len(cut.parts) > 3
    assert records(cut, cut.parts) == records(whole, whole.parts)
    assert replace(cut, parts=whole.parts) == whole

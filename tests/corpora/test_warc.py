"""WARC and WET: pages become records, all else is none, and what breaks off says so."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_finding import contents  # type: ignore[import-not-found]

from corpusgate.api import check
from corpusgate.cli import main
from corpusgate.corpora import warc, warc_cuts
from corpusgate.corpora.manifest import open_corpus
from corpusgate.corpora.model import Corpus, Part
from corpusgate.corpora.reading import fetch, read
from corpusgate.errors import Problem

pytest.importorskip("resiliparse")

PAGE = (
    "<html><head><title>Die F\u00e4hre f\u00e4hrt</title></head><body><nav><a href='/'>Start</a> <a href='/n'>Neues</a></nav>"
    "<main><article><h1>Die F\u00e4hre f\u00e4hrt</h1><p>Seit Montag legt sie wieder um zw\u00f6lf Uhr ab.</p><p>Fahrkarten gibt es am "
    "Steg.</p></article></main></body></html>"
)


def entry(kind: str, number: int, body: bytes, media: str = "") -> bytes:
    lines = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:{number}>", "WARC-Date: 2026-03-04T05:06:07Z",
        f"WARC-Target-URI: https://www.post.example/{number}", f"Content-Type: {media or 'application/http; msgtype=response'}",
        f"Content-Length: {len(body)}",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n\r\n"


def answer(body: bytes, media: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


ENTRIES = [
    entry("warcinfo", 0, b"software: none\r\n", "application/warc-fields"),
    entry("request", 1, b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
    entry("response", 2, answer(PAGE.encode())),
    entry("response", 3, answer(PAGE.encode("latin-1"), "text/html; charset=iso-8859-1")),
    entry("response", 4, answer(b"<p>gone</p>", status="404 Not Found")),
    entry("response", 5, answer(b"\x89PNG", "image/png")),
    entry("response", 6, answer(b"It rains.", "text/plain; charset=utf-8")),
    entry("conversion", 7, "F\u00e4hre\nSie f\u00e4hrt.\n".encode(), "text/plain"),
]
WRAP: dict[str, Callable[[list[bytes]], bytes]] = {
    "a.warc": b"".join,
    "a.warc.gz": lambda entries: b"".join(gzip.compress(one, mtime=0) for one in entries),
    "a.warc.wet.gz": lambda entries: b"".join(gzip.compress(one, mtime=0) for one in entries),
}


@pytest.mark.parametrize("name", WRAP)
def test_pages_are_records_and_nothing_else_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(WRAP[name](ENTRIES))
    records, lost = contents(open_corpus([tmp_path / name])[0])
    assert not lost
    assert [record["id"] for record in records] == [f"urn:uuid:{i}" for i in (2, 3, 6, 7)]
    for record in records[:2]:
        assert record["headline"] == "Die F\u00e4hre f\u00e4hrt"
        assert "Seit Montag legt sie wieder um zw\u00f6lf Uhr ab." in record["text"]
        assert "Neues" not in record["text"]
    assert (records[2]["headline"], records[2]["text"]) == (None, "It rains.")
    assert records[3]["text"] == "F\u00e4hre\nSie f\u00e4hrt."
    assert {(record["source"], record["crawled"]) for record in records} == {("post.example", "2026-03-04T05:06:07Z")}
    assert records[0]["url"] == "https://www.post.example/2"


@pytest.mark.parametrize("name", WRAP)
def test_a_file_that_breaks_off_gives_what_is_whole_and_no_judgement(tmp_path: Path, name: str) -> None:
    data = WRAP[name](ENTRIES[:4])
    last = len(WRAP[name](ENTRIES[3:4]))
    for missing in (last - 20, last // 2):
        (tmp_path / name).write_bytes(data[:-missing])
        records, (lost,) = contents(open_corpus([tmp_path / name])[0])
        assert [record["id"] for record in records] == ["urn:uuid:2"]
        assert (lost.line, lost.fatal) == (4, True)
        assert "breaks off or is damaged here" in lost.reason


@pytest.mark.parametrize(
    "data", [b"no warc at all\r\n\r\n" * 4, gzip.compress(b"no warc at all\r\n\r\n", mtime=0), b"\x1f\x8b" + bytes(40)]
)
def test_what_is_no_warc_is_quarantined(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.warc.gz").write_bytes(data)
    records, (lost,) = contents(open_corpus([tmp_path / "a.warc.gz"])[0])
    assert (records, lost.fatal) == ([], True)


def test_damage_within_a_file_loses_what_follows_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"".join([*ENTRIES[:3], b"garbage\r\n\r\n", *ENTRIES[3:]]))
    records, (lost,) = contents(open_corpus([tmp_path / "a.warc"])[0])
    assert ([record["id"] for record in records], lost.fatal) == (["urn:uuid:2"], True)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.warc").write_bytes(b"".join(ENTRIES))
    monkeypatch.setattr(warc, "find_spec", lambda name: None)
    with pytest.raises(Problem, match=r"a\.warc: is WARC, for which packages are missing. Install them: pip install 'corpusgate\[warc\]'"):
        open_corpus([tmp_path / "a.warc"])


def test_other_ways_of_packing_are_no_known_format(tmp_path: Path) -> None:
    (tmp_path / "a.warc.xz").write_bytes(b"")
    with pytest.raises(Problem, match="is of no known format"):
        open_corpus([tmp_path / "a.warc.xz"])


def test_a_file_is_in_the_cache_by_its_bytes(tmp_path: Path) -> None:
    reused: list[tuple[int, int]] = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.warc.gz").write_bytes(WRAP["a.warc.gz"](ENTRIES))
        check(
            tmp_path / folder / "a.warc.gz",
            out=tmp_path / f"{folder}-out",
            cache=tmp_path / "cache",
            reused=lambda *counts: reused.append(counts),
        )
    assert reused == [(0, 1), (1, 1)]
    assert (tmp_path / "one-out" / "signals.parquet").read_bytes() == (tmp_path / "two-out" / "signals.parquet").read_bytes()


def test_warc_is_not_split_and_says_so_before_it_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"".join(ENTRIES))
    wanted = ["check", str(tmp_path / "a.warc"), "--out", str(tmp_path / "out"), "--no-cache", "--write-clean", str(tmp_path / "clean")]
    done = CliRunner().invoke(main, wanted)
    assert done.exit_code == 2
    assert "a.warc: is WARC, which is not split. Take the ids of rejects from findings.parquet" in done.output


@pytest.mark.parametrize("failing", [ValueError("no page"), type("PanicException", (BaseException,), {})("gave up")])
def test_a_page_of_which_no_text_can_be_made_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: BaseException
) -> None:
    (tmp_path / "a.warc").write_bytes(b"".join(ENTRIES))
    made = warc._text

    def text(body: bytes, charset: str | None, is_markup: bool) -> tuple[str | None, str]:
        if not is_markup:
            raise failing
        return made(body, charset, is_markup)

    monkeypatch.setattr(warc, "_text", text)
    records, (bad,) = contents(open_corpus([tmp_path / "a.warc"])[0])
    assert [record["id"] for record in records] == [f"urn:uuid:{i}" for i in (2, 3, 7)]
    assert (bad.line, bad.fatal, bad.sample) == (7, False, "It rains.")
    assert bad.reason.startswith("no text can be made of this page")


def crawl(pages: int) -> list[bytes]:
    """Requests and answers by turns; every fifth page is damaged, every seventh is a picture, and ids are missing here and there."""
    entries = []
    for i in range(pages):
        inn = "the caf\u00c3\u00a9" if i % 5 == 0 else "the inn"
        text = f"Ship {i} came in at noon, and {inn} was full of its crew until midnight."
        page = PAGE.replace("Seit Montag legt sie wieder um zw\u00f6lf Uhr ab.", text).encode()
        made = entry("response", i, answer(b"\x89PNG", "image/png") if i % 7 == 3 else answer(page))
        entries += [entry("request", i, b"GET / HTTP/1.1\r\n\r\n"), made.replace(b"WARC-Record-ID", b"X-ID") if i % 11 == 0 else made]
    return entries


def everything(corpus: Corpus) -> tuple[list[tuple[str, str, int]], list[tuple[str, int, int]], Counter[str], int]:
    """Pages, what is quarantined, what is no page, and bytes, over all parts."""
    pages, lost, others, consumed = [], [], Counter[str](), 0
    for part in corpus.parts:
        for block in read(corpus, part):
            pages += list(zip(block.columns["id"].to_pylist(), block.columns["text"].to_pylist(), block.offsets.tolist(), strict=True))
            lost += [(bad.reason, bad.line, bad.offset) for bad in block.quarantined]
            others.update(block.no_pages)
            consumed += block.consumed
    return pages, lost, others, consumed


def zero_filled(entries: list[bytes]) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) + bytes(i % 3) for i, one in enumerate(entries))


def two_a_member(entries: list[bytes]) -> bytes:
    return b"".join(gzip.compress(b"".join(entries[i : i + 2]), mtime=0) for i in range(0, len(entries), 2))


PACKED = {**WRAP, "b.warc.gz": zero_filled, "c.warc.gz": two_a_member, "d.warc.gz": lambda all_: gzip.compress(b"".join(all_), mtime=0)}


@pytest.mark.parametrize("name", PACKED)
def test_a_file_in_parts_gives_what_it_gives_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / name).write_bytes(PACKED[name](crawl(40)))
    whole, _ = open_corpus([tmp_path / name])
    monkeypatch.setattr(warc_cuts, "_least", lambda file: 700)
    cut, _ = open_corpus([tmp_path / name])
    # What is packed as one can only be unpacked as one.
    assert (len(whole.parts), len(cut.parts) > 5) == (1, name != "d.warc.gz")
    assert everything(cut) == everything(whole)
    pages, lost, others, consumed = everything(cut)
    assert (len(pages), lost, consumed) == (34, [], (tmp_path / name).stat().st_size)
    assert others == {"WARC records of type request": 40, "answers of media type image": 6}
    assert {one for one, _, _ in pages if not one.startswith("urn:")} == {f"{name}:{2 * i + 2}" for i in (0, 11, 22, 33)}
    for part in cut.parts:
        mine = [(text, at) for _, text, at in pages if part.start <= at and (part.end is None or at < part.end)]
        again = fetch(cut, part, [0] * len(mine[::2]), [at for _, at in mine[::2]], ("text",))
        assert [record["text"] for record in again] == [text for text, _ in mine[::2]]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "c.warc.gz"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_results_do_not_depend_on_parts_and_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, jobs: int) -> None:
    (tmp_path / name).write_bytes(PACKED[name](crawl(60)))
    check(tmp_path / name, out=tmp_path / "whole", jobs=1)
    monkeypatch.setattr(warc_cuts, "_least", lambda file: 2000)
    monkeypatch.setattr("corpusgate.runners.workers.WORTH", 1)
    results = check(tmp_path / name, out=tmp_path / "cut", jobs=jobs)
    assert results.corpus.checked == 51
    for table in ("findings.parquet", "signals.parquet", "slices.parquet", "quarantine.jsonl"):
        assert (tmp_path / "cut" / table).read_bytes() == (tmp_path / "whole" / table).read_bytes(), table


@pytest.mark.parametrize("place", [0.3, 0.7])
@pytest.mark.parametrize("damage", ["break", "garbage", "no length"])
def test_damage_in_a_file_of_parts_is_told_once_and_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, place: float
) -> None:
    members = [gzip.compress(one, mtime=0) for one in crawl(40)]
    at = int(len(members) * place)
    if damage == "no length":
        members[at] = gzip.compress(crawl(40)[at].replace(b"\r\nContent-Length", b"\r\nX-Length"), mtime=0)
    else:
        members[at] = members[at][: len(members[at]) // 2] if damage == "break" else b"garbage, as long as a page may be" * 9
    (tmp_path / "a.warc.gz").write_bytes(b"".join(members[: at + 1] if damage == "break" else members))
    whole = everything(open_corpus([tmp_path / "a.warc.gz"])[0])
    monkeypatch.setattr(warc_cuts, "_least", lambda file: 700)
    cut, _ = open_corpus([tmp_path / "a.warc.gz"])
    assert len(cut.parts) > 2
    assert everything(cut) == whole
    ((reason, line, _),) = whole[1]
    assert "breaks off or is damaged here" in reason
    assert line == at + 1


def test_in_a_crawl_of_many_files_none_is_looked_through_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_cuts, "_least", lambda file: 700)
    for i in range(70):
        (tmp_path / f"{i:02}.warc.gz").write_bytes(WRAP["a.warc.gz"](crawl(3)))
    corpus, _ = open_corpus([tmp_path])
    assert len(corpus.parts) == 70
    # One that is much larger than the others is cut all the same.
    (tmp_path / "large.warc.gz").write_bytes(WRAP["a.warc.gz"](crawl(60)))
    corpus, _ = open_corpus([tmp_path])
    assert len(corpus.parts) > 75


def test_offsets_are_those_of_the_unpacked_file(tmp_path: Path) -> None:
    entries = crawl(3)
    (tmp_path / "a.warc.gz").write_bytes(WRAP["a.warc.gz"](entries))
    corpus, _ = open_corpus([tmp_path / "a.warc.gz"])
    (block,) = read(corpus, replace(Part(0, (0,)), first_line=1))
    plain = b"".join(entries)
    assert [plain[at : at + 8] for at in block.offsets] == [b"WARC/1.0"] * 3


def test_what_is_no_page_is_counted_by_what_it_is_and_shown(tmp_path: Path) -> None:
    more = [
        entry("revisit", 20, b"x", "application/http"),
        entry("strange<b>", 21, b"x", "text/plain"),
        entry("response", 22, answer(b"{}", "application/x-<script>")),
        entry("response", 23, answer(b"x", "chemical/x-pdb")),
        entry("response", 24, b"HTTP/1.1 999 What\r\nContent-Type: text/html\r\n\r\nx"),
        entry("resource", 25, b"%PDF", "application/pdf"),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join([*ENTRIES, *more]))
    done = CliRunner().invoke(main, ["check", str(tmp_path / "a.warc"), "--out", str(tmp_path / "out"), "--no-cache", "--jobs", "1"])
    results = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert results["corpus"]["no_pages"] == {
        "WARC records of type request": 1, "WARC records of type revisit": 1, "WARC records of type warcinfo": 1,
        "WARC records of unknown type": 1, "answers of media type application": 1, "answers of media type application/pdf": 1,
        "answers of media type image": 1, "answers of status 404": 1, "answers of unknown media type": 1, "answers without a status": 1,
    }  # fmt: skip
    # Nothing is lost: all that the file holds is a record, quarantined, or told here.
    entries = len(ENTRIES) + len(more)
    assert results["corpus"]["records"] + sum(results["corpus"]["no_pages"].values()) == entries
    assert "Left out: 10 entries that are no pages (1 WARC records of type request, " in done.output
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "10 entries that are no pages" in page
    assert "answers of status 404: 1" in re.sub("<[^>]*>", "", page)

"""WARC and WET: pages become records, all else is none, and what breaks off says so."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_finding import contents  # type: ignore[import-not-found]

from corpusgate.api import check
from corpusgate.cli import main
from corpusgate.corpora import warc
from corpusgate.corpora.manifest import open_corpus
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


@pytest.mark.parametrize("data", [b"no warc at all\r\n\r\n" * 4, gzip.compress(b"no warc at all\r\n\r\n"), b"\x1f\x8b" + bytes(40)])
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

"""The report as a browser shows it: offline, inert, right in both directions, made from results.json alone."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from corpusgate.api import check
from corpusgate.faces import evidence, html, terminal
from corpusgate.results import Example, Results, Slice, load

DAY = date(2026, 11, 1)
ATTACK = (
    "<script>document.title='pwned'</script><img src='http://127.0.0.1:9/leak.png' onerror=\"document.title='pwned'\">"
    "</bdi></p></main></body>\"><svg onload=document.title='pwned'> {{ 7 * 7 }} {% raw %} "
    "<style>body{display:none}</style><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>"
)
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A run over records that attack whoever reads the report."""
    records = [
        {
            "id": f"{ATTACK}{i}",
            "source": f"{ATTACK}.example",
            "url": f"javascript:alert({i})//{ATTACK}",
            "headline": f"Caf\u00c3\u00a9 {ATTACK} {OVERRIDE}gpj.exe {i}",
            "text": f"Le caf\u00c3\u00a9 rouvre. {ATTACK} {OVERRIDE}abc\x07\ufffd Post a comment {i}",
            "published": f"{ATTACK}",
        }
        for i in range(3)
    ]
    return check(pd.DataFrame(records), today=DAY)


class _Page(HTMLParser):
    """Tags, attributes and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_hostile_text_becomes_neither_tag_nor_attribute(hostile: Results) -> None:
    page = _Page(html.render(hostile))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "link", "base", "form"}
    assert [tag for tag, _ in page.tags].count("style") == 1
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), tag
        assert "style" not in attributes, tag
        assert (attributes.get("href") or "#").startswith("#"), attributes
    shown = "".join(page.text)
    assert "document.title='pwned'" in shown
    assert "{{ 7 * 7 }}" in shown
    assert "49 {%" not in shown


def test_characters_that_steer_the_reader_are_named_not_sent(hostile: Results) -> None:
    page = html.render(hostile)
    assert OVERRIDE not in page
    assert "\x07" not in page
    assert "RLO U+202E" in page
    assert "U+0007" in page


def test_the_policy_allows_nothing_but_the_one_style_sheet(hostile: Results) -> None:
    page = _Page(html.render(hostile))
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_the_report_is_made_from_results_json_alone(sample_run: tuple[Results, Path]) -> None:
    results, out = sample_run
    assert html.render(load(out)) == html.render(results)


def test_every_check_with_findings_is_shown_with_its_evidence(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    page = html.render(results)
    for verdict in results.verdicts:
        assert f'id="{verdict.id}"' in page
    shown = [v for v in results.verdicts if v.examples]
    assert page.count("<mark>") == sum(e.start is not None and e.match != "" for v in shown for e in v.examples)
    assert page.index('id="gate"') < page.index('id="damage"') < page.index('id="findings"')


class _Server:
    """A server on loopback that remembers what was asked for."""

    def __init__(self, folder: Path) -> None:
        asked: list[str] = []

        class Handler(SimpleHTTPRequestHandler):
            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                asked.append(self.path)

            def log_error(self, format: str, *args: object) -> None:
                pass

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[_Server]:
    running = _Server(tmp_path)
    yield running
    running.close()


@pytest.mark.browser
def test_a_browser_asks_for_the_report_and_nothing_else(
    hostile: Results, server: _Server, tmp_path: Path, browser: Callable[..., str]
) -> None:
    page = html.render(hostile).replace("http://127.0.0.1:9", server.address)
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    dom = browser(f"{server.address}/report.html")
    assert set(server.asked) <= {"/report.html", "/favicon.ico"}
    assert "pwned</title>" not in dom
    title = re.search(r"<title>(.*?)</title>", dom)
    assert title is not None
    assert title[1].startswith("HELD")


@pytest.mark.browser
def test_evidence_reads_from_right_to_left_in_arabic(tmp_path: Path, browser: Callable[..., str]) -> None:
    """A script in a copy of the page, whose policy is taken out, asks the browser for the directions it used."""
    arabic = {"id": "ar", "source": "almarfa.example", "headline": "\u0627\u0644\u0645\u064a\u0646\u0627\u0621 \u064a\u0641\u062a\u062d",
              "text": "\u064a\u0641\u062a\u062d \u0627\u0644\u0645\u064a\u0646\u0627\u0621 \ufffd \u063a\u062f\u0627"}  # fmt: skip
    english = {"id": "en", "source": "post.example", "headline": "Harbour opens", "text": "The harbour \ufffd opens."}
    page = html.render(check(pd.DataFrame([arabic, english]), today=DAY))
    probe = (
        "<script>document.body.dataset.found = JSON.stringify([...document.querySelectorAll('#ENC001 .passage bdi')]"
        ".map(e => [e.textContent.includes('harbour') ? 'en' : 'ar', getComputedStyle(e).direction,"
        " getComputedStyle(e.querySelector('mark')).backgroundColor]))</script></body>"
    )
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("</body>", probe)
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    dom = browser((tmp_path / "report.html").as_uri())
    found = re.search(r'data-found="([^"]*)"', dom)
    assert found is not None
    rows = json.loads(found[1].replace("&quot;", '"'))
    assert {language: direction for language, direction, _ in rows} == {"ar": "rtl", "en": "ltr"}
    assert all(colour != "rgba(0, 0, 0, 0)" for _, _, colour in rows)


@pytest.mark.browser
def test_the_page_fits_a_phone_without_sideways_scrolling(
    sample_run: tuple[Results, Path], tmp_path: Path, browser: Callable[..., str]
) -> None:
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html.render(sample_run[0]))
    probe = "<script>document.body.dataset.wide = document.documentElement.scrollWidth - innerWidth</script></body>"
    (tmp_path / "report.html").write_text(page.replace("</body>", probe), encoding="utf-8")
    # Chromium makes no window narrower than 500 pixels; a frame of 390 shows the page as a phone does.
    frame = '<iframe src="report.html" width="390" height="800"></iframe>'
    (tmp_path / "phone.html").write_text(
        f"{frame}<script>onload = () => document.title = frames[0].document.body.dataset.wide</script>", encoding="utf-8"
    )
    dom = browser((tmp_path / "phone.html").as_uri(), allow_file_access_from_files="yes")
    title = re.search(r"<title>(-?\d+)</title>", dom)
    assert title is not None, dom[:300]
    assert int(title[1]) <= 0


def _verdicts(results: Results, sources: int, checks: int, name: str = "s{}.example") -> Results:
    """Results in which each of some checks has findings in each of some sources."""
    one = next(v for v in results.verdicts if v.examples)
    made = [
        one.model_copy(
            update={
                "id": f"TST{i:03}",
                "check": f"test/t{i}",
                "name": f"Test {i}",
                "slices": [
                    Slice(kind="source", name=name.format(n), records=10, records_with_findings=2, rate=0.2, held=False)
                    for n in range(i, sources, checks)
                ],
                "slices_total": len(range(i, sources, checks)),
            }
        )
        for i in range(checks)
    ]
    return results.model_copy(update={"verdicts": made})


def test_the_table_of_sources_has_every_check_and_says_how_many_sources_it_leaves_out(hostile: Results) -> None:
    page = html.render(_verdicts(hostile, sources=20, checks=20))
    table = page[page.index('<table class="heat">') : page.index('<h2 id="findings">')]
    assert table.count('<th scope="row">') == 20
    assert all(f"Test {i}<" in table for i in range(20))
    assert "These are the worst" not in table
    assert "These are the worst 25 of 60 sources." in html.render(_verdicts(hostile, sources=60, checks=20))


def test_long_names_are_shortened(hostile: Results) -> None:
    results = _verdicts(hostile, sources=2, checks=1, name="x" * 300 + "{}")
    assert "x" * 60 not in html.render(results)
    assert "x" * 60 not in terminal.render(results, width=200).split("Gate:")[0].replace(ATTACK, "")


def test_all_that_holds_the_gate_is_named() -> None:
    record = {"id": "a", "source": "post.example", "headline": "The ferry sails again\u2026", "text": "A \ufffd here."}
    for fail_on, ids in (("fail", ["ENC001"]), ("warn", ["ENC001", "HDL004"])):
        results = check(pd.DataFrame([record]), fail_on=fail_on, today=DAY)  # type: ignore[arg-type]
        assert f"Gate: held (exit code 1), by {', '.join(ids)}." in terminal.render(results)
        page = html.render(results)
        why = page[page.index('<ol class="why">') : page.index("</ol>")]
        assert re.findall(r'href="#(\w+)"', why) == ids
        assert f"{len(ids)} of " in html.sentence(results)


def test_what_is_lost_is_named_beside_what_fails(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "Ferry", "text": "A \\ufffd here."}\n', encoding="utf-8")
    (tmp_path / "b.parquet").write_bytes(b"PAR1")
    page = html.render(check(tmp_path, today=DAY))
    gate = page[page.index('id="gate"') : page.index('id="damage"')]
    assert "#ENC001" in gate
    assert "b.parquet could not be read" in gate


ARABIC = "\u064a\u0641\u062a\u062d \u0627\u0644\u0645\u064a\u0646\u0627\u0621"


def test_the_direction_of_evidence_is_that_of_most_of_its_letters() -> None:
    assert evidence.direction(f"BBC: {ARABIC}") == "rtl"
    assert evidence.direction(f"{ARABIC[:4]} is what the sign at the harbour says") == "ltr"
    assert evidence.direction("12:30") == "ltr"
    example = Example(
        record_id="a", source="b", url="", field="text", start=0, end=900,
        before="BBC ", match=ARABIC * 60, after="", message="m", fingerprint="f",
    )  # fmt: skip
    shown = evidence.in_place(example)
    assert shown.startswith("\N{RIGHT-TO-LEFT ISOLATE}BBC ")
    assert re.search("\N{LEFT-TO-RIGHT ISOLATE}\u2026 [0-9]+ characters \u2026\N{POP DIRECTIONAL ISOLATE}", shown)


def test_a_middle_is_left_out_only_where_that_saves_something() -> None:
    for length in (60, 61, 75):
        assert evidence.middle_cut("x" * length, 60) == ("x" * length, "", "")
    head, mark, tail = evidence.middle_cut("x" * 200, 60)
    assert (len(head), mark, len(tail)) == (30, "\u2026 140 characters \u2026", 30)


def test_messages_run_from_left_to_right_with_their_values_isolated() -> None:
    message = f"cp1256 read as cp1252; repaired: {ARABIC}, {ARABIC}."
    assert [(piece.text, piece.is_name) for piece in evidence.values(message)] == [
        ("cp1256 read as cp1252; repaired: ", False),
        (f"{ARABIC}, {ARABIC}", True),
        (".", False),
    ]
    text = "\u0627\u0644\u0645\u0646".encode().decode("cp1252")
    page = html.render(check(pd.DataFrame([{"headline": "Harbour", "text": f"{text} {text}"}]), today=DAY))
    assert re.search(r'<p class="note"><bdi dir="ltr">[^<]*repaired: <bdi>\u0627\u0644\u0645\u0646', page)

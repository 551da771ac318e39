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
from corpusgate.faces import html
from corpusgate.results import Results, load

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

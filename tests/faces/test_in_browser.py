"""The report as a browser shows it, with its policy in force: offline, inert, right in both directions, usable by keyboard."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from chromium import Chromium

from corpusgate.api import check
from corpusgate.faces import html
from corpusgate.faces.change import change
from corpusgate.faces.words import words
from corpusgate.reporting import compared, write_index
from corpusgate.results import Results

pytestmark = pytest.mark.browser

ARABIC = {
    "id": "ar",
    "source": "almarfa.example",
    "headline": "\u0627\u0644\u0645\u064a\u0646\u0627\u0621 \u064a\u0641\u062a\u062d",
    "text": "\u064a\u0641\u062a\u062d \u0627\u0644\u0645\u064a\u0646\u0627\u0621 \ufffd \u063a\u062f\u0627",
}
ENGLISH = {"id": "en", "source": "post.example", "headline": "Harbour opens", "text": "The harbour \ufffd opens."}


def _written(folder: Path, page: str, name: str = "report.html") -> str:
    (folder / name).write_text(page, encoding="utf-8")
    return (folder / name).as_uri()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_hostile_corpus_runs_nothing_and_asks_for_nothing(hostile: Results, chromium: Chromium, tmp_path: Path, lang: str) -> None:
    address = _written(tmp_path, html.render(hostile, lang, change=change(hostile, [hostile])))
    chromium.open(address)
    chromium.run("new Promise(done => setTimeout(done, 300))")
    assert chromium.requests == [address]
    # Nothing of the corpus even tried: a broken policy would have been told.
    assert chromium.said == []
    assert str(chromium.run("document.title")).startswith(words(lang)("title_held"))
    assert chromium.run("document.querySelectorAll('img,iframe,object,embed,form,base,body script ~ script').length") == 0
    assert chromium.run("[...document.querySelectorAll('*')].every(e => [...e.attributes].every(a => !a.name.startsWith('on')))")


def test_evidence_reads_from_right_to_left_in_arabic(chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(_written(tmp_path, html.render(check(pd.DataFrame([ARABIC, ENGLISH])))))
    rows = chromium.run(
        "[...document.querySelectorAll('#ENC001 .evidence .passage bdi')].map(e => [e.textContent.includes('harbour') ? 'en' : 'ar',"
        " getComputedStyle(e).direction, getComputedStyle(e.querySelector('mark')).backgroundColor])"
    )
    assert {language: direction for language, direction, _ in rows} == {"ar": "rtl", "en": "ltr"}
    assert all(colour != "rgba(0, 0, 0, 0)" for _, _, colour in rows)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_never_scrolls_sideways(
    sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path, width: int, dark: bool
) -> None:
    chromium.open(_written(tmp_path, html.render(sample_run[0])), width=width, dark=dark)
    chromium.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert chromium.run("document.documentElement.scrollWidth - innerWidth") <= 0
    ground = chromium.run("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(value) for value in ground[4:-1].split(",")) < 3 * 128) == dark


def test_the_theme_can_be_chosen_against_the_systems(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(_written(tmp_path, html.render(sample_run[0])), dark=True)
    before = chromium.run("getComputedStyle(document.body).backgroundColor")
    chromium.run("document.getElementById('theme-light').click()")
    assert chromium.run("getComputedStyle(document.body).backgroundColor") != before


SHOWN = "[...document.querySelectorAll('.card')].filter(e => getComputedStyle(e).display !== 'none').map(e => e.id)"


def test_filters_work_without_a_script(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path) -> None:
    results, _ = sample_run
    address = _written(tmp_path, html.render(results))
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(address)
        assert chromium.run("document.querySelector('.search').hidden")
        every = chromium.run(SHOWN)
        for button, wanted in (
            ("state-fail", {v.id for v in results.verdicts if v.status == "fail"}),
            ("family-dates", {v.id for v in results.verdicts if v.family == "dates"}),
            ("check-ENC001", {"ENC001"}),
            ("source-0", set(max(results.distributions.damage, key=lambda one: one.damaged / (one.records + 5)).checks)),
        ):
            chromium.run(f"document.getElementById('by-{button}').checked = true")
            assert set(chromium.run(SHOWN)) == set(every) & wanted, button
            chromium.run(f"document.getElementById('by-{button.split('-')[0]}-all').checked = true")
        # What a link names is shown whatever the filter says.
        chromium.run("document.getElementById('by-check-ENC001').checked = true")
        chromium.run("location.hash = '#BLP001'")
        assert "BLP001" in chromium.run(SHOWN)
    finally:
        chromium.call("Emulation.setScriptExecutionDisabled", value=False)


def test_the_address_remembers_the_filter(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path) -> None:
    address = _written(tmp_path, html.render(sample_run[0]))
    chromium.open(address)
    every = chromium.run(SHOWN)
    chromium.run(
        "document.getElementById('by-state-warn').click(); const search = document.getElementById('search');"
        "search.value = 'bawabat'; search.dispatchEvent(new Event('input'))"
    )
    some, kept = chromium.run(SHOWN), chromium.run("location.hash")
    assert 0 < len(some) < len(every)
    assert kept == "#?state=warn&q=bawabat"
    chromium.open(address + kept)
    assert chromium.run(SHOWN) == some
    chromium.run("document.getElementById('reset').click()")
    assert chromium.run(SHOWN) == every
    chromium.run("search.value = 'no such words'; search.dispatchEvent(new Event('input'))")
    assert chromium.run(SHOWN) == []
    assert not chromium.run("document.getElementById('nothing').hidden")


def test_the_id_of_a_record_can_be_copied(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(_written(tmp_path, html.render(sample_run[0])))
    chromium.run("window.copied = ''; document.addEventListener('copy', () => copied = getSelection().toString() || 'yes')")
    button = chromium.run("(b => { b.click(); return [b.hidden, b.classList.contains('done')] })(document.querySelector('.copy'))")
    assert button == [False, True]
    assert chromium.run("copied") != ""


def test_a_record_opens_as_a_whole(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path) -> None:
    results, _ = sample_run
    address = _written(tmp_path, html.render(results))
    chromium.open(f"{address}#record-2")
    opened = "[...document.querySelectorAll('.page .body')].filter(e => getComputedStyle(e).display !== 'none').map(e => e.parentNode.id)"
    assert chromium.run(opened) == ["record-2"]
    numbers = chromium.run("[...document.querySelectorAll('#record-2 .ref')].map(e => +e.textContent)")
    placed = [i + 1 for i, place in enumerate(results.pages[1].places) if place.start is not None]
    assert sorted(numbers) == placed


def test_the_keyboard_reaches_everything(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(_written(tmp_path, html.render(sample_run[0])))
    chromium.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert chromium.run("document.activeElement.className") == "skip"
    assert chromium.run("[...document.querySelectorAll('[tabindex]')].every(e => e.tabIndex === 0)")
    assert chromium.run("[...document.querySelectorAll('.scroll')].every(e => e.tabIndex === 0 && e.getAttribute('aria-label'))")


def test_print_shows_every_card_in_light_colours(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path) -> None:
    chromium.open(_written(tmp_path, html.render(sample_run[0])), dark=True, media="print")
    chromium.run("document.getElementById('by-check-ENC001').checked = true")
    assert len(chromium.run(SHOWN)) == sum(v.status not in ("clean", "not_run") for v in sample_run[0].verdicts)
    ground = chromium.run("getComputedStyle(document.body).backgroundColor")
    assert all(int(value) > 200 for value in ground[4:-1].split(","))
    assert chromium.run("getComputedStyle(document.querySelector('.top')).display") == "none"


def test_a_report_of_fifty_checks_opens_in_a_second(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path) -> None:
    address = _written(tmp_path, html.render(sample_run[0]))
    taken = []
    for _ in range(5):
        chromium.open(address)
        taken.append(chromium.run("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    assert 0 < min(taken) < 1000


AXE = "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html).slice(0, 3)]))"
VIEWS = [(1280, False, "en"), (1280, True, "en"), (390, False, "en"), (390, True, "en"), (1280, False, "ar"), (390, True, "ar")]


@pytest.mark.parametrize(("width", "dark", "lang"), VIEWS)
def test_axe_finds_nothing(
    sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path, axe: str, width: int, dark: bool, lang: str
) -> None:
    change = compared(sample_run[0], sample_run[1], [sample_run[1]])
    address = _written(tmp_path, html.render(sample_run[0], lang, change=change))
    chromium.open(f"{address}#record-1", width=width, dark=dark)
    chromium.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    chromium.run(axe + "; 0")
    assert chromium.run(AXE) == []


def test_the_report_in_arabic_runs_from_right_to_left_as_a_whole(
    sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path
) -> None:
    chromium.open(_written(tmp_path, html.render(sample_run[0], "ar")))
    left = "document.querySelector('{}').getBoundingClientRect().left"
    assert chromium.run(left.format(".side")) < chromium.run(left.format(".answer"))
    assert chromium.run("getComputedStyle(document.getElementById('gate')).direction") == "rtl"
    assert chromium.run("document.documentElement.lang") == "ar"
    assert chromium.run("document.documentElement.scrollWidth - innerWidth") <= 0


def test_an_index_of_reports_leads_to_them(sample_run: tuple[Results, Path], chromium: Chromium, tmp_path: Path, axe: str) -> None:
    for name in ("march 100%", "april#1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text(sample_run[0].to_json(), encoding="utf-8")
        _written(tmp_path / name, html.render(sample_run[0]))
    chromium.open(write_index(tmp_path).as_uri())
    assert chromium.said == []
    links = chromium.run("[...document.querySelectorAll('tbody a')].map(e => e.href)")
    assert len(links) == 2
    chromium.run(axe + "; 0")
    assert chromium.run(AXE) == []
    for link in links:
        chromium.open(link)
        assert str(chromium.run("document.title")).startswith("HELD")


def test_arabic_letters_join_inside_marks(chromium: Chromium, tmp_path: Path) -> None:
    """The width of a word whose middle is marked is that of the word without marks: its letters have the same shapes."""
    word = "\u0628\u064a\u062a\u0646\u0627"
    marked = f"{word[:2]}<mark>{word[2:4]}</mark>{word[4:]}"
    lines = "".join(f"<p class=passage><bdi dir=rtl><span>{text}</span></bdi></p>" for text in (word, marked))
    chromium.open(_written(tmp_path, f"<!doctype html><style>{html.style_sheet()}</style>{lines}"))
    one, other = chromium.run("[...document.querySelectorAll('p span')].map(e => e.getBoundingClientRect().width)")
    assert abs(one - other) < 0.6

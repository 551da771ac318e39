"""The report as a browser shows it: offline, inert, right in both directions, made from results.json alone."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
from hostile import ATTACK, OVERRIDE

from corpusgate.api import check
from corpusgate.faces import evidence, html, terminal
from corpusgate.faces.words import words
from corpusgate.results import Example, Results, Slice, SourceDamage, load

DAY = date(2026, 11, 1)


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
    assert not names & {"img", "iframe", "object", "embed", "link", "base", "form"}
    assert [tag for tag, _ in page.tags].count("style") == 1
    assert [(tag, attributes) for tag, attributes in page.tags if tag == "script"] == [("script", {})]
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


def test_the_policy_allows_nothing_but_the_one_style_sheet_and_the_one_script(hostile: Results) -> None:
    text = html.render(hostile)
    page = _Page(text)
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    for tag in ("style", "script"):
        whole = text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(whole.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert re.sub(r"'sha256-[^']*'", "#", policy) == "default-src 'none'; style-src #; script-src #; base-uri 'none'; form-action 'none'"


def test_the_report_is_made_from_results_json_alone(sample_run: tuple[Results, Path]) -> None:
    results, out = sample_run
    assert html.render(load(out)) == html.render(results)


def test_every_check_with_findings_is_shown_with_its_evidence(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    page = html.render(results)
    for verdict in results.verdicts:
        assert f'id="{verdict.id}"' in page
        for example in verdict.examples[:10]:
            assert f'id="{verdict.id}-{example.fingerprint}"' in page
    assert page.index('id="gate"') < page.index('id="damage"') < page.index('id="findings"')


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
                "groups": [],
            }
        )
        for i in range(checks)
    ]
    damage = [
        SourceDamage(name=name.format(n), records=10, damaged=2, checks={f"TST{n % checks:03}": 2}, over=[f"TST{n % checks:03}"])
        for n in range(sources)
    ]
    spread = results.distributions.model_copy(update={"damage": damage, "totals": {"source": sources, "language": 1, "month": 1}})
    return results.model_copy(update={"verdicts": made, "distributions": spread, "pages": []})


def test_the_map_has_every_check_and_every_source_as_row_or_as_mark(hostile: Results) -> None:
    page = html.render(_verdicts(hostile, sources=20, checks=20))
    table = page[page.index('<table class="heat">') : page.index('<h2 id="checks">')]
    assert table.count('<th scope="row">') == 20
    assert all(f": test {i}<" in table for i in range(20))
    assert 'class="marks"' not in page
    page = html.render(_verdicts(hostile, sources=500, checks=20))
    assert [int(n) for n in re.findall(r'<tr id="source-(\d+)">', page)] == list(range(500))
    assert page.count('<a class="mark-fail"') == 500
    assert "475 more sources" in page


def test_long_names_are_shortened(hostile: Results) -> None:
    results = _verdicts(hostile, sources=2, checks=1, name="x" * 300 + "{}")
    assert "x" * 60 not in html.render(results)
    assert "x" * 60 not in terminal.render(results, width=200).split("Gate:")[0].replace(ATTACK, "")


def test_all_that_holds_the_gate_is_named() -> None:
    record = {"id": "a", "source": "post.example", "headline": "The ferry sails to the\u2026", "text": "A \ufffd here."}
    for fail_on, ids in (("fail", ["ENC001"]), ("warn", ["ENC001", "HDL004"])):
        results = check(pd.DataFrame([record]), fail_on=fail_on, today=DAY)  # type: ignore[arg-type]
        assert f"Gate: held (exit code 1), by {', '.join(ids)}." in terminal.render(results)
        page = html.render(results)
        why = page[page.index('<ol class="why">') : page.index("</ol>")]
        assert re.findall(r'href="#(\w+)"', why) == ids
        assert f"{len(ids)} of " in html.sentence(results, words("en"))


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
    assert re.search(r'<p class="note"><bdi dir="ltr">UTF-8 read as [^<]*</bdi>', page)
    assert '<bdi dir="rtl"><ins>\u0627\u0644\u0645\u0646' in page


def test_an_open_gate_says_what_is_closest_to_its_bound() -> None:
    records = [{"id": str(i), "source": "post.example", "headline": f"Ferry number {i}", "text": f"It sails at {i}."} for i in range(200)]
    clean = check(pd.DataFrame(records), today=DAY)
    assert "Closest to its bound" not in html.render(clean)
    records[0]["headline"] += "\N{HORIZONTAL ELLIPSIS}"
    results = check(pd.DataFrame(records), today=DAY)
    used = next(v for v in results.verdicts if v.check == "headlines/truncated")
    share = used.rate / (1 - (used.bound.mostly or 0))
    assert results.gate.open
    assert f"Closest to its bound: Headlines: truncated, which has used {100 * share:.0f} % of it." in html.render(results)

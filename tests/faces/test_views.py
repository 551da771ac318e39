"""What the report works out before it writes: the map of damage, the dates, whole records, and what changed."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusgate.faces import html
from corpusgate.faces.change import change
from corpusgate.faces.charts import COLUMNS, HEIGHT, WIDTH, histogram, line
from corpusgate.faces.heat import ROWS, heat
from corpusgate.faces.states import with_findings
from corpusgate.faces.whole import Note, stretches
from corpusgate.faces.words import Words, words
from corpusgate.results import PageField, Passage, Place, Results, Share, SourceDamage

MONTHS = st.integers(1950 * 12, 2060 * 12).map(lambda n: f"{n // 12}-{n % 12 + 1:02d}")
SHARES = st.lists(st.tuples(MONTHS, st.integers(1, 500), st.integers(0, 500), st.booleans()), max_size=80, unique_by=lambda row: row[0])


@given(SHARES, st.integers(0, 9))
def test_columns_have_every_record_that_is_dated_once(rows: list[tuple[str, int, int, bool]], undated: int) -> None:
    shares = [
        Share(name=name, records=records, damaged=min(damaged, records), impossible=records if wrong else 0)
        for name, records, damaged, wrong in sorted(rows)
    ]
    unnamed = [Share(name="", records=undated, damaged=0)] if undated else []
    made = histogram([*unnamed, *shares])
    possible = [share for share in shares if not share.impossible]
    assert sum(column.records for column in made.columns) == sum(share.records for share in possible)
    assert sum(column.damaged for column in made.columns) == sum(share.damaged for share in possible)
    assert made.impossible == sum(share.impossible for share in shares)
    assert made.undated == undated
    assert len(made.columns) <= COLUMNS
    every = [*made.early, *made.columns, *made.late]
    for column, after in pairwise(every):
        assert column.x + column.width <= after.x + 0.05
    for column in every:
        assert 0 <= column.x <= column.x + column.width <= WIDTH + 0.05
        assert 0 <= column.damaged_height <= column.height <= HEIGHT
        assert (column.height > 0) == (column.records > 0)


def test_months_become_years_where_they_are_many() -> None:
    shares = [Share(name=f"{year}-{month:02d}", records=1, damaged=0) for year in range(2001, 2021) for month in (1, 7)]
    made = histogram(shares)
    assert made.by_year
    assert [column.name for column in made.columns] == [str(year) for year in range(2001, 2021)]
    assert all(column.records == 2 for column in made.columns)


def test_a_line_lies_in_its_box() -> None:
    for values in ([0.0], [0.0, 0.0], [0.1, 0.9, 0.3]):
        points = [tuple(map(float, point.split(","))) for point in line(values).split()]
        assert len(points) == len(values)
        assert all(2 <= x <= 98 and 2 <= y <= 22 for x, y in points)


def test_the_worst_sources_and_checks_come_first(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    shown = [v for v in results.verdicts if v.status not in ("clean", "not_run")]
    made = heat(results, shown)
    rates = [row.source.damaged / (row.source.records + 5) for row in made.rows]
    assert rates == sorted(rates, reverse=True)
    for row in made.rows:
        assert [cell is not None for cell in row.cells] == [v.id in row.source.checks for v in made.columns]
        for cell in filter(None, row.cells):
            assert cell.records == row.source.checks[cell.verdict.id]
            assert (cell.percent == "<1") == (cell.records / row.source.records < 0.01)


def test_a_source_of_few_records_is_not_the_worst_for_one_of_them(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    check = next(v for v in results.verdicts if v.status == "fail")
    rows = [("tiny", 1, 1), ("broken", 100, 90), *((f"fair-{i}", 100, 1) for i in range(60))]
    damage = [SourceDamage(name=name, records=records, damaged=bad, checks={check.id: bad}, over=[]) for name, records, bad in rows]
    spread = results.distributions.model_copy(update={"damage": damage, "totals": {"source": 80, "language": 1, "month": 1}})
    made = heat(results.model_copy(update={"distributions": spread}), [check])
    assert [row.source.name for row in made.rows[:2]] == ["broken", "tiny"]
    assert (len(made.rows), len(made.rest), made.clean) == (ROWS, 62 - ROWS, 18)
    assert sum(made.counts.values()) == 62


@given(st.text(alphabet="abcdef \n", max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=8), st.randoms())
def test_a_whole_record_is_its_text_again_and_marks_what_was_found(text: str, spans: list[tuple[int, int]], order: random.Random) -> None:
    """The reference marks letter by letter."""
    found = [(start, min(start + size, len(text))) for start, size in spans if start < len(text)]
    marked = []
    for i, (start, end) in enumerate(found):
        place = Place(check=order.choice(["a", "b"]), field="text", start=start, end=end, message="", print="")
        marked.append(Note(i + 1, place))
    field = PageField(field="text", length=len(text), passages=[Passage(start=0, text=text)] if text else [])
    pieces = stretches(field, marked, {"a": "fail", "b": "warn"}, ("fail", "warn"))
    assert "".join(piece.text for piece in pieces) == text
    letters = [piece.state for piece in pieces for _ in piece.text]
    for i, state in enumerate(letters):
        over = {note.place.check for note, (start, end) in zip(marked, found, strict=True) if start <= i < end}
        assert state == ("fail" if "a" in over else "warn" if "b" in over else "")
    assert sorted(number for piece in pieces for number in piece.ends) == [note.number for note in marked]


def test_what_is_left_out_of_a_long_record_is_counted() -> None:
    field = PageField(field="text", length=1000, passages=[Passage(start=0, text="a" * 100), Passage(start=600, text="b" * 50)])
    pieces = stretches(field, [], {}, ("fail",))
    assert [(piece.gap, len(piece.text)) for piece in pieces] == [(0, 100), (500, 50), (350, 0)]


def _with(results: Results, check: str, records: int, started: str) -> Results:
    """The run as it was on another day, when a check found another number of records."""
    verdicts = [
        v.model_copy(update={"records_with_findings": records, "rate": records / v.records_checked}) if v.check == check else v
        for v in results.verdicts
    ]
    return results.model_copy(update={"verdicts": verdicts, "run": results.run.model_copy(update={"started": started})})


def test_what_changed_is_told_against_the_latest_run(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    old = _with(results, "encoding/mojibake", 9, "2020-01-01T00:00:00+00:00")
    older = _with(results, "encoding/mojibake", 30, "2019-01-01T00:00:00+00:00")
    for earlier in ([old, older], [older, old]):
        told = change(results, earlier)
        (moved,) = told.moved
        assert (moved.verdict.check, moved.then, moved.verdict.records_with_findings, moved.counts) == ("encoding/mojibake", 9, 2, None)
        assert [round(share * 218) for share in moved.shares] == [30, 9, 2]
        assert [run.day for run in told.runs[:2]] == ["2019-01-01 00:00", "2020-01-01 00:00"]
        assert told.same == len(results.verdicts) - 1
        assert not told.exact
        assert not told.other_suite
    page = html.render(results, change=change(results, [old, older], {"encoding/mojibake": (1, 8, 1), "dates/sentinel": (2, 2, 0)}))
    section = page[page.index('id="change"') : page.index('id="damage"')]
    assert section.count("<polyline") == 3
    assert '<td class="n">1</td><td class="n">8</td><td class="n">1</td>' in section
    # As many as before, but others.
    assert '<td class="n">2</td><td class="n">2</td><td class="n">0</td>' in section
    assert page.count('href="#change"') == 1
    assert 'id="change"' not in html.render(results)


@pytest.mark.parametrize("evidence", [True, False])
def test_a_report_stays_small_where_all_is_at_its_limit(sample_run: tuple[Results, Path], evidence: bool) -> None:
    """Sixty checks with twenty long examples each, in 500 sources: in a million records there can be no more."""
    results, _ = sample_run
    one = next(v for v in results.verdicts if v.id == "BLP001")
    long = "\N{ARABIC LETTER SEEN}\N{ARABIC LETTER LAM}" * 500
    examples = [one.examples[0].model_copy(update={"match": long, "before": long[:80], "after": long[:80]})] * 20
    verdicts = [
        one.model_copy(update={"id": f"TST{i:03}", "check": f"test/t{i}", "name": f"Test {i}", "examples": examples}) for i in range(60)
    ]
    counts = {v.id: 5 for v in verdicts}
    damage = [SourceDamage(name=f"source-{n}.example", records=9, damaged=5, checks=counts, over=[]) for n in range(500)]
    spread = results.distributions.model_copy(update={"damage": damage, "totals": {"source": 900, "language": 1, "month": 1}})
    full = results.model_copy(update={"verdicts": verdicts, "distributions": spread, "pages": []})
    assert len(html.render(full, evidence=evidence).encode()) < 1_500_000


def test_what_is_left_out_takes_at_least_its_text_with_it(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    pages = [len(html._render(results, words("en"), limits, False, None).encode()) for limits in html.LIMITS]
    texts = [html._texts(results, limits) for limits in html.LIMITS]
    for page, left in zip(pages, texts, strict=True):
        assert page <= pages[0] - (texts[0] - left)


def test_a_large_report_is_made_twice_at_most(sample_run: tuple[Results, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    results, _ = sample_run
    made: list[tuple[int, int, int]] = []
    render = html._render

    def counted(results: Results, w: Words, limits: tuple[int, int, int], *more: Any) -> str:
        made.append(limits)
        return render(results, w, limits, *more)

    monkeypatch.setattr(html, "_render", counted)
    small = len(html.render(results).encode())
    assert made == [html.LIMITS[0]]
    for most, limits in ((small - 1, html.LIMITS[1]), (1, html.LIMITS[-1])):
        made.clear()
        monkeypatch.setattr(html, "BYTES", most)
        html.render(results)
        assert made == [html.LIMITS[0], limits]


def test_a_source_of_a_check_that_could_not_be_judged_is_not_clean(sample_run: tuple[Results, Path]) -> None:
    results, _ = sample_run
    verdicts = [v.model_copy(update={"status": "error" if v.id == "BLP001" else "not_run"}) for v in results.verdicts]
    damage = [SourceDamage(name="tide.example", records=9, damaged=5, checks={"BLP001": 5}, over=[])]
    spread = results.distributions.model_copy(update={"damage": damage})
    told = results.model_copy(update={"verdicts": verdicts, "distributions": spread})
    assert [row.state for row in heat(told, with_findings(told)).rows] == ["error"]

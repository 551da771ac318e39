"""What results.json shows of a corpus: groups with exact totals, whole records, the damage of sources; in any order of records."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusgate import api, stored
from corpusgate.results import Results
from corpusgate.runners import listed, parts
from corpusgate.runners.listed import choose

DAY = date(2026, 11, 1)
LINE = "Follow the harbour bell on every tide"


def _records() -> list[dict[str, str]]:
    """Thirty lines repeated in one source, two in another; a headline over one story in three records; a text in two sources."""
    rows = []
    for i in range(60):
        source = "bell.example" if i < 40 else "tide.example"
        text = f"Story {i} begins at pier {i}.\nThe keeper {i} saw {i * 7} boats come home before noon on the {i}th day of his watch."
        if i < 30:
            text += f"\n{LINE}"
        if 40 <= i < 50:
            text += "\nAll tides are given without any warranty of ours"
        rows.append({"id": f"r{i:02}", "source": source, "headline": f"Keeper number {i} counts the boats", "text": text})
    copy = " ".join(f"word{n} of the long tale" for n in range(60))
    for i in range(3):
        rows.append({"id": f"c{i}", "source": "bell.example", "headline": "The long tale of the keeper", "text": copy})
    rows.append({"id": "c3", "source": "tide.example", "headline": "A tale told elsewhere too", "text": copy})
    return rows


def _groups(results: Results) -> dict[str, list[object]]:
    return {
        v.check: [(g.text, g.count, g.records, [(m.record_id, m.source) for m in g.members]) for g in v.groups]
        for v in results.verdicts
        if v.groups
    }


def test_groups_have_exact_totals_and_members() -> None:
    groups = _groups(api.check(pd.DataFrame(_records()), today=DAY))
    lines = groups["boilerplate/repeated-lines"]
    assert [(text, count, records) for text, count, records, _ in lines] == [  # type: ignore[misc]
        (LINE, 30, 30),
        ("All tides are given without any warranty of ours", 10, 10),
    ]
    assert all(len(members) == 5 for *_, members in lines)  # type: ignore[misc]
    assert groups["headlines/duplicate-in-source"][0][:3] == ("The long tale of the keeper", 3, 3)  # type: ignore[index]
    (copies,) = groups["headlines/text-repeated-in-source"]
    assert copies[:3] == ("", 2, 4)  # type: ignore[index]
    assert [record for record, _ in copies[3]] == ["c0", "c1", "c2", "c3"]  # type: ignore[index]
    # Of each source in turn.
    assert groups["headlines/text-repeated-across-sources"][0][3][:2] == [("c0", "bell.example"), ("c3", "tide.example")]  # type: ignore[index]


def test_what_is_shown_follows_neither_from_the_order_of_records_nor_from_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _records()
    whole = api.check(pd.DataFrame(rows), today=DAY)
    random.Random(3).shuffle(rows)
    monkeypatch.setattr(parts, "STRETCH_BYTES", 2000)
    pd.DataFrame(rows).to_json(tmp_path / "news.jsonl", orient="records", lines=True)
    again = api.check(tmp_path / "news.jsonl", today=DAY, jobs=2)
    assert _groups(again).keys() == _groups(whole).keys()
    for check, groups in _groups(whole).items():
        assert groups == _groups(again)[check], check
    assert again.distributions.damage == whole.distributions.damage


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=60), st.integers(1, 20), st.randoms())
def test_the_choice_of_groups_is_that_of_a_sorted_list(groups: list[tuple[int, int]], limit: int, order: random.Random) -> None:
    """The reference: whole classes of equal groups, the largest first, as far as they fit."""
    classes: dict[tuple[int, int], int] = Counter((-count, tie) for count, tie in groups)
    wanted: list[tuple[int, int]] = []
    for key in sorted(classes):
        if len(wanted) + classes[key] > limit:
            # A class that does not fit is left out, and what is smaller with it.
            break
        wanted += [key] * classes[key]
    order.shuffle(groups)
    detail, tie = (np.array([group[i] for group in groups], np.int64) for i in (0, 1))
    chosen = choose(detail, tie, limit)
    assert [(-int(detail[i]), int(tie[i])) for i in chosen] == wanted


def test_whole_records_have_all_their_findings(sample_run: tuple[Results, Path]) -> None:
    results, out = sample_run
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in pq.read_table(out / "findings.parquet", columns=["record_id", "source", "check"]).to_pylist():
        found[row["record_id"], row["source"]][row["check"]] += 1
    assert 20 <= len(results.pages) <= 40
    for page in results.pages:
        assert page.findings == dict(found[page.record_id, page.source])
        for field in page.fields:
            assert sum(len(passage.text) for passage in field.passages) <= min(field.length, 3000)
            for place in page.places:
                if place.field == field.field and place.start is not None and place.end is not None:
                    inside = [p for p in field.passages if p.start <= place.start and place.start < p.start + len(p.text)]
                    assert inside or sum(len(passage.text) for passage in field.passages) == 3000


def test_the_damage_of_sources_is_what_signals_say(sample_run: tuple[Results, Path]) -> None:
    results, out = sample_run
    signals = pq.read_table(out / "signals.parquet").to_pandas()
    known = [v for v in results.verdicts if v.check in signals.columns]
    for one in results.distributions.damage:
        mine = signals[signals["source"] == one.name]
        assert one.records == len(mine)
        assert one.checks == {v.id: n for v in known if (n := int((mine[v.check] > v.bound.max).sum()))}


def test_groups_and_pages_are_kept_for_other_bounds(sample_run: tuple[Results, Path]) -> None:
    results, out = sample_run
    known = stored.load(out)
    assert known.pages == results.pages
    assert {name: found for name, found in known.groups.items() if found} == {v.check: v.groups for v in results.verdicts if v.groups}
    assert listed.GROUPS == 20

"""Two runs compared: records and findings counted one by one, drift against SciPy and by drawing, and what ends with 1."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from corpusgate import api, drift
from corpusgate.cli import main
from corpusgate.difference import Difference, Records, compare

DAY = date(2026, 11, 1)
Row = Mapping[str, str]


def row(identity: str, text: str = "It sails at noon.", source: str = "a", language: str = "en") -> Row:
    return {"id": identity, "source": source, "headline": f"Ferry {identity}", "text": f"{text} {identity}.", "language": language}


def run(folder: Path, name: str, rows: Sequence[Row], suite: str = "[encoding, boilerplate/empty-text]") -> Path:
    (folder / "s.suite.yaml").write_text(f"name: s\nchecks: {suite}\n", encoding="utf-8")
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    api.check(path, folder / "s.suite.yaml", folder / name, today=DAY)
    return folder / name


def both(folder: Path, old: Sequence[Row], new: Sequence[Row]) -> Difference:
    return compare(run(folder, "old", old), run(folder, "new", new))


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


BAD = "Caf\N{REPLACEMENT CHARACTER} opens"


def test_records_and_findings_are_told_one_by_one(tmp_path: Path) -> None:
    old = [row("1"), row("2", BAD), row("3", BAD), row("4", BAD), row("5")]
    new = [row("1"), row("2", BAD), row("3"), row("5", BAD), row("6", source="b")]
    found = both(tmp_path, old, new)
    assert found.records == Records(added=1, removed=1, changed=2, same=2)
    assert found.sources == {"a": Records(0, 1, 2, 2), "b": Records(1, 0, 0, 0)}
    (check,) = found.checks
    assert (check.check, check.new, check.fixed, check.gone, check.still) == ("encoding/replacement-character", 1, 1, 1, 1)
    assert [(place.source, place.new) for place in found.places] == [("a", 1)]


def test_several_records_of_one_id_are_told_apart_by_their_order(tmp_path: Path) -> None:
    found = both(tmp_path, [row("1"), row("1", "Another text")], [row("1"), row("1", "A third text"), row("1")])
    assert found.records == Records(added=1, removed=0, changed=1, same=1)


def test_only_what_a_record_says_makes_it_another(tmp_path: Path) -> None:
    old = [{**row("1"), "crawled": "2026-01-01", "url": "https://a.example/1"}]
    found = both(tmp_path, old, [{**row("1"), "crawled": "2026-02-01", "url": "https://a.example/one"}])
    assert found.records == Records(0, 0, 0, 1)
    for other in ({"headline": "Ferry one"}, {"text": "It sails at noon 1."}, {"published": "2026-01-02"}):
        assert both(tmp_path, [{**row("1"), "published": "2026-01-01"}], [{**row("1"), "published": "2026-01-01", **other}]).records.changed


def test_records_without_ids_are_known_by_what_they_say(tmp_path: Path) -> None:
    texts = ["It sails.", BAD, "It sails again."]
    old = [{"source": "a", "text": text} for text in texts]
    found = both(tmp_path, old, [{"source": "a", "text": "A line before all."}, *old[:2], {"source": "a", "text": BAD + " late"}])
    assert found.records == Records(added=2, removed=1, changed=0, same=2)
    assert [(check.new, check.fixed, check.gone, check.still) for check in found.checks] == [(1, 0, 0, 1)]


def test_checks_that_count_otherwise_are_not_compared(tmp_path: Path) -> None:
    old = run(tmp_path, "old", [row("1", BAD)])
    new = run(tmp_path, "new", [row("1", BAD), row("2", BAD)], "[encoding/replacement-character]")
    found = compare(old, new)
    assert "encoding/mojibake" in found.uncompared
    assert "encoding/replacement-character" not in found.uncompared
    assert "Not compared" in call(old, new).stdout


@pytest.mark.parametrize(
    ("policies", "code"),
    [
        ([], 1),
        (["new"], 1),
        (["warn"], 1),
        (["removed"], 1),
        (["changed"], 0),
        (["drift"], 0),
        (["nothing"], 0),
        (["changed", "removed"], 1),
    ],
)
def test_what_is_asked_for_decides_the_exit_code(tmp_path: Path, policies: list[str], code: int) -> None:
    old, new = run(tmp_path, "old", [row("1"), row("2")]), run(tmp_path, "new", [row("1"), row("3", BAD)])
    options = [word for policy in policies for word in ("--fail-on", policy)]
    done = call(old, new, *options, "--out", tmp_path / "d.json")
    assert done.exit_code == code, done.output
    assert json.loads((tmp_path / "d.json").read_text("utf-8"))["records"] == {"added": 1, "removed": 1, "changed": 0, "same": 1}


def test_a_run_and_itself_do_not_differ(tmp_path: Path) -> None:
    same = run(tmp_path, "one", [row("1", BAD), row("2")])
    done = call(same, same, "--fail-on", "warn", "--fail-on", "drift", "--fail-on", "changed", "--fail-on", "removed")
    assert done.exit_code == 0
    assert "0 added, 0 removed, 0 changed, 2 the same" in done.stdout


def test_what_is_no_run_is_no_judgement(tmp_path: Path) -> None:
    same = run(tmp_path, "one", [row("1")])
    assert call(same, tmp_path / "nowhere").exit_code == 2
    (same / "signals.parquet").unlink()
    done = call(same, same)
    assert (done.exit_code, "signals.parquet" in done.stderr) == (2, True)


def test_drift_of_languages_is_told(tmp_path: Path) -> None:
    old = [row(str(i), language="en" if i % 2 else "de") for i in range(100)]
    new = [row(str(i), language="en" if i % 4 else "fr") for i in range(100)]
    found = both(tmp_path, old, new)
    assert [one.kind for one in found.beyond_chance()] == ["language"]
    assert call(tmp_path / "old", tmp_path / "new", "--fail-on", "drift").exit_code == 1
    assert "Languages: 50.0 % of records are elsewhere" in call(tmp_path / "old", tmp_path / "new").stdout


COUNTS = st.lists(st.integers(5, 500), min_size=2, max_size=8)


@given(st.data(), COUNTS)
def test_shares_are_tested_as_scipy_does(data: st.DataObject, before: list[int]) -> None:
    after = data.draw(st.lists(st.integers(5, 500), min_size=len(before), max_size=len(before)))
    table = np.array([before, after], np.float64)
    known = stats.chi2_contingency(table, correction=False)
    assume(known.expected_freq.min() >= 5)
    assert drift.chi_square(table) == pytest.approx(known.pvalue, abs=1e-9)


def test_lengths_are_tested_as_scipy_does() -> None:
    random = np.random.default_rng(4)
    for shift in (0, 10, 40):
        before, after = random.integers(0, 500, 800), random.integers(0, 500, 600) + shift
        known = stats.ks_2samp(before, after, method="asymp")
        found = drift.lengths(before, after)
        assert found.size == pytest.approx(known.statistic)
        # SciPy corrects the same distribution for the size of the samples.
        assert found.chance == pytest.approx(known.pvalue, rel=0.15, abs=1e-4)


def test_two_draws_of_one_corpus_seldom_differ_beyond_chance() -> None:
    random = np.random.default_rng(7)
    shares = np.array([0.4, 0.3, 0.2, 0.09, 0.005, 0.005])
    names = [f"n{i}" for i in range(len(shares))]
    alarms = 0
    for _ in range(1000):
        one, other = (dict(zip(names, random.multinomial(size, shares).tolist(), strict=True)) for size in (900, 1400))
        alarms += drift.shares("source", one, other).chance < 0.05
    # Three standard errors above 5 % in 1,000 draws.
    assert alarms <= 1000 * (0.05 + 0.0207)


@pytest.mark.parametrize(("before", "after"), [({}, {}), ({"a": 3}, {}), ({"a": 3}, {"a": 7}), ({"a": 1}, {"b": 1})])
def test_too_little_says_nothing(before: dict[str, int], after: dict[str, int]) -> None:
    assert drift.shares("source", before, after).chance == 1.0
    assert drift.lengths(np.zeros(0, np.int64), np.ones(3, np.int64)).chance == 1.0

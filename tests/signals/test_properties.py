"""What holds for every check: its defect is found, clean records stay silent, nothing is raised, counts equal places."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpusgate
from corpusgate import packs
from corpusgate.checks import Suite
from corpusgate.corpora.columns import without_surrogates
from corpusgate.errors import Problem
from corpusgate.records import MATCH_LIMIT
from corpusgate.strategies import CORRUPTORS, LANGUAGES, Record, any_text, corpora, corrupt, records
from corpusgate.strategies.clean import MOST, clean_records

DAY = date(2026, 11, 1)
CHECKS = {check.name: check for check in packs.built_in()}
quick = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def found(made: list[Record], name: str, out: Path | None = None) -> list[str]:
    """Ids of the records in which one check finds something."""
    suite = Suite(name="one", checks=(CHECKS[name],))
    results = corpusgate.check(pd.DataFrame(made), suite, out=out, today=DAY)
    return sorted({example.record_id for example in results.verdicts[0].examples})


def test_every_check_has_a_corruptor_and_every_corruptor_a_check() -> None:
    assert set(CORRUPTORS) == set(CHECKS)
    assert all(maker.summary.endswith(".") for maker in CORRUPTORS.values())


@pytest.mark.parametrize("name", CHECKS)
def test_the_seeded_defect_is_found_in_every_language(name: str) -> None:
    """All of a check's damage in one corpus of its own: a source for each language and seed."""
    maker = CORRUPTORS[name]
    whole: list[Record] = []
    sources = set()
    for language in LANGUAGES:
        for seed in range(3):
            clean = clean_records(max(maker.records, 2), language, Random(seed))
            for i, record in enumerate(corrupt(name, clean, Random(seed))):
                source = f"{seed}-{record['source']}"
                sources.add(source)
                whole.append({**record, "id": f"{language}-{seed}-{i}", "source": source})
    results = corpusgate.check(pd.DataFrame(whole), Suite(name="one", checks=(CHECKS[name],)), today=DAY)
    hit = {s.name for s in results.verdicts[0].slices if s.kind == "source"}
    assert results.verdicts[0].slices_total > 0
    missed = sources - hit if len(hit) < 20 else set()
    # Slices list the worst twenty; the count over records tells the rest.
    assert not missed or results.verdicts[0].records_with_findings >= len(sources), missed


@quick
@given(clean=st.one_of(corpora(1, 6), corpora(MOST - 4, MOST)))
def test_clean_records_stay_silent(clean: list[Record]) -> None:
    results = corpusgate.check(pd.DataFrame(clean), today=DAY)
    assert not {v.check: [e.match for e in v.examples] for v in results.verdicts if v.findings and v.severity != "info"}


@settings(quick, max_examples=150)
@given(record=records(), headline=any_text(60), text=any_text(), published=any_text(30))
def test_inspect_raises_on_no_text_and_points_inside_it(record: Record, headline: str, text: str, published: str) -> None:
    odd = {**record, "headline": headline, "text": text, "published": published}
    for finding in corpusgate.inspect(odd, today=DAY):
        assert finding.check in CHECKS
        if finding.span is not None:
            shown = without_surrogates(odd[finding.field])
            assert 0 <= finding.span.start < finding.span.end <= len(shown)
            assert shown[finding.span.start : finding.span.end][:MATCH_LIMIT] == finding.match


@settings(quick, max_examples=25)
@given(made=st.lists(st.tuples(any_text(60), any_text(), any_text(20)), min_size=1, max_size=8), clean=corpora(8, 8))
def test_counts_equal_the_places_found(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[str, str, str]], clean: list[Record]
) -> None:
    mixed = [
        {**record, "headline": headline, "text": text, "published": day} for record, (headline, text, day) in zip(clean, made, strict=False)
    ]
    out = tmp_path_factory.mktemp("run")
    # As objects: pandas' own strings cannot hold the lone surrogates that `any_text` makes.
    frame = pd.DataFrame([*mixed, *clean[len(mixed) :]], dtype=object)
    results = corpusgate.check(frame, out=out, today=DAY)
    places = Counter((row["record_id"], row["check"]) for row in pq.read_table(out / "findings.parquet").to_pylist())
    for row in pq.read_table(out / "signals.parquet").to_pylist():
        for verdict in results.verdicts:
            if verdict.check in row:
                count = row[verdict.check]
                assert places[row["record_id"], verdict.check] == (count if count > verdict.bound.max else 0)


@settings(quick, max_examples=20)
@given(made=corpora(2, 5), seed=st.integers(0, 1000))
def test_one_record_is_judged_as_in_its_corpus(tmp_path_factory: pytest.TempPathFactory, made: list[Record], seed: int) -> None:
    """Signals of single records do not see their neighbours."""
    single = [name for name, maker in CORRUPTORS.items() if maker.records == 1]
    name = single[seed % len(single)]
    hurt = corrupt(name, made, Random(seed))
    out = tmp_path_factory.mktemp("run")
    corpusgate.check(pd.DataFrame(hurt), out=out, today=DAY)
    rows = [row for row in pq.read_table(out / "findings.parquet").to_pylist() if row["record_id"] == hurt[0]["id"]]
    across = {check for check, maker in CORRUPTORS.items() if maker.records > 1}
    expected = sorted((f.check, f.field, f.start or 0, f.match, f.fingerprint) for f in corpusgate.inspect(hurt[0], today=DAY))
    assert (
        sorted((r["check"], r["field"], r["start"] or 0, r["match"], r["fingerprint"]) for r in rows if r["check"] not in across)
        == expected
    )


def test_a_corruptor_leaves_its_records_alone() -> None:
    clean = clean_records(50, "en", Random(1))
    before = [dict(record) for record in clean]
    for name in CORRUPTORS:
        assert corrupt(name, clean, Random(2)) != before
    assert clean == before


def test_a_defect_that_nobody_knows_and_too_few_records_are_told() -> None:
    with pytest.raises(Problem, match="Did you mean 'encoding/mojibake'"):
        corrupt("encoding/mojibak", clean_records(1, "en", Random(1)), Random(1))
    with pytest.raises(Problem, match="Give at least 6"):
        corrupt("boilerplate/repeated-lines", clean_records(1, "en", Random(1)), Random(1))

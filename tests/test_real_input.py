"""The figures that the checker must show on real scraped input. Skipped where that input is not at hand."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpusgate.api import check
from corpusgate.results import Results, Verdict


@pytest.fixture(scope="module")
def seed_run(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, list[dict[str, object]]]:
    out = tmp_path_factory.mktemp("seeds")
    return check(seeds, out=out), pq.read_table(out / "findings.parquet").to_pylist()


def _verdict(results: Results, name: str) -> Verdict:
    return next(v for v in results.verdicts if v.check == name)


def test_the_seed_page_holds_the_gate(seed_run: tuple[Results, list[dict[str, object]]]) -> None:
    assert seed_run[0].gate.exit_code == 1


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("headlines/repeated-in-text", 7),
        ("boilerplate/comment-form", 1),
        ("boilerplate/double-footer", 1),
        ("boilerplate/ticker", 1),
        ("dates/months-contradict", 1),
    ],
)
def test_the_seed_page_shows_its_damage(seed_run: tuple[Results, list[dict[str, object]]], name: str, least: int) -> None:
    assert sum(row["check"] == name for row in seed_run[1]) >= least


def test_the_seed_page_names_two_months(seed_run: tuple[Results, list[dict[str, object]]]) -> None:
    matches = [row["match"] for row in seed_run[1] if row["check"] == "dates/months-contradict"]
    assert matches == ["30 تشرين الثاني / أكتوبر"]


@pytest.mark.parametrize("name", ["encoding/mojibake", "encoding/replacement-character", "encoding/wrong-code-page"])
def test_the_seed_page_is_well_decoded(seed_run: tuple[Results, list[dict[str, object]]], name: str) -> None:
    assert _verdict(seed_run[0], name).findings == 0


@pytest.fixture(scope="module")
def saudi_run(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Path]:
    out = tmp_path_factory.mktemp("saudi")
    return check(raw / "ar_saudinewsnet_2015.jsonl.gz", out=out), out


def test_no_record_is_lost(saudi_run: tuple[Results, Path]) -> None:
    corpus = saudi_run[0].corpus
    assert corpus.records == 7222
    assert corpus.checked + corpus.quarantined == 7222


def test_surplus_headlines_as_they_stand_and_after_folding(saudi_run: tuple[Results, Path]) -> None:
    within = _verdict(saudi_run[0], "headlines/duplicate-in-source").facts
    across = _verdict(saudi_run[0], "headlines/duplicate-across-sources").facts
    facts = {**within, **across}
    assert facts["surplus_as_written"] == 132
    assert facts["groups_in_corpus_as_written"] == 233
    assert facts["surplus_in_corpus_as_written"] == 275
    assert abs(facts["surplus_in_corpus"] - 346) <= 5


def test_lines_that_a_template_repeats(saudi_run: tuple[Results, Path]) -> None:
    rows = pq.read_table(saudi_run[1] / "findings.parquet", columns=["check", "match", "ordinal"]).to_pylist()
    repeated = [(row["match"], row["ordinal"]) for row in rows if row["check"] == "boilerplate/repeated-lines"]
    assert len({ordinal for match, ordinal in repeated if match == "// انتهى //"}) > 140
    assert abs(len({ordinal for match, ordinal in repeated if "635031" in match and "Mobily" in match}) - 58) <= 4


def test_empty_texts(saudi_run: tuple[Results, Path]) -> None:
    assert _verdict(saudi_run[0], "boilerplate/empty-text").records_with_findings == 74


@pytest.mark.parametrize("name", ["ar_ahdath_morocco", "ar_hespress_jazeera", "fa_farsnews"])
def test_other_corpora_run_through(raw: Path, name: str) -> None:
    results = check(raw / f"{name}.jsonl.gz")
    assert results.corpus.checked + results.corpus.quarantined == results.corpus.records
    assert results.corpus.checked > 500
    assert {"headline", "text"} & set(results.corpus.fields)

"""The pytest plugin as a user's project meets it: examples of check files, and verdicts as tests."""

from __future__ import annotations

import json

import pytest

CHECK = """
id: OWN001
summary: The invitation to our newsletter stands in the text.
why: It says nothing about the story, and a model that reads it often will say it too.
remedy: Exclude the element from the extractor.
signal: own_phrases
with: {phrases: ["Get the Harbour Letter"]}
fields: [text]
examples:
  bad: ["Rain. [[Get the Harbour Letter]] Sun."]
  good: ["The harbour letter of 1911 was found."]
  known_misses: ["Get the [[Harbor]] Letter"]
"""

RECORDS = [
    {"id": "a", "site": "post.example", "title": "Ferry sails again", "content": "It sails at noon.", "date": "2026-03-04"},
    {"id": "b", "site": "post.example", "title": "Caf\u00c3\u00a9 opens", "content": "It opens at noon.", "date": "2026-03-04"},
]


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    folder = pytester.mkdir("checks")
    (folder / "house").mkdir()
    (folder / "house" / "newsletter.yaml").write_text(CHECK, encoding="utf-8")
    pytester.path.joinpath("news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in RECORDS), encoding="utf-8")
    return pytester


def test_examples_of_check_files_are_tests(project: pytest.Pytester) -> None:
    project.runpytest_subprocess("checks").assert_outcomes(passed=2, xfailed=1)


def test_an_example_that_is_not_as_it_says_fails_with_both_sides(project: pytest.Pytester) -> None:
    path = project.path / "checks" / "house" / "newsletter.yaml"
    path.write_text(CHECK.replace("[[Get the Harbour Letter]] Sun", "[[Sun]]"), encoding="utf-8")
    result = project.runpytest_subprocess("checks")
    result.assert_outcomes(failed=1, passed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*OWN001 house/newsletter: expected *'Sun'*found *"])


def test_a_known_miss_that_is_found_must_be_promoted(project: pytest.Pytester) -> None:
    path = project.path / "checks" / "house" / "newsletter.yaml"
    path.write_text(CHECK.replace('"Get the [[Harbor]] Letter"', '"[[Get the Harbour Letter]]"'), encoding="utf-8")
    project.runpytest_subprocess("checks").assert_outcomes(failed=1, passed=2)


def test_a_check_file_with_a_typo_is_an_error_that_says_where(project: pytest.Pytester) -> None:
    path = project.path / "checks" / "house" / "newsletter.yaml"
    path.write_text(CHECK.replace("signal: own_phrases", "signal: own_frases"), encoding="utf-8")
    result = project.runpytest_subprocess("checks")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no signal 'own_frases'. Did you mean 'own_phrases'*"])


def test_other_yaml_is_left_alone(project: pytest.Pytester) -> None:
    (project.path / "checks" / "house" / "other.yaml").write_text("signal: red\n", encoding="utf-8")
    project.runpytest_subprocess("checks").assert_outcomes(passed=2, xfailed=1)


def test_each_verdict_is_a_test_with_its_evidence(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--corpus", "news.jsonl", "-k", "mojibake or comment-form or sentinel or after-modified")
    result.assert_outcomes(failed=1, passed=2, skipped=1)
    result.stdout.fnmatch_lines(["*ENC002 encoding/mojibake (fail)*", "*b headline:0: *\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}*"])


def test_a_corpus_that_is_not_there_stops_the_run(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--corpus", "nowhere.jsonl")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*nowhere.jsonl*"])


def test_a_corpus_that_cannot_be_judged_is_an_error_not_a_failure(project: pytest.Pytester) -> None:
    (project.path / "two.csv").write_text("title,content\na,b,c\n", encoding="utf-8")
    result = project.runpytest_subprocess("--corpus", "two.csv")
    outcomes = result.parseoutcomes()
    assert outcomes["errors"] == 1
    assert outcomes["skipped"] > 30
    assert "failed" not in outcomes
    # The summary at the end says it again, cut short or, where CI is set, in full.
    said = result.stdout.str().split("short test summary")[0]
    assert said.count("two: no record was checked: the one piece of input was quarantined") == 1
    assert "Traceback" not in said
    assert "def " not in said


def test_the_fixture_gives_the_results(project: pytest.Pytester) -> None:
    project.makepyfile("def test_size(corpus_results):\n    assert corpus_results.corpus.checked == 2\n")
    project.runpytest_subprocess("--corpus", "news.jsonl", "-k", "test_size").assert_outcomes(passed=1)
    project.runpytest_subprocess("-k", "test_size").assert_outcomes(skipped=1)

"""Suites and check files: what is chosen, what may be overridden, what changes a hash, and how mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpusgate import packs, suites
from corpusgate.errors import Problem

CHECK = """
id: OWN001
summary: The invitation to our newsletter stands in the text.
why: It says nothing about the story, and a model that reads it often will say it too.
remedy: Exclude the element from the extractor.
signal: own_phrases
with: {phrases: ["Get the Harbour Letter"]}
fields: [text]
examples:
  bad: ["[[Get the Harbour Letter]]"]
  good: ["A letter."]
"""


def suite(folder: Path, text: str) -> suites.Suite:
    path = folder / "my.suite.yaml"
    path.write_text(text, encoding="utf-8")
    return suites.load_suite(path)


def own(folder: Path, text: str = CHECK, name: str = "house/letter") -> None:
    path = folder / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_families_names_and_ids_choose_checks_once_each(tmp_path: Path) -> None:
    chosen = suite(tmp_path, "name: a\nchecks: [dates, encoding/mojibake, ENC002, DAT001]\n")
    names = [check.name for check in chosen.checks]
    assert names == sorted(set(names))
    assert set(names) == {check.name for check in packs.built_in() if check.family == "dates"} | {"encoding/mojibake"}


def test_checks_beside_the_suite_join_the_built_in_ones(tmp_path: Path) -> None:
    own(tmp_path)
    assert [check.id for check in suite(tmp_path, "name: a\nchecks: [house, ENC001]\n").checks] == ["ENC001", "OWN001"]


@pytest.mark.parametrize(("text", "name"), [(CHECK.replace("OWN001", "ENC001"), "house/letter"), (CHECK, "encoding/mojibake")])
def test_an_id_or_a_name_is_given_once(tmp_path: Path, text: str, name: str) -> None:
    own(tmp_path, text, name)
    with pytest.raises(Problem, match="belongs to"):
        suite(tmp_path, "name: a\nchecks: [ENC001]\n")


def test_an_override_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    stock = {check.id: check for check in packs.built_in()}
    text = "name: a\nchecks: [boilerplate]\noverrides:\n  BLP007: {severity: info, expect: {max_records: 5}, with: {min_records: 9}}\n"
    changed = {check.id: check for check in suite(tmp_path, text).checks}
    assert (changed["BLP007"].severity, changed["BLP007"].expect.max_records) == ("info", 5)
    assert changed["BLP007"].with_ == {**stock["BLP007"].with_, "min_records": 9}
    assert changed["BLP007"].per == stock["BLP007"].per
    assert changed["BLP001"] == stock["BLP001"]


def test_a_hash_changes_with_a_bound_and_not_with_prose(tmp_path: Path) -> None:
    plain = suite(tmp_path, "name: a\nchecks: [encoding]\n")
    assert plain.hash == suite(tmp_path, "# a remark\nname: a\nchecks: [encoding]\n").hash
    for more in ("overrides: {ENC001: {expect: {mostly: 0.5}}}\n", "fields: {text: body}\n", "quarantine: {max_records: 3}\n"):
        assert plain.hash != suite(tmp_path, "name: a\nchecks: [encoding]\n" + more).hash
    check = plain.checks[0]
    assert check.hash == check.model_copy(update={"why": "another reason " * 5}).hash
    assert check.hash != check.model_copy(update={"severity": "info" if check.severity == "warn" else "warn"}).hash


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: OWN001", "id: own1", "house/letter.yaml: id"),
        ("signal: own_phrases", "signal: own_frases", "Did you mean 'own_phrases'"),
        ("with: {phrases:", "with: {phrase:", "with.phrase: unknown parameter 'phrase'. Did you mean 'phrases'"),
        ('["Get the Harbour Letter"]}\nfields', "7}\nfields", "with.phrases"),
        ("fields: [text]", "fields: [txt]", "Did you mean 'text'"),
        ("fields: [text]", "field: [text]", "unknown key 'field'. Did you mean 'fields'"),
        ("fields: [text]", "fields: [text]\nname: x", "A check's name is its path"),
        ("fields: [text]", "fields: [text]\nexpect: {mostly: 1.5}", "expect.mostly"),
        ("fields: [text]", "fields: [text]\nexpect: {most: 0.5}", "expect.most: unknown key 'most'. Did you mean 'mostly'"),
        ("fields: [text]", "fields: [text]\nper: {site: {mostly: 0.5}}", "per.site"),
        ("fields: [text]", "fields: [text]\nseverity: error", "severity"),
        ("  good: [", "  goood: [", "unknown key 'goood'. Did you mean 'good'"),
        ("why: It", "why: [It", "not YAML"),
        ("summary: The invitation to our newsletter stands in the text.\n", "", "summary: this key is missing"),
    ],
)
def test_a_mistake_in_a_check_file_says_where_what_and_how_to_mend_it(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in CHECK
    own(tmp_path, CHECK.replace(old, new))
    with pytest.raises(Problem) as raised:
        packs.load_folder(tmp_path)
    assert "house/letter.yaml" in str(raised.value)
    assert says in str(raised.value)


def test_a_kind_of_phrase_that_does_not_exist_is_named(tmp_path: Path) -> None:
    own(tmp_path, CHECK.replace("signal: own_phrases\nwith: {phrases: [", "signal: phrases\nwith: {kinds: [comment_from, "))
    with pytest.raises(Problem, match=r"'comment_from' is not a kind of phrase\. Did you mean 'comment_form'"):
        packs.load_folder(tmp_path)

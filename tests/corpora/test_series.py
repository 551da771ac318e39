"""Which files follow each other, by their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusgate.corpora.series import Place, Series


@pytest.mark.parametrize(
    "names",
    [
        ["part-1.jsonl", "part-2.jsonl", "part-9.jsonl", "part-10.jsonl", "part-11.jsonl"],
        ["train-00000-of-00003.parquet", "train-00001-of-00003.parquet", "train-00002-of-00003.parquet"],
        ["2023/12/news.csv.gz", "2024/1/news.csv.gz", "2024/2/news.csv.gz", "2024/10/news.csv.gz"],
        ["CC-NEWS-20240131235959-00412.warc.gz", "CC-NEWS-20240201002233-00413.warc.gz", "CC-NEWS-20240201011745-00414.warc.gz"],
    ],
)
def test_numbers_tell_the_order(names: list[str]) -> None:
    found = Series.of(list(enumerate(sorted(names))))
    assert found.names == tuple(names)
    assert {sorted(names)[index]: place for index, place in found.places.items()} == {name: (0, i) for i, name in enumerate(names)}


@pytest.mark.parametrize(
    "names",
    [[], ["news.jsonl"], ["part-1.jsonl", "part-2.jsonl"], ["a.jsonl", "b.jsonl", "c.jsonl"], ["en-1.csv", "en-2.csv", "fr-1.csv"],
     ["part-1.jsonl", "part-2.csv", "part-3.parquet"], ["blog٣.csv", "blog٤.csv", "blog٥.csv"]],
    ids=["none", "one", "two", "no numbers", "pairs", "of several kinds", "other numerals"],
)  # fmt: skip
def test_other_files_follow_nobody(names: list[str]) -> None:
    assert Series.of(list(enumerate(names))) == Series((), {})


def test_each_name_makes_a_series_of_its_own() -> None:
    names = ["b1", "a10", "b2", "a9", "other", "b3", "a11"]
    found = Series.of(list(enumerate(names)))
    assert found.names == ("a9", "a10", "a11", "b1", "b2", "b3")
    assert found.places[1] == Place(0, 1)
    assert found.places[5] == Place(3, 5)
    assert 4 not in found.places


@given(st.lists(st.text("ab01-", max_size=6), max_size=12))
def test_places_and_names_agree(names: list[str]) -> None:
    found = Series.of(list(enumerate(names)))
    assert sorted(place.file for place in found.places.values()) == list(range(len(found.names)))
    for index, (series, file) in found.places.items():
        assert found.names[file] == names[index]
        assert series <= file
        assert sum(other.series == series for other in found.places.values()) >= 3

"""Shapes of dates beside the reader that reads each by itself, and lines with later years beside an obvious search."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpusgate.kernels.date_shapes import RUNS, shapes
from corpusgate.kernels.years import NEAR, near_later_years
from corpusgate.signals.date_columns import read_column
from corpusgate.signals.date_recipes import made_of
from corpusgate.signals.written_dates import read

NUMBERS = ["arabic-indic", "extended arabic-indic", "devanagari", "bengali", "fullwidth"]

#: Dates as pages write them; each number becomes any number.
FORMS = [
    "17 May 2024", "Friday, May 17, 2024 10:30 pm", "17.05.2024, 10:30 Uhr", "05/17/2024", "17/05/24", "17-May-24", "17.5.", "2024.05.17",
    "2024/05/17 10:30:15 +0200", "2024-05-17T10:30:15-05:00", "Fri, 17 May 2024 10:30:15 GMT", "2024年5月17日 10:30", "令和6年5月17日",
    "17 พฤษภาคม 2567", "1403/02/28", "28 اردیبهشت 1403", "9 ذو القعدة 1445", "الجمعة، 17 أيار / مايو 2024", "17 de mayo de 2024, 10h30",
    "17 Mai 2024 - 5 Min.", "17 May 2024 | Updated: 18 May 2024", "May 17, 2024 - 3:15 AM EST", "05 Tháng 5 2024", "24:05:17 10:30",
    "2024:05:17 10:30:15", "1,5 17 May '24", "17-05-2024 – 14:30", "5 comments", "2 hours ago", "17 May 2024 um 10.30 Uhr",
]  # fmt: skip
LANGUAGES = ["", "en", "en-gb", "de", "fr", "es", "th", "ar", "fa", "ja", "zh", "vi"]


def scan(values: list[str]) -> tuple[list[int], list[list[int]]]:
    raw = [value.encode() for value in values]
    ends = np.cumsum([0, *map(len, raw)])
    keys, numbers = shapes(np.frombuffer(b"".join(raw), np.uint8), ends[:-1], ends[1:])
    return keys.tolist(), numbers.tolist()


@st.composite
def dates(draw: st.DrawFn) -> str:
    """A form with other numbers, mostly such as dates have."""

    def other(match: re.Match[str]) -> str:
        size = len(match[0])
        likely = st.integers(1990, 2030) if size == 4 else st.integers(1, 31)
        number = draw(st.one_of(likely, st.integers(0, 10**size - 1)))
        return str(number).zfill(draw(st.sampled_from((size, 1))))

    form = re.sub(r"\d+", other, draw(st.sampled_from(FORMS)))
    script = draw(st.sampled_from([None, None, None, *NUMBERS]))
    return form if script is None else in_script(form, script)


def in_script(text: str, script: str) -> str:
    return "".join(unicodedata.lookup(f"{script} digit {unicodedata.name(c)[6:]}") if c in "0123456789" else c for c in text)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(dates(), st.sampled_from(LANGUAGES)), min_size=1, max_size=30))
def test_a_column_says_what_its_dates_say_one_by_one(cells: list[tuple[str, str]]) -> None:
    values, languages = [value for value, _ in cells], [language for _, language in cells]
    found = read_column(pa.array(values), [language[:2] for language in languages], pa.array(languages))
    columns = (found.day, found.clock, found.zone, found.reason, found.order, found.first, found.second)
    for value, language, *row in zip(values, languages, *(column.tolist() for column in columns), strict=True):
        assert row == made_of(read(value, language))[:-1], (value, language)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from("0123456789٤۵०৭５ :-+./aé\n"), max_size=20), min_size=1, max_size=5))
def test_any_text_has_a_shape_and_its_numbers(values: list[str]) -> None:
    for value, key, numbers in zip(values, *scan(values), strict=True):
        if key != 0:
            runs = re.findall("[0-9]+|[٠-٩]+|[۰-۹]+|[०-९]+|[০-৯]+|[０-９]+", value)
            assert numbers == [int(run) for run in runs] + [0] * (RUNS - len(runs))


@pytest.mark.parametrize("other", ["18 May 2024", "17 May 2023", "14 May 2019"])
def test_dates_that_differ_in_numbers_of_a_class_have_one_shape(other: str) -> None:
    keys, _ = scan(["17 May 2024", other])
    assert keys[0] == keys[1] != 0


@pytest.mark.parametrize("other", ["7 May 2024", "27 May 2024", "17 May 1924", "17 Mai 2024", "17 May 2024 ", "17 May ٢٠٢٤", "17 May 1403"])
def test_dates_of_other_classes_have_another(other: str) -> None:
    keys, _ = scan(["17 May 2024", other])
    assert keys[0] != keys[1]


@pytest.mark.parametrize("value", ["12345 May 2024", "1 2 3 4 5 6 7 8 9", "1٢ May 2024", "x" * 200])
def test_what_has_no_shape(value: str) -> None:
    assert scan([value])[0] == [0]


def later(line: str, limit: int, farthest: int) -> bool:
    """The same by an expression, place by place in bytes."""
    spots = [
        (len(line[: run.start()].encode()), len(line[: run.end()].encode()), run[0])
        for run in re.finditer(r"[0-9٠-٩۰-۹०-९০-৯０-９]+", line)
    ]
    years = [(start, end) for start, end, run in spots if len(run) == 4 and limit < int(run) <= limit + farthest]
    days = [(start, end) for start, end, run in spots if len(run) <= 2]
    return any(0 <= day[0] - year[1] <= NEAR or 0 <= year[0] - day[1] <= NEAR for year in years for day in days)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from("0123459٢۳ aé"), max_size=40), max_size=6), st.integers(1990, 2030), st.integers(1, 40))
def test_lines_with_later_years_are_found(texts: list[str], limit: int, farthest: int) -> None:
    lines = [*texts, f"3 May {limit + 1}", f"3 May {limit}", f"{limit + 1}", f"3{'x' * NEAR} {limit + 1}"]
    raw = [line.encode() for line in lines]
    ends = np.cumsum([0, *map(len, raw)])
    data = np.frombuffer(b"".join(raw), np.uint8)
    years = [np.full(len(lines), year, np.int64) for year in (limit, limit + farthest)]
    found = near_later_years(data, ends[:-1], ends[1:], *years)
    assert found.tolist() == [later(line, limit, farthest) for line in lines]

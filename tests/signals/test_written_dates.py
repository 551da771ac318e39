"""Written dates that are easily misread."""

from __future__ import annotations

from datetime import date

import pytest

from corpusgate import inspect
from corpusgate.signals.written_dates import read


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("Nov 12, 2023 1:00 AMNov 17, 2023 6:02 PM", "ambiguous"),
        ("Nov 12, 2023 1:00AMNov 17, 2023 6:02PM", "ambiguous"),
        ("Nov 12, 2023 1:00 AM", "read"),
        ("1:00 AMNov 17, 2023", "read"),
    ],
)
def test_two_dates_glued_together_are_not_one(raw: str, reason: str) -> None:
    assert read(raw, "en").reason == reason


def test_the_day_of_a_glued_date_is_read() -> None:
    assert read("1:00 AMNov 17, 2023", "en").day == date(2023, 11, 17)


@pytest.mark.parametrize("text", ["Tues, 4 May 2020", "Tues 4 May 2020", "Thurs, 4 May 2020", "4 May 2020, Tues", "Tues, May 4, 2020"])
def test_weekdays_cut_short_by_hand_are_weekdays(text: str) -> None:
    found = inspect({"headline": "The pier opens", "text": f"It opened on {text}."}, None)
    assert [finding.match for finding in found if finding.check == "dates/weekday-contradiction"] == [text]


@pytest.mark.parametrize(
    ("raw", "language"),
    [
        ("2024-W20-5", ""),
        ("2024W205", ""),
        ("/Date(1715932800000)/", ""),
        ("D:20240517083000+02'00'", ""),
        ("2024:05:17 08:30:00", ""),
        ("@1715932800", ""),
        ("1.7159328e+09", ""),
        ("1.7159328E9", ""),
        ("1.7159328e+12", ""),
        ("the 17th day of May, 2024", "en"),
        ("17 พ.ค. 67", "th"),
        ("วันศุกร์ที่ 17 พฤษภาคม พ.ศ. 2567", "th"),
        ("17/05/2567", "th"),
        ("2024 թ. մայիսի 17", "hy"),
        ("2024ko maiatzaren 17a", "eu"),
        ("2024. gada 17. maijā", "lv"),
        ("2024 оны 5-р сарын 17", "mn"),
        ("2024 оны тавдугаар сарын 17", "mn"),
        ("2024 жылғы 17 мамыр", "kk"),
        ("2024-yil 17-may", "uz"),
        ("17 майи 2024", "tg"),
        ("17 مايو-ماي 2024", "ar"),
        ("09/11/1445 هـ", ""),
        ("1445/11/09", "ar"),
        ("28/2/1403", "fa"),
        ("28 غویی 1403", "ps"),
        ("二〇二四年五月十七日", "zh"),
        ("令和六年五月十七日", "ja"),
        ("R6.5.17", "ja"),
    ],
)
def test_forms_of_machines_languages_and_calendars(raw: str, language: str) -> None:
    assert read(raw, language).day == date(2024, 5, 17)


@pytest.mark.parametrize(
    ("raw", "language", "day"),
    [
        ("17 जन॰ 2024", "hi", date(2024, 1, 17)),
        ("17 בינו׳ 2024", "he", date(2024, 1, 17)),
        ("令和元年5月1日", "ja", date(2019, 5, 1)),
        ("二〇一九年十二月三十一日", "zh", date(2019, 12, 31)),
    ],
)
def test_names_with_signs_and_numbers_in_characters(raw: str, language: str, day: date) -> None:
    assert read(raw, language).day == day


@pytest.mark.parametrize(
    ("raw", "language"),
    [("1.5e+3", ""), ("2024-138", ""), ("113年5月17日", "zh"), ("v6.5.17", "ja"), ("31/13/1403", "fa"), ("3e+12.1", "")],
)
def test_what_might_be_something_else_is_no_date(raw: str, language: str) -> None:
    assert read(raw, language).day is None

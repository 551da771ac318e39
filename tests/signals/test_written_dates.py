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

"""Dates told by their distance from the crawl: what is counted, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpusgate
from corpusgate.signals.date_distances import distance
from corpusgate.strategies.clean import clean_records

CRAWL = datetime(2026, 5, 17, 1, 30, tzinfo=UTC)
DAYS = {
    "en": "{} days ago",
    "de": "vor {} Tagen",
    "fr": "il y a {} jours",
    "ar": "قبل {} يومًا",
    "zh": "{}天前",
    "ru": "{} дней назад",
    "es": "hace {} días",
}


def published_days(written: list[str], crawled: str | None, tmp_path_factory: pytest.TempPathFactory) -> list[date | None]:
    """What `signals.parquet` says was read, a record each."""
    out = tmp_path_factory.mktemp("run")
    rows = [{**record, "published": text} for record, text in zip(clean_records(len(written), "en", Random(1)), written, strict=True)]
    for row in rows:
        row["modified"], row["crawled"] = "", crawled or ""
    corpusgate.check(pd.DataFrame(rows), out=out, today=date(2026, 11, 1))
    return [None if pd.isna(day) else day for day in pd.read_parquet(out / "signals.parquet", columns=["published_day"])["published_day"]]


@settings(max_examples=200, deadline=None)
@given(number=st.integers(1, 300), language=st.sampled_from(sorted(DAYS)), around=st.sampled_from(("{}", "  {} ", "({})")))
def test_days_in_figures(number: int, language: str, around: str) -> None:
    back = distance(around.format(DAYS[language].format(number)))
    assert back is not None
    assert timedelta(seconds=back.seconds) == timedelta(days=number)
    assert back.by_day


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=90))
def test_no_text_is_too_odd(text: str) -> None:
    back = distance(text)
    assert back is None or back.seconds >= 0


@pytest.mark.parametrize(
    "text", ["2 months ago", "2 hours ago, 3 comments", "2 hours ago or 3 days ago", "ago", "2024-05-17", "99999999999999 days ago", ""]
)
def test_what_is_refused(text: str) -> None:
    assert distance(text) is None


def test_the_crawl_is_counted_from(tmp_path_factory: pytest.TempPathFactory) -> None:
    written = ["2 hours ago", "gestern, 14:30 Uhr", "منذ ساعتين", "vor 3 Tagen", "2 months ago", "5 minutes ago"]
    day = CRAWL.date()
    expected = [day - timedelta(days=back) if back is not None else None for back in (1, 1, 1, 3, None, 0)]
    assert published_days(written, CRAWL.isoformat(), tmp_path_factory) == expected
    # Of a day alone, hours say nothing.
    assert published_days(written, day.isoformat(), tmp_path_factory) == [
        None,
        day - timedelta(days=1),
        None,
        day - timedelta(days=3),
        None,
        None,
    ]
    assert published_days(written, None, tmp_path_factory) == [None] * len(written)

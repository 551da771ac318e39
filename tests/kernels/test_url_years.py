"""Which addresses may have a date, beside a plain expression; and the dates of addresses."""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.years import hold_years
from corpusgate.signals.date_columns import as_bytes
from corpusgate.signals.dates import _url_dates

PIECES = st.lists(st.sampled_from(["/", "=", "-", "2024", "1998", "20240517", "17", "may", "x", "é", "18", "20"]), max_size=8).map("".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=5))
def test_years_behind_a_slash_or_an_equals_sign(urls: list[str]) -> None:
    expected = [re.search(r"[/=](?:20|19)..[-/0-9]", url, re.DOTALL | re.ASCII) is not None for url in map(_narrow, urls)]
    assert hold_years(*as_bytes(pa.array(urls))).tolist() == expected


def _narrow(url: str) -> str:
    """A character a byte, as the kernel counts."""
    return url.encode().decode("latin-1")


def test_dates_of_addresses() -> None:
    urls = {
        "https://a.example/2024/05/17/x": date(2024, 5, 17),
        "https://a.example/20240517/x": date(2024, 5, 17),
        "https://a.example/20240517": None,
        "https://a.example/20241341/x": None,
        "https://a.example/2023/feb/30/x": None,
        "https://a.example/2023/feb/11/": date(2023, 2, 11),
        "https://a.example/x?date=2023-02-11#top": date(2023, 2, 11),
        "https://a.example/x?date=20230211": date(2023, 2, 11),
        "https://a.example/x?update=2023-02-11": None,
        "https://a.example/x?go=/2023/02/11/": None,
    }
    assert _url_dates(pa.array(list(urls))) == list(urls.values())

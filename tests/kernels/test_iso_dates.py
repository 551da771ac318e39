"""Machine-written dates read by the column, beside Python's own reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.iso_dates import NONE, days_since_epoch, parse

EPOCH = date(1970, 1, 1).toordinal()


def read(values: list[str]) -> list[tuple[int, int] | None]:
    raw = [value.encode() for value in values]
    known, day, second = parse(np.frombuffer(b"".join(raw), np.uint8), np.cumsum([0, *map(len, raw)]))
    return [(d, s) if k else None for k, d, s in zip(known.tolist(), day.tolist(), second.tolist(), strict=True)]


zones = st.one_of(st.none(), st.just(UTC), st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))))
moments = st.datetimes(datetime(1500, 1, 1), datetime(9999, 12, 30), timezones=zones)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(moments, st.sampled_from("T "), st.sampled_from(["minutes", "seconds", "microseconds"])), max_size=5))
def test_what_python_writes_is_read_as_python_reads_it(made: list[tuple[datetime, str, str]]) -> None:
    written = [moment.isoformat(sep, precision) for moment, sep, precision in made]
    for value, got in zip(written, read(written), strict=True):
        moment = datetime.fromisoformat(value)
        seconds = int((moment.replace(tzinfo=None, microsecond=0) - datetime(1970, 1, 1)).total_seconds())
        offset = moment.utcoffset()
        assert got == (moment.toordinal() - EPOCH, seconds - (int(offset.total_seconds()) if offset else 0))
    days = [moment.date().isoformat() for moment, _, _ in made]
    assert read(days) == [(moment.toordinal() - EPOCH, NONE) for moment, _, _ in made]


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("0123456789-:TZ+. "), max_size=30), st.integers(0, 30), st.sampled_from("0123456789-:TZ+. x"))
def test_nothing_is_read_that_python_refuses(noise: str, place: int, character: str) -> None:
    tampered = "2026-03-01T10:20:30+01:00"
    tampered = tampered[:place] + character + tampered[place + 1 :]
    for value, got in zip([noise, tampered], read([noise, tampered]), strict=True):
        if got is not None:
            assert datetime.fromisoformat(value.replace(" ", "T", 1)).toordinal() - EPOCH == got[0]


LEFT = (
    "|2026-02-30|2026-13-01|2026-00-10|2026-01-00|2025-02-29|1900-02-29|1403-05-05|0001-01-01|2026-03-01T24:00|2026-3-1|2026-03-01T10|"
    "2026-03-01T10:20:61|2026-03-01T10:20:30.1234567|2026-03-01T10:20+0100|2026-03-01x|20260301|2026/03/01"
)


@pytest.mark.parametrize("value", LEFT.split("|"))
def test_all_else_is_left_to_the_strict_reader(value: str) -> None:
    assert read([value]) == [None]


def test_days_are_those_of_the_calendar() -> None:
    for ordinal in (*range(1, 3_652_060, 997), 730_179, 730_180, 730_181):
        day = date.fromordinal(ordinal)
        assert days_since_epoch(day.year, day.month, day.day) == ordinal - EPOCH

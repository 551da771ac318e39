"""Machine-written dates read by the column, beside Python's own reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.iso_dates import NONE, days_since_epoch, parse

EPOCH = date(1970, 1, 1).toordinal()


def read(values: list[str]) -> list[tuple[int, int, int] | None]:
    """Day, second of the day and offset of each, as far as it was read."""
    raw = [value.encode() for value in values]
    known, *parts = parse(np.frombuffer(b"".join(raw), np.uint8), np.cumsum([0, *map(len, raw)]))
    return [tuple(row) if k else None for k, *row in zip(known.tolist(), *(part.tolist() for part in parts), strict=True)]


zones = st.one_of(st.none(), st.just(UTC), st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))))
moments = st.datetimes(datetime(1500, 1, 1), datetime(9999, 12, 30), timezones=zones)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(moments, st.sampled_from("T "), st.sampled_from(["minutes", "seconds", "microseconds"])), max_size=5))
def test_what_python_writes_is_read_as_python_reads_it(made: list[tuple[datetime, str, str]]) -> None:
    written = [moment.isoformat(sep, precision) for moment, sep, precision in made]
    for value, got in zip(written, read(written), strict=True):
        moment = datetime.fromisoformat(value)
        offset = moment.utcoffset()
        zone = NONE if offset is None else int(offset.total_seconds())
        assert got == (moment.toordinal() - EPOCH, moment.hour * 3600 + moment.minute * 60 + moment.second, zone)
    days = [moment.date().isoformat() for moment, _, _ in made]
    assert read(days) == [(moment.toordinal() - EPOCH, NONE, NONE) for moment, _, _ in made]


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("0123456789-:TZ+. "), max_size=30), st.integers(0, 30), st.sampled_from("0123456789-:TZ+. x"))
def test_nothing_is_read_that_python_refuses(noise: str, place: int, character: str) -> None:
    tampered = "2026-03-01T10:20:30+01:00"
    tampered = tampered[:place] + character + tampered[place + 1 :]
    for value, got in zip([noise, tampered], read([noise, tampered]), strict=True):
        if got is not None and value.isdecimal() and len(value) not in (8, 14):
            # Seconds since 1970, and parts of them.
            assert divmod(int(value[:10]), 86_400) == got[:2]
        elif got is not None:
            assert datetime.fromisoformat(value.replace(" ", "T", 1)).toordinal() - EPOCH == got[0]


LEFT = (
    "|2026-02-30|2026-13-01|2026-00-10|2026-01-00|2025-02-29|1900-02-29|1403-05-05|0001-01-01|2026-03-01T24:00|2026-3-1|2026-03-01T10|"
    "2026-03-01T10:20:61|2026-03-01T10:20:30.1234567|2026-03-01T10:20+0100|2026-03-01x|20260230|2026/03/01|2024051710|123456789|"
    "20260301256000|18991231|1715932800.5|171593280012345|-1715932800"
)


@pytest.mark.parametrize("value", LEFT.split("|"))
def test_all_else_is_left_to_the_strict_reader(value: str) -> None:
    assert read([value]) == [None]


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1970, 1, 1, 0, 0, 1), datetime(2199, 12, 30)))
def test_digits_alone_are_days_and_epochs(moment: datetime) -> None:
    second = int(moment.replace(tzinfo=UTC).timestamp())
    day, clock = second // 86_400, second % 86_400
    if moment.year >= 2002:
        # Before, the seconds have nine digits.
        epochs = [f"{second}{part}" for part in ("000", "123456", "123456789")] if second < 10**10 else []
        assert read(epochs) == [(day, clock, 0)] * len(epochs)
    assert read([f"{moment:%Y%m%d}", f"{moment:%Y%m%d%H%M%S}"]) == [(day, NONE, NONE), (day, clock, NONE)]


def test_days_are_those_of_the_calendar() -> None:
    for ordinal in (*range(1, 3_652_060, 997), 730_179, 730_180, 730_181):
        day = date.fromordinal(ordinal)
        assert days_since_epoch(day.year, day.month, day.day) == ordinal - EPOCH

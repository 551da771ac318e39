"""Corruptors of dates: see `corruptors`."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from corpusgate.strategies.clean import Record
from corpusgate.strategies.corruptors import corruptor, into


def _published(check: str, *choices: str) -> None:
    def damage(records: list[Record], random: Random) -> None:
        records[0]["published"] = random.choice(choices)
        records[0]["modified"] = ""

    damage.__doc__ = "Writes a publication date that cannot be right."
    corruptor(check)(damage)


_published("dates/missing", "", "  ")
_published("dates/unreadable", "soon", "2026-13-45", "31 February 2026", "قريبا")
_published("dates/several-days", "17-19 May 2026", "12-14 mai 2026", "2026-03-04/2026-03-06", "1-3 يناير 2026")
_published("dates/in-the-future", "2027-05-01T08:00:00Z", "2031-01-01")
_published("dates/sentinel", "1970-01-01T00:00:00Z", "1900-01-01", "0001-01-01T00:00:00")


@corruptor("dates/after-modified")
def _after_modified(records: list[Record], random: Random) -> None:
    """Says that the record was modified before it was published."""
    day = datetime.fromisoformat(records[0]["published"]) - timedelta(days=random.randrange(3, 90))
    records[0]["modified"] = f"{day:%Y-%m-%dT%H:%M:%SZ}"


@corruptor("dates/weekday-contradiction")
def _weekday(records: list[Record], random: Random) -> None:
    """Names a weekday on which the date does not fall."""
    line = random.choice(("Published on Monday, 3 March 2026.", "Am Freitag, 3. März 2026, tagt der Rat.", "يوم الاثنين 3 مارس 2026"))
    records[0]["text"] = into(records[0]["text"], line, random)


@corruptor("dates/months-contradict")
def _months(records: list[Record], random: Random) -> None:
    """Names two months as one."""
    line = random.choice(("12 شباط / مارس 2026", "نشر في 5 كانون الثاني / ديسمبر 2025"))
    records[0]["text"] = into(records[0]["text"], line, random)


@corruptor("dates/impossible-day")
def _impossible(records: list[Record], random: Random) -> None:
    """Names a day that no calendar has."""
    line = random.choice(("It was closed on 30 February 2021.", "Am 31. April 2020 begann der Umbau.", "افتتح يوم 31 نيسان 2020"))
    records[0]["text"] = into(records[0]["text"], line, random)


@corruptor("dates/url-contradiction")
def _url(records: list[Record], random: Random) -> None:
    """Gives the record a url of another day."""
    records[0]["url"] = f"https://{records[0]['source']}/2024/0{random.randrange(1, 10)}/17/story"


@corruptor("dates/piled-up", records=44)
def _piled(records: list[Record], random: Random) -> None:
    """Puts the time of an import on most records of a source."""
    for record in records[:30]:
        record["published"], record["modified"] = "2026-08-03T03:14:15Z", ""


_published("dates/relative", "2 months ago", "vor 2 Monaten", "منذ شهرين", "14:30")


def _day(record: Record) -> datetime:
    return datetime.fromisoformat(record["published"])


@corruptor("dates/ambiguous", records=2)
def _ambiguous(records: list[Record], random: Random) -> None:
    """Writes the date in numbers that can be read in two ways, in a language that does not say which."""
    records[0]["published"] = f"0{random.randrange(1, 5)}/0{random.randrange(5, 9)}/2026"
    records[0]["language"], records[0]["modified"] = "en", ""


@corruptor("dates/orders-mixed", records=6)
def _mixed(records: list[Record], random: Random) -> None:
    """Writes the day first, but for one record."""
    for i, record in enumerate(records):
        day = _day(record).replace(day=random.randrange(13, 29))
        record["published"], record["modified"] = f"{day:%m/%d/%Y}" if i == 0 else f"{day:%d/%m/%Y}", ""


@corruptor("dates/day-and-month-swapped", records=30)
def _swapped(records: list[Record], random: Random) -> None:
    """Reads 04/05 as April where it is May, in an archive of two months."""
    year = _day(records[0]).year
    for i, record in enumerate(records):
        day = _day(record).replace(year=year, month=2 + i % 2, day=1 + i * 5 % 28)
        if day.day <= 12 and day.day not in (2, 3):
            day = day.replace(month=day.day, day=day.month)
        record["published"], record["modified"] = f"{day:%Y-%m-%d}", ""


@corruptor("dates/time-of-day-lost", records=20)
def _midnight(records: list[Record], random: Random) -> None:
    """Fills in midnight where there is no time of day."""
    for record in records:
        record["published"], record["modified"] = f"{_day(record):%Y-%m-%d}T00:00:00Z", ""


@corruptor("dates/time-zone-lost", records=20)
def _zone(records: list[Record], random: Random) -> None:
    """Takes the midnight of another time zone for UTC."""
    hour = random.choice(("18:30", "21:00", "22:00", "23:00"))
    for record in records:
        record["published"], record["modified"] = f"{_day(record):%Y-%m-%d}T{hour}:00Z", ""


@corruptor("dates/one-second", records=20)
def _second(records: list[Record], random: Random) -> None:
    """Puts the time of an import on some records of a source."""
    second = f"2026-08-03T03:14:{random.randrange(60):02}Z"
    for record in records[:10]:
        record["published"], record["modified"] = second, ""


@corruptor("dates/before-source", records=50)
def _before(records: list[Record], random: Random) -> None:
    """Takes a date in an article for that of its publication."""
    records[0]["published"], records[0]["modified"] = f"{random.randrange(1998, 2015)}-06-{random.randrange(1, 31):02}", ""


@corruptor("dates/headline-contradiction", records=2)
def _headline(records: list[Record], random: Random) -> None:
    """Reads the date of a page in the wrong order, while its headline says the right one."""
    day = _day(records[0]).replace(month=random.randrange(1, 6), day=random.randrange(6, 10))
    records[0]["headline"] += f" - {day:%Y-%m-%d}"
    records[0]["published"], records[0]["modified"] = f"{day.replace(month=day.day, day=day.month):%Y-%m-%d}", ""


@corruptor("dates/later-dates-in-text")
def _later(records: list[Record], random: Random) -> None:
    """Leaves an old date on a text that was written anew."""
    line = random.choice(("The bridge was closed on 3 March 2024.", "Am 14. August 2024 begann der Umbau.", "افتتح الجسر يوم 12 مارس 2024"))
    records[0]["text"] = into(records[0]["text"], line, random)
    records[0]["published"], records[0]["modified"] = "2019-05-17", ""

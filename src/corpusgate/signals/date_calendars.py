"""Days of the Gregorian, the Iranian and the Islamic calendar from year, month and day; None where there is no such day."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpusgate.signals.date_names_more import HIJRI, JALALI

#: Years of the Iranian calendar that are converted: 1921 to 2042, where the rule below agrees with the published calendar.
JALALI_YEARS = range(1300, 1421)

#: Years of the 33-year cycle that are leap years (Birashk's short cycle, as Iran's official calendar has it in those years).
_JALALI_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))

#: 1 Farvardin 1300.
_JALALI_BEGIN = date(1921, 3, 21).toordinal()

#: Years of the Islamic calendar that are converted: 1970 to 2077.
HIJRI_YEARS = range(1390, 1501)

#: 1 Muharram 1390.
_HIJRI_BEGIN = date(1970, 3, 9).toordinal()

#: Months of 30 days in those years, a bit each, as Umm al-Qura, the civil calendar of Saudi Arabia, has them (R.H. van Gent's
#: tables, through hijridate 2.6.0). Elsewhere months begin when the moon is seen, a day earlier or later.
_HIJRI_LONG = (
    "ab4aab2aba2baa6b4aba55aaab5556d2b54aea57526e936aaad555aa5b52ba95b49ba4db25d52daa5ad4aea56d4bd23d91da"
    "95b4ab5a56d2b693b49b6556a9754b6a56caad555b29b92ba95d4ada55aaab595749764baa5b52b6a56d2ae9572a75535a95"
    "d49ba4dd26d535aaaad4b6a57527a95b4ab5536c9ae4b6a96b4ada55d25d92dc96d4ad6556d2b693749b64d72ab54b6a5752"
    "b6956b2ad94dc95d4aea56caad5556c97"
)

#: The Thai year counts from 543 before the Gregorian one.
BUDDHIST = 543

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether a Gregorian year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def gregorian_days(year: int, month: int) -> int:
    """How many days a Gregorian month has; `month` is 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _DAYS[month]


def _jalali_days(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or year % 33 in _JALALI_LEAP else 29


@cache
def month_starts(calendar: int) -> tuple[int, NDArray[np.int64]]:
    """The first year of a calendar's table, and the first day of each month from there on, with the day after the last.

    Args:
        calendar: 0 for the Gregorian years 1000 to 2199, JALALI or HIJRI for those that are converted.

    Returns:
        The year, and int64 (12 * years + 1,): proleptic Gregorian ordinals as in `date.toordinal`.
    """
    if calendar == HIJRI:
        bits = f"{int(_HIJRI_LONG, 16):0{12 * len(HIJRI_YEARS)}b}"
        first, begin, lengths = HIJRI_YEARS.start, _HIJRI_BEGIN, [29 + (bit == "1") for bit in bits]
    elif calendar == JALALI:
        first, begin = JALALI_YEARS.start, _JALALI_BEGIN
        lengths = [_jalali_days(year, month) for year in JALALI_YEARS for month in range(1, 13)]
    else:
        first, begin = 1000, date(1000, 1, 1).toordinal()
        lengths = [gregorian_days(year, month) for year in range(1000, 2200) for month in range(1, 13)]
    return first, begin + np.cumsum([0, *lengths], dtype=np.int64)


def _converted(calendar: int, year: int, month: int, day: int) -> date | None:
    first, starts = month_starts(calendar)
    at = 12 * (year - first) + month - 1
    if not (1 <= month <= 12 and 0 <= at < len(starts) - 1 and 1 <= day <= starts[at + 1] - starts[at]):
        return None
    return date.fromordinal(int(starts[at]) + day - 1)


def jalali(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of an Iranian date; None where there is no such day or the year is not in JALALI_YEARS."""
    return _converted(JALALI, year, month, day)


def hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of an Islamic date; None where there is no such day or the year is not in HIJRI_YEARS."""
    return _converted(HIJRI, year, month, day)


def is_thai(name: str) -> bool:
    """Whether the name of a month begins with a letter of Thai."""
    return "\N{THAI CHARACTER KO KAI}" <= name[:1] <= "\N{THAI CHARACTER KHOMUT}"


def _gregorian_year(year: int, language: str, name: str) -> int:
    """The year of a date with a Gregorian month; 0 where it cannot be told."""
    if 2400 <= year <= 2699:
        return year - BUDDHIST if language == "th" or is_thai(name) else 0
    if year > 2199 or (year < 1500 and language in ("fa", "ps")):
        return 0
    return year


def length_of_month(year: int, month: int, language: str = "", name: str = "") -> int:
    """Days of a month by its code in `date_names`; 0 where year and month do not go together."""
    if month > HIJRI:
        return 0
    if month > JALALI:
        return _jalali_days(year, month - JALALI) if year in JALALI_YEARS else 0
    known = _gregorian_year(year, language, name)
    return gregorian_days(known, month) if known and 1 <= month <= 12 else 0


def day_of(year: int, month: int, day: int, language: str = "", name: str = "") -> date | None:
    """The day of a year, a month's code in `date_names` and a day of the month.

    Args:
        year: as written; Buddhist years are converted where the month's name is Thai.
        month: 1 to 12, or that plus JALALI.
        day: of the month.
        language: of the text, or empty.
        name: the month as written, folded.
    """
    if not 1 <= day <= length_of_month(year, month, language, name):
        return None
    if month > JALALI:
        return jalali(year, month - JALALI, day)
    return date(_gregorian_year(year, language, name), month, day)

"""Days of the Gregorian and the Iranian calendar from year, month and day; None where there is no such day."""

from __future__ import annotations

from datetime import date

from corpusgate.signals.date_names_more import HIJRI, JALALI

#: Years of the Iranian calendar that are converted: 1921 to 2042, where the rule below agrees with the published calendar.
JALALI_YEARS = range(1300, 1421)

#: Years of the 33-year cycle that are leap years (Birashk's short cycle, as Iran's official calendar has it in those years).
_JALALI_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))

#: 1 Farvardin 1300.
_JALALI_BEGIN = date(1921, 3, 21).toordinal()

#: The Thai year counts from 543 before the Gregorian one.
_BUDDHIST = 543

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


def jalali(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of an Iranian date; None where there is no such day or the year is not in JALALI_YEARS."""
    if year not in JALALI_YEARS or not 1 <= month <= 12 or not 1 <= day <= _jalali_days(year, month):
        return None
    leaps = sum(past % 33 in _JALALI_LEAP for past in range(JALALI_YEARS.start, year))
    months = 31 * (month - 1) - max(0, month - 7)
    return date.fromordinal(_JALALI_BEGIN + 365 * (year - JALALI_YEARS.start) + leaps + months + day - 1)


def _gregorian_year(year: int, language: str, name: str) -> int:
    """The year of a date with a Gregorian month; 0 where it cannot be told."""
    if 2400 <= year <= 2699:
        thai = language == "th" or (name[:1] and "\N{THAI CHARACTER KO KAI}" <= name[0] <= "\N{THAI CHARACTER KHOMUT}")
        return year - _BUDDHIST if thai else 0
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

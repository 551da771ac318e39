"""Reads dates as pages write them, and would rather say nothing than guess.

What decides the order of numbers: a part above twelve; the order that the caller knows of the source; the language, where
it puts the day first (CLDR); the weekday beside. Two different dates in one string, unless the second is that of an
update, or a day that does not exist: nothing is read, and the reason says why.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from corpusgate.signals.date_calendars import HIJRI_YEARS, JALALI_YEARS, day_of
from corpusgate.signals.date_numbers import Order
from corpusgate.signals.date_words import Reading, Reason, read_words

__all__ = ["LONGEST", "Order", "Reading", "Reason", "machine", "read"]

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400

#: Longer strings are no dates: only so many characters are looked at.
LONGEST = 400


def read(raw: str, language: str = "", numeric_order: Order = "") -> Reading:
    """Read a written date.

    Args:
        raw: a date as a page or a machine wrote it, with what stands around it.
        language: code of the page's language, with its country where that is known ("en-GB"); or empty.
        numeric_order: "dmy" or "mdy" where it is known how the source writes dates in numbers.
    """
    # Cut before it is kept in mind: a field may hold a whole page.
    return _read(raw.strip()[:LONGEST], language, numeric_order)


@lru_cache(maxsize=16_384)
def _read(text: str, language: str, order: Order) -> Reading:
    return machine(text) or read_words(text, language, order).reading


#: What stands around an epoch or a run of digits in .NET's JSON, in PDF and in shells.
_AROUND = (("/Date(", ")/"), ("D:", ""), ("@", ""))


def machine(text: str) -> Reading | None:
    """Read a form that machines write; None if it is none of them."""
    if not text:
        return Reading(None, "empty")
    for before, behind in _AROUND:
        if text.startswith(before) and text.endswith(behind) and text[len(before) : len(before) + 8].isdigit() and text.isascii():
            text = text[len(before) : len(text) - len(behind)].replace("'", "")
    if text[4:5] == text[7:8] == ":" and len(text) == 19:
        # EXIF
        text = f"{text[:4]}-{text[5:7]}-{text[8:]}"
    if text[1:2] == "." and "e" in text[-4:].lower():
        text = _without_exponent(text)
    if text[4:6] in ("-W", "W0", "W1", "W2", "W3", "W4", "W5"):
        return _iso(text) if len(text) == 8 + 2 * (text[4] == "-") else None
    if len(text) >= 10 and text[4] == text[7] and text[4] in "-/. " and text.isascii() and (text[:4] + text[5:7] + text[8:10]).isdigit():
        year = int(text[:4])
        if text[4] == "-" and text[10:11] == "/":
            # A span of days (ISO 8601-1, 5.5), of which the second may be cut: Python would take it for a time.
            return None
        return None if year in JALALI_YEARS or year in HIJRI_YEARS else _iso(f"{text[:4]}-{text[5:7]}-{text[8:]}")
    if len(text) >= 8 and text.isascii() and text[:8].isdigit():
        return _digits(text)
    return None


def _without_exponent(text: str) -> str:
    """A number of seconds or less as floating-point columns print it, 1.7159328e+12, in digits; other texts as they are."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    exponent = exponent.lstrip("+0")
    if not (text.isascii() and whole.isdigit() and fraction.isdigit() and exponent in ("9", "12", "15", "18")):
        return text
    return whole + fraction.ljust(int(exponent), "0")[: int(exponent)]


def _iso(text: str) -> Reading | None:
    try:
        if len(text) == 10:
            return Reading(date.fromisoformat(text), "read")
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = moment.utcoffset()
    clock = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Reading(moment.date(), "read", clock, None if offset is None else int(offset.total_seconds()))


def _digits(text: str) -> Reading | None:
    """Epoch seconds, milli-, micro- and nanoseconds, 20240517 and 20240517101530."""
    number, _, fraction = text.partition(".")
    if number.isdigit() and (not fraction or fraction.isdigit()) and len(number) in (10, 13, 16, 19):
        second = int(number[:10])
        if len(number) == 10 and _is_day_and_hour(number):
            return Reading(None, "ambiguous")
        return Reading(date.fromordinal(_EPOCH + second // _DAY), "read", second % _DAY, 0)
    year = int(text[:4])
    rest = text[8:]
    if not 1900 <= year <= 2199 or (rest and rest[0] not in "T _-" and not (rest[:4].isdigit() and len(rest[:6]) in (4, 6))):
        return None
    made = day_of(year, int(text[4:6]), int(text[6:8])) if 1 <= int(text[4:6]) <= 12 else None
    if made is None:
        return Reading(None, "unreadable")
    if not rest:
        return Reading(made, "read")
    return _iso(f"{made}T{rest.lstrip('T _-')}")


def _is_day_and_hour(number: str) -> bool:
    """Whether ten digits could be 2024051710 as well as the seconds of a day in 2034."""
    year, month, day, hour = int(number[:4]), int(number[4:6]), int(number[6:8]), int(number[8:])
    return 1900 <= year <= 2199 and 1 <= month <= 12 and day_of(year, month, day) is not None and hour <= 24

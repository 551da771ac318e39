"""Dates of single records: missing, unreadable, impossible, and at odds with what else the record says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.kernels.iso_dates import NONE
from corpusgate.kernels.years import hold_years
from corpusgate.signals.base import Hits, Ints, View, signal
from corpusgate.signals.date_calendars import day_of as civil_day
from corpusgate.signals.date_columns import Readings, as_bytes, day_of, days, published, readings, shown
from corpusgate.signals.date_recipes import REASONS

#: The first news sites opened in 1995; earlier publication dates of web pages are archives or mistakes.
WEB_BEGINS = date(1995, 1, 1)

#: What databases and spreadsheets write where there is no date: Unix, .NET, SQL Server, Excel, the end of 32-bit Unix time, "never".
SENTINELS = frozenset(
    [
        date(1970, 1, 1), date(1969, 12, 31), date(1, 1, 1), date(1753, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31),
        date(2038, 1, 19), date(2099, 12, 31), date(9999, 12, 31),
    ]
)  # fmt: skip

#: Days by which clocks and time zones may put two dates of one page apart.
SLACK = 1

#: Days by which the date in a url may differ from the publication date: drafts are filed under their first day.
URL_SLACK = 2


def _hits(view: View, rows: Ints, notes: Iterable[str]) -> Hits:
    return Hits.fields(view.haystack, view.haystack.segment("published")[rows], tuple(notes))


def _earliest(found: Readings) -> Ints:
    """The day of each row, and of two that are possible the earlier one; later than all days where there is none: int64 (n,)."""
    either = np.where(found.first != NONE, np.minimum(found.first, found.second), -NONE)
    return np.where(found.read, found.day, either)


def _sentinel(day: Ints) -> NDArray[np.bool_]:
    return np.isin(day, days(*SENTINELS))


@signal("dates", needs=("published",))
def date_missing(view: View) -> Hits:
    """There is no publication date."""
    return Hits.whole(view.haystack.segment("published")[published(view).because("empty")])


@signal("dates", needs=("published",))
def date_unreadable(view: View) -> Hits:
    """There is something where the publication date should be, but no date can be read from it."""
    found = published(view)
    rows = found.because("unreadable", "impossible")
    words = {"unreadable": "No date can be read from this.", "impossible": "This day does not exist."}
    return _hits(view, rows, (words[REASONS[i]] for i in found.reason[rows].tolist()))


@signal("dates", needs=("published",))
def date_several_days(view: View) -> Hits:
    """The publication date names several days, or can be read as one of several."""
    found = published(view)
    rows = found.because("ambiguous")
    # What is one of two days by the order of its numbers alone, the other dates of its source may settle: `date_ambiguous` has it.
    rows = rows[found.first[rows] == NONE]
    return _hits(view, rows, ("This can be read as several days.",) * len(rows))


@signal("dates", needs=("published",))
def date_relative(view: View) -> Hits:
    """The publication date is told by its distance from a day that nobody wrote down."""
    rows = published(view).because("relative")
    return _hits(view, rows, ("Nobody knows from which day this counts.",) * len(rows))


@signal("dates", needs=("published",))
def date_in_future(view: View) -> Hits:
    """Published later than the page was crawled, or than this run where no crawl date is known."""
    found, crawl = published(view), readings(view, "crawled")
    earliest = _earliest(found)
    limit = np.where(crawl.read, crawl.day, days(view.today))
    dated = found.read | (found.first != NONE)
    rows = np.flatnonzero(dated & ~_sentinel(earliest) & (earliest - limit > SLACK))
    words = zip(earliest[rows].tolist(), crawl.read[rows].tolist(), limit[rows].tolist(), strict=True)
    return _hits(view, rows, (_later(day, "crawl" if known else "run", by) for day, known, by in words))


def _later(day: int, what: str, limit: int) -> str:
    told = f"{shown(day)} is after the {what} of {shown(limit)}"
    other = day_of(day)
    if other.day <= 12 and other.day != other.month:
        swapped = other.replace(month=other.day, day=other.month)
        if days(swapped)[0] <= limit + SLACK:
            return f"{told}; with day and month the other way round it would not be."
    return f"{told}."


@signal("dates", needs=("published",))
def date_sentinel(view: View, *, first_year: int = WEB_BEGINS.year) -> Hits:
    """A publication date before the web, or before the first year of an archive, or one that stands for "none"."""
    found = published(view)
    stands = _sentinel(found.day)
    rows = np.flatnonzero(found.read & (stands | (found.day < days(date(first_year, 1, 1)))))
    before = "is before the web." if first_year == WEB_BEGINS.year else f"is before the first year, {first_year}."
    words = zip(found.day[rows].tolist(), stands[rows].tolist(), strict=True)
    return _hits(view, rows, (f"{shown(day)} stands for no date." if none else f"{shown(day)} {before}" for day, none in words))


@signal("dates", needs=("published", "modified"))
def date_order(view: View) -> Hits:
    """Published later than modified."""
    found, changes = published(view), readings(view, "modified")
    earliest = _earliest(found)
    dated = (found.read | (found.first != NONE)) & changes.read
    rows = np.flatnonzero(dated & (earliest - changes.day > SLACK))
    words = zip(earliest[rows].tolist(), changes.day[rows].tolist(), strict=True)
    return _hits(view, rows, (f"Published {shown(day)}, but modified {shown(changed)}." for day, changed in words))


_YEAR, _MONTH, _DAY = "(?P<year>19[0-9]{2}|20[0-9]{2})", "(?P<month>0?[1-9]|1[0-2])", "(?P<day>0?[1-9]|[12][0-9]|3[01])"
_TWO_MONTH, _TWO_DAY = "(?P<month>0[1-9]|1[0-2])", "(?P<day>0[1-9]|[12][0-9]|3[01])"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Dates in addresses: folders of numbers; one folder of eight digits with something behind it, since a page may be a number; a folder with
#: the name of a month; a parameter that says what it is.
_URL_DATES = (
    rf"^[^?#]*?/{_YEAR}[/-]{_MONTH}[/-]{_DAY}(?:[/_.-]|$)",
    rf"^[^?#]*?/{_YEAR}{_TWO_MONTH}{_TWO_DAY}/[^/?#]",
    rf"^[^?#]*?/{_YEAR}/(?P<month>{'|'.join(_MONTHS)})/{_DAY}(?:/|$)",
    rf"[?&](?:date|published|pubdate)={_YEAR}-?{_TWO_MONTH}-?{_TWO_DAY}(?:[&#T]|$)",
)


def _url_dates(urls: pa.Array) -> list[date | None]:
    """The date in each url, None where there is none; the first of the forms that fits."""
    named: list[date | None] = [None] * len(urls)
    for form in _URL_DATES:
        for i, part in enumerate(pc.extract_regex(urls, form).to_pylist()):
            if part is not None and named[i] is None:
                month = _MONTHS.index(part["month"]) + 1 if part["month"].isalpha() else int(part["month"])
                named[i] = civil_day(int(part["year"]), month, int(part["day"]))
    return named


@signal("dates", needs=("published", "url"))
def url_date_contradiction(view: View) -> Hits:
    """The date in the url is another than the publication date."""
    found, url = published(view), view.columns["url"]
    rows, notes = [], []
    chosen = np.flatnonzero(hold_years(*as_bytes(url)) & found.read & ~_sentinel(found.day))
    for i, named in zip(chosen.tolist(), _url_dates(url.take(pa.array(chosen))), strict=True):
        if named is None:
            continue
        day = int(found.day[i])
        if abs(day - days(named)[0]) > URL_SLACK:
            rows.append(i)
            notes.append(f"Published {shown(day)}, but the url says {named}.")
    return _hits(view, np.array(rows, np.int64), notes)

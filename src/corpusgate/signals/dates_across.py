"""Dates across the records of a source: what the others show to be wrong, and what they settle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corpusgate.signals.across import Query, across, different
from corpusgate.signals.base import Ints
from corpusgate.signals.date_tables import CLOCK, NAMED_DAY, OPEN, ORDER, SAID, SURE, TURNED, YEAR

#: Dates with a part above twelve that settle the order of a source, all but one in a hundred of them in one order.
SETTLING = 5

#: Full hours with many records of a source from which on they are taken for editions.
EDITIONS = 3

#: Months of the year over which days in the wrong one are scattered at least.
SCATTERED = 3

#: Days in the wrong month for each after the twelfth at most: a month has twelve of the one and eighteen of the other.
ODD = 2

#: A time of day that may be midnight of a zone further west: after noon, and without a zone. Noon itself is what systems write for a day
#: without a time, so that no zone moves it.
IS_LATE = "other = 0 AND value > 43200"

#: What `sums` has, from `habits`.
SUMS = f"""
    SELECT source, kind, sum(n) AS n, count(DISTINCT value) AS different, min(value) AS least, max(value) AS most,
        sum(CASE WHEN value = 0 THEN n ELSE 0 END) AS zero, sum(CASE WHEN {IS_LATE} THEN n ELSE 0 END) AS late
    FROM habits GROUP BY source, kind
"""

_VOTES = f"""
    votes AS (
        SELECT source, sum(CASE WHEN value = 1 THEN n ELSE 0 END) AS dmy, sum(CASE WHEN value = 2 THEN n ELSE 0 END) AS mdy
        FROM habits WHERE kind = {ORDER} GROUP BY source
    )
"""
_SETTLED = f"""(
    (dmy >= {SETTLING} AND 100 * mdy <= dmy) OR (mdy >= {SETTLING} AND 100 * dmy <= mdy)
)"""

#: The day of each date of numbers that the other dates of its source settle: it goes into `published_day`.
SETTLED_DAYS = Query(
    table="stamps",
    keys=("source", "day_first", "month_first"),
    groups=f"""
        WITH {_VOTES}
        SELECT DISTINCT habits.source, value AS day_first, other AS month_first, CASE WHEN dmy > mdy THEN value ELSE other END AS detail
        FROM habits JOIN votes ON habits.source = votes.source WHERE kind IN ({OPEN}, {SAID}) AND {_SETTLED}
    """,
    rows="habits",
    sieved=("source",),
    when=f"kind IN ({OPEN}, {SAID})",
)


@across("dates", tables=("stamps", "habits"), field="published")
def date_ambiguous() -> Query:
    """A date of numbers that can be read with the day or the month first, and that neither the language nor the source settles."""
    return Query(
        table="stamps",
        keys=("source", "day_first", "month_first", "open"),
        groups=f"""
            WITH {_VOTES}
            SELECT habits.source, value AS day_first, other AS month_first, 1 AS open, sum(n) AS detail
            FROM habits LEFT JOIN votes ON habits.source = votes.source
            WHERE kind = {OPEN} AND NOT coalesce({_SETTLED}, false) GROUP BY habits.source, value, other
        """,
        evidence="written",
        rows="habits",
        sieved=("source",),
        when=f"kind = {OPEN}",
        note="Day and month can stand in either order, and nothing in this source settles it.",
    )


@across("dates", tables=("stamps", "habits"), field="published")
def date_orders_mixed(*, min_dates: int = 5) -> Query:
    """A date of numbers in the order that its source does not use elsewhere."""
    return Query(
        table="stamps",
        keys=("source", "vote"),
        groups=f"""
            WITH {_VOTES}
            SELECT source, CASE WHEN dmy >= mdy THEN 2 ELSE 1 END AS vote, CASE WHEN dmy >= mdy THEN dmy ELSE mdy END AS detail
            FROM votes WHERE dmy > 0 AND mdy > 0 AND dmy + mdy >= {min_dates:d}
        """,
        evidence="written",
        rows="habits",
        sieved=("source",),
        when=f"kind = {ORDER}",
        note="{detail:,} dates of this source can only be read in the other order.",
    )


@across("dates", tables=("stamps", "habits"), field="published")
def day_and_month_swapped(*, min_dates: int = 5, min_share: float = 0.5, max_months: int = 9) -> Query:
    """A date in a month of which its source has no day after the twelfth, while it has such days of the month that its day names.

    Both months are of one year, and such dates are scattered: one issue a month, or a yearly event, has its own few days.
    """
    narrow = f"kind = {SURE} AND different <= {max_months:d}"
    return Query(
        table="stamps",
        keys=("source", "month", "turned"),
        groups=f"""
            WITH narrow AS (SELECT source, n AS late FROM sums WHERE {narrow}),
            early AS (
                SELECT habits.source, value AS month, other AS turned, sum(n) AS n FROM habits JOIN narrow ON habits.source = narrow.source
                WHERE kind = {TURNED} GROUP BY habits.source, value, other
            ), sure AS (
                SELECT DISTINCT habits.source, value AS month FROM habits JOIN narrow ON habits.source = narrow.source WHERE kind = {SURE}
            ), near AS (
                SELECT source, month FROM sure UNION SELECT source, month + 1 FROM sure UNION SELECT source, month - 1 FROM sure
            ), odd AS (
                SELECT early.source, early.month, early.turned, n FROM early
                JOIN sure ON early.source = sure.source AND early.turned = sure.month
                LEFT JOIN near ON early.source = near.source AND early.month = near.month WHERE near.source IS NULL
            ),
            sums AS (SELECT source, sum(n) AS n FROM early GROUP BY source),
            odds AS (SELECT source, sum(n) AS n, count(DISTINCT month % 12) AS scattered FROM odd GROUP BY source)
            SELECT odd.source, month, turned, odds.n AS detail
            FROM odd JOIN sums ON odd.source = sums.source JOIN odds ON odd.source = odds.source JOIN narrow ON odd.source = narrow.source
            WHERE odds.n >= {min_dates:d} AND odds.n <= {ODD} * late AND odds.n >= {min_share!r} * sums.n AND scattered >= {SCATTERED}
        """,
        evidence="written",
        rows="habits",
        sieved=("source",),
        when=narrow,
        note="{detail:,} dates of this source fall into its other months only with day and month the other way round.",
    )


@across("dates", tables=("stamps", "habits"), field="published")
def time_of_day_lost(*, min_records: int = 20, min_share: float = 0.98) -> Query:
    """Midnight on nearly all dates of a source that have a time of day: there never was one."""
    midnight = f"kind = {CLOCK} AND n >= {min_records:d} AND zero >= {min_share!r} * n"
    return Query(
        table="stamps",
        keys=("source", "clock"),
        groups=f"""
            SELECT source, 0 AS clock, sum(CASE WHEN value = 0 THEN n ELSE 0 END) AS detail FROM habits WHERE kind = {CLOCK}
            GROUP BY source HAVING sum(n) >= {min_records:d} AND sum(CASE WHEN value = 0 THEN n ELSE 0 END) >= {min_share!r} * sum(n)
        """,
        evidence="written",
        rows="habits",
        sieved=("source",),
        when=midnight,
        note="{detail:,} dates of this source are at midnight.",
    )


@across("dates", tables=("stamps", "habits"), field="published")
def time_zone_lost(*, min_records: int = 20, min_share: float = 0.98) -> Query:
    """One hour of the evening, or two for summer and winter, on nearly all dates of a source: midnights of another time zone."""
    shifted = f"kind = {CLOCK} AND n >= {min_records:d} AND late >= {min_share!r} * n"
    return Query(
        table="stamps",
        keys=("source", "clock", "zoned"),
        groups=f"""
            WITH sizes AS (SELECT source, n AS records FROM sums WHERE {shifted}),
            late AS (
                SELECT habits.source, value AS clock, sum(n) AS n FROM habits JOIN sizes ON habits.source = sizes.source
                WHERE kind = {CLOCK} AND {IS_LATE} GROUP BY habits.source, value
            ), pairs AS (
                SELECT one.source, one.clock, one.n + coalesce(two.n, 0) AS n
                FROM late AS one LEFT JOIN late AS two ON one.source = two.source AND two.clock = one.clock + 3600
            ), shifted AS (
                SELECT pairs.source, min(clock) AS clock FROM pairs JOIN sizes ON pairs.source = sizes.source
                WHERE n >= {min_share!r} * records GROUP BY pairs.source
            )
            SELECT late.source, late.clock, 0 AS zoned, late.n AS detail FROM late JOIN shifted ON late.source = shifted.source
            WHERE late.clock = shifted.clock OR late.clock = shifted.clock + 3600
        """,
        evidence="written",
        rows="habits",
        sieved=("source",),
        when=shifted,
        note="{detail:,} dates of this source are at this time: a midnight elsewhere, and the day is the one before.",
    )


@across("dates", tables=("stamps", "habits"), field="published")
def before_source(*, min_records: int = 50, max_share: float = 0.02, min_years: int = 4) -> Query:
    """A date years before the source has any other."""
    long = f"kind = {YEAR} AND n >= {min_records:d} AND most - least - different >= {min_years - 2:d}"
    return Query(
        table="stamps",
        keys=("source", "year"),
        groups=f"""
            WITH long AS (SELECT source FROM sums WHERE {long}),
            years AS (
                SELECT habits.source, value AS year, sum(n) AS n FROM habits JOIN long ON habits.source = long.source
                WHERE kind = {YEAR} GROUP BY habits.source, value
            ),
            run AS (
                SELECT years.source, years.year, sum(others.n) AS records,
                    sum(CASE WHEN others.year <= years.year THEN others.n ELSE 0 END) AS until,
                    min(CASE WHEN others.year > years.year THEN others.year END) AS following
                FROM years JOIN years AS others ON years.source = others.source GROUP BY years.source, years.year
            ), gaps AS (
                SELECT source, max(year) AS year, max(following) AS begins FROM run
                WHERE records >= {min_records:d} AND until <= {max_share!r} * records AND following - year >= {min_years:d} GROUP BY source
            )
            SELECT years.source, years.year, gaps.begins AS detail FROM years JOIN gaps ON years.source = gaps.source
            WHERE years.year <= gaps.year
        """,
        evidence="written",
        rows="habits",
        sieved=("source",),
        when=long,
        note="The next date of this source is of {detail}.",
    )


@across("dates", tables=("stamps", "records"), field="published")
def date_pile_up(*, min_records: int = 20, min_source: int = 40, min_share: float = 0.5) -> Query:
    """One day on so many records of a source that it cannot be their publication date."""
    return Query(
        table="stamps",
        keys=("source", "day"),
        groups=f"""
            SELECT stamps.source, day, sum(n) AS detail FROM stamps JOIN sources ON stamps.source = sources.source
            WHERE records >= {min_source:d} GROUP BY stamps.source, day, records
            HAVING sum(n) >= {min_records:d} AND sum(n) >= {min_share!r} * records
        """,
        evidence="written",
        least=min_records,
        share=min_share,
        note="{detail:,} records of this source have this day.",
        listed=True,
        counts={"days": different("day")},
    )


def _but_editions(found: Mapping[str, Ints], _sources: int) -> dict[str, Ints]:
    """Seconds without those of whole and half hours in sources that have several such: each is an edition that came out as a whole."""
    source, full = found["source"], found["second"] % 1800 == 0
    _, which = np.unique(source, return_inverse=True)
    editions = np.bincount(which, full)[which] if len(source) else np.zeros(0)
    kept = ~full | (editions < EDITIONS)
    return {name: values[kept] for name, values in found.items()}


@across("dates", tables=("stamps", "records"), field="published")
def second_pile_up(*, min_records: int = 10, min_share: float = 0.05) -> Query:
    """One second, and not a midnight nor the hour of an edition, on so many records of a source that a machine wrote it."""
    return Query(
        table="stamps",
        keys=("source", "second"),
        groups=f"""
            SELECT stamps.source, second, sum(n) AS detail FROM stamps JOIN sources ON stamps.source = sources.source
            WHERE clock <> 0 GROUP BY stamps.source, second, records
            HAVING sum(n) >= {min_records:d} AND sum(n) >= {min_share!r} * records
        """,
        left=_but_editions,
        evidence="written",
        least=min_records,
        share=min_share,
        note="{detail:,} records of this source have this second.",
        listed=True,
        counts={"seconds": different("second")},
    )


@across("dates", tables=("named", "habits"), field="headline")
def headline_date_contradiction(*, min_dates: int = 20, min_share: float = 0.9) -> Query:
    """A headline's date is not the day of publication, in a source where such dates are; or it is, but for day and month."""
    return Query(
        table="named",
        keys=("source", "far"),
        groups=f"""
            WITH sums AS (
                SELECT source, sum(n) AS n, sum(CASE WHEN value = 0 THEN n ELSE 0 END) AS near
                FROM habits WHERE kind = {NAMED_DAY} GROUP BY source
            )
            SELECT source, 2 AS far, near AS detail FROM sums
            UNION ALL SELECT source, 1 AS far, near AS detail FROM sums WHERE near >= {min_dates:d} AND near >= {min_share!r} * n
        """,
        evidence="written",
        rows="habits",
        sieved=("source",),
        when=f"kind = {NAMED_DAY}",
        note="The publication date is another day; in {detail:,} headlines of this source it is the same.",
    )

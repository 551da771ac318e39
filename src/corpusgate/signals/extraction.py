"""When a source's extraction broke: the month from which on far more of its texts have furniture than in all its other months.

What is looked for is a stretch of months. Its share of furnished texts is compared with that of the source's other months by the
likelihood ratio of two binomial shares against one. Three things keep that from crying wolf:

* Of all stretches of all sources the best one is looked at. The ratio of one is over `x` with a chance of at most exp(-x), since
  twice it is distributed as chi-square with one degree of freedom (Wilks, Ann. Math. Stat. 9, 1938), and `P(X > 2x) = erfc(√x)`;
  so it must be over the logarithm of their number by the doubt (Bonferroni).
* Months differ by themselves, by what is written about, more than coins would. So the ratio is divided by how much more they do
  within the stretch and outside of it: Pearson's statistic by its degrees of freedom (McCullagh and Nelder, *Generalized Linear
  Models*, 1989, 4.5). Few months hardly show that, so that it is at least what a correlation within months of `ALIKE` makes
  (the design effect of Kish, *Survey Sampling*, 1965).
* A few records say nothing, and a small change is none: see the parameters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.kernels.years import civil
from corpusgate.signals.across import Query, across, different
from corpusgate.signals.base import View
from corpusgate.signals.date_columns import published
from corpusgate.signals.furniture import furniture, sums
from corpusgate.signals.line_model import thresholds

#: Levels of a text with furniture: any at all, and this share of its letters, in percent.
ANY, MUCH, MUCH_OF = 1, 2, 25

#: How alike texts of one month are at least thought to be, as a correlation. Where months vary widely, it halves the
#: sound sources that are blamed (720 drawn corpora of 20).
ALIKE = 0.05

#: Months are written as 202403, so that they can be told.
CENTURY = 100


def furnished(view: View) -> pa.Table:
    """One row a text whose day is known: `month`, `level` of furniture in it, and where the first such line is."""
    known, found = furniture(view), published(view)
    lines, pages = known.text.lines, known.text.pages
    flag = known.score >= thresholds()["careful"]
    count = sums(flag, pages)
    in_furniture, letters = sums(np.where(flag, lines.letters, 0), pages), sums(lines.letters, pages)
    level = np.where(count == 0, 0, np.where(100 * in_furniture >= MUCH_OF * letters, MUCH, ANY))
    row = np.flatnonzero(found.read & (pages[1:] > pages[:-1]))
    year, month, _ = civil(found.day[row])
    flagged = np.append(np.flatnonzero(flag), 0)
    line = flagged[np.searchsorted(flagged[:-1], pages[:-1][row])]
    place: dict[str, NDArray[Any]] = {"hash": lines.hash, "start_at": lines.first.astype(np.int32), "end_at": lines.last.astype(np.int32)}
    return pa.table(
        {
            "row": row,
            "month": (CENTURY * year + month).astype(np.int32),
            "level": level[row].astype(np.int8),
            **{name: values[line] if len(row) else values[:0] for name, values in place.items()},
        }
    )


def _likelihood(bad: str, n: str) -> str:
    """SQL: the logarithm of the likelihood of so many bad ones of `n`, at their own share."""
    parts = (f"CASE WHEN {k} > 0 THEN {k} * ln(1.0 * {k} / ({n})) ELSE 0.0 END" for k in (f"({bad})", f"(({n}) - ({bad}))"))
    return f"({' + '.join(parts)})"


@across("boilerplate", tables=("furnished",), field="text", needs=("published",))
def extraction_broke(*, min_records: int = 8, min_jump: float = 0.4, doubt: float = 0.01) -> Query:
    """A text with furniture of a month from which on far more of its source's texts have some than in its other months.

    The stretch and what stands before it are of `min_records` or more, its share is higher by `min_jump` or more than that of all
    other months, and chance makes such a stretch anywhere in the corpus with less than `doubt`.
    """
    levels = " UNION ALL ".join(
        f"SELECT source, {least} AS least, month, sum(n) AS n, sum(CASE WHEN level >= {least} THEN n ELSE 0 END) AS bad "
        "FROM furnished GROUP BY source, month"
        for least in (ANY, MUCH)
    )
    return Query(
        table="furnished",
        keys=("source", "month", "level"),
        groups=f"""
            WITH months AS ({levels}),
            totals AS (
                SELECT source, least, sum(n) AS records, sum(bad) AS broken FROM months GROUP BY source, least
                HAVING sum(bad) >= {min_records * min_jump!r} AND sum(n) - sum(bad) >= {min_records * min_jump!r}
            ),
            runs AS (
                SELECT months.source, months.least, month, n, bad, records, broken,
                    sum(n) OVER (PARTITION BY months.source, months.least ORDER BY month) AS until,
                    sum(bad) OVER (PARTITION BY months.source, months.least ORDER BY month) AS bad_until
                FROM months JOIN totals ON months.source = totals.source AND months.least = totals.least
            ),
            stretches AS (
                SELECT one.source, one.least, one.month AS begins, two.month AS ends, one.records, one.broken,
                    two.until - one.until + one.n AS n, two.bad_until - one.bad_until + one.bad AS bad
                FROM runs AS one JOIN runs AS two ON one.source = two.source AND one.least = two.least AND one.month <= two.month
                WHERE one.until - one.n >= {min_records:d} AND two.until - one.until + one.n >= {min_records:d}
            ),
            weighed AS (
                SELECT source, least, begins, ends, 1.0 * bad / n AS within, 1.0 * (broken - bad) / (records - n) AS outside,
                    {_likelihood("bad", "n")} + {_likelihood("broken - bad", "records - n")} - {_likelihood("broken", "records")} AS gain
                FROM stretches
            ),
            tops AS (SELECT source, least, max(gain) AS most FROM weighed WHERE within > outside GROUP BY source, least),
            tries AS (SELECT source, count(*) AS tried FROM stretches GROUP BY source),
            ranked AS (
                SELECT weighed.source, weighed.least, begins, ends, within, outside, gain, tried,
                    row_number() OVER (PARTITION BY weighed.source, weighed.least ORDER BY begins, ends DESC) AS place
                FROM weighed JOIN tops ON weighed.source = tops.source AND weighed.least = tops.least AND gain = most
                JOIN tries ON weighed.source = tries.source
                WHERE within > outside
            ),
            best AS (SELECT * FROM ranked WHERE place = 1 AND within - outside >= {min_jump!r}),
            held AS (
                SELECT best.source, best.least, begins, ends, gain, tried, n, bad,
                    CASE WHEN month BETWEEN begins AND ends THEN within ELSE outside END AS share
                FROM best JOIN months ON best.source = months.source AND best.least = months.least
            ),
            apart AS (
                SELECT source, least, begins, ends, gain, tried, n, CASE WHEN share > 0 AND share < 1 THEN share END AS share,
                    CASE WHEN share > 0 AND share < 1 THEN (bad - n * share) * (bad - n * share) / (n * share * (1 - share)) END AS square
                FROM held
            ),
            spread AS (
                SELECT source, least, begins, ends, max(gain) AS gain, max(tried) AS tried, sum(square) AS apart,
                    count(share) - count(DISTINCT share) AS free, 1 + {ALIKE!r} * (1.0 * sum(n) / count(*) - 1) AS alike
                FROM apart GROUP BY source, least, begins, ends
            ),
            found AS (
                SELECT spread.source, least, begins, ends FROM spread CROSS JOIN (SELECT count(*) AS many FROM sources) AS size
                WHERE gain / greatest(alike, CASE WHEN free > 0 THEN apart / free ELSE 1.0 END) >= ln(tried * many / {doubt!r})
            )
            SELECT furnished.source, furnished.month, furnished.level, min(begins) AS detail
            FROM furnished JOIN found ON furnished.source = found.source
            WHERE furnished.month BETWEEN begins AND ends AND furnished.level >= least
            GROUP BY furnished.source, furnished.month, furnished.level
        """,
        sieved=("source",),
        least=2 * min_records,
        weight=8,
        note="Far more texts of this source have furniture from {year}-{month:02} on than before.",
        counts={"sources": different("source")},
    )

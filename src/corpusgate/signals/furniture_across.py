"""Furniture over the pages of a source: lines that other pages confirm."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from corpusgate.kernels.line_model import SPOKEN_FOR
from corpusgate.kernels.patterns import Pattern
from corpusgate.signals import phrase_lists
from corpusgate.signals.across import Query, across, different
from corpusgate.signals.base import View
from corpusgate.signals.furniture import DOUBLING, furniture
from corpusgate.signals.line_model import thresholds


def patterns() -> tuple[Pattern, ...]:
    """What the tables want matched: all phrases."""
    return phrase_lists.patterns(phrase_lists.KINDS)


def strays(view: View) -> pa.Table:
    """One row a line that may be furniture and may not: `hash`, `score`, `start_at`, `end_at`.

    It is below the threshold of stray lines, or above it in a record where nothing else is furniture.
    """
    known, bound = furniture(view), thresholds()
    doubtful = (known.score < bound["careful"]) | ((known.score < SPOKEN_FOR) & ~known.sure)
    chosen = np.flatnonzero((known.score >= bound["eager"]) & doubtful)
    lines = known.text.lines
    return pa.table(
        {
            "row": known.text.page[chosen],
            "hash": lines.hash[chosen],
            "score": known.score[chosen],
            "start_at": lines.first[chosen].astype(np.int32),
            "end_at": lines.last[chosen].astype(np.int32),
        }
    )


@across("boilerplate", tables=("strays",), field="text")
def stray_lines_elsewhere(*, min_records: int = 2) -> Query:
    """A line that looks a little like furniture, and that stands in other records of its source as well."""
    return Query(
        table="strays",
        keys=("source", "hash"),
        groups=f"""
            WITH standing AS (
                SELECT source, hash, story, sum(score * n) AS scores, sum(n) AS n FROM strays GROUP BY source, hash, story
            ),
            counted AS (
                SELECT source, hash, sum(CASE WHEN story < 0 THEN n ELSE 1 END) AS detail, sum(scores) AS scores, sum(n) AS n FROM standing
                GROUP BY source, hash HAVING sum(CASE WHEN story < 0 THEN n ELSE 1 END) >= {min_records:d}
            )
            SELECT source, hash, detail FROM counted WHERE scores / n + {DOUBLING} * log2(detail) >= {thresholds()["careful"]}
        """,
        least=min_records,
        weight=8,
        note="This line looks like furniture of the page, and it stands in {detail:,} different texts of this source.",
        counts={"lines": different("hash")},
    )

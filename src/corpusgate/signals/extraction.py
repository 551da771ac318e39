"""When a source's extraction broke: the month from which on far more of its texts have furniture than in all its other months, or the
file of a series, such as the shards of a crawl.

What is looked for is a stretch of months or of files. Its share of furnished texts is compared with that of the source's other ones by
the likelihood ratio of two binomial shares against one. Three things keep that from crying wolf, of files as of months:

* Of all stretches of all sources the best one is looked at. The ratio of one is over `x` with a chance of at most exp(-x), since
  twice it is distributed as chi-square with one degree of freedom (Wilks, Ann. Math. Stat. 9, 1938), and `P(X > 2x) = erfc(√x)`;
  so it must be over the logarithm of their number by the doubt (Bonferroni).
* Months differ by themselves, by what is written about, more than coins would. So the ratio is divided by how much more they do
  within the stretch and outside of it: Pearson's statistic by its degrees of freedom (McCullagh and Nelder, *Generalized Linear
  Models*, 1989, 4.5). Few months hardly show that, so that it is at least what a correlation within months of `ALIKE` makes
  (the design effect of Kish, *Survey Sampling*, 1965).
* A few records say nothing, and a small change is none: see the parameters.

A file says less than a month: which texts lie together may have any reason. So a source has to stand in three files, of a series that
their names tell (`corpora/series.py`), and months are asked first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.corpora.series import FEWEST
from corpusgate.kernels.breaks import Stretches, best_stretches
from corpusgate.kernels.years import civil
from corpusgate.signals.across import Left, Query, across, different
from corpusgate.signals.base import Ints, View
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

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Order:
    """What texts follow each other by.

    Attributes:
        runs: columns whose values make a run of it each.
        by: the column of its months, or files, which rise.
        fewest: of them a run has at least.
    """

    runs: tuple[str, ...]
    by: str
    fewest: int


MONTHS = Order(("source",), "month", 2)
FILES = Order(("source", "series"), "file", FEWEST)


def furnished(view: View) -> pa.Table:
    """One row a text: `month` where its day is known, `level` of furniture in it, and where the first such line is."""
    known, found = furniture(view), published(view)
    lines, pages = known.text.lines, known.text.pages
    flag = known.score >= thresholds()["careful"]
    count = sums(flag, pages)
    in_furniture, letters = sums(np.where(flag, lines.letters, 0), pages), sums(lines.letters, pages)
    level = np.where(count == 0, 0, np.where(100 * in_furniture >= MUCH_OF * letters, MUCH, ANY))
    row = np.flatnonzero(pages[1:] > pages[:-1])
    dated = found.read[row]
    year, month, _ = civil(np.where(dated, found.day[row], 0))
    flagged = np.append(np.flatnonzero(flag), 0)
    line = flagged[np.searchsorted(flagged[:-1], pages[:-1][row])]
    place: dict[str, NDArray[Any]] = {"hash": lines.hash, "start_at": lines.first.astype(np.int32), "end_at": lines.last.astype(np.int32)}
    return pa.table(
        {
            "row": row,
            "month": pa.array((CENTURY * year + month).astype(np.int32), mask=~dated),
            "level": level[row].astype(np.int8),
            **{name: values[line] if len(row) else values[:0] for name, values in place.items()},
        }
    )


@across("boilerplate", tables=("furnished",), field="text")
def extraction_broke(*, min_records: int = 8, min_jump: float = 0.4, doubt: float = 0.01) -> tuple[Query, ...]:
    """A text with furniture of a month, or a file, from which on far more of its source's texts have some than in its other ones.

    The stretch and what stands before it are of `min_records` or more, its share is higher by `min_jump` or more than that of all
    other months, and chance makes such a stretch anywhere in the corpus with less than `doubt`. Files likewise.
    """
    asked = partial(broken, min_records=min_records, min_jump=min_jump, doubt=doubt)
    notes = (
        (MONTHS, "sources", "Far more texts of this source have furniture from {year}-{month:02} on than before."),
        (FILES, "sources_by_file", "From the file {file} on, far more texts of this source have furniture than in the files before it."),
    )
    return tuple(_query(order, counted, note, partial(asked, order=order), 2 * min_records) for order, counted, note in notes)


def _query(order: Order, counted: str, note: str, left: Left, least: int) -> Query:
    keys = (*order.runs, order.by, "level")
    names = ", ".join(keys)
    return Query(
        table="furnished",
        keys=keys,
        groups=f"SELECT {names}, sum(n) AS detail FROM furnished WHERE {order.by} IS NOT NULL GROUP BY {names}",
        left=left,
        # By the last of them rows are grouped in several passes.
        sieved=order.runs[::-1],
        least=least,
        note=note,
        counts={counted: different("source")},
    )


def broken(
    found: Mapping[str, Ints], sources: int, *, order: Order = MONTHS, min_records: int, min_jump: float, doubt: float
) -> dict[str, Ints]:
    """The groups that are of a break, with the month or file that it begins with as `detail`.

    Args:
        found: the columns of the order, `level`, and as `detail` the number of texts.
        sources: how many there are in the corpus.
        order: what texts follow each other by; of it are the months below.
        min_records: as above.
        min_jump: as above.
        doubt: as above.
    """
    ordered = np.lexsort([found[name] for name in (order.by, *order.runs[::-1])])
    found = {name: column[ordered] for name, column in found.items()}
    month, level, texts = (found[name] for name in (order.by, "level", "detail"))
    starts = _changes([found[name] for name in order.runs])
    at = np.union1d(starts, _changes([month]))
    place = np.repeat(np.arange(len(at)), np.diff(at, append=len(month)))
    runs = np.append(np.searchsorted(at, starts), len(at))
    n = np.bincount(place, texts, len(at)).astype(np.int64)
    bad = {least: np.bincount(place, np.where(level >= least, texts, 0), len(at)).astype(np.int64) for least in (ANY, MUCH)}
    numbers = np.arange(1 + max(np.add.reduceat(n, runs[:-1]), default=0))
    entropy = numbers * np.log(np.maximum(numbers, 1))
    best = {least: best_stretches(runs, n, bad[least], entropy, min_records, min_records * min_jump) for least in bad}
    tried = sum(each.tried for each in best.values())
    begins = np.full(len(month), _NEVER)
    for least, each in best.items():
        jump, doubtful = _weighed(each, runs, n, bad[least])
        sure = (jump >= min_jump) & (each.gain / doubtful >= np.log(np.maximum(tried, 1) * (sources / doubt)))
        sure &= np.diff(runs) >= order.fewest
        for run in np.flatnonzero(sure).tolist():
            first, last = each.first[run], each.last[run]
            mine = (place >= first) & (place <= last) & (level >= least)
            begins[mine] = np.minimum(begins[mine], month[at[first]])
    chosen = begins < _NEVER
    return {name: column[chosen] for name, column in (found | {"detail": begins}).items()}


def _changes(columns: Sequence[Ints]) -> Ints:
    """Rows whose values in some columns are others than those of the row before, the first one too."""
    changed = [np.diff(column, prepend=~column[:1]) != 0 for column in columns]
    rows: Ints = np.flatnonzero(np.logical_or.reduce(changed))
    return rows


def _weighed(best: Stretches, runs: Ints, n: Ints, bad: Ints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By how much the share of each run's best stretch is above that outside of it, -1 without one; and by what its gain is to be
    divided, since months differ by themselves; float64 (runs,) both."""
    months = np.diff(runs)
    run, month = np.repeat(np.arange(len(months)), months), np.arange(len(n))
    inside = (month >= best.first[run]) & (month <= best.last[run])
    # Outside and inside of each run's stretch, one after the other.
    side = 2 * run + inside
    of, wrong, count = (np.bincount(side, weights, 2 * len(months)) for weights in (n, bad, np.ones(len(n))))
    share = wrong / np.maximum(of, 1)
    spread = n * share[side] * (1 - share[side])
    differs = spread > 0
    squares = np.bincount(run[differs], ((bad - n * share[side]) ** 2)[differs] / spread[differs], len(months))
    free = np.where((share > 0) & (share < 1), count - 1, 0).reshape(-1, 2).sum(axis=1)
    alike = 1 + ALIKE * (np.bincount(run, n, len(months)) / months - 1)
    apart = np.where(free > 0, squares / np.maximum(free, 1), 1.0)
    return np.where(best.first >= 0, share[1::2] - share[::2], -1.0), np.maximum(alike, apart)

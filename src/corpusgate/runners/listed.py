"""Which groups of a signal across records are listed in results.json: the largest, whatever the order of the records."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

#: Groups of each check in results.json, and records of each group.
GROUPS, MEMBERS = 20, 5


def choose(detail: Ints, tie: Ints, limit: int = GROUPS) -> Ints:
    """The largest of some groups: their indices, the largest first.

    Args:
        detail: int64 (groups,): what they are ranked by.
        tie: int64 (groups,): settles the order of equal ones, and follows from what the group is made of.
        limit: how many at most. Groups that nothing tells apart are taken together or not at all.
    """
    order = np.lexsort((tie, -detail))
    chosen = order[:limit]
    if len(order) > limit:
        last, other = order[limit - 1], order[limit]
        if detail[last] == detail[other] and tie[last] == tie[other]:
            chosen = chosen[(detail[chosen] != detail[last]) | (tie[chosen] != tie[last])]
    return chosen.astype(np.int64)


def _path(work: Path, number: int) -> Path:
    return work / f"listed-{number}.npy"


def keep(work: Path, number: int, detail: Ints, tie: Ints) -> None:
    """Choose the groups of a resolution, for all processes to know."""
    chosen = choose(detail, tie)
    np.save(_path(work, number), np.stack([chosen, detail[chosen]]))


def kept(work: Path, number: int) -> tuple[Ints, Ints] | None:
    """The chosen groups of a resolution and what they are ranked by: int64 (n,) both; None if its groups are not listed."""
    return _read(_path(work, number))


@lru_cache(maxsize=64)
def _read(path: Path) -> tuple[Ints, Ints] | None:
    # Asked for each stretch anew; it is written once, before any of them.
    if not path.exists():
        return None
    index, detail = np.load(path)
    return index, detail

"""Records whose headline is nearly that of another one, or another one cut off: which one, and how like they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusgate.runners.stories import Stories
from corpusgate.runners.taken import taken
from corpusgate.runners.titles import CUT_HEADLINE, NEAR_HEADLINE
from corpusgate.runners.work import PartResult
from corpusgate.signals.across import Alike


def alike(parts: Sequence[PartResult], starts: Sequence[int], stories: Stories, wanted: Alike) -> pa.Table:
    """The records that a signal finds.

    Args:
        parts: all parts in order.
        starts: first ordinal of each.
        stories: what is known of all records.
        wanted: what it looks for.

    Returns:
        `ordinal` and `message`, a row a record, in order.
    """
    ties = stories.titles.ties
    ties = ties.take((ties.kind == (CUT_HEADLINE if wanted.cut else NEAR_HEADLINE)) & (stories.story[ties.second] >= 0))
    if not wanted.cut and len(ties.first):
        source = [taken(parts, starts, "records", ("source",), side)["source"].to_numpy() for side in (ties.first, ties.second)]
        ties = ties.take((source[0] != source[1]) == wanted.elsewhere)
    # Of several the one it is most like, and of those the first.
    order = np.lexsort((ties.first, -ties.percent.astype(np.int64), ties.second))
    order = order[np.diff(ties.second[order], prepend=-1) != 0]
    if not len(order):
        return pa.table({"ordinal": pa.array([], pa.int64()), "message": pa.array([], pa.string())})
    ids = taken(parts, starts, "signals", ("record_id",), ties.first[order])["record_id"]
    if wanted.cut:
        message = pc.binary_join_element_wise("The headline of ", ids, ", cut off.", "")
    else:
        percent = pa.array(ties.percent[order]).cast(pa.string())
        message = pc.binary_join_element_wise("Nearly the headline of ", ids, ", ", percent, " % alike, over the same story.", "")
    return pa.table({"ordinal": ties.second[order].astype(np.int64), "message": message})

"""On what a measured part depends beside its input: the day of the run and the corpus's name, and only where they matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.corpora.model import Block, Corpus
from corpusgate.runners.plan import Plan

#: The one signal that asks for the day of the run, where a record has no crawl date.
DATED = "date_in_future"

#: Crawl dates that every reader understands, so that the day of the run is not asked for.
_PLAIN = r"^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?Z?)?$"


@dataclass(frozen=True, slots=True)
class Validity:
    """Where a result may be used again.

    Attributes:
        name: the corpus's name, if it stands for a source; empty if the name does not matter.
        today: the day of the run, if a record was judged by it; empty if the day does not matter.
        later: whether the result is the same on later days: nothing lay in the future, and nothing will.
    """

    name: str = ""
    today: str = ""
    later: bool = True

    def holds(self, name: str, today: date) -> bool:
        """Whether it is what would be measured in a corpus of that name, on that day."""
        day = today.isoformat()
        return self.name in ("", name) and (self.today in ("", day) or (self.later and self.today < day))

    def and_(self, other: Validity) -> Validity:
        """Where both hold; they are of one run."""
        return Validity(self.name or other.name, self.today or other.today, self.later and other.later)


def validity(corpus: Corpus, plan: Plan, block: Block, counts: NDArray[np.int32], today: date) -> Validity:
    """Where the result of a block may be used again, with its hits of each check in each record: int32 (checks, records)."""
    name = corpus.name if pc.any(pc.equal(block.columns["source"], corpus.name)).as_py() else ""
    dated = [i for i, check in enumerate(plan.checks) if check.signal == DATED]
    if not dated or pc.all(pc.match_substring_regex(block.columns["crawled"].fill_null(""), _PLAIN)).as_py():
        return Validity(name)
    return Validity(name, today.isoformat(), not counts[dated].any())

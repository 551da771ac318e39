"""A suite, and the run of one, in the form that Great Expectations itself loads and judges: expectations on the table of slices.

Both are what `verdicts` judges by, and neither needs Great Expectations to be made. What waivers took out of
a run is taken out here too; what a baseline excuses counts, since it is no bound.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corpusgate import bounds, results, stored, waivers
from corpusgate.bounds import Limit
from corpusgate.checks import Suite
from corpusgate.errors import Problem
from corpusgate.verdicts import expectation, slice_table
from corpusgate.wording import UNREADABLE


def as_gx(suite: Suite) -> dict[str, Any]:
    """A suite as an ExpectationSuite of Great Expectations, ready to be written as JSON.

    Every bound is an expectation on a column of its own (`Limit.column`) of the table that `table` makes; its severity is critical
    for what fails, warning for what warns, and info. `meta` of each names its check.
    """
    limits, quarantine = _limits(suite)
    meta = {"corpusgate": {"suite": suite.name, "hash": suite.hash}}
    return {"name": suite.name, "expectations": [expectation(limit) for limit in [*limits, *quarantine]], "meta": meta}


def table(folder: Path, suite: Suite | None = None) -> pd.DataFrame:
    """The slices of a run as the table that `as_gx` bounds: one row a slice with `kind`, `name`, `records`, and a column for each bound.

    A column is null where its bound is not put on the slice, and all through where its check could not run.

    Args:
        folder: the output folder of a run.
        suite: the suite to judge by; without it the one it was last judged by.

    Raises:
        Problem: there is no run, it measured otherwise than the suite asks, or it allows no judgement.
    """
    known, before = stored.load(folder), results.load(folder)
    suite = suite or known.suite
    stored.require(known, suite)
    if before.sample is not None:
        raise Problem(str(folder), "is the run of a sample, of which bounds alone do not tell enough", "Check without --sample")
    if known.broken:
        raise Problem(str(folder), f"is no judgement, since {known.broken[0]} broke off", "Mend it and check again")
    totals = stored.totals(known, suite, before, known.slices)
    limits, quarantine = _limits(suite)
    ran = {check.name for check in totals.checks}
    mine = [limit for limit in limits if limit.check in ran]
    words = {word for check in totals.checks for word in (check.name, check.id)}
    waived = waivers.counted(folder, [waiver for waiver in before.waivers if waiver.check in words], totals.checks, totals.slices)
    made = slice_table(totals, bounds.rows(totals.slices, mine, waived=waived.slices if waived is not None else None), mine, quarantine)
    idle = {limit.column: np.full(len(made["kind"]), np.nan) for limit in limits if limit.check not in ran}
    return pd.DataFrame({**made, **idle})


def _limits(suite: Suite) -> tuple[list[Limit], list[Limit]]:
    """The bounds of its checks, and those on input that could not be read."""
    return [limit for check in suite.checks for limit in bounds.of_check(check)], bounds.of_quarantine(UNREADABLE, suite.quarantine)

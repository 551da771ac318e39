"""A run judged again by another suite: bounds and severities may change, what is measured may not. The corpus is not read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpusgate import results, stored
from corpusgate.api import suite_info
from corpusgate.checks import Check, Suite
from corpusgate.distributions import distributions
from corpusgate.errors import Problem
from corpusgate.policy import Policy, decide
from corpusgate.replacing import write_text
from corpusgate.results import Results
from corpusgate.runners import parquet_files
from corpusgate.runners.record_pages import restricted
from corpusgate.slices import KINDS, Slices
from corpusgate.stored import Stored


def judge_again(folder: Path, suite: Suite | None = None, policy: Policy | None = None) -> Results:
    """Judge the run in a folder, and write its results.json anew.

    Args:
        folder: the output folder of a run.
        suite: the suite to judge by; without it the one it was last judged by.
        policy: what is accepted.

    Raises:
        Problem: there is no run, or the suite asks for what it did not measure.
    """
    known, before = stored.load(folder), results.load(folder)
    if suite is None:
        if before.suite.hash != known.suite.hash:
            raise Problem(
                str(folder), "its results.json and its slices.parquet are of different suites", "Name the suite to judge by, with --suite"
            )
        suite = known.suite
    (policy or Policy()).require_whole(before.sample is not None)
    stored.require(known, suite)
    _require_columns(suite, before)
    ran = tuple(check for check in suite.checks if check.name in known.measured)
    slices = _slices(folder, known, ran)
    answer = decide(suite, stored.totals(known, suite, before, slices), known.broken, folder, policy or Policy())
    after = before.model_copy(
        update={
            "suite": suite_info(suite),
            "distributions": distributions(suite, slices),
            "pages": restricted(known.pages, {check.name for check in ran}),
            "strip": [line for line in known.strip if not {check.name for check in ran}.isdisjoint(line.checks)],
            "verdicts": answer.verdicts,
            "waivers": answer.waivers,
            "baseline": answer.baseline,
            "gate": answer.gate,
        }
    )
    if suite.hash != before.suite.hash:
        stored.keep_suite(folder, suite)
    write_text(folder / "results.json", after.to_json())
    return after


def _require_columns(suite: Suite, before: Results) -> None:
    for field, column in suite.fields.items():
        read = before.corpus.fields.get(field)
        if read != column:
            raise Problem(
                f"suite '{suite.name}': fields.{field}",
                f"that run read {read or 'no column'} for it, not {column}",
                "Run `corpusgate check` with this suite",
            )


def _slices(folder: Path, known: Stored, ran: tuple[Check, ...]) -> Slices:
    """The sums, where another severity counts other records as damaged: these are counted again, from the signals."""
    damaging = {check.name for check in ran if check.severity != "info"}
    if damaging == set(known.damaging):
        return known.slices
    slices = Slices.empty([check.name for check in ran])
    allowed = np.array([check.expect.max for check in ran], np.int64)
    severe = np.array([check.name in damaging for check in ran], np.bool_)
    path = folder / "signals.parquet"
    try:
        for file in parquet_files.files(path):
            with pq.ParquetFile(file) as signals:
                for batch in signals.iter_batches(columns=[*KINDS, *slices.checks]):
                    counts = np.stack([batch[name].to_numpy() for name in slices.checks])
                    slices.add({kind: batch[kind] for kind in KINDS}, counts > allowed[:, None], severe)
    except (OSError, KeyError, pa.ArrowException) as error:
        raise Problem(
            str(path), f"cannot be read ({error})", "Other severities need it, to count damaged records: run the check again"
        ) from None
    return slices

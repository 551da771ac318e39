"""Verdicts: Great Expectations judges the table of slices, never the texts. It is imported late, and nowhere else but in `gx`.

A gate must not pass by accident, so everything that stock suites swallow is an error here: an unknown type or
severity (both would be skipped in silence), a doubled expectation, a missing column, an exception, nothing checked.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd

from corpusgate import bounds, chance, wording
from corpusgate.bounds import Limit, Rows
from corpusgate.checks import Suite
from corpusgate.errors import Problem
from corpusgate.later import load_later, uncollected
from corpusgate.runners.totals import Totals
from corpusgate.wording import UNREADABLE, Judged, Over

#: Severities as Great Expectations spells them.
SEVERITY = {"fail": "critical", "warn": "warning", "info": "info"}

#: What a check says where several of its bounds are broken.
_HARDEST = ("fail", "warn", "info")

_BETWEEN = "expect_column_values_to_be_between"


def slice_table(totals: Totals, rows: Rows, limits: Sequence[Limit], quarantine: Sequence[Limit]) -> pd.DataFrame:
    """One row a slice: kind, name, records, and a column for each bound (`Limit.column`), empty where a slice is not bound by it.

    Args:
        totals: the sums.
        rows: the slices of these.
        limits: the bounds of checks.
        quarantine: those on input that could not be read, of which pieces of input are counted instead of records.
    """
    table: dict[str, Any] = {"kind": rows.kinds, "name": rows.names, "records": rows.records}
    for limit in limits:
        broken = rows.broken(limit.check)
        table[limit.column] = bounds.values(limit, broken, rows)
        if rows.is_sample and is_sure(limit):
            table[limit.sure] = bounds.certain(limit, broken, rows)
    # What can be read is known of all input, also where a sample is checked.
    pieces = replace(rows, records=np.where(rows.kinds == "corpus", totals.pieces, 0), fraction=1.0)
    unread = np.where(rows.kinds == "corpus", totals.quarantined, 0)
    for limit in quarantine:
        table[limit.column] = bounds.values(limit, unread, pieces)
    return pd.DataFrame(table)


def is_sure(limit: Limit) -> bool:
    """Whether a sample must show that a bound is held: not where nothing depends on it, nor of every single source."""
    return limit.kind == "corpus" and limit.level != "info"


def expectation(limit: Limit, column: str | None = None) -> dict[str, Any]:
    """A bound as the configuration of an expectation on the slice table, on its own column or on another one."""
    side = "min_value" if limit.measure == "held" else "max_value"
    kwargs = {"column": column or limit.column, side: limit.at}
    return {"type": _BETWEEN, "severity": SEVERITY[limit.level], "kwargs": kwargs, "meta": {"check": limit.check}}


def load_strictly(configurations: Sequence[Mapping[str, Any]]) -> Any:
    """Build a suite of expectations, one by one, refusing what `ExpectationSuite(expectations=[…])` would skip.

    Raises:
        Problem: a type or severity is unknown, or an expectation stands twice.
    """
    gx = _great_expectations()
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    taken = []
    seen: set[str] = set()
    for configuration in configurations:
        where = f"expectation on '{configuration.get('kwargs', {}).get('column', '?')}'"
        key = repr(sorted(configuration.items(), key=lambda item: item[0]))
        if key in seen:
            raise Problem(where, "stands twice", "Remove one of them")
        seen.add(key)
        if configuration.get("severity") not in SEVERITY.values():
            raise Problem(where, f"unknown severity '{configuration.get('severity')}'", f"Known are: {', '.join(SEVERITY.values())}")
        try:
            built = ExpectationConfiguration(**configuration).to_domain_obj()
        except Exception as error:  # Great Expectations raises many types here, all meaning that the entry is not right.
            raise Problem(where, f"cannot be built ({str(error).splitlines()[0]})", "Check its type and its arguments") from None
        taken.append(built)
    suite = gx.ExpectationSuite(name="corpusgate", expectations=taken)
    if len(suite.expectations) != len(configurations) or not configurations:
        raise Problem("suite", f"{len(suite.expectations)} of {len(configurations)} expectations were taken", "Nothing may be left out")
    return suite


def evaluate(table: pd.DataFrame, configurations: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Judge the slice table.

    Returns:
        For each column whether the expectations on it held.

    Raises:
        Problem: a column is missing, an expectation raised, or the corpus's own row is not there.
    """
    gx = _great_expectations()
    if not (table["kind"] == "corpus").any() or not int(table.loc[table["kind"] == "corpus", "records"].sum()):
        raise Problem("corpus", "no record was checked", "Nothing checked is no judgement: look at quarantine.jsonl")
    for configuration in configurations:
        if configuration["kwargs"]["column"] not in table.columns:
            raise Problem(
                "slice table",
                f"there is no column '{configuration['kwargs']['column']}'",
                "The signals do not fit the suite: run the check again",
            )
    suite = load_strictly(configurations)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("slices").add_dataframe_asset("slices")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": table})
    result = batch.validate(suite, result_format={"result_format": "BOOLEAN_ONLY"})
    if len(result.results) != len(configurations):
        raise Problem("suite", f"{len(result.results)} of {len(configurations)} expectations were judged", "Nothing may be left out")
    held: dict[str, bool] = {}
    for single in result.results:
        column = single.expectation_config.kwargs["column"]
        if _raised(single.exception_info):
            raise Problem(
                f"expectation on '{column}'", "could not be judged: it raised an exception", "Please report it with the suite file"
            )
        held[column] = held.get(column, True) and bool(single.success)
    return held


def _raised(info: Any) -> bool:
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(_raised(inner) for inner in info.values() if isinstance(inner, Mapping))


def _great_expectations() -> Any:
    with warnings.catch_warnings():
        # Deprecations inside its own dependencies are not the user's business.
        warnings.simplefilter("ignore")
        return _loaded()


def _loaded() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with uncollected():
        # For one expectation on distributions, which is not ours, half of the time and memory of the import goes there.
        load_later("scipy.stats", "altair")
        import great_expectations as gx

        # Bounds of small slices need it: better loaded here, while other processes work.
        chance.load()
    return gx


def load_in_background() -> None:
    """Import Great Expectations in a thread, while this process waits for others.

    Which warnings are errors is said for all threads at once, and whoever changes it for a while takes from others what they said. So where
    some are, it is imported when it is needed, by the thread that needs it.
    """
    if not any(action == "error" for action, *_ in warnings.filters):
        Thread(target=_loaded, daemon=True).start()


def judge(suite: Suite, totals: Totals) -> list[Judged]:
    """One verdict a check, in the suite's order, and one on input that could not be read.

    Raises:
        Problem: nothing was checked, or the suite could not be judged as a whole.
    """
    if not totals.checks:
        raise Problem(suite.name, "no check of the suite can run on this corpus", "Map the fields that its checks need")
    limits = [limit for check in totals.checks for limit in bounds.of_check(check)]
    quarantine = bounds.of_quarantine(UNREADABLE, suite.quarantine)
    rows = bounds.rows(totals.slices, limits, totals.fraction, totals.waived)
    table = slice_table(totals, rows, limits, quarantine)
    with warnings.catch_warnings(), uncollected():
        warnings.simplefilter("ignore")
        sure = [expectation(limit, limit.sure) for limit in limits if limit.sure in table.columns]
        held = evaluate(table, [*map(expectation, [*limits, *quarantine]), *sure])
    judged = []
    for check in suite.checks:
        if check.name in totals.idle:
            judged.append(Judged(wording.idle(check, totals.idle[check.name])))
            continue
        mine = [limit for limit in limits if limit.check == check.name]
        broken = [limit for limit in mine if not held[limit.column]]
        level = min((limit.level for limit in broken), key=_HARDEST.index, default=None)
        values = [(limit, table[limit.column].to_numpy()) for limit in mine]
        over = _over(table, [limit for limit in broken if limit.level == level], rows.broken(check.name))
        unsure = level is None and not all(held.get(limit.sure, True) for limit in mine if limit.level == check.severity)
        judged.append(Judged(wording.verdict(check, totals, rows, "unsure" if unsure else level, values), over))
    return [*judged, Judged(wording.unreadable(suite.quarantine, totals, all(held[limit.column] for limit in quarantine)))]


def _over(table: pd.DataFrame, broken_limits: Sequence[Limit], broken: Any) -> tuple[Over, ...]:
    """The rows that break some bounds, worst first; the corpus as a whole before all."""
    rows: dict[int, None] = {}
    for limit in broken_limits:
        rows |= dict.fromkeys(np.flatnonzero(limit.beyond(table[limit.column].to_numpy())).tolist())
    order = sorted(rows, key=lambda row: (row > 0, -int(broken[row]), row))
    return tuple(Over(str(table["kind"][row]), table["name"][row], int(table["records"][row]), int(broken[row])) for row in order)

"""Verdicts: Great Expectations judges the table of slices, never the texts. The only module that imports it, and late.

A gate must not pass by accident, so everything that stock suites swallow is an error here: an unknown type or
severity (both would be skipped in silence), a doubled expectation, a missing column, an exception, nothing checked.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping, Sequence
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd

from corpusgate.checks import Check, Expect, PerSlice, SliceKind, Suite
from corpusgate.errors import Problem
from corpusgate.later import load_later, uncollected
from corpusgate.results import Bound, Slice, Status, Verdict
from corpusgate.runners.totals import Totals

#: Severities as Great Expectations spells them.
SEVERITY = {"fail": "critical", "warn": "warning", "info": "info"}

#: Slices listed with each verdict, worst first.
SLICES = 20

#: The verdict on input that could not be read.
UNREADABLE = "corpus/unreadable"

_BETWEEN = "expect_column_values_to_be_between"


def slice_table(checks: Sequence[Check], quarantine: Expect, totals: Totals) -> pd.DataFrame:
    """One row a slice: kind, name, records, and a column for each bound, empty where a slice is not bound by it.

    The columns are named `<check>.<kind>.held` (share of records within the check) and `<check>.corpus.broken` (a count).
    """
    slices = totals.slices
    rows = [("corpus", "", slices.corpus)]
    rows += [(kind, name, sums) for kind, named in slices.by.items() for name, sums in sorted(named.items())]
    sums = np.stack([row[2] for row in rows])
    kinds, records = np.array([row[0] for row in rows]), sums[:, 0]
    table: dict[str, Any] = {"kind": kinds, "name": [row[1] for row in rows], "records": records}
    for check in checks:
        broken = sums[:, 2 + slices.checks.index(check.name)]
        # A quotient of two integers is the float nearest to it, and so is a bound read from YAML: equal stays equal.
        held = (records - broken) / np.maximum(records, 1)
        table[f"{check.name}.corpus.held"] = np.where(kinds == "corpus", held, np.nan)
        table[f"{check.name}.corpus.broken"] = np.where(kinds == "corpus", broken, np.nan)
        for kind, limit in check.per.items():
            table[f"{check.name}.{kind}.held"] = np.where((kinds == kind) & (records >= limit.min_records), held, np.nan)
    pieces = totals.checked + totals.quarantined
    table[f"{UNREADABLE}.corpus.held"] = np.where(kinds == "corpus", totals.checked / max(pieces, 1), np.nan)
    table[f"{UNREADABLE}.corpus.broken"] = np.where(kinds == "corpus", totals.quarantined, np.nan)
    bounds = [c for check in checks for c in expectations(check.name, check.expect, check.per, check.severity)]
    wanted = {c["kwargs"]["column"] for c in [*bounds, *expectations(UNREADABLE, quarantine, {}, "fail")]}
    return pd.DataFrame({name: column for name, column in table.items() if name in ("kind", "name", "records") or name in wanted})


def expectations(name: str, expect: Expect, per: Mapping[SliceKind, PerSlice], severity: str) -> list[dict[str, Any]]:
    """A check's bounds as configurations of expectations on the slice table."""

    def bound(column: str, **limits: float) -> dict[str, Any]:
        kwargs = {"column": f"{name}.{column}", **limits}
        return {"type": _BETWEEN, "severity": SEVERITY[severity], "kwargs": kwargs, "meta": {"check": name}}

    out = []
    if expect.mostly is not None:
        out.append(bound("corpus.held", min_value=expect.mostly))
    if expect.max_records is not None:
        out.append(bound("corpus.broken", max_value=expect.max_records))
    return out + [bound(f"{kind}.held", min_value=limit.mostly) for kind, limit in per.items()]


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


def evaluate(table: pd.DataFrame, configurations: Sequence[Mapping[str, Any]]) -> dict[str, list[bool]]:
    """Judge the slice table.

    Returns:
        For each check whether its expectations held, in their order.

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
    held: dict[str, list[bool]] = {}
    for single in result.results:
        column = single.expectation_config.kwargs["column"]
        if _raised(single.exception_info):
            raise Problem(
                f"expectation on '{column}'", "could not be judged: it raised an exception", "Please report it with the suite file"
            )
        held.setdefault(single.expectation_config.meta["check"], []).append(bool(single.success))
    return held


def _raised(info: Any) -> bool:
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(_raised(inner) for inner in info.values() if isinstance(inner, Mapping))


def _great_expectations() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with warnings.catch_warnings(), uncollected():
        # Deprecations inside its own dependencies are not the user's business.
        warnings.simplefilter("ignore")
        # For one expectation on distributions, which is not ours, half of the time and memory of the import goes there.
        load_later("scipy.stats", "altair")
        import great_expectations as gx
    return gx


def load_in_background() -> None:
    """Import Great Expectations in a thread, while this process waits for others."""
    Thread(target=_great_expectations, daemon=True).start()


def judge(suite: Suite, totals: Totals) -> list[Verdict]:
    """One verdict a check, in the suite's order, and one on input that could not be read.

    Raises:
        Problem: nothing was checked, or the suite could not be judged as a whole.
    """
    if not totals.checks:
        raise Problem(suite.name, "no check of the suite can run on this corpus", "Map the fields that its checks need")
    table = slice_table(totals.checks, suite.quarantine, totals)
    configurations = [c for check in totals.checks for c in expectations(check.name, check.expect, check.per, check.severity)]
    configurations += expectations(UNREADABLE, suite.quarantine, {}, "fail")
    with warnings.catch_warnings(), uncollected():
        warnings.simplefilter("ignore")
        held = evaluate(table, configurations)
    verdicts = [
        _idle(check, totals.idle[check.name]) if check.name in totals.idle else _verdict(check, totals, all(held[check.name]))
        for check in suite.checks
    ]
    return [*verdicts, _unreadable(suite.quarantine, totals, all(held[UNREADABLE]))]


def _verdict(check: Check, totals: Totals, held: bool) -> Verdict:
    index = 2 + totals.slices.checks.index(check.name)
    records, broken = int(totals.slices.corpus[0]), int(totals.slices.corpus[index])
    findings = totals.findings[check.name]
    status: Status = check.severity if not held else "tolerated" if findings else "clean"
    slices = _slices(check, totals, index)
    return Verdict(
        check=check.name,
        id=check.id,
        name=check.name.split("/", 1)[1].replace("-", " ").capitalize(),
        family=check.family,
        summary=check.summary,
        why=check.why.strip(),
        remedy=check.remedy.strip(),
        status=status,
        severity=check.severity,
        records_checked=records,
        records_with_findings=broken,
        findings=findings,
        rate=broken / records,
        bound=Bound(max=check.expect.max, mostly=check.expect.mostly, max_records=check.expect.max_records, words=check.expect.words()),
        message=f"{broken:,} of {records:,} records ({share(broken, records)}); allowed: {check.expect.words()}.",
        facts=dict(totals.facts.get(check.name, {})),
        slices=slices[:SLICES],
        slices_total=len(slices),
        examples=totals.examples.get(check.name, []),
        examples_total=findings,
    )


def share(part: int, whole: int) -> str:
    """A share in words that never rounds something to nothing."""
    if not part:
        return "0 %"
    percent = 100 * part / whole
    return "< 0.1 %" if percent < 0.1 else f"{percent:.1f} %"


def _slices(check: Check, totals: Totals, index: int) -> list[Slice]:
    found = []
    for kind, named in totals.slices.by.items():
        limit = check.per.get(kind)  # type: ignore[call-overload]
        for name, sums in named.items():
            records, broken = int(sums[0]), int(sums[index])
            if broken:
                held = limit is None or records < limit.min_records or (records - broken) / records >= limit.mostly
                found.append(Slice(kind=kind, name=name, records=records, records_with_findings=broken, rate=broken / records, held=held))  # type: ignore[arg-type]
    return sorted(found, key=lambda s: (s.kind != "source", s.held, -s.records_with_findings, s.name))


def _idle(check: Check, lacking: Sequence[str]) -> Verdict:
    fields = " and ".join(lacking)
    return Verdict(
        check=check.name,
        id=check.id,
        name=check.name.split("/", 1)[1].replace("-", " ").capitalize(),
        family=check.family,
        summary=check.summary,
        why=check.why.strip(),
        remedy=check.remedy.strip(),
        status="not_run",
        severity=check.severity,
        records_checked=0,
        records_with_findings=0,
        findings=0,
        rate=0.0,
        bound=Bound(max=check.expect.max, mostly=check.expect.mostly, max_records=check.expect.max_records, words=check.expect.words()),
        message=f"This check needs {fields}; no column is mapped to it.",
        facts={},
        slices=[],
        slices_total=0,
        examples=[],
        examples_total=0,
    )


def _unreadable(expect: Expect, totals: Totals, held: bool) -> Verdict:
    pieces = totals.checked + totals.quarantined
    allowed = f"at most {expect.max_records:,}" if expect.max_records is not None else f"{(expect.mostly or 0) * 100:.6g} % readable"
    return Verdict(
        check=UNREADABLE,
        id="COR001",
        name="Unreadable input",
        family="corpus",
        summary="Input could not be read and was quarantined.",
        why="A record that cannot be read is lost to every user of the corpus, and what is wrong with it nobody knows.",
        remedy="quarantine.jsonl names file, line and reason of each piece. Mend the writer that made them, or drop them on purpose.",
        status="fail" if not held else "tolerated" if totals.quarantined else "clean",
        severity="fail",
        records_checked=pieces,
        records_with_findings=totals.quarantined,
        findings=totals.quarantined,
        rate=totals.quarantined / pieces,
        bound=Bound(max=0, mostly=expect.mostly, max_records=expect.max_records, words=allowed),
        message=f"{totals.quarantined:,} of {pieces:,} pieces of input ({share(totals.quarantined, pieces)}); allowed: {allowed}.",
        facts=dict(totals.reasons),
        slices=[],
        slices_total=0,
        examples=[],
        examples_total=0,
    )

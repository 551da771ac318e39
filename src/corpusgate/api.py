"""The whole job in one call: `check` a corpus, `inspect` one record."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from corpusgate import stored, suites
from corpusgate.baselines import Baseline
from corpusgate.checks import Suite
from corpusgate.corpora import samples, spool
from corpusgate.corpora.addresses import Named, named
from corpusgate.corpora.columns import as_text, complete
from corpusgate.corpora.manifest import frame_corpus, open_corpus
from corpusgate.corpora.mapping import map_fields
from corpusgate.corpora.model import Block, Corpus
from corpusgate.distributions import distributions
from corpusgate.errors import Problem
from corpusgate.evaluation import Evaluate, evaluate
from corpusgate.evaluator import Evaluator
from corpusgate.gate import FailOn
from corpusgate.policy import Policy, decide
from corpusgate.records import SEARCHED, Finding
from corpusgate.results import (
    SCHEMA_VERSION,
    Quarantine,
    QuarantineExample,
    Results,
    Run,
    SuiteInfo,
    Tool,
    calibration,
    forget,
)
from corpusgate.results import Corpus as CorpusInfo
from corpusgate.results import Sample as SampleInfo
from corpusgate.runners import plan as planning
from corpusgate.runners.folders import publish
from corpusgate.runners.local import Options, Outcome, Progress, run
from corpusgate.runners.measure import measure
from corpusgate.runners.plan import Plan
from corpusgate.runners.pool import Started
from corpusgate.runners.stages import Stages
from corpusgate.runners.totals import Totals
from corpusgate.runners.workers import Workers
from corpusgate.verdicts import asked
from corpusgate.waivers import Entry


def tool_version() -> str:
    """The installed version of corpusgate."""
    try:
        return version("corpusgate")
    except PackageNotFoundError:
        return "0+unknown"


def check(
    corpus: str | Path | Sequence[str | Path] | Corpus | Any,
    suite: str | Path | Suite | None = None,
    out: str | Path | None = None,
    fail_on: FailOn = "fail",
    jobs: int = 1,
    today: date | None = None,
    progress: Progress | None = None,
    fields: Mapping[str, str] | None = None,
    cache: str | Path | None = None,
    resume: bool = False,
    stages: Stages | None = None,
    reused: Callable[[int, int], None] | None = None,
    workers: Workers | None = None,
    waivers: str | Path | Sequence[Entry] | None = None,
    baseline: str | Path | Baseline | None = None,
    policy: Policy | None = None,
    sample: str | int | None = None,
    seed: int = 0,
    engine: Started | None = None,
    evaluator: Evaluate = evaluate,
) -> Results:
    """Check a corpus and say whether it may be released.

    Args:
        corpus: a manifest, file, folder, pattern or address, several of them, a pandas DataFrame, an Arrow table, a sequence of
            mappings with a record each, or what `prepare` made of one.
        suite: a `*.suite.yaml` or a loaded suite; without it the manifest's, else the built-in one for news.
        out: folder for results.json, the tables and the quarantine; without it they are made and thrown away.
        fail_on: lowest status that holds the gate.
        jobs: how many parts of the corpus are worked at side by side.
        today: the day records without a crawl date are judged by; without it the day it is in UTC.
        progress: called with the bytes and records done since the last call.
        fields: which column holds which field, over those of the suite and the manifest.
        cache: folder where measured parts are kept, so that they need not be measured again.
        resume: judge by the day of the run that was killed in the same folder, if there is one.
        stages: where to count the time that stages take.
        reused: called with how many parts of the corpus need not be measured again, and of how many.
        workers: processes that were started ahead; they are ended afterwards.
        waivers: accepted exceptions, loaded or as a file.
        baseline: the past that was accepted, loaded or as a file: only what is new or worse holds the gate then.
        sample: how many records to look at, or which share of them (`2%`), chosen by their ids.
        seed: another one chooses others.
        policy: all of that in one, instead of `fail_on`, `waivers` and `baseline`.
        engine: what does the work instead; see `corpusgate.spark`.
        evaluator: who evaluates expectations.

    Raises:
        Problem: there is nothing to judge, or no way to judge it.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    policy = policy or Policy.of(fail_on, waivers, baseline, today=today)
    if out is not None:
        forget(Path(out))
    chosen, opened = prepare(corpus, suite, fields, engine)
    if sample is not None:
        opened = samples.settle(opened, sample, seed)
        policy.require_whole(opened.sample is not None)
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(out) if out is not None else Path(spare)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise Problem(str(folder), f"cannot be written to ({error.strerror})", "Choose another folder for the report") from None
        options = Options(jobs, Path(cache) if cache is not None else None, resume, progress, stages, workers, engine=engine)
        if isinstance(evaluator, Evaluator) and not policy.waivers:
            options = replace(options, summed=partial(_ask, evaluator, chosen))
        with run(opened, chosen, folder, today or started.date(), options) as outcome:
            if reused is not None:
                reused(outcome.reused, outcome.parts)
            if not outcome.totals.checked:
                # The quarantine says why.
                publish(outcome.folder, folder)
                raise Problem(opened.name, *_nothing(outcome))
            with outcome.stages("verdicts"):
                answer = decide(chosen, outcome.totals, outcome.broken, outcome.folder, policy.on(today or started.date()), evaluator)
            results = Results(
                schema_version=SCHEMA_VERSION,
                tool=Tool(name="corpusgate", version=tool_version()),
                run=Run(started=started.isoformat(timespec="seconds"), seconds=round(time.perf_counter() - clock, 2)),
                corpus=_corpus_info(opened, outcome),
                sample=_sample_info(opened, outcome),
                suite=suite_info(chosen),
                verdicts=answer.verdicts,
                quarantine=_quarantine(outcome),
                distributions=distributions(chosen, outcome.totals.slices),
                waivers=answer.waivers,
                baseline=answer.baseline,
                calibration=calibration(folder, chosen.measures),
                gate=answer.gate,
                pages=outcome.totals.shown.pages,
                strip=outcome.totals.shown.strip,
            )
            if out is not None:
                (outcome.folder / "results.json").write_text(results.to_json(), encoding="utf-8", newline="\n")
                read = [file for file in opened.files if file.format != "frame"]
                paths = {file.name: "" if spool.holds(file.path) else str(file.path) for file in read}
                stored.write(outcome.folder, chosen, outcome.totals, outcome.broken, paths)
                publish(outcome.folder, folder)
    return results


def _ask(evaluator: Evaluator, suite: Suite, totals: Totals) -> None:
    """Have the expectations evaluated while tables are written."""
    if totals.checked and totals.checks:
        ask = asked(suite, totals)
        evaluator.ask(ask.table, ask.expectations)


def _nothing(outcome: Outcome) -> tuple[str, str]:
    """Why no record was checked, and how to mend it."""
    if not outcome.quarantine:
        return "no record was checked: the corpus is empty", "Name files or folders with records in them, or look why the crawl wrote none"
    first, pieces = outcome.quarantine[0], outcome.totals.quarantined
    what = "the one piece of input was" if pieces == 1 else f"all {pieces:,} pieces of input were"
    return (
        f"no record was checked: {what} quarantined, the first at {first.file}:{first.line} ({first.reason})",
        "Mend what wrote them; quarantine.jsonl in the output folder names each",
    )


def suite_info(suite: Suite) -> SuiteInfo:
    """A suite as results.json names it."""
    return SuiteInfo(name=suite.name, checks=len(suite.checks), hash=suite.hash)


def prepare(
    corpus: str | Path | Sequence[str | Path] | Corpus | Any,
    suite: str | Path | Suite | None = None,
    fields: Mapping[str, str] | None = None,
    engine: Started | None = None,
) -> tuple[Suite, Corpus]:
    """The suite and the corpus as `check` would use them; arguments and errors are the same. Without an engine all of it is here then."""
    chosen = suite if isinstance(suite, Suite) else suites.load_suite(Path(suite)) if suite is not None else None
    if isinstance(corpus, Corpus):
        return chosen or suites.load_suite(), corpus
    paths = _paths(corpus)
    if paths is not None:
        mapped = {**(chosen.fields if chosen else {}), **(fields or {})}
        opened, manifest = open_corpus(
            paths, mapped, str(suite) if isinstance(suite, str | Path) else "fields", engine.cut if engine else None
        )
        if chosen is None and manifest is not None and manifest.suite is not None and isinstance(paths[0], Path):
            folder = paths[0] if paths[0].is_dir() else paths[0].parent
            chosen = suites.load_suite(folder / manifest.suite)
        return chosen or suites.load_suite(), opened
    chosen = chosen or suites.load_suite()
    return chosen, frame_corpus(
        _table(corpus), "records" if isinstance(corpus, Sequence) else "DataFrame", {**chosen.fields, **(fields or {})}
    )


def _paths(corpus: Any) -> list[Named] | None:
    """The paths and addresses that name a corpus; None where it is a table of records itself."""
    if isinstance(corpus, str | Path):
        return [named(corpus)]
    if isinstance(corpus, Sequence) and all(isinstance(path, str | Path) for path in corpus):
        return [named(path) for path in corpus]
    return None


def _table(corpus: Any) -> Any:
    """A DataFrame or an Arrow table of records."""
    if isinstance(corpus, Sequence) and all(isinstance(record, Mapping) for record in corpus):
        import pandas as pd

        # As objects, or a gap would turn whole numbers into broken ones.
        return pd.DataFrame([dict(record) for record in corpus], dtype=object)
    if isinstance(corpus, pa.Table) or (hasattr(corpus, "iloc") and hasattr(corpus, "columns")):
        return corpus
    raise Problem("corpus", f"{type(corpus).__name__} is no corpus", "Give paths, a pandas DataFrame, an Arrow table or a list of mappings")


def _corpus_info(corpus: Corpus, outcome: Outcome) -> CorpusInfo:
    return CorpusInfo(
        name=corpus.name,
        files=len(corpus.files),
        bytes=corpus.bytes,
        records=outcome.totals.checked + outcome.totals.quarantined,
        checked=outcome.totals.checked,
        quarantined=outcome.totals.quarantined,
        fingerprint=outcome.fingerprint,
        fields=dict(corpus.fields),
        no_pages=dict(outcome.totals.no_pages),
    )


def _sample_info(corpus: Corpus, outcome: Outcome) -> SampleInfo | None:
    if corpus.sample is None:
        return None
    taken = outcome.totals.checked
    return SampleInfo(asked=corpus.sample.asked, seed=corpus.sample.seed, taken=taken, of=taken + outcome.totals.left_out)


def _quarantine(outcome: Outcome) -> Quarantine:
    examples = [QuarantineExample(file=q.file, line=q.line, reason=q.reason, sample=q.sample) for q in outcome.quarantine]
    return Quarantine(reasons=dict(outcome.totals.reasons), examples=examples)


@lru_cache(maxsize=8)
def _record_plan(suite: str, mapped: tuple[str, ...]) -> Plan:
    return planning.make(Suite.model_validate_json(suite), mapped)


@lru_cache(maxsize=1)
def _default_suite() -> Suite:
    return suites.load_suite()


def inspect(record: Mapping[str, Any], suite: str | Path | Suite | None = None, today: date | None = None) -> list[Finding]:
    """The findings of one record, in the order of the fields and of the text.

    Checks across records (duplicates, repeated lines) have nothing to say of one record alone.

    Args:
        record: a mapping with the fields of a record, or with well-known names for them.
        suite: the checks, loaded or as a `*.suite.yaml`; without it the built-in suite for news.
        today: the day a record without a crawl date is judged by.

    Raises:
        Problem: it is no mapping, or has neither a text nor a headline; or the suite is not right.
    """
    if not isinstance(record, Mapping):
        raise Problem("record", f"{type(record).__name__} is no record", "Give a mapping, as in  {'title': ..., 'text': ...}")
    chosen = suite if isinstance(suite, Suite) else suites.load_suite(Path(suite)) if suite is not None else _default_suite()
    record = {str(name): value for name, value in record.items()}
    fields = map_fields([record], chosen.fields if set(chosen.fields.values()) <= set(record) else {}, "record")
    plan = _record_plan(chosen.model_dump_json(by_alias=True), tuple(fields))
    columns = {field: pa.array([as_text(record[column])], pa.string()) for field, column in fields.items()}
    block = Block(complete("record", columns, 1, lambda: ["record"]), np.zeros(1, np.int64))
    measured = measure(block, plan, today or datetime.now(UTC).date())
    identity, source = block.columns["id"][0].as_py(), block.columns["source"][0].as_py()
    findings = []
    for row in measured.findings.sort_by([("field", "ascending"), ("start", "ascending"), ("check", "ascending")]).to_pylist():
        rule = plan.checks[row["check"]]
        findings.append(
            Finding(
                record_id=identity,
                source=source,
                check=rule.name,
                family=rule.family,
                severity=rule.severity,
                field=SEARCHED[row["field"]],
                start=row["start"],
                end=row["end"],
                match=row["match"],
                message=row["message"],
                fingerprint=f"{row['fingerprint'] & 0xFFFFFFFFFFFFFFFF:016x}",
            )
        )
    return findings

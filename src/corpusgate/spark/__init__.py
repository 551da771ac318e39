"""The same checks on a cluster of Spark: `corpusgate.spark.check` takes a DataFrame or paths, and gives what `corpusgate.check` does.

Records are measured by executors, and what only the whole corpus shows is resolved in Spark SQL, but for copies of texts, whose
candidates the driver finds. It gets descriptions of parts, hashes with numbers, headlines to be compared, sums of slices, and the few
findings that are shown. Corpus and output must lie where all machines see them under one path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corpusgate import api
from corpusgate.checks import Suite
from corpusgate.gate import FailOn
from corpusgate.results import Results
from corpusgate.spark.engine import started
from corpusgate.spark.session import session as session_of
from corpusgate.spark.staging import is_frame, staged

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["check"]


def check(
    corpus: DataFrame | str | Path | Sequence[str | Path],
    suite: str | Path | Suite | None = None,
    *,
    out: str | Path,
    session: SparkSession | None = None,
    master: str | None = None,
    fail_on: FailOn = "fail",
    today: date | None = None,
    fields: Mapping[str, str] | None = None,
    waivers: str | Path | None = None,
    baseline: str | Path | None = None,
    sample: str | int | None = None,
    seed: int = 0,
    cache: str | Path | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Check a corpus on Spark and say whether it may be released.

    Args:
        corpus: a DataFrame of Spark with a record a row, or a manifest, file, folder or pattern, or several of them. A DataFrame is written
            to Parquet first, since texts are read again where copies are compared and evidence is shown; where there are files, name them.
        suite: a `*.suite.yaml` or a loaded suite; without it the manifest's, else the built-in one for news.
        out: folder for results.json and the tables, which all machines see.
        session: of Spark; without it the one that is active, else a new one.
        master: where a new session finds its executors.
        fail_on: lowest status that holds the gate, `fail` or `warn`.
        today: the day records without a crawl date are judged by; without it the day it is in UTC.
        fields: which column holds which field of a record, over what the suite and the manifest say.
        waivers: a file of accepted exceptions.
        baseline: a file of the past that was accepted: only what is new or worse holds the gate then.
        sample: how many records to look at, or which share of them (`2%`), chosen by their ids.
        seed: another one chooses others.
        cache: folder where measured parts are kept, which all machines see; without it they go with the run.
        resume: judge by the day of the run that was killed in the same folder, if there is one.
        progress: called with the bytes and records done since the last call.

    Raises:
        Problem: there is nothing to judge, or no way to judge it; or executors do not see what they need. A gate that is held is an answer,
            and no error.
    """
    engine = started(session if session is not None else session_of(master), Path(cache) if cache is not None else None)

    def checked(records: str | Path | Sequence[str | Path]) -> Results:
        return api.check(
            records,
            suite,
            out,
            fail_on=fail_on,
            today=today,
            fields=fields,
            waivers=waivers,
            baseline=baseline,
            sample=sample,
            seed=seed,
            cache=cache,
            resume=resume,
            progress=progress,
            engine=engine,
        )

    if not is_frame(corpus):
        return checked(corpus)
    with staged(corpus, Path(out)) as files:
        return checked(files)

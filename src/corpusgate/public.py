"""`corpusgate.check`, as users call it: what only the command line and the engines hand in stays behind it, in `api`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusgate import api
from corpusgate.checks import Suite
from corpusgate.gate import FailOn
from corpusgate.results import Results

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def check(
    corpus: str | Path | Sequence[str | Path] | Sequence[Mapping[str, Any]] | pd.DataFrame | pa.Table,
    suite: str | Path | Suite | None = None,
    out: str | Path | None = None,
    *,
    fail_on: FailOn = "fail",
    jobs: int = 1,
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
    """Check a corpus and say whether it may be released.

    Args:
        corpus: a manifest, file, folder, pattern or address, several of them, a pandas DataFrame, an Arrow table, or a sequence of
            mappings with a record each.
        suite: a `*.suite.yaml` or a loaded suite; without it the manifest's, else the built-in one for news.
        out: folder for results.json, the tables and the quarantine; without it they are made and thrown away.
        fail_on: lowest status that holds the gate, `fail` or `warn`.
        jobs: how many parts of the corpus are worked at side by side.
        today: the day records without a crawl date are judged by; without it the day it is in UTC.
        fields: which column holds which field of a record, over what the suite and the manifest say.
        waivers: a file of accepted exceptions.
        baseline: a file of the past that was accepted: only what is new or worse holds the gate then.
        sample: how many records to look at, or which share of them (`2%`), chosen by their ids.
        seed: another one chooses others.
        cache: folder where measured parts are kept, so that they need not be measured again.
        resume: judge by the day of the run that was killed in the same folder, if there is one.
        progress: called with the bytes and records done since the last call.

    Raises:
        Problem: there is nothing to judge, or no way to judge it. A gate that is held is an answer, and no error.

    >>> import corpusgate
    >>> results = corpusgate.check([{"title": "Caf\\u00c3\\u00a9 reopens", "text": "It opens at noon."}])
    >>> results.gate.open, results.gate.exit_code
    (False, 1)
    """
    return api.check(
        corpus,
        suite,
        out,
        fail_on=fail_on,
        jobs=jobs,
        today=today,
        fields=fields,
        waivers=waivers,
        baseline=baseline,
        sample=sample,
        seed=seed,
        cache=cache,
        resume=resume,
        progress=progress,
    )

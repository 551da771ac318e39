"""The same checks on a cluster of Spark: `corpusgate.spark.check` takes a DataFrame or paths, and gives what `corpusgate.check` does.

Records are measured by executors, what only the whole corpus shows is resolved in Spark SQL, and texts stay where they are: the driver
gets descriptions of parts, hashes with numbers, sums of slices, and the few findings that are shown. Corpus and output must lie where
all machines see them under one path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpusgate import api
from corpusgate.results import Results
from corpusgate.spark.engine import started
from corpusgate.spark.session import session as session_of
from corpusgate.spark.staging import is_frame, staged

__all__ = ["check"]


def check(
    corpus: Any,
    suite: Any = None,
    *,
    out: str | Path,
    session: Any = None,
    master: str | None = None,
    **options: Any,
) -> Results:
    """Check a corpus on Spark and say whether it may be released.

    Args:
        corpus: a Spark DataFrame with a record a row, or what `corpusgate.check` takes as paths. A DataFrame is written to Parquet first,
            since texts are read again where copies are compared and evidence is shown; name its files instead where there are any.
        suite: a `*.suite.yaml` or a loaded suite; without it the manifest's, else the built-in one for news.
        out: folder for results.json and the tables, which all machines see.
        session: of Spark; without it the one that is active, else a new one.
        master: where a new session finds its executors.
        options: as `corpusgate.check` takes them; `jobs` and `workers` say nothing here.

    Raises:
        Problem: there is nothing to judge, or no way to judge it; or executors do not see what they need.
    """
    spark = session if session is not None else session_of(master)
    if not is_frame(corpus):
        return api.check(corpus, suite, out, engine=started(spark), **options)
    with staged(corpus, Path(out)) as files:
        return api.check(files, suite, out, engine=started(spark), **options)

"""A DataFrame of Spark as files: executors write it to Parquet once, so that its records have an order and can be read again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from corpusgate.errors import Problem


def is_frame(corpus: Any) -> bool:
    """Whether something is a DataFrame of Spark, of either kind of session."""
    return hasattr(corpus, "mapInArrow") and hasattr(corpus, "write")


@contextmanager
def staged(frame: Any, out: Path) -> Iterator[Path]:
    """The folder of its files, below the output folder and gone afterwards: `part-00000.parquet` and so on, in the order of its partitions.

    Raises:
        Problem: it cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=".frame-", dir=out.absolute()))
    try:
        files = folder / "DataFrame"
        try:
            frame.write.parquet(files.as_uri())
        except Exception as error:
            what = " ".join(str(error).split())[:300]
            raise Problem(str(out), f"the DataFrame cannot be written there ({what})", "Name a folder that all machines see") from None
        # What Spark adds to names differs from run to run, and records without an id are known by their file.
        for path in sorted(files.glob("part-*.parquet")):
            path.rename(files / f"{path.name[: len('part-00000')]}.parquet")
        for rest in [*files.glob("_*"), *files.glob(".*")]:
            rest.unlink()
        yield files
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""A process of our own made ready: kernels are loaded by measuring one record, and what they do not need is left out."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from datetime import date
from importlib.abc import MetaPathFinder
from pathlib import Path
from tempfile import TemporaryDirectory

#: A record with something for most kernels.
_RECORD = (
    '{"id": "1", "source": "a.example", "headline": "Caf\\u00c3\\u00a9", "text": "One \\ufffd line\\nand two",'
    ' "published": "2 January 2026"}\n'
)


def collect_seldom() -> None:
    """Look for garbage in cycles a hundredth as often: what is imported stays, and looking at it takes a seventh of a short run."""
    gc.set_threshold(200_000, 20, 20)


def without_linear_algebra() -> None:
    """Keep numba from importing scipy for `np.dot`, which takes a third of a second and 20 MB.

    numba looks for it once, when it first compiles or loads a function; afterwards compiled code of this process has no
    linear algebra. So this is for processes of our own, not for those that import us.
    """
    # It names the folder of compiled code, which numba reads once, when it is first imported.
    import corpusgate.kernels  # noqa: F401

    if "scipy.linalg" in sys.modules or "numba.np.arraymath" in sys.modules:
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
    try:
        with suppress(ImportError):
            import numba.np.arraymath  # noqa: F401 - its import decides
    finally:
        del sys.modules["scipy.linalg"]


class _NoPandas(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Whatever else is looked for, others find."""
        if fullname == "pandas":
            raise ImportError(fullname)


def without_pandas() -> None:
    """Keep Arrow from importing pandas to see whether what it is given is a series: a sixth of a second and 20 MB.

    Arrow looks for it once. So this is for processes that are given no series, and ask for none.
    """
    if "pandas" in sys.modules:
        return
    nobody = _NoPandas()
    sys.meta_path.insert(0, nobody)
    try:
        import pyarrow as pa

        pa.array([0])
    finally:
        sys.meta_path.remove(nobody)


def warm() -> None:
    """Load what measuring needs, before there is anything to measure."""
    without_linear_algebra()
    without_pandas()
    from corpusgate import suites
    from corpusgate.corpora.manifest import open_corpus
    from corpusgate.runners import inputs
    from corpusgate.runners import plan as planning
    from corpusgate.runners.parts import measure_part
    from corpusgate.runners.stages import Stages

    with TemporaryDirectory() as name:
        path = Path(name) / "one.jsonl"
        path.write_text(_RECORD, encoding="utf-8")
        corpus, _ = open_corpus([path])
        inputs.read_digests(corpus, corpus.parts[0])
        plan = planning.make(suites.load_suite(), tuple(corpus.fields))
        measure_part(corpus, corpus.parts[0], plan, Path(name), date(2026, 1, 1), Stages())
    # What was imported stays: collecting garbage need not look at it after every task.
    gc.collect()
    gc.freeze()

"""What Spark costs beside one machine: the same corpus by each engine in turn, with one core and with two.

    python benchmarks/spark_cost.py CORPUS --rounds 2

Wall seconds of the check alone, the session of Spark and the kernels being loaded: the first round of each is not counted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from corpusgate import api, spark
from corpusgate.spark.session import session

DAY = date(2026, 1, 1)


def main() -> None:
    """Run, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures: dict[str, float] = {}
    records = 0
    for cores in arguments.cores:
        times, records = timed(arguments.corpus, arguments.rounds, jobs=cores)
        figures[f"local, {cores} processes"] = times
        made = session(f"local[{cores}]")
        figures[f"spark, local[{cores}]"], _ = timed(arguments.corpus, arguments.rounds, session=made)
        made.stop()
    for name, seconds in figures.items():
        print(f"{name:20} {seconds:8.1f} s  {1e6 * seconds / max(records, 1):8.1f} us a record")
    if arguments.json:
        arguments.json.write_text(json.dumps({"records": records, "seconds": figures}, indent=2) + "\n", encoding="utf-8")


def timed(corpus: Path, rounds: int, **options: Any) -> tuple[float, int]:
    """The best wall time of some rounds after one that is not counted, in seconds, and how many records were checked."""
    best, records = float("inf"), 0
    for number in range(rounds + 1):
        out = Path(tempfile.mkdtemp())
        begun = time.perf_counter()
        run = spark.check if "session" in options else api.check
        records = run(corpus, out=out, today=DAY, **options).corpus.checked
        if number:
            best = min(best, time.perf_counter() - begun)
        shutil.rmtree(out)
    return best, records


if __name__ == "__main__":
    main()

"""How fast the whole suite is on one core, beside orjson parsing the same file line by line in the same run.

    python benchmarks/speed.py [--corpus FILE] [--mb 200] [--families] [--json FILE]

Counted is CPU time, since machines are shared: reading, all signals, hash tables and their queries, and the writing of
signals and findings; not the start of the process, the verdicts of Great Expectations, or the report. Every figure is the
best of some passes; the first one, which loads kernels and tables, is not counted. Without a file a corpus is made of
invented sentences in eight languages and five scripts (speed_corpus.py).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq
import speed_corpus

from corpusgate import api
from corpusgate.runners.local import Options, run
from corpusgate.runners.stages import Stages
from corpusgate.runners.warm import collect_seldom

PASSES = 3
FAMILIES = ("boilerplate", "headlines", "dates", "encoding")
DAY = date(2026, 11, 1)


def parse(path: Path) -> float:
    """CPU seconds that orjson takes."""
    begun = time.process_time()
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return time.process_time() - begun


def measure(path: Path, family: str = "") -> tuple[float, Stages]:
    """CPU seconds that the suite takes, or the checks of one family with all that they rest on, and those of each stage."""
    suite, corpus = api.prepare([path])
    if family:
        suite = suite.model_copy(update={"checks": tuple(check for check in suite.checks if check.family == family)})
    stages = Stages()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        with run(corpus, suite, Path(folder), DAY, Options(stages=stages)):
            seconds = time.process_time() - begun
    return seconds, stages


def best(passes: int, function: Callable[[], tuple[float, Stages]]) -> tuple[float, Stages]:
    """The fastest of some passes."""
    return min((function() for _ in range(passes)), key=lambda result: result[0])


def text_bytes(path: Path) -> int:
    """Bytes of headlines and texts."""
    with path.open("rb") as file:
        rows = (orjson.loads(line) for line in file)
        return sum(len(row["headline"].encode("utf-8", "replace")) + len(row["text"].encode("utf-8", "replace")) for row in rows)


def others(path: Path, folder: Path) -> dict[str, Path]:
    """The same records as .jsonl.zst and .parquet."""
    made = {"jsonl.zst": folder / f"{path.stem}.jsonl.zst", "parquet": folder / f"{path.stem}.parquet"}
    with path.open("rb") as file, pa.CompressedOutputStream(str(made["jsonl.zst"]), "zstd") as out:
        while piece := file.read(1 << 22):
            out.write(piece)
    pq.write_table(pj.read_json(path, pj.ReadOptions(block_size=1 << 25)), made["parquet"], compression="zstd", row_group_size=4096)
    return made


def main() -> None:
    # As the command does.
    collect_seldom()
    parser = argparse.ArgumentParser(description="Measure the suite's speed on one core.")
    parser.add_argument("--corpus", type=Path, help="a .jsonl file; without it one is made")
    parser.add_argument("--mb", type=int, default=200, help="megabytes of the corpus that is made")
    parser.add_argument("--families", action="store_true", help="measure the checks of each family alone as well")
    parser.add_argument("--json", type=Path, help="write the figures as one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.corpus or speed_corpus.build(Path(folder) / "speed.jsonl", options.mb * 1_000_000)
        size = path.stat().st_size
        measure(path)
        # Taken in turn, so that both see the same neighbours on the machine.
        bare, seconds, stages = [], [], []
        for _ in range(PASSES):
            bare.append(parse(path))
            took, spent = measure(path)
            seconds.append(took)
            stages.append(spent)
        fastest = stages[seconds.index(min(seconds))]
        text = text_bytes(path) if options.corpus is None else size
        figures = {
            "bytes": size,
            "text_bytes": text,
            "orjson_mb_per_s": size / min(bare) / 1e6,
            "suite_mb_per_s": size / min(seconds) / 1e6,
            "suite_text_mb_per_s": text / min(seconds) / 1e6,
            "ratio_to_orjson": min(bare) / min(seconds),
        }
        print(f"{size / 1e6:,.0f} MB of JSON lines, {text / 1e6:,.0f} MB of text, one core, CPU time, best of {PASSES}")
        print(f"  orjson, line by line  {figures['orjson_mb_per_s']:7.1f} MB/s")
        print(f"  the whole suite       {figures['suite_mb_per_s']:7.1f} MB/s, {figures['suite_text_mb_per_s']:.1f} MB/s of text")
        print(f"  ratio                 {figures['ratio_to_orjson']:7.3f}")
        if options.corpus is None:
            for kind, other in others(path, Path(folder)).items():
                took, _ = best(2, lambda other=other: measure(other))  # type: ignore[misc]
                figures[f"{kind}_text_mb_per_s"] = text / took / 1e6
                print(f"  the same as .{kind:<10}{figures[f'{kind}_text_mb_per_s']:6.1f} MB/s of text")
        for family in FAMILIES if options.families else ():
            took, _ = best(3, lambda family=family: measure(path, family))  # type: ignore[misc]
            figures[f"{family}_text_mb_per_s"] = text / took / 1e6
            print(f"  {family + ' alone':<20}  {figures[f'{family}_text_mb_per_s']:7.1f} MB/s of text")
        print("  seconds of each stage:")
        for name, value in sorted(fastest.seconds.items(), key=lambda item: -item[1]):
            if value >= 0.005:
                print(f"    {value:6.3f}  {100 * value / min(seconds):5.1f} %  {name}")
        figures["stages"] = dict(fastest.seconds)  # type: ignore[assignment]
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

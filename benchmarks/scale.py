"""Signals across records at scale: how time, memory and disk grow from one million lines to fifty.

    python benchmarks/scale.py [--lines 1 10 50] [--limit 2048] [--threads 1] [--json FILE]

Measured parts are made up as a run leaves them, through the package's own writer; candidates for copies are found and signals
resolved by the package's own code under a limit of memory (RLIMIT_DATA: what a process allocates; tables mapped from disk are
the system's to drop). Every five lines are a record with a headline, of 500 sources. One line in three is furniture of its
source, one headline in twenty a copy, one text in thirty; every other hash is new, which is the worst case.

Printed are seconds of wall, seconds of CPU and those of them that the resolver took (the others went into candidates), memory (what
was allocated at its peak, and all that was resident, mapped files included), bytes of the tables and of what was put on disk
beside them, and the exponent of each between two sizes: 1 grows with the corpus.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate import suites
from corpusgate.corpora.series import NOWHERE
from corpusgate.kernels.years import civil
from corpusgate.records import FIELDS
from corpusgate.runners import duck
from corpusgate.runners import plan as planning
from corpusgate.runners.candidates import pairs, representatives
from corpusgate.runners.part_tables import stretch_path, write
from corpusgate.runners.parts import Measurement
from corpusgate.runners.resolve import resolve
from corpusgate.runners.stories import without_copies
from corpusgate.runners.titles import known
from corpusgate.runners.validity import Validity
from corpusgate.runners.work import PartResult
from corpusgate.signals.date_tables import CLOCK, SURE, TURNED, YEAR

Ints = NDArray[np.int64]

MILLION = 1_000_000
#: Each line of furniture stands in 3 % of its source's records, so that all of it is found at any size.
SOURCES, FURNITURE, LINES_A_RECORD, RECORDS_A_PART = 500, 60, 5, 20_000
#: Rows of each table a record.
ROWS = {"records": 1.0, "headlines": 1.0, "ends": 0.4, "lines": float(LINES_A_RECORD), "stamps": 0.9, "shingles": 8.0}
#: Rows a part: what is summed by source and block, and headlines that hold a date.
ROWS |= {"habits": 1.5, "named": 0.02, "strays": 0.5, "furnished": 0.9}
GROWING = ("seconds", "cpu_seconds", "resolver_seconds", "allocated_mb", "resident_mb", "tables_mb", "work_mb")
#: Seconds between two looks at memory and disk.
LOOK = 0.02


def hashes(draw: np.random.Generator, count: int, again: float, pool: int) -> Ints:
    """New hashes, but for a share that stands in a pool."""
    out = draw.integers(-(2**63), 2**63 - 1, count, np.int64)
    old = np.flatnonzero(draw.random(count) < again)
    out[old] = draw.integers(0, pool, len(old)) * np.int64(0x1E3779B97F4A7C15)
    return out


def part(draw: np.random.Generator, records: int, total: int) -> Iterator[tuple[str, pa.Table]]:
    """The hash tables of some records of a corpus of `total`."""
    source = draw.integers(0, SOURCES, records)
    of_dates, of_texts = np.random.default_rng(records), draw
    for name in planning.make(suites.load_suite(), FIELDS).names:
        # Whatever is drawn for dates, the texts stay as they are.
        draw = of_dates if name in ("habits", "named", "strays", "furnished") else of_texts
        count = int(records * ROWS[name])
        row = np.sort(draw.integers(0, records, count)) if name != "records" else np.arange(records)
        places = {"start_at": np.zeros(count, np.int32), "end_at": np.full(count, 60, np.int32)}
        if name == "records":
            none = pa.nulls(count, pa.int64())
            yield "signals", pa.table({"record_id": pa.array(row).cast(pa.string())})
            yield (
                name,
                pa.table(
                    {
                        "row": row,
                        "source": source * np.int64(0x51_7CC1_B727_220A_95),
                        "body": hashes(draw, count, 0.03, total),
                        "page": none,
                    }
                ),
            )
        elif name == "headlines":
            folded = hashes(draw, count, 0.05, total // 50 + 1)
            yield name, pa.table({"row": row, "folded": folded, "letters": np.full(count, 40), "written": folded ^ 1, **places})
        elif name == "ends":
            rest = {"rest": hashes(draw, count, 0.05, total // 50 + 1), "rest_letters": np.full(count, 30, np.int32)}
            yield name, pa.table({"row": row, "hash": source[row] ^ hashes(draw, count, 0.5, 3), **rest, **places})
        elif name == "lines":
            pool = hashes(draw, count, 1, FURNITURE) ^ (source[row] << 20)
            line = np.where(draw.random(count) < 1 / 3, pool, hashes(draw, count, 0, 1))
            yield name, pa.table({"row": row, "hash": line, "letters": np.full(count, 50, np.int32), "prose": line < 0, **places})
        elif name == "stamps":
            day = draw.integers(10_000, 20_000, count).astype(np.int32)
            second = day * np.int64(86_400) + draw.integers(0, 86_400, count)
            year, month, number = civil(day.astype(np.int64))
            zero, none = np.zeros(count, np.int8), pa.nulls(count, pa.int64())
            parts = {"clock": second % 86_400, "zoned": zero, "vote": zero, "open": zero, "day_first": none, "month_first": none}
            dated = {"year": year, "month": month, "turned": pa.array(number, mask=number > 12)}
            yield name, pa.table({"row": row, "day": day, "second": second, **parts, **dated, "written": second ^ 5, **places})
        elif name == "habits":
            kind = draw.choice(np.array([CLOCK, YEAR, SURE, TURNED], np.int8), count)
            value = np.where(kind == YEAR, 1997 + draw.integers(0, 27, count), np.where(kind == CLOCK, -1, draw.integers(1, 13, count)))
            other = np.where(kind == TURNED, draw.integers(1, 13, count), 0)
            yield name, pa.table({"row": row, "kind": kind, "value": value, "other": other, "n": np.ones(count, np.int32)})
        elif name == "named":
            yield name, pa.table({"row": row, "far": np.zeros(count, np.int8), "written": hashes(draw, count, 0, 1), **places})
        elif name == "strays":
            line = hashes(draw, count, 0.3, FURNITURE) ^ (source[row] << 20)
            yield name, pa.table({"row": row, "hash": line, "score": np.full(count, 120, np.int16), **places})
        elif name == "furnished":
            row = np.unique(row)
            month, level = 201_001 + 100 * draw.integers(0, 14, len(row)) + draw.integers(0, 12, len(row)), draw.integers(0, 3, len(row))
            line = {"hash": hashes(draw, len(row), 0.3, FURNITURE), **{name: place[: len(row)] for name, place in places.items()}}
            yield "furnished", pa.table({"row": row, "month": month.astype(np.int32), "level": level.astype(np.int8), **line})
        else:
            yield name, pa.table({"row": row, "hash": hashes(draw, count, 0.1, total)})


def build(folder: Path, lines: int) -> None:
    """Write the parts of a corpus of so many lines."""
    draw = np.random.default_rng(lines)
    records = lines // LINES_A_RECORD
    for number, first in enumerate(range(0, records, RECORDS_A_PART)):
        place = folder / f"part-{number:05d}"
        place.mkdir()
        write(stretch_path(place, 0), dict(part(draw, min(RECORDS_A_PART, records - first), records)))


class Watch:
    """The most that this process allocated, and that lay in a folder, at any time."""

    def __init__(self, folder: Path) -> None:
        self.allocated = self.disk = 0
        self._folder, self._end = folder, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._end.wait(LOOK):
            for line in Path("/proc/self/status").read_text("ascii").splitlines():
                if line.startswith("RssAnon"):
                    self.allocated = max(self.allocated, int(line.split()[1]) << 10)
            self.disk = max(self.disk, size_of(self._folder))

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue  # gone by now
    return total


def resolved(folder: Path, lines: int, limit: int, threads: int) -> dict[str, float]:
    """Resolve the parts in a folder, in this process."""
    resource.setrlimit(resource.RLIMIT_DATA, (limit << 20, limit << 20))
    work = folder / "work"
    work.mkdir()
    parts = []
    for index, place in enumerate(sorted(folder.glob("part-*"))):
        records = min(RECORDS_A_PART, lines // LINES_A_RECORD - index * RECORDS_A_PART)
        measured = Measurement(records, (records,), 0, 0, {}, (), (), Validity())
        parts.append(PartResult(index, place, measured, False, {}, {}))
    starts = [index * RECORDS_A_PART for index in range(len(parts))]
    plan = planning.make(suites.load_suite(), FIELDS)
    begun, cpu = time.perf_counter(), time.process_time()
    with Watch(work) as watch:
        first = representatives(parts, starts, sum(part.measurement.records for part in parts))
        # There are no texts to read again: that is linear in the candidates, and goes from part to part.
        near = pairs(work, parts, starts, first, known(parts, starts, len(first)))
        stories = without_copies(first)
        stories.save(work)
        resolving = time.process_time()
        facts = resolve(plan, parts, starts, stories, [NOWHERE] * len(parts), work, duck.opened(threads))
        ended, spent = time.perf_counter(), time.process_time()
    found = max(facts.get("boilerplate/repeated-lines", {}).values(), default=0)
    return {
        "lines": lines,
        "headlines": lines // LINES_A_RECORD,
        "pairs": len(near.first),
        "seconds": ended - begun,
        "cpu_seconds": spent - cpu,
        "resolver_seconds": spent - resolving,
        "allocated_mb": watch.allocated / 1e6,
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "tables_mb": sum(size_of(place.folder) for place in parts) / 1e6,
        "work_mb": watch.disk / 1e6,
        "repeated_lines": found,
    }


def exponents(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """How each figure grows from one size to the next."""
    return [
        {name: math.log(max(b[name], 1e-9) / max(a[name], 1e-9)) / math.log(b["lines"] / a["lines"]) for name in GROWING}
        for a, b in pairwise(rows)
    ]


def run(task: str, folder: Path, lines: int, options: argparse.Namespace) -> str:
    """One step in a process of its own, so that its memory is its own.

    Arrow's own allocator reserves a gigabyte of addresses ahead, which would count for allocated: the C library's does not.
    """
    command = [sys.executable, __file__, "--task", task, "--folder", str(folder), "--lines", str(lines / MILLION)]
    command += ["--limit", str(options.limit), "--threads", str(options.threads)]
    environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description="Resolve signals across records of made-up corpora.")
    parser.add_argument("--lines", type=float, nargs="+", default=[1, 10, 50], help="millions of lines, rising")
    parser.add_argument("--limit", type=int, default=2048, help="megabytes a process may allocate")
    parser.add_argument("--threads", type=int, default=1, help="threads of the resolver")
    parser.add_argument("--json", type=Path, help="write the figures as one JSON object")
    parser.add_argument("--task", choices=["build", "resolve"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [round(lines * MILLION) for lines in options.lines]
    if options.task == "build":
        build(options.folder, sizes[0])
        return
    if options.task == "resolve":
        print(json.dumps(resolved(options.folder, sizes[0], options.limit, options.threads)))
        return
    rows = []
    print(
        f"{'lines':>12} {'headlines':>11} {'wall s':>8} {'CPU s':>8} {'resolver':>8} "
        f"{'alloc. MB':>10} {'resid. MB':>10} {'tables MB':>10} {'work MB':>8}"
    )
    for lines in sizes:
        with tempfile.TemporaryDirectory() as name:
            run("build", Path(name), lines, options)
            rows.append(json.loads(run("resolve", Path(name), lines, options)))
        print(
            f"{lines:12,} {rows[-1]['headlines']:11,.0f} "
            + " ".join(f"{rows[-1][name]:{w}.1f}" for name, w in zip(GROWING, (8, 8, 8, 10, 10, 10, 8), strict=True))
        )
    for growth, row in zip(exponents(rows), rows[1:], strict=True):
        print(
            f"{'exponent to':>12} {row['lines']:11,.0f} "
            + " ".join(f"{growth[name]:{w}.2f}" for name, w in zip(GROWING, (8, 8, 8, 10, 10, 10, 8), strict=True))
        )
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(
            json.dumps({"limit_mb": options.limit, "sizes": rows, "exponents": exponents(rows)}, indent=1) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()

"""What a second core gives, how much memory a run takes, and how both grow with the corpus.

    python benchmarks/cores.py [--gb 0.2 1 4] [--jobs 1 2] [--speedup-at 1] [--folder DIR] [--json FILE]

Corpora are one plain .jsonl file each, made as for speed.py. Each run is `corpusgate check --no-cache` as users start it, with
everything: starting, Great Expectations, report. Told are seconds of wall and of CPU of the whole process tree, and the most
memory it took at once: the sum over its processes of what is theirs alone and of their share of what they share (PSS), so that
nothing counts twice, and of what they allocated (tables mapped from disk are left out: the system may drop them).

The speed-up is wall with one job over wall with two, each the best of `--rounds`; the machine should have nothing else to do:
what else it did is printed, as the share of the cores that was taken by others. Beside it stands what as many runs of one job do side by
side, which share nothing but the machine: where two cores are threads of one, that is less than twice the work.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import speed_corpus

GB, MB = 1_000_000_000, 1_000_000

#: Seconds between two looks at the memory of all processes.
LOOK = 0.2

#: Bytes that have sentences of their own: were they drawn from the same few, texts would be the more alike the more there are.
FRESH = 200 * MB

Figures = dict[str, float]


def build(path: Path, size: int) -> Path:
    """A corpus of about `size` bytes in one file."""
    number = 0
    with path.open("wb") as file:
        for turn in range(-(-size // FRESH)):
            for line in speed_corpus.records(min(FRESH, size - turn * FRESH), speed_corpus.SEED + turn, number):
                file.write(line)
                number += 1
    return path


def tree(root: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for process in found:
        found += parents.get(process, [])
    return found


def memory(process: int) -> tuple[int, int]:
    """Bytes that are a process's share of memory, and that it allocated."""
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0, 0
    sizes = {name: int(rest.split()[0]) << 10 for name, _, rest in (row.partition(":") for row in rows) if rest.endswith(" kB")}
    return sizes.get("Pss", 0), sizes.get("Pss_Anon", 0)


def spent(process: int) -> float:
    """Seconds of CPU that a process took by itself: workers are no children of the first one, so that it cannot be asked at the end."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy() -> tuple[float, float]:
    """Seconds that all cores together were busy, and that they had."""
    times = [int(word) for word in Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]]
    tick = os.sysconf("SC_CLK_TCK")
    return (sum(times) - times[3] - times[4]) / tick, sum(times) / tick


def check(path: Path, jobs: int) -> Figures:
    """One run."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "corpusgate.cli", "check", str(path), "--out", out, "--no-cache", "--jobs", str(jobs)]
        before, begun = busy(), time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        most, took = [0, 0], dict[int, float]()

        def look() -> None:
            while process.poll() is None:
                family = tree(process.pid)
                sums = [sum(sizes) for sizes in zip(*map(memory, family), strict=True)]
                most[:] = map(max, most, sums)
                took.update({one: max(spent(one), took.get(one, 0.0)) for one in family})
                time.sleep(LOOK)

        watch = threading.Thread(target=look)
        watch.start()
        errors = process.stderr.read() if process.stderr else b""
        process.wait()
        wall, after = time.perf_counter() - begun, busy()
        watch.join()
        if process.returncode not in (0, 1):
            raise SystemExit(errors.decode("utf-8", "replace"))
        cpu = sum(took.values())
        others = max(after[0] - before[0] - cpu, 0) / (after[1] - before[1])
        return {"seconds": wall, "cpu_seconds": cpu, "memory_mb": most[0] / MB, "allocated_mb": most[1] / MB, "others": others}


def side_by_side(path: Path, runs: int) -> float:
    """Seconds until some runs with one job each have ended that began together: what the machine can do, whatever is shared out."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(runs) as pool:
        list(pool.map(check, [path] * runs, [1] * runs))
    return time.perf_counter() - begun


def exponent(a: Figures, b: Figures, name: str) -> float:
    """How a figure grows between two sizes: 1 with the corpus."""
    return math.log(b[name] / a[name]) / math.log(b["bytes"] / a["bytes"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure cores, memory and growth.")
    parser.add_argument("--gb", type=float, nargs="+", default=[0.2, 0.4, 1, 4], help="sizes, rising")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="processes to compare at --speedup-at")
    parser.add_argument("--speedup-at", type=float, default=1.0, help="size at which all --jobs run; elsewhere the last of them does")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each at --speedup-at, in turn")
    parser.add_argument("--folder", type=Path, help="where corpora are made; default: a temporary folder")
    parser.add_argument("--json", type=Path, help="write the figures as one JSON object")
    options = parser.parse_args()
    rows: list[Figures] = []
    together: dict[int, float] = {}
    print(f"{'GB':>5} {'jobs':>4} {'wall s':>8} {'CPU s':>8} {'MB/s':>7} {'memory MB':>10} {'allocated':>10} {'others':>7}")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for gigabytes in options.gb:
            path = build(Path(folder) / "corpus.jsonl", int(gigabytes * GB))
            all_jobs = options.jobs * options.rounds if gigabytes == options.speedup_at else options.jobs[-1:]
            for jobs in all_jobs:
                rows.append({"bytes": path.stat().st_size, "jobs": jobs, **check(path, jobs)})
                row = rows[-1]
                head = f"{row['bytes'] / GB:5.2f} {jobs:4} {row['seconds']:8.1f} {row['cpu_seconds']:8.1f}"
                rest = f"{row['memory_mb']:10.0f} {row['allocated_mb']:10.0f} {row['others']:7.0%}"
                print(f"{head} {row['bytes'] / row['seconds'] / MB:7.1f} {rest}", flush=True)
            if gigabytes == options.speedup_at and 1 in options.jobs:
                together = {jobs: min(side_by_side(path, jobs) for _ in range(options.rounds)) for jobs in options.jobs if jobs > 1}
            path.unlink()
    at = [row for row in rows if row["bytes"] >= options.speedup_at * GB]
    best = {
        jobs: min((row["seconds"] for row in at if row["jobs"] == jobs and row["bytes"] == at[0]["bytes"]), default=0)
        for jobs in options.jobs
    }
    speedups = {jobs: best[options.jobs[0]] / best[jobs] for jobs in options.jobs[1:] if best[jobs]}
    for jobs, times in speedups.items():
        print(f"{jobs} jobs do {times:.2f} times the work of {options.jobs[0]}")
    ceilings = {jobs: jobs * best[1] / seconds for jobs, seconds in together.items() if best.get(1)}
    for jobs, times in ceilings.items():
        print(f"{jobs} runs of one job each, side by side, do {times:.2f} times the work of one alone")
    # Of each size the quickest run with the most jobs.
    last = sorted((row for row in rows if row["jobs"] == options.jobs[-1]), key=lambda row: (row["bytes"], -row["seconds"]))
    sizes = list({row["bytes"]: row for row in last}.values())
    growth = [{name: exponent(a, b, name) for name in ("seconds", "cpu_seconds", "memory_mb", "allocated_mb")} for a, b in pairwise(sizes)]
    for (a, b), told in zip(pairwise(sizes), growth, strict=True):
        words = ", ".join(f"{name} {value:.2f}" for name, value in told.items())
        print(f"exponents from {a['bytes'] / GB:.2f} to {b['bytes'] / GB:.2f} GB: {words}")
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(
            json.dumps({"runs": rows, "speedups": speedups, "ceilings": ceilings, "exponents": growth}, indent=1) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()

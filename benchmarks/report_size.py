"""Size of the report of runs, and the CPU time it takes: `python benchmarks/report_size.py reports/sample-news reports/march …`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from corpusgate.faces import html
from corpusgate.results import load


def main(folders: list[str]) -> None:
    print(f"{'records':>10}  {'results.json':>14}  {'report.html':>14}  {'CPU seconds':>11}  corpus")
    for folder in map(Path, folders):
        results = load(folder)
        taken = []
        for _ in range(3):
            begun = time.process_time()
            page = html.render(results)
            taken.append(time.process_time() - begun)
        data = (folder / "results.json").stat().st_size
        sizes = f"{data / 1e6:>11.2f} MB  {len(page.encode()) / 1e6:>11.2f} MB"
        print(f"{results.corpus.checked:>10,}  {sizes}  {min(taken):>11.2f}  {results.corpus.name}")


if __name__ == "__main__":
    main(sys.argv[1:])

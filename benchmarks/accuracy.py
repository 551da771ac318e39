"""How well the detectors do on gold, beside well-known peers, in one run.

    python benchmarks/accuracy.py --gold DIR [--json FILE] [--limit N] [--only encoding]

A file that is missing from the folder is named, and the rest is scored.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import encoding_matrix
import score_copies
import score_dates
import score_encoding
import score_lines
import score_model
import score_pairs
from gold import Figures

#: Rows (for boilerplate_lines: pages) looked at in each file, so that a run stays within four minutes; 0 for all.
#: Pages of one site must stay together, or no repetition is left to be found: they are not sampled.
ROWS = 4500
ARTICLES = 1000
PAGES = 0
PEER_DATES = 200


def _others(gold: Path, figures: Figures, cap: Callable[[int], int]) -> None:
    """All but encoding."""
    score_dates.dates(gold, figures, cap(ROWS), PEER_DATES)
    score_dates.natural_defects(gold, figures)
    score_dates.planted_defects(gold, figures, cap(ROWS))
    score_lines.pages(gold, figures, "boilerplate_lines.jsonl.gz", "lines", cap(PAGES))
    score_lines.pages(gold, figures, "boilerplate_partial.jsonl.gz", "partial", cap(ROWS))
    score_lines.pages(gold, figures, "seed_page.jsonl", "seed_page", 0)
    score_model.pages(gold, figures, "boilerplate_lines.jsonl.gz", "lines", cap(PAGES))
    score_model.pages(gold, figures, "seed_page.jsonl", "seed_page", 0)
    score_model.portals(figures)
    score_lines.repeated(gold, figures)
    score_lines.sound(gold, figures)
    score_pairs.near_duplicates(gold, figures, cap(ROWS))
    score_copies.copies(gold, figures)


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the detectors on a folder of gold files.")
    parser.add_argument("--gold", type=Path, required=True, help="folder with the gold files")
    parser.add_argument("--json", type=Path, help="write the figures as one flat JSON object, and what was missing as its notes")
    parser.add_argument("--limit", type=int, help="rows looked at in each file; 0 for all")
    parser.add_argument("--only", choices=("encoding",), help="score these detectors alone")
    options = parser.parse_args()
    if not options.gold.is_dir():
        parser.error(f"{options.gold} is no folder")
    warnings.simplefilter("ignore")

    def cap(usual: int) -> int:
        return usual if options.limit is None else options.limit

    figures, clock = Figures(), time.perf_counter()
    figures.note("peers: " + ", ".join(f"{peer} {version(peer)}" for peer in ("ftfy", "dateparser")))
    score_encoding.mojibake(options.gold, figures, cap(ROWS))
    encoding_matrix.matrix(options.gold, figures)
    score_encoding.clean_articles(options.gold, figures, cap(ARTICLES))
    if options.only is None:
        _others(options.gold, figures, cap)
    print(f"\n{len(figures.values):,} figures in {time.perf_counter() - clock:.0f} s")
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        told = {**figures.values, "notes": figures.notes}
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""A corpus of many short records, to see what a report of them weighs: `python benchmarks/short_records.py FILE [RECORDS]`.

Some 300 sources of very different size; one record in fifty ends in a line of furniture, a few are damaged, and one in a hundred
is a record of the sample corpus, so that all checks have findings.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample-news" / "records"
WORDS = tuple(
    words.split()
    for words in (
        "harbour council ferry bridge market school river budget election museum winter concert doctor engine village report water",
        "مجلس المدينة افتتح جسر الميناء مدرسة سوق نهر ميزانية متحف شتاء حفل طبيب قرية تقرير ماء حديقة ليل قطار وزير",
    )
)
FURNITURE = (
    "Share this story with your friends",
    "All rights reserved © 2026 {}",
    "Sign up to our newsletter",
    "اقرأ أيضا",
    "جميع الحقوق محفوظة",
)
SOURCES = 300


def planted() -> list[dict[str, Any]]:
    found = []
    for path in sorted(SAMPLE.glob("*.jsonl")):
        for line in path.read_text("utf-8", "replace").splitlines():
            if line.endswith("}"):
                found.append(json.loads(line))
    return found


def record(i: int, number: int, draw: random.Random) -> dict[str, Any]:
    site, words = f"site-{number:03}.example", WORDS[number % 3 == 0]
    text = " ".join(draw.choices(words, k=14)) + "."
    # A few sites have it on many of their pages.
    if draw.random() < 0.02 + 0.2 * (number % 40 == 0):
        text += "\n" + FURNITURE[number % len(FURNITURE)].format(site)
    if draw.random() < 0.004:
        text = text.replace(" ", "\N{LATIN CAPITAL LETTER A WITH TILDE}\N{COPYRIGHT SIGN} ", 1)
    if draw.random() < 0.003:
        text += " \N{REPLACEMENT CHARACTER}"
    day = f"20{20 + i % 6:02}-{1 + i % 12:02}-{1 + i % 28:02}" if draw.random() > 0.001 else "2031-01-01"
    title = f"{' '.join(draw.choices(words, k=6))} {i % 50_000}"
    dated = {"published": day, "updated": None, "date_extracted": "2026-08-01T02:00:00Z"}
    return {
        "url": f"https://{site}/{i}",
        "site": site,
        "title": title,
        "content": text,
        **dated,
        "language": "ar" if number % 3 == 0 else "en",
    }


def main(file: str, records: str = "1000000") -> None:
    draw, sample = random.Random(5), planted()
    with Path(file).open("w", encoding="utf-8", newline="\n") as out:
        for i in range(int(records)):
            number = min(SOURCES - 1, int(draw.expovariate(1 / 60)))
            made = record(i, number, draw)
            if i % 100 == 0:
                made = {**sample[i // 100 % len(sample)], "url": made["url"], "site": made["site"]}
            out.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Builds corpora/sample-news: clean stories of invented sources, damage planted in some, and the list of what was planted.

    python benchmarks/build_sample_news.py [FOLDER]

The same bytes come out every time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sample_news.damage import DAMAGE, LONE_SURROGATE, Planter
from sample_news.stories import SOURCES, clean

FOLDER = Path(__file__).parents[1] / "corpora" / "sample-news"


def _line(row: dict[str, Any]) -> str:
    # A lone surrogate cannot be written as UTF-8; JSON escapes it, as the crawlers do that let it through.
    return json.dumps(row, ensure_ascii=False).replace(LONE_SURROGATE, json.dumps(LONE_SURROGATE).strip('"')) + "\n"


def build(folder: Path) -> None:
    """Write the records, a file for each source, and planted.jsonl."""
    records_folder = folder / "records"
    records_folder.mkdir(parents=True, exist_ok=True)
    planter = Planter()
    for source in SOURCES:
        records = clean(source)
        DAMAGE[source.name](records, planter)
        content = "".join(_line(record.row()) for record in records)
        if source.name == SOURCES[-1].name:
            # The crawler was stopped while it wrote its last line.
            cut = _line(records[-1].row()).replace("/news/", "/news/9")[:120]
            content += cut + "\n"
            planter.rows.append(
                {"record_id": None, "check": "corpus/unreadable", "field": None, "match": None, "note": "a line cut off by a stopped crawl"}
            )
        (records_folder / f"{source.name.removesuffix('.example')}.jsonl").write_text(content, encoding="utf-8", newline="\n")
    (folder / "planted.jsonl").write_text("".join(_line(row) for row in planter.rows), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)

"""Clean records to damage: short invented stories in the pack's languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from itertools import product
from random import Random

import yaml

Record = dict[str, str]

LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "ru", "zh")

#: Sentences a record takes: its headline and the lines of its text.
_SENTENCES = 4

_FIRST = datetime(2026, 1, 5, 6, 20, tzinfo=UTC)
CRAWLED = "2026-10-01T00:00:00Z"


@lru_cache(maxsize=8)
def sentences(language: str) -> tuple[str, ...]:
    """All sentences of a language, each once."""
    lists = yaml.safe_load((resources.files("corpusgate.strategies") / "words.yaml").read_text("utf-8"))[language]
    shape = lists[3][0]
    return tuple(shape.format(*parts) for parts in product(*lists[:3]))


#: Most records of one language that share no sentence.
MOST = 216 // _SENTENCES


def clean_records(count: int, language: str, random: Random) -> list[Record]:
    """Records of one invented source, in which no headline and no line stands twice.

    Args:
        count: how many, at most `MOST`.
        language: one of `LANGUAGES`.
        random: where chance comes from.
    """
    source = f"{language}-post.example"
    chosen = random.sample(sentences(language), count * _SENTENCES)
    records = []
    for i in range(count):
        headline, *lines = chosen[i * _SENTENCES : (i + 1) * _SENTENCES]
        day = _FIRST + timedelta(days=3 * i + random.randrange(3), minutes=random.randrange(600))
        records.append(
            {
                "id": f"{language}-{i}",
                "source": source,
                "url": f"https://{source}/news/{i}",
                "headline": headline.rstrip(".。"),
                "text": "\n".join(lines),
                "published": f"{day:%Y-%m-%dT%H:%M:%SZ}",
                "modified": f"{day + timedelta(hours=4):%Y-%m-%dT%H:%M:%SZ}",
                "crawled": CRAWLED,
                "language": language,
            }
        )
    return records

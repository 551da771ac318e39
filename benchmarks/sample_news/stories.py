"""Clean records of invented sources, from story kernels in eight languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

#: Places of a language that one source tells of; two sources of one language share none.
PLACES = 6
FIRST_DAY = datetime(2026, 3, 2, 6, 20, tzinfo=UTC)
CRAWLED = "2026-08-01T02:00:00Z"

_GERMAN = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August")
_FRENCH = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août")
_RUSSIAN = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа")


@dataclass(frozen=True)
class Source:
    """An invented site: its name, language, number of records, and how it writes dates."""

    name: str
    language: str
    records: int
    dates: str
    first_place: int = 0


SOURCES = (
    Source("bawabat-alsahil.example", "ar", 24, "iso"),
    Source("sahifat-alwadi.example", "ar", 18, "space", PLACES),
    Source("harbour-post.example", "en", 24, "rfc"),
    Source("skarn-gazette.example", "en", 44, "iso", PLACES),
    Source("la-lanterne.example", "fr", 18, "fr"),
    Source("rinnbote.example", "de", 18, "de"),
    Source("el-faro-bajo.example", "es", 18, "iso"),
    Source("vestnik-zatona.example", "ru", 18, "ru"),
    Source("yunxi-wanbao.example", "zh", 18, "zh"),
    Source("sobh-sepidrud.example", "fa", 18, "iso"),
)


@dataclass
class Record:
    """One record while it is being made and damaged."""

    url: str
    site: str
    title: str
    content: str
    published: str | None
    updated: str | None
    language: str
    lines: list[str] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """The columns of the corpus."""
        return {
            "url": self.url,
            "site": self.site,
            "title": self.title,
            "content": self.content,
            "published": self.published,
            "updated": self.updated,
            "date_extracted": CRAWLED,
            "language": self.language,
        }


@lru_cache(maxsize=8)
def _kernels(language: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parent / f"{language}.yaml").read_text("utf-8"))
    return data


def written(day: datetime, style: str) -> str:
    """A time as a site of that style prints it."""
    clock = f"{day:%H:%M}"
    match style:
        case "space":
            return f"{day:%Y-%m-%d %H:%M:%S}"
        case "rfc":
            return f"{day:%a, %d %b %Y %H:%M:%S} GMT"
        case "fr":
            return f"{day.day} {_FRENCH[day.month - 1]} {day.year} à {day:%H}h{day:%M}"
        case "de":
            return f"{day.day}. {_GERMAN[day.month - 1]} {day.year}, {clock} Uhr"
        case "ru":
            return f"{day.day} {_RUSSIAN[day.month - 1]} {day.year}, {clock}"
        case "zh":
            return f"{day.year}年{day.month}月{day.day}日 {clock}"
        case _:
            return f"{day:%Y-%m-%dT%H:%M:%SZ}"


def clean(source: Source) -> list[Record]:
    """The records of a source before anything is planted: no headline and no line stands twice."""
    data = _kernels(source.language)
    stories, people = data["stories"], data["people"]
    places = data["places"][source.first_place : source.first_place + PLACES]
    records = []
    for i in range(source.records):
        kernel, turn = i % len(stories), i // len(stories)
        here = (kernel + turn) % PLACES
        slots = {
            "p": places[here],
            "q": places[(here + 1 + kernel % (PLACES - 1)) % PLACES],
            "n": people[(3 * i + turn) % len(people)],
            "d": 11 + 7 * i % 83,
        }
        lines = [line.format(**slots) for line in stories[kernel]["lines"]]
        day = FIRST_DAY + timedelta(days=2 * i, minutes=37 * i)
        path = f"{day:%Y/%m/%d}/{101 + i}" if source.language == "es" else f"news/{101 + i}"
        records.append(
            Record(
                f"https://{source.name}/{path}",
                source.name,
                stories[kernel]["headline"].format(**slots),
                "\n".join(lines),
                written(day, source.dates),
                written(day + timedelta(hours=5), "iso") if i % 2 else None,
                source.language,
                lines,
            )
        )
    return records

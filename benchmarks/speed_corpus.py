"""Makes corpora of any size for the speed benchmarks: eight languages in five scripts, furniture, and damage.

A record is about 4 KB of text: paragraphs of sentences that a language's words were shuffled into, six furniture
phrases of its site, and in 7 % of records one defect planted by a corruptor of `corpusgate.strategies`. The same
seed and size give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path
from random import Random

import yaml

from corpusgate.signals.phrase_lists import all_phrases
from corpusgate.strategies import CORRUPTORS, LANGUAGES

SITES = 120
FURNITURE = 6
DAMAGED = 0.07
TEXT_BYTES = 4000
SEED = 20_261_125

#: Shares of the languages, after the mix of a news crawl in the Arab world.
WEIGHTS = {"ar": 38, "en": 22, "ru": 10, "fr": 10, "zh": 6, "es": 5, "de": 5, "fa": 4}
_SPACED = {"zh": ""}
_STOPS = {"zh": "。"}

#: Kinds whose phrases are lines of furniture, not marks of a page that is nothing else.
_KINDS = ("comment_form", "terms", "share", "subscribe", "navigation", "related")


@lru_cache(maxsize=len(WEIGHTS))
def _sentences(language: str, seed: int) -> tuple[str, ...]:
    lists = yaml.safe_load((resources.files("corpusgate.strategies") / "words.yaml").read_text("utf-8"))[language]
    parts = [part for group in lists[:3] for part in group]
    words = parts if language in _SPACED else [word for part in parts for word in part.split()]
    random = Random(f"{seed} {language}")
    made = []
    for _ in range(4000):
        chosen = [random.choice(words) for _ in range(random.randrange(3, 7) if language in _SPACED else random.randrange(8, 15))]
        chosen.insert(random.randrange(len(chosen)), str(random.randrange(2, 900)))
        made.append(_SPACED.get(language, " ").join(chosen) + _STOPS.get(language, "."))
    return tuple(made)


@lru_cache(maxsize=SITES)
def _site(number: int) -> tuple[str, str, tuple[str, ...]]:
    """A site's name, language and furniture."""
    random = Random(f"{SEED} site {number}")
    language = random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    known = [phrase.text for phrase in all_phrases() if phrase.language == language and phrase.kind in _KINDS]
    return f"{language}-{number}.example", language, tuple(random.sample(known, FURNITURE))


def _clean(number: int, random: Random, seed: int) -> dict[str, str]:
    source, language, furniture = _site(random.randrange(SITES))
    sentences = _sentences(language, seed)
    lines, size = [], 0
    while size < TEXT_BYTES:
        line = " ".join(random.choices(sentences, k=random.randrange(2, 6)))
        size += len(line.encode())
        lines.append(line)
    text = "\n".join([*furniture[: FURNITURE // 2], *lines, *furniture[FURNITURE // 2 :]])
    day = f"{random.randrange(2019, 2026)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
    clock = f"{random.randrange(24):02}:{random.randrange(60):02}:{random.randrange(60):02}"
    return {
        "id": f"{source}/{number}",
        "url": f"https://{source}/news/{number}",
        "source": source,
        "language": language,
        "headline": random.choice(sentences)[:-1],
        "text": text,
        "published": f"{day}T{clock}Z",
        "modified": f"{day}T23:59:59Z",
        "crawled": "2026-10-01T00:00:00Z",
    }


def records(size: int, seed: int = SEED, first: int = 0) -> Iterator[bytes]:
    """Lines of JSON, about `size` bytes of them in all, numbered from `first`. Each seed has sentences of its own, in the same words."""
    random = Random(seed)
    assert set(WEIGHTS) <= set(LANGUAGES)
    defects = sorted(name for name, maker in CORRUPTORS.items() if maker.records == 1)
    done, number = 0, first
    while done < size:
        record = _clean(number, random, seed)
        if random.random() < DAMAGED:
            record = CORRUPTORS[random.choice(defects)].apply([record], random)[0]
        line = json.dumps(record, ensure_ascii=False).encode() + b"\n"
        yield line
        done += len(line)
        number += 1


def build(path: Path, size: int, seed: int = SEED) -> Path:
    """Write such a corpus as JSON Lines, if it is not there yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            for line in records(size, seed):
                file.write(line)
        partial.replace(path)
    return path

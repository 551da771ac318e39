"""Make src/corpusgate/signals/data/date_distances.json: how every language of CLDR says "3 days ago".

    python benchmarks/build_date_distances.py

Each phrase is folded as the reader of dates folds text, with # for its number, and has the seconds of its unit; phrases without
a number, as Arabic has for two, have their number with them. Left out is what means two things in two languages, and what is
so short that it says little.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from build_date_names import NOTE, locales

from corpusgate.signals.date_distances import NUMBERED, folded

OUT = Path(__file__).parents[1] / "src/corpusgate/signals/data/date_distances.json"
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
#: A phrase has this many letters, half as many where they are not Latin.
LETTERS = 4
#: Arabic says it with either of two words; CLDR has the second.
SINCE = ("منذ", "قبل")


def main() -> None:
    """Collect, leave out, write."""
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for _, locale in locales():
        fields = locale._data.get("date_fields") or {}
        for unit, seconds in UNITS.items():
            for width in ("", "-short", "-narrow"):
                for plural, pattern in fields.get(unit + width, {}).get("past", {}).items():
                    number = 0 if "{0}" in pattern else {"one": 1, "two": 2}.get(plural, -1)
                    phrase = folded(pattern.replace("{0}", " 0 "))[0]
                    # Scandinavians leave the first word out as often as not.
                    for said in {phrase, phrase.replace(SINCE[1], SINCE[0]), phrase.removeprefix("for ")}:
                        found[said].add((seconds, number))
    kept = {}
    for phrase, meanings in sorted(found.items()):
        letters = sum(2 - character.isascii() for character in phrase if character.isalpha())
        if len(meanings) == 1 and letters >= LETTERS and phrase.count(NUMBERED) <= 1:
            (meaning,) = meanings
            if meaning[1] >= 0:
                kept[phrase] = list(meaning)
    lines = [f"{json.dumps(phrase, ensure_ascii=False)}: {meaning}" for phrase, meaning in kept.items()]
    OUT.write_text(f'{{"from": {json.dumps(NOTE, ensure_ascii=False)},\n"phrases": {{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
    print(len(kept), "phrases,", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

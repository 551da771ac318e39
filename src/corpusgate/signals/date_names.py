"""Names of months and weekdays: those of CLDR in every language that it has, and those that CLDR does not know.

A month is a number: 1 to 12 of the Gregorian year, JALALI + 1 to 12 of the Iranian one, HIJRI + 1 to 12 of the Islamic one.
A weekday counts from Monday, 0, as in `datetime`. Names are folded as in `date_tokens`; the words of a name are joined
by one space.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from corpusgate.kept import kept
from corpusgate.signals import date_names_more, date_tokens
from corpusgate.signals.date_names_more import ARABIC, ARABIC_WEEKDAYS, CALENDARS, LEVANTINE, MORE_MONTHS, MORE_WEEKDAYS
from corpusgate.signals.date_tokens import MARK, NUMBER, WORD, tokens

#: Without a language, a name must have this many letters: shorter ones mean something else somewhere.
MONTH_LETTERS = 3
WEEKDAY_LETTERS = 4

#: A meaning that this many times as many languages share as have any other is the meaning: "mai" is May in 24, August in one.
CONSENSUS = 8


class Name(NamedTuple):
    """What a name can mean; both may be filled ("mar" is a Tuesday and a March in Spanish)."""

    months: frozenset[int]
    weekdays: frozenset[int]


Names = Mapping[str, Name]

_NOTHING: frozenset[int] = frozenset()

#: Months, weekdays and orders of CLDR; `benchmarks/build_date_names.py` makes it.
DATA = Path(__file__).parent / "data" / "date_names.json"


class _Collector:
    def __init__(self) -> None:
        self.months: dict[str, set[int]] = defaultdict(set)
        self.weekdays: dict[str, set[int]] = defaultdict(set)

    def add(self, into: dict[str, set[int]], names: Mapping[int, str | Iterable[str]]) -> None:
        for number, given in names.items():
            for name in (given,) if isinstance(given, str) else given:
                key = _key(name)
                if key:
                    into[key].add(number)

    def names(self) -> dict[str, Name]:
        every = self.months.keys() | self.weekdays.keys()
        return {key: Name(frozenset(self.months.get(key, ())), frozenset(self.weekdays.get(key, ()))) for key in every}


@cache
def _key(name: str) -> str:
    """The key of a name; empty for names that are numbers, such as "5月"."""
    parts = tokens(name)
    if any(part.kind == NUMBER or (part.kind == MARK and part.text not in ".-'") for part in parts):
        return ""
    return " ".join(part.text for part in parts if part.kind == WORD)


@cache
def _cldr() -> Any:
    return json.loads(DATA.read_text("utf-8"))


@cache
def base(language: str) -> str:
    """The language that CLDR knows under a code such as "pt-BR", "zh_Hant" or "no"; empty where it knows none."""
    code = language.replace("_", "-").split("-", 1)[0].lower()
    code = {"no": "nb", "iw": "he", "in": "id", "wuu": "zh", "prs": "fa"}.get(code, code)
    return code if code in _cldr()["names"] else ""


@cache
def day_first(language: str) -> str:
    """The mark between the numbers of a short date in a language or country that puts the day first; empty elsewhere.

    Of plain English nothing can be said, nor of the United States: its code is what many systems write for any English.

    Args:
        language: a code such as "de", "en-GB" or "pt_BR".
    """
    parts = language.replace("_", "-").split("-")
    marks, code = _cldr()["day_first"], base(language)
    country = parts[-1].lower() if len(parts) > 1 and len(parts[-1]) == 2 else ""
    found: str = marks.get(f"{code}-{country}", marks.get(code, "")) if code else ""
    return found


def weekday_names(language: str) -> list[str]:
    """The names of weekdays as CLDR spells them, in all widths; a code as `base` gives it."""
    return [name for names in _cldr()["names"][language]["weekdays"] for name in names]


def _collect(language: str, into: _Collector) -> None:
    known = _cldr()["names"].get(language)
    if known is None:
        return
    into.add(into.months, dict(enumerate(known["months"], 1)))
    into.add(into.weekdays, dict(enumerate(known["weekdays"])))
    into.add(into.months, MORE_MONTHS.get(language, {}))
    into.add(into.weekdays, MORE_WEEKDAYS.get(language, {}))
    if language == "ar":
        for system in (LEVANTINE, *ARABIC):
            into.add(into.months, system)
        into.add(into.weekdays, ARABIC_WEEKDAYS)
    if language == "he":
        into.add(into.months, {i: [f"\N{HEBREW LETTER BET}{name}" for name in names] for i, names in enumerate(known["months"], 1)})
    into.add(into.months, CALENDARS.get(language, {}))


@lru_cache(maxsize=64)
def names_of(language: str) -> Names:
    """The names of one language, a code as `base` gives it; Arabic knows its four ways of naming months."""
    collector = _Collector()
    _collect(language, collector)
    return {key: name for key, name in collector.names().items() if len(key) > 1 or not key.isascii()}


@cache
def names_anywhere() -> Names:
    """Names that mean the same wherever they are used. Kept on disk: folding all of them takes a third of a second."""
    sources = [Path(module.__file__ or "").read_text("utf-8") for module in (date_names_more, date_tokens)]
    state = [*sources, Path(__file__).read_text("utf-8"), DATA.read_text("utf-8"), sys.version]
    data = kept("names", repr(state), lambda: json.dumps(_names_anywhere()).encode())
    return {key: Name(frozenset(months), frozenset(weekdays)) for key, (months, weekdays) in json.loads(data).items()}


def _names_anywhere() -> dict[str, tuple[list[int], list[int]]]:
    months: dict[str, Counter[int]] = defaultdict(Counter)
    weekdays: dict[str, Counter[int]] = defaultdict(Counter)
    for language in _cldr()["names"]:
        for key, name in names_of.__wrapped__(language).items():
            months[key].update(name.months)
            weekdays[key].update(name.weekdays)
    found = {}
    for key in months:
        month = _agreed(months[key]) if len(key) >= MONTH_LETTERS or key in systems() or _is_syllabic(key) else _NOTHING
        weekday = _agreed(weekdays[key]) if len(key) >= WEEKDAY_LETTERS else _NOTHING
        if month or weekday:
            found[key] = (sorted(month), sorted(weekday))
    return found


def _is_syllabic(key: str) -> bool:
    """Whether the first letter is of a script of India or beyond, where two letters are a whole word: "मई" is May."""
    return len(key) > 1 and "\N{DEVANAGARI SIGN CANDRABINDU}" <= key[0] <= "\N{KHMER SIGN AVAKRAHASANYA}"


def _agreed(votes: Counter[int]) -> frozenset[int]:
    ranked = votes.most_common()
    others = sum(count for _, count in ranked[1:])
    return frozenset((ranked[0][0],)) if ranked and ranked[0][1] >= CONSENSUS * others else _NOTHING


@cache
def longer_names(language: str, anywhere: bool) -> Mapping[str, int]:
    """First words of names of several words, with the greatest number of words such a name has."""
    longest: dict[str, int] = {}
    for key in names_anywhere() if anywhere else names_of(language):
        words = key.split(" ")
        if len(words) > 1:
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@cache
def systems() -> Mapping[str, frozenset[str]]:
    """Which Arabic ways of naming months have a name: "levantine", "gregorian" or both."""
    found: dict[str, set[str]] = defaultdict(set)
    for system, tables in (("levantine", (LEVANTINE,)), ("gregorian", ARABIC)):
        for table in tables:
            for names in table.values():
                for name in names:
                    found[_key(name)].add(system)
    return {key: frozenset(value) for key, value in found.items()}

"""Names of months and weekdays: those of CLDR in every language of babel, and those that CLDR does not know.

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
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from babel import Locale, UnknownLocaleError, localedata

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
    if any(part.kind == NUMBER or (part.kind == MARK and part.text not in ".-") for part in parts):
        return ""
    return " ".join(part.text for part in parts if part.kind == WORD)


def base(language: str) -> str:
    """The language that babel knows under a code such as "pt-BR", "zh_Hant" or "no"; empty where it knows none."""
    code = language.replace("_", "-").split("-", 1)[0].lower()
    code = {"no": "nb", "iw": "he", "in": "id", "wuu": "zh", "prs": "fa"}.get(code, code)
    return code if code.isalpha() and localedata.exists(code) else ""


def _collect(language: str, into: _Collector) -> None:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            into.add(into.months, locale.months[context][width])
            into.add(into.weekdays, locale.days[context][width])
    into.add(into.months, MORE_MONTHS.get(language, {}))
    into.add(into.weekdays, MORE_WEEKDAYS.get(language, {}))
    if language == "ar":
        for system in (LEVANTINE, *ARABIC):
            into.add(into.months, system)
        into.add(into.weekdays, ARABIC_WEEKDAYS)
    if language == "he":
        for names in list(locale.months["format"].values()):
            into.add(into.months, {number: f"\N{HEBREW LETTER BET}{name}" for number, name in names.items()})
    into.add(into.months, CALENDARS.get(language, {}))


@lru_cache(maxsize=64)
def names_of(language: str) -> Names:
    """The names of one language, a code of babel; Arabic knows its four ways of naming months."""
    collector = _Collector()
    _collect(language, collector)
    return {key: name for key, name in collector.names().items() if len(key) > 1 or not key.isascii()}


@cache
def names_anywhere() -> Names:
    """Names that mean the same wherever they are used. Kept on disk: all languages of babel take a second and 100 MB."""
    sources = [Path(module.__file__ or "").read_text("utf-8") for module in (date_names_more, date_tokens)]
    state = [*sources, Path(__file__).read_text("utf-8"), version("babel"), sys.version]
    data = kept("names", repr(state), lambda: json.dumps(_names_anywhere()).encode())
    return {key: Name(frozenset(months), frozenset(weekdays)) for key, (months, weekdays) in json.loads(data).items()}


def _names_anywhere() -> dict[str, tuple[list[int], list[int]]]:
    months: dict[str, Counter[int]] = defaultdict(Counter)
    weekdays: dict[str, Counter[int]] = defaultdict(Counter)
    for language in localedata.locale_identifiers():
        if "_" in language:
            continue
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

"""Patterns for a scan of a whole corpus: their hits mark the lines where a date could contradict itself.

They are wide: a hit is a place worth a closer look, nothing more. Names of weekdays stand in them as CLDR and people
spell them, since a scan does not fold letters; a few names a pattern, because Hyperscan refuses long alternations
where it must report the start of a match.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from corpusgate.kept import kept
from corpusgate.signals import date_names_more
from corpusgate.signals.date_names import DATA, weekday_names
from corpusgate.signals.date_names_more import ARABIC, ARABIC_WEEKDAYS, LEVANTINE

#: Languages whose weekdays are looked for in a scan: those with many news sites.
_LANGUAGES = [
    "en", "de", "fr", "es", "pt", "it", "nl", "ca", "da", "sv", "nb", "fi", "et", "lv", "lt", "pl", "cs", "sk", "sl", "hr",
    "sr", "bg", "ru", "uk", "be", "ro", "hu", "tr", "el", "ar", "fa", "ur", "he", "hi", "bn", "ta", "te", "mr", "gu", "id",
    "ms", "vi", "th", "hy", "ka", "az", "kk", "uz", "eu", "gl", "sq", "mk", "is", "sw", "af", "fil",
]  # fmt: skip

_NAMES_A_PATTERN = 15
_DIGIT = (
    "[0-9\N{ARABIC-INDIC DIGIT ZERO}-\N{ARABIC-INDIC DIGIT NINE}\N{EXTENDED ARABIC-INDIC DIGIT ZERO}-\N{EXTENDED ARABIC-INDIC DIGIT NINE}]"
)
_DIGITS = _DIGIT[:-1] + "\N{DEVANAGARI DIGIT ZERO}-\N{DEVANAGARI DIGIT NINE}\N{BENGALI DIGIT ZERO}-\N{BENGALI DIGIT NINE}]"
_YEAR = f"(?:[1١۱][9٩۹]|[2٢۲][01٠١۰۱]){_DIGIT}{_DIGIT}"
_LATE_DAY = f"(?:[2٢۲][9٩۹]|[3٣۳]{_DIGIT})"

#: How months begin in Romance and Germanic languages, for dates such as "viernes, octubre 7, 2022".
_MONTH_FIRST = "(?:[jg][aeu]n|f[eé][bv]|m[aä][irygj]|a[bpv]r|j[uú]i?[nl]|ju[il]|giu|lug|a[gu][go]|ao[uû]|se[pt]|o[cktu]t|nov|d[eiéè][csz])"
_JOIN = "(?: ?[-/(] ?| )"


@cache
def candidate_patterns() -> tuple[str, ...]:
    """Expressions for Hyperscan (UTF-8, letter case ignored) that hit where `contradictions` could find anything."""
    sources = [Path(file).read_text("utf-8") for file in (__file__, date_names_more.__file__ or "")]
    data = kept(
        "dates", repr([*sources, DATA.read_text("utf-8"), sys.version]), lambda: json.dumps(_patterns(), ensure_ascii=False).encode()
    )
    return tuple(json.loads(data))


def _patterns() -> list[str]:
    return [*_weekdays(), *_east_asia(), *_impossible(), *_months()]


def _chunks(names: Iterable[str]) -> Iterator[str]:
    ordered = sorted(set(names))
    for i in range(0, len(ordered), _NAMES_A_PATTERN):
        yield _any(ordered[i : i + _NAMES_A_PATTERN])


def _escape(name: str) -> str:
    """A name as an expression; Arabic letters that are often written one for the other stand as classes."""
    classes = {"ا": "[اأإآ]", "أ": "[اأإآ]", "إ": "[اأإآ]", "آ": "[اأإآ]", "ة": "[ةه]", "ی": "[یي]", ".": "\\."}
    return "".join(classes.get(character, character) for character in name)


def _spellings() -> Iterator[str]:
    for language in _LANGUAGES:
        for name in weekday_names(language):
            word = name.strip(".").lower()
            if len(word) >= 4:
                yield word
                yield _plain(word)
    for names in ARABIC_WEEKDAYS.values():
        yield from names


def _plain(word: str) -> str:
    """A name in Latin letters without its accents, as hurried people write it; others as they are."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return bare if bare.isascii() else word


def _weekdays() -> Iterator[str]:
    for names in _chunks(_spellings()):
        yield f"{names}[ .,،()]{{1,3}}(?:the |den |der |le |el |il |الموافق |ngày |ที่ )?{_DIGITS}"
        yield f"{_DIGITS}[.,،]? ?[(،,-]? ?{names}"
        yield f"{names}, {_MONTH_FIRST}"
    days, months = "(?:mon|tue|wed|thu|fri|sat|sun)", "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    yield f"(?:{days}|tues|thurs?)[ .,]{{1,2}}[0-9]"
    yield f"{_DIGITS}[.,]? ?[(,-]? ?(?:tues|thurs?)"
    yield f"(?:{days}|day|tues|thurs?)[ .,]{{1,3}}{months}"
    yield "(?:mo|di|mi|do|fr|sa|so)[.,]{1,2} ?[0-9]"


def _east_asia() -> Iterator[str]:
    yield "[日号號] ?(?:星期|周|週|礼拜|禮拜)"
    yield "日 ?[(（]?[月火水木金土日一二三四五六][)）曜]"
    yield "일 ?[(（]?[월화수목금토일](?:요일|[)）])"


def _impossible() -> Iterator[str]:
    yield f"{_LATE_DAY}[^\n0-9]{{1,20}}{_YEAR}"
    short = {name for month in (2, 4, 6, 9, 11) for table in (LEVANTINE, *ARABIC) for name in table[month]}
    for names in _chunks(short):
        yield f"{_LATE_DAY} {names}"
    yield f"{_YEAR}[^\n0-9]{{1,20}}{_LATE_DAY}"
    yield f"{_LATE_DAY}[-./]{_DIGIT}{{1,2}}[-./]{_YEAR}"
    yield f"{_DIGIT}{{1,2}}[-./]{_LATE_DAY}[-./]{_YEAR}"
    yield f"{_YEAR}(?:[-./]|\\. ){_DIGIT}{{1,2}}(?:[-./]|\\. ){_LATE_DAY}"
    yield f"[年년] ?{_DIGIT}{{1,2}} ?[月월] ?{_LATE_DAY}"
    yield f"{_LATE_DAY} tháng {_DIGIT}{{1,2}}"
    yield f"(?:[2٢۲]{_DIGIT}|[1١۱][3-9٣-٩۳-۹])[-./](?:[2٢۲]{_DIGIT}|[1١۱][3-9٣-٩۳-۹])[-./]{_YEAR}"
    yield f"{_YEAR}[-./](?:[2٢۲]{_DIGIT}|[1١۱][3-9٣-٩۳-۹])[-./]{_DIGIT}"


def _months() -> Iterator[str]:
    """Names of one month beside names of another, each from a naming system of its own; equal months stand side by side daily."""
    gregorian = {month: {name for table in ARABIC for name in table[month]} for month in range(1, 13)}
    for month in range(1, 13):
        for these, those in ((gregorian, LEVANTINE), (LEVANTINE, gregorian)):
            others = {name for other in range(1, 13) if other != month for name in those[other]}
            # "ماي" begins "مايو": a shorter name of another month must not hide in a longer one of this month.
            others = {name for name in others if not any(own.startswith(name) for own in those[month])}
            yield f"{_any(these[month])}{_JOIN}{_any(others)}"
        # Months of one system side by side are a span of time, unless they have a day.
        others = {name for other in range(1, 13) if other != month for name in LEVANTINE[other]}
        yield f"{_DIGITS} {_any(LEVANTINE[month])} ?/ ?{_any(others)}"


def _any(names: Iterable[str]) -> str:
    return "(?:" + "|".join(_escape(name) for name in sorted(set(names))) + ")"

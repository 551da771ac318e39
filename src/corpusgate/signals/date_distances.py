"""Dates told by their distance from the moment a page was fetched: "3 days ago", «منذ ساعتين», "vor einer Stunde", "gestern".

Phrases are those of CLDR (`data/date_distances.json`, made by benchmarks/build_date_distances.py), and below the ones that it lacks.
Months and years ago are no dates: nobody knows of which day.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from corpusgate.signals.date_tokens import MARK, NUMBER, tokens

DATA = Path(__file__).parent / "data" / "date_distances.json"
#: Stands for the number of a phrase.
NUMBERED = "#"
HOUR, DAY, WEEK = 3600, 86_400, 604_800
#: What is further back is told by a date on any page that knows it.
_MOST = 400 * DAY
#: Longest text looked at, in code points, and tokens of a phrase.
_LONGEST, _TOKENS = 80, 8

#: Without a number in figures.
_ONE = {
    60: "a minute ago|vor einer minute|il y a une minute|hace un minuto|há um minuto|een minuut geleden|минуту назад|منذ دقيقة|قبل دقيقة",
    HOUR: "an hour ago|vor einer stunde|il y a une heure|hace una hora|há uma hora|een uur geleden|час назад|منذ ساعة|قبل ساعة",
    DAY: "a day ago|vor einem tag|il y a un jour|hace un día|há um dia|een dag geleden|день назад|منذ يوم|قبل يوم",
    WEEK: "a week ago|vor einer woche|il y a une semaine|hace una semana|há uma semana|een week geleden|неделю назад|منذ أسبوع|قبل أسبوع",
}
#: Days back.
_DAYS = {
    0: "today|heute|aujourd'hui|hoy|hoje|oggi|vandaag|idag|i dag|dziś|dzisiaj|dnes|azi|bugün"
    "|σήμερα|сегодня|сьогодні|اليوم|امروز|今天|今日|오늘",
    1: "yesterday|gestern|ayer|ontem|ieri|gisteren|igår|i går|wczoraj|včera|tegnap|dün|χθες|вчера|вчора|أمس|دیروز|昨天|昨日|어제|kemarin",
    2: "vorgestern|avant-hier|anteayer|позавчера|أول أمس|پریروز|前天|一昨日",
}


class Distance(NamedTuple):
    """How far back a text says that something was.

    Attributes:
        seconds: how far.
        by_day: whether it counts days, so that the time of day says nothing.
    """

    seconds: int
    by_day: bool


def folded(text: str) -> tuple[str, tuple[int, ...]]:
    """The words of a text, folded, without marks and with `NUMBERED` for numbers; and the numbers."""
    kept = [token for token in tokens(text) if token.kind != MARK]
    numbers = tuple(int(token.text[:9]) for token in kept if token.kind == NUMBER)
    return " ".join(NUMBERED if token.kind == NUMBER else token.text for token in kept), numbers


@cache
def _phrases() -> dict[str, tuple[int, int, bool]]:
    """Seconds of the unit, the number where none is written (0: one is), and whether days are counted; by folded phrase."""
    out = {phrase: (unit, number, unit >= DAY) for phrase, (unit, number) in json.loads(DATA.read_text("utf-8"))["phrases"].items()}
    for unit, listed in _ONE.items():
        out |= {folded(phrase)[0]: (unit, 1, unit >= DAY) for phrase in listed.split("|")}
    for days, listed in _DAYS.items():
        out |= {folded(phrase)[0]: (days * DAY, 1, True) for phrase in listed.split("|")}
    return out


@lru_cache(maxsize=1 << 14)
def distance(text: str) -> Distance | None:
    """How far back a text says that it was, None where it does not say or says two things.

    A number that is no part of the phrase is refused too, unless it is a time of the day behind a word for a day.
    """
    if len(text) > _LONGEST:
        return None
    said, numbers = folded(text)
    words, known = said.split(" "), _phrases()
    found: list[tuple[int, int, tuple[int, int, bool]]] = []
    for size in range(min(_TOKENS, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            meaning = known.get(" ".join(words[at : at + size]))
            if meaning is not None and not any(first < at + size and at < last for first, last, _ in found):
                found.append((at, at + size, meaning))
    if len(found) != 1:
        return None
    first, last, (unit, number, by_day) = found[0]
    own = words[first:last].count(NUMBERED)
    others = len(numbers) - own
    if own:
        number = numbers[words[:first].count(NUMBERED)]
    if others and (own or not by_day or others > 3):
        return None
    seconds = unit * number
    return Distance(seconds, by_day) if seconds <= _MOST else None

"""Words that say a date by its distance from now: "2 hours ago", "gestern", "منذ ساعة"."""

from __future__ import annotations

from collections.abc import Sequence

from corpusgate.signals.date_items import NAME, TIME, Item
from corpusgate.signals.date_tokens import fold

_WORDS = frozenset(
    fold(word)
    for word in [
        "ago", "yesterday", "today", "tomorrow", "now", "hour", "hours", "minute", "minutes", "mins", "days", "weeks",
        "gestern", "heute", "morgen", "vor", "vorgestern", "stunden", "minuten", "tagen", "hier", "aujourd'hui", "demain",
        "heures", "minutes", "jours", "ayer", "hoy", "hace", "ontem", "hoje", "há", "horas", "minutos", "dias", "ieri",
        "oggi", "fa", "ore", "ieri", "gisteren", "vandaag", "geleden", "igår", "idag", "sedan", "siden", "dag", "i", "går",
        "timer", "timmar", "wczoraj", "dziś", "dzisiaj", "temu", "včera", "dnes", "před", "tegnap", "ma", "azi", "bugün",
        "dün", "önce", "χθες", "σήμερα", "πριν", "вчера", "сегодня", "назад", "вчора", "сьогодні", "тому", "أمس", "الأمس",
        "امس", "اليوم", "غدا", "الغد", "منذ", "قبل", "ساعة", "ساعات", "دقيقة", "دقائق", "دیروز", "امروز", "پیش", "今天",
        "昨天", "今日", "昨日", "刚刚", "어제", "오늘", "전", "आज", "कल", "पहले", "trước", "lalu", "kemarin", "hari",
    ]
)  # fmt: skip
_CJK = ("小时前", "小時前", "分钟前", "分鐘前", "天前", "時間前", "分前", "日前", "昨天", "今天", "昨日", "今日", "시간", "분전")


def is_relative(found: Sequence[Item]) -> bool:
    """Whether the items say a date by its distance from now: such a word, a weekday alone, or a time alone; never with a year."""
    return not any(item.digits == 4 for item in found) and any(
        item.text in _WORDS
        or item.kind == TIME
        or (item.kind == NAME and item.name is not None and bool(item.name.weekdays))
        or (not item.text.isascii() and any(word in item.text for word in _CJK))
        for item in found
    )

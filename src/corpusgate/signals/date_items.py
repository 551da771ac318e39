"""Tokens of a written date put together: names, times of day with their zone, numbers with a unit, and what may stand between."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from corpusgate.signals.date_names import Name, longer_names, names_anywhere, names_of, systems
from corpusgate.signals.date_numerals import with_numerals
from corpusgate.signals.date_times import Clock, clock
from corpusgate.signals.date_tokens import MARK, NUMBER, WORD, Token, fold, tokens

#: Kinds of items. FILLER is a word that may stand between the parts of a date, OTHER is every other word.
N, NAME, TIME, FILLER, POINT, OTHER = "n", "name", "t", "f", "p", "x"


class Item(NamedTuple):
    """One part of what may be a date.

    Attributes:
        kind: one of the kinds above.
        text: folded text; the mark itself.
        start: first code point.
        end: code point after the last.
        gap: whether white space stands before it.
        value: of a number; else 0.
        digits: how many digits it has.
        unit: "y", "m" or "d" where the number says what it counts, as in Chinese; "o" for an ordinal.
        name: what a name can mean.
        clash: two months of two naming systems stand side by side as one and are not the same.
        clock: of a time of day.
    """

    kind: str
    text: str
    start: int
    end: int
    gap: bool
    value: int = 0
    digits: int = 0
    unit: str = ""
    name: Name | None = None
    clash: bool = False
    clock: Clock | None = None


_UNITS = {"年": "y", "년": "y", "月": "m", "월": "m", "日": "d", "일": "d", "号": "d", "號": "d"}

#: First years of the eras of Japan and of the Republic of China, less one.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民国": 1911, "民國": 1911}

_ORDINALS = frozenset([
    "st", "nd", "rd", "th", "er", "ere", "re", "eme", "e", "o", "a", "os", "as", "ter", "er.", "de", "ste", "en", "an",
    "ath", "go", "mh", "na", "טן", "ی", "ê", "го", "ое", "ье", "е", "й", "я", "η", "ος", "ই", "লা", "রা", "ঠা", "শে",
])  # fmt: skip

_FILLERS = frozenset(
    fold(word)
    for word in [
        "de", "del", "d", "of", "the", "di", "den", "der", "dem", "do", "da", "la", "le", "el", "en", "an", "this", "on",
        "am", "au", "um", "im", "year", "anno", "any", "año", "gada", "ho", "ta", "г", "год", "года", "году", "р", "року",
        "рік", "m", "d", "ж", "ж.", "жылы", "жыл", "év", "е", "оны", "оноос", "من", "عام", "سنة", "لعام", "لسنة", "العام", "شهر",
        "ماه", "سال", "میلادی", "شنبه", "سنه", "era", "ad", "năm", "ngày", "ปี", "ที่", "ค", "ศ", "พ", "พุทธศักราช",
        "คริสต์ศักราช", "թ", "թթ", "day", "ko", "eko", "gada", "жылғы", "yil", "yilgi", "сыл", "dal", "dhen", "د", "שנת", "ב",
        "της", "του", "στις", "в", "u", "წ",
    ]
)  # fmt: skip

_Look = Callable[[str], "Name | None"]


def _look(key: str, language: str, anywhere: bool) -> Name | None:
    found = names_of(language).get(key) if language else None
    return found if found is not None or not anywhere else names_anywhere().get(key)


def items(text: str, language: str, anywhere: bool) -> list[Item]:
    """The parts of a text in order.

    Args:
        text: what to take apart.
        language: a code that babel knows, or empty.
        anywhere: whether names of other languages count as well, where they are unmistakable.
    """
    parts = _with_units(with_numerals(tokens(text)))
    look = partial(_look, language=language, anywhere=anywhere)
    longer = (longer_names(language, False) if language else {}, longer_names("", True) if anywhere else {})
    found: list[Item] = []
    i = 0
    while i < len(parts):
        part = parts[i]
        if part.kind == NUMBER:
            timed = clock(parts, i) if len(part.text) <= 2 else None
            if timed is not None:
                value, after = timed
                found.append(Item(TIME, part.text, part.start, parts[after - 1].end, part.gap, clock=value))
                i = after
            elif len(part.text) in (5, 6) and _glued_year(part.text, found):
                # "22 Dec 202322 Dec 2023" and "Dec 23, 202311:08 AM": what follows the year has lost its space.
                cut = part.start + 4
                parts[i : i + 1] = [
                    Token(NUMBER, part.text[:4], part.start, cut, part.gap),
                    Token(NUMBER, part.text[4:], cut, part.end, False),
                ]
            else:
                i = _number(parts, i, found)
        elif part.kind == MARK:
            found.append(Item(POINT, part.text, part.start, part.end, part.gap))
            i += 1
        else:
            i = _word(parts, i, found, look, max(table.get(part.text, 1) for table in longer))
    return _pairs(found)


def _with_units(parts: list[Token]) -> list[Token]:
    """Cut the unit off the word that follows a number: "17", "日星期五" becomes "17", "日", "星期五"."""
    if not any(part.kind == WORD and part.text[0] in _UNITS for part in parts):
        return parts
    found: list[Token] = []
    for i, part in enumerate(parts):
        if (
            part.kind == WORD
            and part.text[0] in _UNITS
            and i
            and parts[i - 1].kind == NUMBER
            and part.end - part.start == len(part.text) > 1
        ):
            found.append(Token(WORD, part.text[0], part.start, part.start + 1, part.gap))
            found.append(Token(WORD, part.text[1:], part.start + 1, part.end, False))
        else:
            found.append(part)
    return found


def _glued_year(digits: str, found: list[Item]) -> bool:
    """Whether a number of five or six digits begins with the year of the date before it."""
    if digits[:2] not in ("19", "20") or not found:
        return False
    before = [item for item in found[-5:] if item.text not in (",", "'")]
    if before and before[-1].kind == NAME:
        return True
    numbers = [item for item in before[-4:] if item.kind == N and item.digits <= 2]
    if len(numbers) == 2 and before[-1].text in "./-":
        return True
    return len(before) > 1 and before[-1] in numbers and before[-2].kind == NAME


def _number(parts: list[Token], i: int, found: list[Item]) -> int:
    part = parts[i]
    after = _numbered_month(parts, i)
    if after:
        month = Name(frozenset((int(part.text),)), frozenset())
        found.append(Item(NAME, part.text, part.start, parts[after - 1].end, part.gap, name=month))
        return after
    value, digits = (int(part.text), len(part.text)) if len(part.text) <= 18 else (0, len(part.text))
    following = parts[i + 1] if i + 1 < len(parts) else None
    unit, after, end = "", i + 1, part.end
    if following is not None and following.kind == WORD:
        if following.text in _UNITS:
            unit, after, end = _UNITS[following.text], i + 2, following.end
            if unit == "y" and digits <= 3 and i and parts[i - 1].text[-2:] in _ERAS:
                value, digits = value + _ERAS[parts[i - 1].text[-2:]], 4
        elif following.text in _ORDINALS and not following.gap and digits <= 2:
            unit, after, end = "o", i + 2, following.end
    elif (
        following is not None and following.text == "-" and not following.gap and digits <= 2 and i + 2 < len(parts)
        and parts[i + 2].text in _ORDINALS and not parts[i + 2].gap
    ):  # fmt: skip
        unit, after, end = "o", i + 3, parts[i + 2].end
    found.append(Item(N, part.text, part.start, end, part.gap, value, digits, unit))
    return after


def _word(parts: list[Token], i: int, found: list[Item], look: _Look, longest: int) -> int:
    part = parts[i]
    behind_time = not part.gap or bool(found and found[-1].kind == TIME)
    if part.text[:2] in ("am", "pm") and len(part.text) > 4 and behind_time and _is_month(look(part.text[2:])) and not look(part.text):
        # "1:00 AMNov 17": the time has lost its space.
        part = Token(WORD, part.text[2:], part.start + 2, part.end, False)
    if part.text in ("พ", "ค") and [other.text for other in parts[i + 1 : i + 4]] == [".", "ศ", "."]:
        # "พ.ศ." and "ค.ศ." name the era; alone these letters are weekdays.
        found.append(Item(FILLER, part.text, part.start, parts[i + 3].end, part.gap))
        return i + 4
    for count in range(longest, 0, -1):
        joined = _joined(parts, i, count) if count > 1 else (part.text, i + 1)
        name = look(joined[0]) if joined else None
        if joined and name is not None:
            found.append(Item(NAME, joined[0], part.start, parts[joined[1] - 1].end, part.gap, name=name))
            return joined[1]
    following = parts[i + 1] if i + 1 < len(parts) else None
    if (
        part.text == "thang"
        and following is not None
        and following.kind == NUMBER
        and len(following.text) <= 2
        and 1 <= int(following.text) <= 12
    ):
        month = Name(frozenset((int(following.text),)), frozenset())
        found.append(Item(NAME, part.text, part.start, following.end, part.gap, name=month))
        return i + 2
    if part.text == "t" and not part.gap and following is not None and following.kind == NUMBER and not following.gap:
        return i + 1
    found.append(Item(FILLER if part.text in _FILLERS else OTHER, part.text, part.start, part.end, part.gap))
    return i + 1


def _numbered_month(parts: list[Token], i: int) -> int:
    """Of Mongolian "5-р сарын", the index after it; 0 where something else stands."""
    part = parts[i : i + 4]
    if len(part) < 4 or part[1].text != "-" or part[2].text not in ("р", "p") or not part[3].text.startswith("сар"):
        return 0
    return i + 4 if len(part[0].text) <= 2 and 1 <= int(part[0].text) <= 12 else 0


def _is_month(name: Name | None) -> bool:
    return name is not None and bool(name.months)


def _joined(parts: list[Token], i: int, count: int) -> tuple[str, int] | None:
    """The next `count` words as one key, over single spaces, hyphens and dots; and where they end."""
    words = [parts[i].text]
    i += 1
    while len(words) < count:
        if i < len(parts) and parts[i].kind == MARK and parts[i].text in "-.":
            i += 1
        if i >= len(parts) or parts[i].kind != WORD:
            return None
        words.append(parts[i].text)
        i += 1
    return " ".join(words), i


def _pairs(found: list[Item]) -> list[Item]:
    """Two names of one month become one item: "كانون الأول / ديسمبر", "سبتمبر (أيلول)"."""
    if sum(item.name is not None and bool(item.name.months) for item in found) < 2:
        return found
    merged: list[Item] = []
    i = 0
    while i < len(found):
        pair = _pair(found, i)
        merged.append(pair[0] if pair else found[i])
        i = pair[1] if pair else i + 1
    return merged


def _pair(found: list[Item], i: int) -> tuple[Item, int] | None:
    one = found[i]
    if one.name is None or not one.name.months:
        return None
    mark = found[i + 1].text if i + 1 < len(found) and found[i + 1].kind == POINT else ""
    at = i + 2 if mark else i + 1
    if mark not in ("", "/", "(", "-") or at >= len(found):
        return None
    other = found[at]
    if other.name is None or not other.name.months:
        return None
    common = one.name.months & other.name.months
    joined = mark == "-" and not (found[i + 1].gap or other.gap) and one.text != other.text
    if not (common and mark and (mark != "-" or joined)) and not _two_systems(one.text, other.text) and not _one_day(found, i, at, mark):
        return None
    end = at + 2 if mark == "(" and at + 1 < len(found) and found[at + 1].text == ")" else at + 1
    name = Name(common or one.name.months | other.name.months, frozenset())
    return Item(NAME, one.text, one.start, other.end, one.gap, name=name, clash=not common), end


def _one_day(found: list[Item], i: int, at: int, mark: str) -> bool:
    """Whether two months of the Levant share a day and a year, as in "17 أيار / حزيران 2024": without the day they are a span of time."""
    levantine = all(systems().get(found[k].text) == frozenset(("levantine",)) for k in (i, at))
    if not (levantine and mark == "/" and i > 0 and at + 1 < len(found)):
        return False
    return found[i - 1].kind == found[at + 1].kind == N and found[i - 1].digits <= 2 and found[at + 1].digits == 4


def _two_systems(one: str, other: str) -> bool:
    first, second = systems().get(one), systems().get(other)
    return first is not None and second is not None and not first & second

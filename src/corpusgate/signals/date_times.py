"""Times of day and their zones, as they stand beside a date."""

from __future__ import annotations

from typing import NamedTuple

from corpusgate.signals.date_tokens import MARK, NUMBER, WORD, Token


class Clock(NamedTuple):
    """A time of day.

    Attributes:
        seconds: since midnight.
        offset: of the zone, in seconds east of UTC; None where none is written.
        half: "a" or "p" where a half of the day is named and counts.
        parts: how many of hour, minute and second are written.
    """

    seconds: int
    offset: int | None
    half: str = ""
    parts: int = 1


_HOUR = 3600

#: Zone names of RFC 5322 and the commonest others, in hours; names that mean two zones (IST, CST in China) follow the RFC or are left out.
ZONES = {
    "z": 0.0, "ut": 0.0, "utc": 0.0, "gmt": 0.0, "wet": 0.0, "bst": 1.0, "cet": 1.0, "mez": 1.0, "west": 1.0, "cest": 2.0, "mesz": 2.0,
    "eet": 2.0, "eest": 3.0, "msk": 3.0, "est": -5.0, "edt": -4.0, "et": -5.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0,
    "pst": -8.0, "pdt": -7.0, "jst": 9.0, "kst": 9.0, "aest": 10.0,
}  # fmt: skip

_HOURS = frozenset(["h", "hs", "hrs", "uhr", "ч", "час", "ώρα"])
_HOURS_CJK = "时時시点"
_MINUTES = frozenset(("分", "분", "min", "m"))
_CLOCK_WORDS = frozenset(["kl", "klo", "kell", "ore", "alle", "ora", "um", "at", "as", "saat", "o", "kello"])
_BEFORE_NOON = frozenset(("am", "ص", "πμ"))
_AFTER_NOON = frozenset(("pm", "م", "μμ"))
_LATE = ("下午", "午後", "오후", "晚上")


def clock(parts: list[Token], i: int) -> tuple[Clock, int] | None:
    """The time of day that begins with the number at `i`, and the index after it."""
    hour = int(parts[i].text)
    if hour > 24:
        return None
    found = _with_colon(parts, i, hour) or _with_unit(parts, i, hour) or _with_dot(parts, i, hour)
    if found is None:
        half, after = _half(parts, i + 1)
        if not half or not 1 <= hour <= 12:
            return None
        found = hour * _HOUR, i + 1, 1
    seconds, after, count = found
    half, after = _half(parts, after)
    if not half and i and parts[i - 1].kind == WORD and parts[i - 1].text.endswith(_LATE):
        half = "p"
    half = half if seconds // _HOUR <= 12 else ""
    if half:
        seconds = seconds % (12 * _HOUR) + (12 * _HOUR if half == "p" else 0)
    if after < len(parts) and parts[after].kind == WORD and parts[after].text in _HOURS:
        after += 1
    offset, after = _zone(parts, after, exact=after - i >= 5)
    return Clock(seconds, offset, half, count), after


def _glued(parts: list[Token], i: int, mark: str, digits: int | None = 2) -> bool:
    """Whether the mark and a number of so many digits come next, without white space."""
    if i + 1 >= len(parts) or parts[i].text != mark or parts[i].gap or parts[i + 1].gap or parts[i + 1].kind != NUMBER:
        return False
    return digits is None or len(parts[i + 1].text) == digits


def _with_colon(parts: list[Token], i: int, hour: int) -> tuple[int, int, int] | None:
    if not _glued(parts, i + 1, ":") or int(parts[i + 2].text) > 59:
        return None
    seconds, after, count = hour * _HOUR + int(parts[i + 2].text) * 60, i + 3, 2
    if _glued(parts, after, ":") and int(parts[after + 1].text) <= 60:
        seconds, after, count = seconds + int(parts[after + 1].text), after + 2, 3
        if _glued(parts, after, ".", None) or _glued(parts, after, ",", None):
            after += 2
    return seconds, after, count


def _with_unit(parts: list[Token], i: int, hour: int) -> tuple[int, int, int] | None:
    unit = parts[i + 1] if i + 1 < len(parts) else None
    if unit is None or unit.kind != WORD or not (unit.text in _HOURS or unit.text[0] in _HOURS_CJK):
        return None
    minute = parts[i + 2] if i + 2 < len(parts) else None
    if minute is None or minute.kind != NUMBER or len(minute.text) != 2 or int(minute.text) > 59 or unit.text == "uhr":
        return hour * _HOUR, i + 2, 1
    after = i + 3
    if after < len(parts) and (parts[after].text in _MINUTES or parts[after].text[0] in "分분"):
        after += 1
    return hour * _HOUR + int(minute.text) * 60, after, 2


def _with_dot(parts: list[Token], i: int, hour: int) -> tuple[int, int, int] | None:
    if not _glued(parts, i + 1, ".") or int(parts[i + 2].text) > 59 or _glued(parts, i + 3, ".", None):
        return None
    if i >= 2 and parts[i - 1].text == "." and not parts[i].gap and parts[i - 2].kind == NUMBER:
        return None
    following = parts[i + 3] if i + 3 < len(parts) else None
    said = following is not None and following.kind == WORD and (following.text in _HOURS or following.text in ZONES)
    asked = i > 0 and (parts[i - 1].text in _CLOCK_WORDS or (i > 1 and parts[i - 1].text == "." and parts[i - 2].text in _CLOCK_WORDS))
    if not (said or asked or _half(parts, i + 3)[0]):
        return None
    return hour * _HOUR + int(parts[i + 2].text) * 60, i + 3, 2


def _half(parts: list[Token], i: int) -> tuple[str, int]:
    """ "a" or "p" where a half of the day is named at `i`, and the index after it."""
    if i >= len(parts) or parts[i].kind != WORD:
        return "", i
    word = parts[i].text
    if word in _BEFORE_NOON or word in _AFTER_NOON:
        return "a" if word in _BEFORE_NOON else "p", i + 1
    if word in ("a", "p", "π", "μ") and i + 2 < len(parts) and parts[i + 1].text == "." and parts[i + 2].text in ("m", "μ"):
        after = i + 3
        return "a" if word in "aπ" else "p", after + (after < len(parts) and parts[after].text == ".")
    return "", i


def _zone(parts: list[Token], i: int, exact: bool) -> tuple[int | None, int]:
    named = i < len(parts) and parts[i].kind == WORD and parts[i].text in ZONES
    offset = round(ZONES[parts[i].text] * _HOUR) if named else None
    if named:
        i += 1
    if i + 1 >= len(parts) or parts[i].kind != MARK or parts[i].text not in "+-" or parts[i + 1].gap or parts[i + 1].kind != NUMBER:
        return offset, i
    sign = 1 if parts[i].text == "+" else -1
    digits = parts[i + 1].text
    hours, minutes, after = int(digits[:2]), 0, i + 2
    if len(digits) == 4:
        minutes = int(digits[2:])
    elif len(digits) == 2 and _glued(parts, after, ":"):
        minutes, after = int(parts[after + 1].text), after + 2
    elif not (named or (len(digits) == 2 and not parts[i].gap and (exact or sign > 0))) or len(digits) > 2:
        return offset, i
    if hours > 14 or minutes > 59:
        return offset, i
    return sign * (hours * _HOUR + minutes * 60), after

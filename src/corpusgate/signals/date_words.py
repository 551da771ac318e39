"""What the dates of a text say together: one day, none, or too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from corpusgate.signals.date_items import Item, items
from corpusgate.signals.date_names import base, day_first
from corpusgate.signals.date_numbers import Order
from corpusgate.signals.date_phrases import Phrase, phrases
from corpusgate.signals.date_relative import is_relative
from corpusgate.signals.date_tokens import fold

Reason = Literal["read", "empty", "unreadable", "ambiguous", "impossible", "relative"]

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400

#: Without a language, they say that a year such as 1403 is Iranian.
_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"

#: Behind a date, they begin another one: that of a change.
_UPDATED = frozenset(
    fold(word)
    for word in [
        "updated", "update", "modified", "edited", "revised", "aktualisiert", "aktualisierung", "geändert", "bearbeitet", "jour",
        "modifié", "modifiée", "actualizado", "actualizada", "modificado", "atualizado", "atualizada", "aggiornato", "aggiornamento",
        "modificato", "bijgewerkt", "gewijzigd", "uppdaterad", "uppdaterat", "oppdatert", "opdateret", "päivitetty", "muokattu",
        "zaktualizowano", "aktualizacja", "aktualizováno", "aktualizované", "frissítve", "actualizat", "güncelleme", "güncellendi",
        "обновлено", "оновлено", "изменено", "تحديث", "التحديث", "محدث", "ενημέρωση", "diperbarui", "更新", "更新于",
        "更新時間", "更新时间",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What a written date says.

    Attributes:
        day: the day as written, in its own zone; None unless read.
        reason: "read", or why not.
        clock: seconds since midnight where a time of day is written, as written; else None.
        zone: seconds east of UTC where a zone is written; else None.
        either: the day with the day first and with the month first, where numbers alone allow both.
        order: the one order of the two that the date itself allows: how its source writes dates.
    """

    day: date | None
    reason: Reason
    clock: int | None = None
    zone: int | None = None
    either: tuple[date, ...] = ()
    order: Order = ""

    @property
    def second(self) -> int | None:
        """Seconds since 1970-01-01 UTC where a time of day is written, in UTC where no zone is; else None."""
        if self.day is None or self.clock is None:
            return None
        return (self.day.toordinal() - _EPOCH) * _DAY + self.clock - (self.zone or 0)


class Words(NamedTuple):
    """A reading, and what it was read from.

    Attributes:
        reading: what the text says.
        found: the items that counted.
        dates: the phrases among them.
    """

    reading: Reading
    found: Sequence[Item]
    dates: Sequence[Phrase]


def read_words(text: str, language: str, order: Order) -> Words:
    """Read the date in a text.

    Args:
        text: a date and what stands around it.
        language: code of its language, with its country where that is known; or empty.
        order: how the source writes dates of numbers; empty where that is not known.
    """
    code = base(language) if language else "fa" if any(digit in text for digit in _PERSIAN_DIGITS) else ""
    own = day_first(language) if language else ""
    if code:
        words = _words(items(text, code, False), code, order, own)
        if words.reading.reason not in ("unreadable", "relative"):
            return words
    return _words(items(text, code, True), code, order, own)


def _words(found: Sequence[Item], language: str, order: Order, own: str) -> Words:
    dates = phrases(found, language, order, own)
    end = _until_update(found, dates)
    if end < len(found):
        found = found[:end]
        dates = phrases(found, language, order, own)
    if any(phrase.year and phrase.kind in ("date", "ambiguous") for phrase in dates):
        # Beside a year in full, two digits are something else.
        dates = [phrase for phrase in dates if phrase.year or phrase.month >= 0 or phrase.kind not in ("date", "ambiguous")]
    return Words(_reading(found, dates), found, dates)


def _until_update(found: Sequence[Item], dates: Sequence[Phrase]) -> int:
    """Where the date of a change begins behind a whole date; else the number of items."""
    whole = next((phrase.last for phrase in dates if phrase.kind in ("date", "ambiguous")), len(found))
    return next((i for i in range(whole + 1, len(found)) if found[i].text in _UPDATED), len(found))


def _reading(found: Sequence[Item], dates: Sequence[Phrase]) -> Reading:
    kinds = {phrase.kind for phrase in dates}
    days = {phrase.days[0] for phrase in dates if phrase.kind == "date"}
    order: Order = next((phrase.order for phrase in dates if phrase.order), "")
    either = next((phrase.either for phrase in dates if phrase.either), ())
    for phrase in dates:
        if phrase.kind == "ambiguous" and phrase.days:
            decided = _by_weekday(found, phrase, days)
            if decided and phrase.either:
                order, either = "dmy" if decided == {phrase.either[0]} else "mdy", ()
            days |= decided
            if not days & set(phrase.days):
                return Reading(None, "ambiguous", either=either if len(dates) == 1 else ())
    if len(days) > 1 or "clash" in kinds or any(phrase.kind == "ambiguous" and not phrase.days for phrase in dates):
        return Reading(None, "ambiguous")
    if not days and "hijri" in kinds and "impossible" not in kinds:
        days = _islamic(found, dates)
        if not days:
            return Reading(None, "ambiguous")
    if len(days) == 1:
        if "impossible" in kinds:
            return Reading(None, "ambiguous")
        day = days.pop()
        if any(_is_another(found, phrase, day) for phrase in _apart(dates)):
            return Reading(None, "ambiguous")
        clocks = {item.clock[:2] for item in found if item.clock is not None}
        clock, zone = clocks.pop() if len(clocks) == 1 else (None, None)
        return Reading(day, "read", clock, zone, either if len(dates) == 1 else (), order)
    if "impossible" in kinds:
        return Reading(None, "impossible")
    half = any(phrase.kind == "partial" and (phrase.day >= 0 or phrase.month < 0) for phrase in dates)
    return Reading(None, "relative" if not half and is_relative(found) else "unreadable")


def _islamic(found: Sequence[Item], dates: Sequence[Phrase]) -> set[date]:
    """The day of an Islamic date: by the calendar, or the day beside it that falls on the weekday named."""
    days = {day for phrase in dates if phrase.kind == "hijri" for day in phrase.days}
    said = _weekdays(found)
    if len(days) != 1 or len(said) > 1:
        return set()
    ordinal = days.pop().toordinal()
    near = [date.fromordinal(ordinal + step) for step in (0, -1, 1)]
    return {next((day for day in near if day.weekday() in said[0]), near[0])} if said else {near[0]}


def _weekdays(found: Sequence[Item]) -> list[frozenset[int]]:
    return [item.name.weekdays for item in found if item.name is not None and item.name.weekdays]


def _apart(dates: Sequence[Phrase]) -> list[Phrase]:
    """What stands apart from the dates that were read: "Sat" is no month in "Sat, 20 Dec 2025", whatever it is elsewhere."""
    taken = {i for phrase in dates if phrase.kind == "date" for i in range(phrase.first, phrase.last + 1)}
    return [phrase for phrase in dates if not taken & {phrase.month, phrase.day}]


def _is_another(found: Sequence[Item], phrase: Phrase, day: date) -> bool:
    """Whether a day and a month without a year are those of another day: "13 February … since 10 February 2022"."""
    if phrase.kind != "partial" or phrase.day < 0:
        return False
    name = found[phrase.month].name if phrase.month >= 0 else None
    months = name.months if name else {found[phrase.day - 1].value}
    return day.day != found[phrase.day].value or day.month not in months


def _by_weekday(found: Sequence[Item], phrase: Phrase, known: set[date]) -> set[date]:
    """The one reading that falls on the weekday beside, if there is just one."""
    near = _weekdays(found[max(0, phrase.first - 3) : phrase.last + 4])
    if known or len(near) != 1:
        return set()
    fitting = {day for day in phrase.days if day.weekday() in near[0]}
    return fitting if len(fitting) == 1 else set()

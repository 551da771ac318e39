"""Plain frozen data that every part speaks: the fields of a record, spans, findings.

A *record* is one scraped page. Whatever the columns of a corpus are called, its records reach the
signals under the names in `FIELDS`. Offsets in a `Span` and a `Finding` count Unicode code points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["fail", "warn", "info"]

#: What a record can hold. `headline` and `text` are searched for evidence; the dates are kept as written.
FIELDS = ("id", "source", "url", "headline", "text", "published", "modified", "crawled", "language")

#: The fields that signals search, in the order in which they lie in a haystack.
SEARCHED = ("headline", "text", "published")

#: What stands in the text for a code point that no UTF-8 can hold: a surrogate without its other half.
#: A noncharacter of the Unicode standard (section 23.7), so that it cannot collide with real text.
LONE_SURROGATE = "\ufdd0"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of code points in one field of one record."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of damage: a check, a record and, where there is a place to point at, a span.

    Attributes:
        record_id: the record's id, or `file:line` where no id column is mapped.
        source: the site the record was scraped from.
        check: path name of the check, such as `encoding/mojibake`.
        family: first part of that name.
        severity: `fail`, `warn` or `info`, as the suite has it.
        field: one of `FIELDS`.
        start: first code point of the evidence in that field; None where there is no place.
        end: code point after the evidence; None where there is no place.
        match: the evidence itself, at most `MATCH_LIMIT` code points of it.
        message: what is wrong, in one sentence.
        fingerprint: 16 hex digits that stay the same when the text around the evidence moves.
    """

    record_id: str
    source: str
    check: str
    family: str
    severity: Severity
    field: str
    start: int | None
    end: int | None
    match: str
    message: str
    fingerprint: str

    @property
    def span(self) -> Span | None:
        """The place of the evidence, or None for a finding about the whole record."""
        return None if self.start is None or self.end is None else Span(self.start, self.end)


#: Longest evidence kept with a finding, in code points: a glued ticker line runs to about 900.
MATCH_LIMIT = 1000

#: What parts, in the message of a finding, how a text was damaged from the text as it should be.
REPAIRED = "; repaired: "

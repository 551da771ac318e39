"""What results.json shows of records themselves, a bounded share of what was found: examples, groups and whole records."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(_Part):
    """A finding in its surroundings. `match` lies at `[start, end)` of the field, in code points; `repaired` is how it should read,
    `new` one that the baseline does not know (no other is told apart by it)."""

    record_id: str
    source: str
    url: str
    field: str
    start: int | None
    end: int | None
    before: str
    match: str
    after: str
    message: str
    fingerprint: str
    waived: bool = False
    new: bool = False
    repaired: str = ""


class Member(_Part):
    """A record of a group; `message` says what it repeats, where that is known."""

    record_id: str
    source: str
    url: str
    published: str
    headline: str
    beginning: str
    message: str


class Group(_Part):
    """Records that have something in common: a line, a headline, a date, or a text (then `text` is empty).

    `count` is what groups are ranked by and what `message` names; `records` is how many records have a finding of the group. Of texts
    `records` counts all copies, and `count` those that repeat an earlier one in their source, or the sources that have it.
    """

    text: str
    count: int
    message: str
    records: int
    members: list[Member]


class StripLine(_Part):
    """A line of furniture that stands in `records` records of a source: as one of them has it, and the `pattern` that takes it out."""

    source: str
    line: str
    pattern: str
    records: int
    checks: list[str]


class Passage(_Part):
    """A stretch of a field from code point `start` on."""

    start: int
    text: str


class PageField(_Part):
    """A field of `length` code points: what stands around its findings."""

    field: str
    length: int
    passages: list[Passage]


class Place(_Part):
    """A finding in a record; `print` is its fingerprint."""

    check: str
    field: str
    start: int | None
    end: int | None
    message: str
    print: str


class Page(_Part):
    """A record with its `findings`, counted by check; where they are many, `places` has some of each."""

    record_id: str
    source: str
    url: str
    fields: list[PageField]
    places: list[Place]
    findings: dict[str, int]

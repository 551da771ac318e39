"""Waivers: findings that somebody answers for until a day. They count for no bound and stay visible.

A waiver says which check, for which source, record or finding, why, and until when. One that has ended, or whose day cannot
be read, counts for nothing, so that what was forgotten comes back by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from corpusgate import run_tables
from corpusgate.checks import Check
from corpusgate.errors import Problem, nearest
from corpusgate.results import Waiver
from corpusgate.slices import Slices
from corpusgate.strict_yaml import read_yaml, validated

Bools = NDArray[np.bool_]

#: Which column of the findings a scope looks at.
_COLUMNS: dict[str, str] = {"source": "source", "record": "record_id", "fingerprint": "fingerprint"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Entry(_Part):
    """One waiver as written: exactly one of `source`, `record` and `fingerprint` says what it is for."""

    check: str
    source: str | None = None
    record: str | None = None
    fingerprint: str | None = None
    reason: str = Field(min_length=1)
    owner: str = ""
    last_day: str

    @model_validator(mode="after")
    def _one_scope(self) -> Entry:
        if sum(value is not None for value in (self.source, self.record, self.fingerprint)) != 1:
            raise ValueError("a waiver names one of source, record and fingerprint")
        if not self.reason.strip():
            raise ValueError("a waiver needs a reason")
        return self

    @property
    def scope(self) -> Literal["source", "record", "fingerprint"]:
        """What it is for."""
        return "source" if self.source is not None else "record" if self.record is not None else "fingerprint"

    @property
    def value(self) -> str:
        """The source, record id or fingerprint."""
        return self.source or self.record or self.fingerprint or ""


class WaiverFile(_Part):
    """A waivers.yaml."""

    waivers: list[Entry]


@dataclass(frozen=True)
class Waived:
    """What waivers do to a run.

    Attributes:
        slices: how many broken records they take out of each slice.
        entries: what became of each waiver.
        fingerprints: the findings they cover.
    """

    slices: Slices
    entries: list[Waiver]
    fingerprints: frozenset[str]


def load(path: Path) -> list[Entry]:
    """Read a waivers.yaml.

    Raises:
        Problem: it cannot be read, or a waiver lacks its check, its scope, its reason or its last day.
    """
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise Problem(str(path), "holds no waivers: a mapping is expected", "It begins with  waivers:  and has a list below")
    return validated(WaiverFile, data, str(path)).waivers


def days_left(last_day: str, today: date) -> int | None:
    """Days until a waiver ends, 0 on its last day; None where the day cannot be read."""
    try:
        return (date.fromisoformat(last_day) - today).days if len(last_day) == len("2026-01-31") else None
    except ValueError:
        return None


def apply(folder: Path, entries: Sequence[Entry], checks: Sequence[Check], known: Collection[str], slices: Slices, today: date) -> Waived:
    """See which findings are waived.

    Args:
        folder: of the run, with findings.parquet and signals.parquet.
        entries: the waivers.
        checks: the checks that ran.
        known: all names and ids there are: a waiver of another one is a mistake.
        slices: the sums of the run.
        today: the day by which waivers end.

    Raises:
        Problem: a waiver is for a check that nobody knows, or the tables cannot be read.
    """
    names = {word: check.name for check in checks for word in (check.name, check.id)}
    for entry in entries:
        if entry.check not in names and entry.check not in known:
            raise Problem(f"waiver of {entry.check}", "there is no such check", nearest(entry.check, {*known, *names}))
    left = [days_left(entry.last_day, today) for entry in entries]
    active = [days is not None and days >= 0 for days in left]
    wanted = {names[entry.check] for entry, is_active in zip(entries, active, strict=True) if is_active and entry.check in names}
    found = run_tables.findings(folder, wanted, _COLUMNS.values())
    covered = np.zeros(len(found), np.bool_)
    told = []
    for entry, days, is_active in zip(entries, left, active, strict=True):
        mine = _covers(found, entry, names) if is_active else np.zeros(len(found), np.bool_)
        covered |= mine
        told.append(
            Waiver(
                check=names.get(entry.check, entry.check),
                scope=entry.scope,
                value=entry.value,
                reason=entry.reason.strip(),
                owner=entry.owner,
                last_day=entry.last_day,
                state="expired" if not is_active else "used" if mine.any() else "unused",
                days_left=days,
                records=len(np.unique(found["ordinal"].to_numpy()[mine])),
                findings=int(np.count_nonzero(mine)),
            )
        )
    broken = {check.name: _mended(found, covered, check) for check in checks if check.name in wanted}
    prints = found["fingerprint"].filter(pa.array(covered)).to_pylist()
    return Waived(run_tables.count(folder, slices, broken), told, frozenset(prints))


def counted(folder: Path, told: Sequence[Waiver], checks: Sequence[Check], slices: Slices) -> Waived | None:
    """What the waivers of a run took out of it, as its results tell them: whether one ended is as of the run, and not as of today.

    Args:
        folder: of the run.
        told: what became of each waiver.
        checks: the checks that ran.
        slices: the sums of the run.

    Returns:
        None where none counted.

    Raises:
        Problem: the tables cannot be read.
    """
    used = [waiver for waiver in told if waiver.state == "used"]
    entries = [Entry(check=one.check, reason=one.reason, last_day=str(date.max), **{one.scope: one.value}) for one in used]
    return apply(folder, entries, checks, (), slices, date.min) if entries else None


def _covers(found: pa.Table, entry: Entry, names: dict[str, str]) -> Bools:
    if entry.check not in names:
        return np.zeros(len(found), np.bool_)
    here = pc.and_(pc.equal(found["check"], names[entry.check]), pc.equal(found[_COLUMNS[entry.scope]], entry.value))
    covers: Bools = here.to_numpy().astype(np.bool_)
    return covers


def _mended(found: pa.Table, covered: Bools, check: Check) -> NDArray[np.int64]:
    """Ordinals of the records that no longer have more findings than the check allows, once the covered ones are left out."""
    mine = pc.equal(found["check"], check.name).to_numpy().astype(np.bool_)
    ordinals, place = np.unique(found["ordinal"].to_numpy()[mine], return_inverse=True)
    left = np.bincount(place, ~covered[mine], minlength=len(ordinals))
    return ordinals[left <= check.expect.max].astype(np.int64)

"""The baseline: what was wrong in a run that was accepted. Against it a gate holds only what is new or worse.

It is one JSON file (packed, where its name ends in .gz): for each check and slice how many records were broken, and the
fingerprints of all findings. It gets smaller by itself when a corpus improves, and grows only where somebody says so.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpusgate import run_tables
from corpusgate.checks import Check
from corpusgate.errors import Problem
from corpusgate.replacing import replaced
from corpusgate.results import Corpus
from corpusgate.slices import KINDS, Slices

VERSION = "1.0"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Count(_Part):
    """Records of a slice and how many of them were broken; `rate` is their share, for readers."""

    records: int = Field(ge=0)
    broken: int = Field(ge=0)
    rate: float


class Past(_Part):
    """What was accepted of one check.

    Attributes:
        measured: hash of what its counts depend on: another one makes them worthless.
        corpus: the corpus as a whole.
        slices: by kind and name, those with broken records.
        fingerprints: of all its findings, in order.
    """

    measured: str
    corpus: Count
    slices: dict[str, dict[str, Count]]
    fingerprints: list[str]


class Baseline(_Part):
    """A baseline file. `unreadable` counts pieces of input, and those of them that could not be read."""

    baseline_version: str
    corpus: str
    made: str
    ratchet: bool
    unreadable: Count
    checks: dict[str, Past]

    def counts(self, check: str, kind: str, name: str) -> Count | None:
        """What was accepted in a slice; None where nothing was, or nobody looked."""
        past = self.checks.get(check)
        if past is None:
            return None
        return past.corpus if kind == "corpus" else past.slices.get(kind, {}).get(name)


@dataclass(frozen=True)
class Change:
    """What a new baseline has over the old one: entries that got better or went, and what it would have to grow by."""

    baseline: Baseline
    dropped: int
    grown: int
    taken: bool


def load(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        Problem: it is missing, is something else, or of another version. There is no judgement then: nobody knows what was accepted.
    """
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        found = Baseline.model_validate_json(data)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem(str(path), f"the baseline cannot be read ({reason})", "Write one with  corpusgate baseline RESULTS") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Problem(f"{path}: {place}" if place else str(path), f"this is no baseline ({first['msg']})", _AGAIN) from None
    if found.baseline_version != VERSION:
        raise Problem(str(path), f"is of version {found.baseline_version}, where {VERSION} is read", _AGAIN)
    return found


_AGAIN = "Write one with  corpusgate baseline RESULTS, or restore it from version control"


def save(baseline: Baseline, path: Path) -> None:
    """Write a baseline, one entry a line, so that version control shows what changed."""
    lines = json.dumps(baseline.model_dump(), ensure_ascii=False, indent=1) + "\n"
    data = lines.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as partial:
        partial.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def measured(check: Check) -> str:
    """Hash of what a check's counts depend on."""
    return hashlib.sha256(json.dumps(check.measured(), sort_keys=True).encode()).hexdigest()[:16]


def make(
    folder: Path,
    corpus: Corpus,
    day: str,
    checks: Sequence[Check],
    slices: Slices,
    waived: Slices | None = None,
    excepted: frozenset[str] = frozenset(),
) -> Baseline:
    """The baseline of a run.

    Args:
        folder: of the run.
        corpus: what was read.
        day: when it was made, as YYYY-MM-DD.
        checks: those that ran; what is worth knowing alone (severity info) needs no acceptance.
        slices: the sums.
        waived: broken records that are waived: they are excused by their waivers, and not for longer.
        excepted: fingerprints of waived findings.
    """
    judged = [check for check in checks if check.severity != "info"]
    found = run_tables.findings(folder, [check.name for check in judged], ["fingerprint"])
    return Baseline(
        baseline_version=VERSION,
        corpus=corpus.name,
        made=day,
        ratchet=False,
        unreadable=_count(corpus.records, corpus.quarantined),
        checks={check.name: _past(check, found, slices, waived, excepted) for check in judged},
    )


def _count(records: int, broken: int) -> Count:
    return Count(records=records, broken=broken, rate=round(broken / max(records, 1), 6))


def _past(check: Check, found: pa.Table, slices: Slices, waived: Slices | None, excepted: frozenset[str]) -> Past:
    index = 2 + slices.checks.index(check.name)

    def count(sums: NDArray[np.int64], out: NDArray[np.int64] | None) -> Count:
        records, broken = int(sums[0]), int(sums[index]) - (int(out[index]) if out is not None else 0)
        return _count(records, broken)

    by = {}
    for kind in KINDS:
        each = {name: count(sums, waived.by[kind][name] if waived else None) for name, sums in sorted(slices.by[kind].items())}
        by[kind] = {name: one for name, one in each.items() if one.broken}
    prints = set(found["fingerprint"].filter(pc.equal(found["check"], check.name)).to_pylist())
    return Past(
        measured=measured(check),
        corpus=count(slices.corpus, waived.corpus if waived else None),
        slices=by,
        fingerprints=sorted(prints - excepted),
    )


def renewed(old: Baseline | None, new: Baseline, accept_new: bool, ratchet: bool) -> Change:
    """The baseline after a run: what got better is lowered, what is gone is dropped; what is new or worse only if it is accepted."""
    if old is None:
        return Change(new.model_copy(update={"ratchet": ratchet}), 0, 0, True)
    dropped = grown = 0
    checks: dict[str, Past] = {}
    for name, now in new.checks.items():
        before = old.checks.get(name)
        if before is None or before.measured != now.measured:
            # Of a check that is new, or counts otherwise, nothing was accepted.
            grown += len(now.fingerprints)
            if accept_new or not now.fingerprints:
                checks[name] = now
            continue
        grown += len(set(now.fingerprints) - set(before.fingerprints)) + sum(_is_worse(before, now))
        dropped += len(set(before.fingerprints) - set(now.fingerprints))
        checks[name] = now if accept_new else _lowered(before, now)
    more = new.unreadable.broken * old.unreadable.records > old.unreadable.broken * new.unreadable.records
    grown += more
    unreadable = old.unreadable if more and not accept_new else new.unreadable
    update = {"ratchet": ratchet or old.ratchet, "unreadable": unreadable, "checks": checks}
    return Change(new.model_copy(update=update), dropped, grown, accept_new)


def _is_worse(before: Past, now: Past) -> Iterator[bool]:
    for kind, named in now.slices.items():
        for name, count in named.items():
            known = before.slices.get(kind, {}).get(name)
            yield known is None or count.broken * known.records > known.broken * count.records


def _lowered(before: Past, now: Past) -> Past:
    def lower(old: Count, new: Count | None) -> Count | None:
        return new if new is None or new.broken * old.records <= old.broken * new.records else old

    slices = {
        kind: {name: less for name, old in named.items() if (less := lower(old, now.slices.get(kind, {}).get(name))) is not None}
        for kind, named in before.slices.items()
    }
    prints = sorted(set(before.fingerprints) & set(now.fingerprints))
    corpus = lower(before.corpus, now.corpus)
    assert corpus is not None
    return Past(measured=now.measured, corpus=corpus, slices=slices, fingerprints=prints)

"""One block of records in; counts, findings and hash tables out. The same on every engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusgate.checks import Check
from corpusgate.corpora.model import Block
from corpusgate.kernels.fingerprints import fingerprints
from corpusgate.kernels.hashing import hash_groups, hash_ranges, hash_text
from corpusgate.kernels.haystack import Haystack, build, texts, to_code_points
from corpusgate.kernels.lookup import distinct
from corpusgate.kernels.pieces import distinct_pieces
from corpusgate.kernels.survey import survey
from corpusgate.records import MATCH_LIMIT, SEARCHED
from corpusgate.runners.plan import Plan, own
from corpusgate.signals.base import Hits, View
from corpusgate.signals.charset_model import model
from corpusgate.signals.charsets import first_test
from corpusgate.signals.date_columns import published
from corpusgate.signals.headlines import OWN_TEXT_LETTERS
from corpusgate.signals.language import languages
from corpusgate.signals.tables import TABLES

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Words that many rows have in common, once each.
WORDS = pa.dictionary(pa.int32(), pa.string())

#: Columns of the findings of a block; `check` is the check's index in the plan, and a message that is null is its summary.
FINDINGS = pa.schema(
    [
        ("row", pa.int64()),
        ("check", pa.int16()),
        ("field", pa.int8()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("match", WORDS),
        ("message", WORDS),
        ("fingerprint", pa.int64()),
    ]
)

_NO_MONTH = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Measured:
    """What a block gave.

    Attributes:
        signals: one row a record: id, source, language, month, published_day, offset, hash and letters of what it says.
        counts: int32 (checks, records): how many hits of each check each record has.
        findings: one row a finding, as in `FINDINGS`: only of records with more hits than the check allows.
        tables: the hash tables for signals across records.
    """

    signals: pa.Table
    counts: NDArray[np.int32]
    findings: pa.Table
    tables: Mapping[str, pa.Table]


Timer = Callable[[str, float], None]


def view_of(block: Block, plan: Plan, today: date, spent: Timer = lambda _stage, _seconds: None) -> View:
    """Lay a block out, survey it, and run all patterns over it."""
    clock = _Clock(spent)
    haystack = block.haystack() if block.haystack is not None else build({field: block.columns[field] for field in SEARCHED})
    clock.stage("haystack")
    surveyed = survey(haystack, plan.patterns.wanted, OWN_TEXT_LETTERS, first_test(), model())
    clock.stage("survey")
    spoken = languages(block.columns["language"], haystack)
    clock.stage("languages")
    matches = plan.patterns.scan(haystack, surveyed.lines)
    clock.stage("patterns")
    return View(block.columns, haystack, surveyed, spoken, today, matches)


class _Clock:
    """Tells a timer how much CPU time each stage took since the one before it."""

    def __init__(self, spent: Timer) -> None:
        self._spent, self._last = spent, time.thread_time()

    def stage(self, name: str) -> None:
        now = time.thread_time()
        self._spent(name, now - self._last)
        self._last = now


def measure(block: Block, plan: Plan, today: date, spent: Timer = lambda _stage, _seconds: None) -> Measured:
    """Run every signal of a plan over a block.

    Args:
        block: the records.
        plan: what to run.
        today: the day of the run, for records without a crawl date.
        spent: told the CPU seconds of each stage.
    """
    whole = view_of(block, plan, today, spent)
    clock = _Clock(spent)
    counts = np.zeros((len(plan.checks), len(block)), np.int32)
    found: list[tuple[int, Hits]] = []
    views: dict[int, View] = {}

    def of(index: Ints) -> View:
        """What a signal sees whose patterns those are, made once for all that have the same."""
        if id(index) not in views:
            views[id(index)] = whole.own(own(whole.matches, index))
        return views[id(index)]

    for probe in plan.probes:
        hits = probe.signal.scan(of(probe.pattern_index), **probe.parameters)
        for i in probe.checks:
            mine = _of_fields(hits, whole.haystack, plan.checks[i])
            if len(mine):
                rows = whole.record(mine.segment)
                counts[i] = np.bincount(rows, minlength=len(block))
                # What a check allows is no finding: a text may open with its own headline.
                found.append((i, mine.take(counts[i][rows] > plan.checks[i].expect.max)))
        clock.stage(f"signal {probe.signal.name}")
    tables = {}
    for name, index in plan.tables.items():
        tables[name] = TABLES[name](of(index))
        clock.stage(f"table {name}")
    findings = _findings(found, whole, plan, hash_column(block.columns["id"]))
    clock.stage("findings")
    signals = _signals(block, whole)
    clock.stage("signals table")
    return Measured(signals, counts, findings, tables)


def hash_column(column: pa.Array) -> Ints:
    """Hash of each value of a string column, int64 (n,)."""
    cells = build({"cell": column})
    hashes: Ints = hash_ranges(cells.data, cells.starts, cells.ends)
    return hashes


def _of_fields(hits: Hits, haystack: Haystack, check: Check) -> Hits:
    if not len(hits):
        return hits
    wanted = np.array([field in check.fields for field in haystack.fields], np.bool_)
    chosen = wanted[hits.segment % len(haystack.fields)]
    return hits if chosen.all() else hits.take(chosen)


def _findings(found: Sequence[tuple[int, Hits]], view: View, plan: Plan, ids: Ints) -> pa.Table:
    """The hits of all checks as rows of `FINDINGS`, in the order of the text."""
    if not found:
        return FINDINGS.empty_table()
    check = np.concatenate([np.full(len(hits), i, np.int64) for i, hits in found])
    segment, start, end = (np.concatenate([getattr(hits, name) for _, hits in found]) for name in ("segment", "start", "end"))
    message = np.full(len(check), -1, np.int64)
    messages: list[str] = []
    at = 0
    for _, hits in found:
        if hits.notes:
            message[at : at + len(hits)] = np.arange(len(messages), len(messages) + len(hits))
            messages += hits.notes
        at += len(hits)
    # By record and field, check and place in one key: a block has less than 2**31 bytes, so segments and places fit.
    order = np.argsort((segment * len(plan.checks) + check << 32) + start - view.haystack.starts[segment], kind="stable")
    check, segment, start, end, message = check[order], segment[order], start[order], end[order], message[order]
    data, lines = view.haystack.data, view.survey.lines
    row, field = segment // len(view.haystack.fields), segment % len(view.haystack.fields)
    placed = start >= 0
    low = view.haystack.starts[segment]
    first, last = to_code_points(
        data, view.haystack.starts, segment, np.maximum(start, low), np.maximum(end, low), lines.start, lines.first
    )
    start, end = np.where(placed, start, 0), np.where(placed, end, 0)
    names = np.array([hash_text(rule.id) for rule in plan.checks], np.int64)
    # The lines that sites repeat are most of the evidence.
    hashes = hash_ranges(data, start, end)
    at, which = distinct_pieces(hashes, data, start, end)
    words, told = texts(data, start[at], end[at], MATCH_LIMIT), pa.array(message.astype(np.int32), mask=message < 0)
    return pa.table(
        {
            "row": row,
            "check": check.astype(np.int16),
            "field": field.astype(np.int8),
            "start": pa.array(first.astype(np.int32), mask=~placed),
            "end": pa.array(last.astype(np.int32), mask=~placed),
            "match": pa.DictionaryArray.from_arrays(which.astype(np.int32), words),
            "message": pa.DictionaryArray.from_arrays(told, pa.array(messages, pa.string())),
            "fingerprint": fingerprints(names[check] + field, row, ids[row], hashes),
        },
        schema=FINDINGS,
    )


def _signals(block: Block, view: View) -> pa.Table:
    readings = published(view)
    days = pa.array(np.where(readings.read, readings.day, 0).astype(np.int32), mask=~readings.read).cast(pa.date32())
    # Months since 1970, of which a block has few.
    month = np.where(readings.read, readings.day, 0).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first, index = distinct(np.where(readings.read, month, _NO_MONTH))
    names = pa.array([str(np.datetime64(int(month[i]), "M")) if readings.read[i] else "" for i in first.tolist()], pa.string())
    hay = view.haystack
    return pa.table(
        {
            "record_id": block.columns["id"],
            "source": block.columns["source"].dictionary_encode(),
            "language": pa.array(view.languages, pa.string()).dictionary_encode(),
            "month": pa.DictionaryArray.from_arrays(index.astype(np.int32), names),
            "published_day": days,
            "offset": block.offsets,
            # Lines are hashed as they stand, so that no byte need be read again.
            "content": hash_groups(view.survey.lines.segment, len(hay.fields), view.survey.lines.hash, hay.records),
            "letters": view.survey.letters[hay.segment("text")].astype(np.int32),
        }
    )

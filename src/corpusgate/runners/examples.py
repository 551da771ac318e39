"""Examples of findings for results.json: few, spread over sources, chosen by their fingerprints alone, each in its surroundings.

From each source its smallest fingerprints come first, so that one broken site does not hide the others. The choice does
not depend on the order of records or on the number of cores, and the best of some are among the best of each: so every
process chooses from what it has, and the few that are left are read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusgate.corpora.reading import fetch
from corpusgate.records import REPAIRED
from corpusgate.results import Example
from corpusgate.runners.work import Work

#: Examples of each check in results.json.
EXAMPLES = 20

#: Code points of surroundings on each side of the evidence.
AROUND = 80


def best(findings: pa.Table, of: str = "check", limit: int | None = None) -> pa.Table:
    """The rows that may be chosen from a table of findings, in the order of records.

    At most `limit` of each check are left: a row is out if that many come before it, and rows of another table cannot
    change that, since they put nothing further forward.

    Args:
        findings: with the columns of findings.parquet, and the fingerprint as int64 in `print`.
        of: the column that tells what rows are chosen of.
        limit: how many are chosen of each; `EXAMPLES` unless it is said.
    """
    limit = EXAMPLES if limit is None else limit
    if not len(findings):
        return findings
    check, checks = _codes(findings[of])
    source, sources = _codes(findings["source"])
    group, prints = check * sources + source, findings["print"].to_numpy().view(np.uint64)
    # Of a check that has as many sources, nothing but the first of each can be chosen.
    first = np.full(checks * sources, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(first, group, prints)
    present = np.bincount(group, minlength=checks * sources).reshape(checks, sources) > 0
    many = present.sum(axis=1) >= limit
    left = np.flatnonzero(~many[check] | (prints == first[group]))
    check, group, prints = check[left], group[left], prints[left]
    order = _order(group, prints)
    turn = _places(group[order])
    order, turn = order[turn < limit], turn[turn < limit]
    again = np.lexsort((order, prints[order], turn, check[order]))
    place = _places(check[order][again])
    chosen = left[order[again][place < limit]]
    return findings.take(pa.array(np.sort(chosen)))


def _order(group: Any, prints: Any) -> Any:
    """Sorts by group, then by fingerprint; equal ones stay in their order."""
    if group.max() < 1 << 20:
        # Nearly always the upper bits tell fingerprints apart, and one key sorts many times as fast as two.
        key = group.astype(np.uint64) << np.uint64(44) | prints >> np.uint64(20)
        order = np.argsort(key)
        if not np.any(key[order][1:] == key[order][:-1]):
            return order
    return np.lexsort((prints, group))


def choose(findings: pa.Table) -> list[dict[str, Any]]:
    """The examples of all checks, in the order in which they are shown, from the best rows of all findings."""
    rows = best(findings.sort_by("ordinal")).to_pylist()
    turns: dict[tuple[str, str], int] = {}
    placed = []
    for row in sorted(rows, key=lambda row: (row["check"], row["source"], row["fingerprint"], row["ordinal"])):
        key = (row["check"], row["source"])
        turns[key] = turns.get(key, -1) + 1
        placed.append((row["check"], turns[key], row["fingerprint"], row["ordinal"], row))
    return [entry[-1] for entry in sorted(placed, key=lambda entry: entry[:-1])]


def _codes(column: pa.ChunkedArray) -> tuple[Any, int]:
    encoded = column.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    if not pa.types.is_dictionary(encoded.type):
        encoded = pc.dictionary_encode(encoded)
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(encoded.dictionary)


def _places(sorted_: Any) -> Any:
    """For values in runs the place of each in its run."""
    first = np.ones(len(sorted_), np.bool_)
    first[1:] = sorted_[1:] != sorted_[:-1]
    index = np.arange(len(sorted_))
    return index - np.maximum.accumulate(np.where(first, index, 0))


@dataclass(frozen=True, slots=True)
class Reading:
    """Records of one part that are to be read again: places among its records, and in its file."""

    part: int
    rows: tuple[int, ...]
    offsets: tuple[int, ...]


def readings(chosen: Sequence[Mapping[str, Any]]) -> list[Reading]:
    """What to read again for some examples."""
    parts: dict[int, dict[int, int]] = {}
    for row in chosen:
        parts.setdefault(row["part"], {})[row["row"]] = row["offset"]
    return [Reading(part, tuple(sorted(rows)), tuple(rows[row] for row in sorted(rows))) for part, rows in sorted(parts.items())]


def read_again(work: Work, reading: Reading) -> dict[tuple[int, int], dict[str, str | None]]:
    """A task: the records, by part and row."""
    part = work.corpus.parts[reading.part]
    records = fetch(work.corpus, part, reading.rows, reading.offsets)
    return {(reading.part, row): dict(record) for row, record in zip(reading.rows, records, strict=True)}


def example(row: Mapping[str, Any], record: Mapping[str, str | None]) -> Example:
    """A finding in the surroundings of its evidence."""
    text = record.get(row["field"]) or ""
    start, end = row["start"], row["end"]
    placed = start is not None
    message, _, repaired = row["message"].partition(REPAIRED)
    return Example(
        record_id=row["record_id"],
        source=row["source"],
        url=record.get("url") or "",
        field=row["field"],
        start=start,
        end=end,
        before=text[max(0, start - AROUND) : start] if placed else "",
        match=row["match"] or "",
        after=text[end : end + AROUND] if placed else text[: 2 * AROUND],
        message=message,
        repaired=repaired,
        fingerprint=row["fingerprint"],
    )

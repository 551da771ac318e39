"""Whole records for results.json: a few of those that examples are of, with all that was found in them, in its place.

Of a long text what lies around the evidence is kept, so that the size of results.json follows from the number of pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from corpusgate.records import SEARCHED
from corpusgate.results import Page, PageField, Passage, Place
from corpusgate.runners import parquet_files

#: Records shown, findings of each, and findings of one check in each.
PAGES, PLACES, OF_CHECK = 40, 60, 8

#: Code points kept around evidence, at the beginning of a field, and of a field in all.
AROUND, BEGINNING, FIELD = 160, 320, 3000

_ORDER = {"fail": 0, "warn": 1, "info": 2}


def choose(examples: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Examples whose records get a page: the first of each check, then the second, the gravest checks first; no record twice.

    Args:
        examples: rows of all checks, in the order in which they are shown.
    """
    turns: dict[str, int] = {}
    placed = []
    for row in examples:
        turn = turns[row["check"]] = turns.get(row["check"], -1) + 1
        placed.append((turn, _ORDER[row["severity"]], row["check"], row))
    chosen: dict[int, Mapping[str, Any]] = {}
    for *_, row in sorted(placed, key=lambda entry: entry[:-1]):
        if len(chosen) < PAGES:
            chosen.setdefault(row["ordinal"], row)
    return list(chosen.values())


def findings_of(path: Path, ordinals: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """All findings of some records, from findings.parquet: only the row groups that have them are read."""
    wanted = np.array(sorted(ordinals), np.int64)
    found: dict[int, list[dict[str, Any]]] = {ordinal: [] for ordinal in ordinals}
    if not len(wanted):
        return found
    for file in parquet_files.files(path):
        _add(found, wanted, file)
    return found


def _add(found: dict[int, list[dict[str, Any]]], wanted: NDArray[np.int64], path: Path) -> None:
    # Words are left as codes until few rows are left, which is a third of the work.
    with pq.ParquetFile(path, read_dictionary=["check", "severity", "field", "message"]) as file:
        column = file.schema_arrow.get_field_index("ordinal")
        for number in range(file.num_row_groups):
            bounds = file.metadata.row_group(number).column(column).statistics
            if bounds is not None and not np.any((wanted >= bounds.min) & (wanted <= bounds.max)):
                continue
            table = file.read_row_group(number, ["ordinal", "check", "severity", "field", "start", "end", "message", "fingerprint"])
            # The rows of a record stand together, and records are in order.
            ordinal = table["ordinal"].to_numpy()
            lows, highs = np.searchsorted(ordinal, wanted), np.searchsorted(ordinal, wanted, "right")
            for i in np.flatnonzero(lows < highs).tolist():
                for row in table.slice(lows[i], highs[i] - lows[i]).to_pylist():
                    found[row["ordinal"]].append(row)


def page(example: Mapping[str, Any], record: Mapping[str, str | None], findings: Sequence[Mapping[str, Any]]) -> Page:
    """A record with what was found in it.

    Args:
        example: the finding it is shown for; it is among those kept.
        record: its fields.
        findings: all of its findings, in the order of checks, fields and places.
    """
    kept = _kept(example["fingerprint"], findings)
    places = [
        Place(check=row["check"], field=row["field"], start=row["start"], end=row["end"], message=row["message"], print=row["fingerprint"])
        for row in kept
    ]
    fields = []
    for field in SEARCHED:
        text = record.get(field) or ""
        spans = [(place.start, place.end) for place in places if place.field == field and place.start is not None and place.end is not None]
        fields.append(PageField(field=field, length=len(text), passages=_passages(text, spans)))
    return Page(
        record_id=example["record_id"],
        source=example["source"],
        url=record.get("url") or "",
        fields=fields,
        places=places,
        findings=dict(sorted(Counter(row["check"] for row in findings).items())),
    )


def restricted(pages: Sequence[Page], checks: Collection[str]) -> list[Page]:
    """Pages as some checks see them: those with findings of none are left out."""
    out = []
    for one in pages:
        findings = {check: count for check, count in one.findings.items() if check in checks}
        if findings:
            out.append(one.model_copy(update={"findings": findings, "places": [place for place in one.places if place.check in findings]}))
    return out


def _kept(shown: str, findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    counts: dict[str, int] = {}
    kept: list[Mapping[str, Any]] = []
    for row in sorted(findings, key=lambda row: (row["fingerprint"] != shown, _ORDER[row["severity"]])):
        counts[row["check"]] = counts.get(row["check"], 0) + 1
        if counts[row["check"]] <= OF_CHECK and len(kept) < PLACES:
            kept.append(row)
    return sorted(kept, key=lambda row: (SEARCHED.index(row["field"]), row["start"] is None, row["start"] or 0, row["check"]))


def _passages(text: str, spans: Sequence[tuple[int, int]]) -> list[Passage]:
    """The beginning of a text and what stands around some places, as far as it fits."""
    wanted = sorted([(0, BEGINNING), *((max(0, start - AROUND), min(end, start + BEGINNING) + AROUND) for start, end in spans)])
    joined: list[list[int]] = []
    for start, end in wanted:
        if joined and start <= joined[-1][1] + AROUND:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    left, passages = FIELD, []
    for start, end in joined:
        piece = text[start : min(end, start + left)]
        if piece:
            passages.append(Passage(start=start, text=piece))
            left -= len(piece)
    return passages

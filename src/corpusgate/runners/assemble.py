"""Findings as findings.parquet has them: those within single records and those across records, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.kernels import sums
from corpusgate.kernels.fingerprints import fingerprints
from corpusgate.kernels.hashing import hash_text
from corpusgate.kernels.lookup import distinct
from corpusgate.records import SEARCHED
from corpusgate.runners.evidence import Evidence
from corpusgate.runners.plan import Plan
from corpusgate.runners.stretch import NOWHERE, Found
from corpusgate.signals.across import Query

Ints = NDArray[np.int64]


def place(plan: Plan, row: Ints, check: Any, field: Any, start: Ints) -> Ints:
    """Where findings stand in the order of all of a stretch."""
    found: Ints = ((row * len(plan.checks) + check) * len(SEARCHED) + field) << 32 | start
    return found


def assemble(
    plan: Plan, own: pa.Table, found: Sequence[tuple[int, Found]], evidence: Sequence[Evidence], ids: Ints, files: Sequence[str]
) -> pa.Table:
    """All findings of a stretch in the order of records, checks, fields and places.

    Args:
        plan: what was run.
        own: findings within single records, as `measure.FINDINGS`, `row` counted within the stretch.
        found: index of the check and its findings across records, only of records that break its bound.
        evidence: the evidence of each of those.
        ids: int64: hash of the id of each record of the stretch.
        files: names of files that follow each other, in their order.

    Returns:
        As `measure.FINDINGS`, with `match` and `message` as dictionaries.
    """
    columns: dict[str, list[Ints]] = {name: [own[name].to_numpy()] for name in ("row", "check", "field", "fingerprint")}
    for name in ("start", "end"):
        columns[name] = [own[name].cast(pa.int64()).fill_null(int(NOWHERE)).to_numpy()]
    matches, messages = _Words(), _Words()
    matches.column(own["match"])
    # A message that is null is the summary of its check; the summaries are the first words.
    messages.words(pa.array([rule.summary for rule in plan.checks], pa.string()))
    messages.column(own["message"], columns["check"][0])
    for (check, rows), told in zip(found, evidence, strict=True):
        rule, field, size = plan.checks[check], SEARCHED.index(rows.resolution.field), len(rows.row)
        kind = np.full(size, hash_text(rule.id) + field, np.int64)
        columns["row"].append(rows.row)
        columns["check"].append(np.full(size, check, np.int64))
        columns["field"].append(np.full(size, field, np.int64))
        columns["start"].append(rows.start)
        columns["end"].append(rows.end)
        columns["fingerprint"].append(fingerprints(kind, rows.row, ids[rows.row], told.spaceless[told.index]))
        matches.add(told.match, told.index)
        if rows.message is not None:
            messages.add(rows.message, np.arange(size))
            continue
        assert isinstance(rows.resolution.query, Query)
        first, of = distinct(rows.detail)
        query = rows.resolution.query
        messages.add(
            pa.array([query.told(detail, files) or rule.summary for detail in rows.detail[first].tolist()], pa.string()),
            of,
        )
    joined = {name: np.concatenate([np.asarray(column, np.int64) for column in pieces]) for name, pieces in columns.items()}
    # All keys in one number: what comes together are a few runs that are in order, which one stable sort merges fast.
    order = np.argsort(place(plan, joined["row"], joined["check"], joined["field"], joined["start"]), kind="stable")
    joined = {name: column[order] for name, column in joined.items()}
    placed = joined["start"] < NOWHERE
    return pa.table(
        {
            "row": joined["row"],
            "check": joined["check"],
            "field": joined["field"],
            "start": pa.array(joined["start"].astype(np.int32), mask=~placed),
            "end": pa.array(joined["end"].astype(np.int32), mask=~placed),
            "match": matches.take(order),
            "message": messages.take(order),
            "fingerprint": joined["fingerprint"],
        }
    )


class _Words:
    """A string column that grows: words, and the index of each row's."""

    def __init__(self) -> None:
        self._words: list[pa.Array] = []
        self._index: list[Ints] = []
        self._size = 0

    def words(self, words: pa.Array) -> int:
        """Add words, and say how many came before them."""
        self._words.append(words)
        self._size += len(words)
        return self._size - len(words)

    def add(self, words: pa.Array, index: Ints) -> None:
        """Add rows with the words that their indices name."""
        self._index.append(index + np.int64(self.words(words)))

    def column(self, column: pa.ChunkedArray, instead: Ints | None = None) -> None:
        """Add the rows of a column; of those that are null the indices of all words `instead`."""
        encoded = column.combine_chunks()
        index = pc.fill_null(encoded.indices, 0).to_numpy() + np.int64(self.words(encoded.dictionary))
        if instead is not None and column.null_count:
            index = np.where(np.asarray(encoded.is_null()), instead, index)
        self._index.append(index)

    def take(self, order: Ints) -> pa.Array:
        # What the words of findings within records and across them have in common stands once.
        words = pa.concat_arrays(self._words).dictionary_encode()
        code = words.indices.to_numpy(zero_copy_only=False)
        return pa.DictionaryArray.from_arrays(code[np.concatenate(self._index)[order]], words.dictionary)


def contract(plan: Plan, findings: pa.Table, signals: pa.Table, first: int) -> pa.Table:
    """The columns of findings.parquet, as others build on them.

    Args:
        plan: what was run.
        findings: what `assemble` gave.
        signals: the signals of the same stretch.
        first: ordinal of its first record.
    """
    row = findings["row"].to_numpy()
    check, field = findings["check"].to_numpy(), findings["field"].to_numpy()
    return pa.table(
        {
            "ordinal": row + first,
            "record_id": _repeated(signals["record_id"], row),
            "source": _repeated(signals["source"], row),
            "check": _coded([rule.name for rule in plan.checks], check),
            "family": _coded([rule.family for rule in plan.checks], check),
            "severity": _coded([rule.severity for rule in plan.checks], check),
            "field": _coded(SEARCHED, field),
            "start": findings["start"],
            "end": findings["end"],
            "match": findings["match"],
            "message": findings["message"],
            "fingerprint": hexadecimal(findings["fingerprint"].to_numpy()),
        }
    )


def _repeated(column: pa.ChunkedArray, index: Ints) -> pa.Array:
    """A string for each index, as dictionary: most stand for many."""
    words = column.combine_chunks()
    words = words if pa.types.is_dictionary(words.type) else words.dictionary_encode()
    return pa.DictionaryArray.from_arrays(words.indices.to_numpy(zero_copy_only=False)[index], words.dictionary)


def _coded(words: Sequence[str], index: Ints) -> pa.Array:
    """A string column of few words, which the writer takes as it is."""
    distinct = list(dict.fromkeys(words))
    code = np.array([distinct.index(word) for word in words], np.int32)
    return pa.DictionaryArray.from_arrays(code[index], pa.array(distinct, pa.string()))


def hexadecimal(values: Ints) -> pa.Array:
    """Each number as 16 hex digits."""
    offsets = np.arange(len(values) + 1, dtype=np.int32) * 16
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(sums.hexadecimal(values)))

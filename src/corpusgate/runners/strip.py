"""Lines of furniture, source by source: one row for each line that one rule in an extractor takes out, with that rule as a pattern.

Findings say which evidence stands in how many records. What the whole line is, and whether it differs from record to record, a few of
the records tell, which are read again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpusgate.kernels.kin import once
from corpusgate.kernels.lookup import distinct
from corpusgate.kernels.sums import first_of_each
from corpusgate.runners.taken import taken
from corpusgate.runners.work import PartResult
from corpusgate.shown import StripLine

#: Checks whose evidence is no line that could be stripped as it stands.
NO_LINES = tuple(f"boilerplate/{name}" for name in ("wall-page", "empty-text", "mostly-furniture", "cut-off", "extraction-broke"))

#: Code points of a line that a pattern names; of a longer one it names the beginning.
LONGEST = 400

#: Records that are read again for each line.
_READ = 3

Ints = NDArray[np.int64]

_NUMBER = re.compile("[0-9]+")

_FIRST = tuple(f"first_{number}" for number in range(_READ))

#: Columns of words.
_WORDS = ("source", "check", "match")

#: What means something in a regular expression, in whatever language an extractor is written.
_SPECIAL = frozenset(r"\.^$*+?{}()|[]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines to tell: of which source, or of all; in how many records at least; and at most how many lines."""

    source: str | None = None
    min_records: int = 2
    most: int = 40


def choose(counted: Sequence[pa.Table], wanted: Wanted) -> list[dict[str, Any]]:
    """The lines to tell of a run, most records first: `source`, `shape` (the evidence, with numbers alike), `records`, `checks`, `first`.

    Args:
        counted: what `count` gave for all findings, in their order.
        wanted: which.
    """
    if not counted:
        return []
    tables = pa.concat_tables(counted)
    if wanted.source is not None:
        tables = tables.filter(pc.equal(tables["source"], wanted.source))
    lists = [("checks", "list"), *((name, "list") for name in _FIRST)]
    lines = tables.group_by(["source", "shape"], use_threads=False).aggregate([("records", "sum"), *lists])
    lines = lines.filter(pc.greater_equal(lines["records_sum"], wanted.min_records))
    order = [("records_sum", "descending"), ("source", "ascending"), ("shape", "ascending")]
    return [
        {
            "source": row["source"],
            "shape": row["shape"],
            "records": row["records_sum"],
            "checks": sorted({check for checks in row["checks_list"] for check in checks.split()}),
            "first": sorted({ordinal for name in _FIRST for ordinal in row[f"{name}_list"]})[:_READ],
        }
        for row in lines.sort_by(order).slice(0, wanted.most).to_pylist()
    ]


def count(table: pa.Table) -> pa.Table | None:
    """Findings whose evidence is a line or stands in one, by source and shape of the evidence: how many records, in words the checks, and
    the first records, of fewer the last one again; nothing if there are none.

    Args:
        table: rows of findings.parquet, with `source`, `check` and `match` as dictionaries.
    """
    table = _evidence(table)
    if not len(table):
        return None
    source, check, match = (table[name].chunk(0) for name in _WORDS)
    shapes = pc.replace_substring_regex(match.dictionary, "[0-9]+", "0").dictionary_encode()
    shape = shapes.indices.to_numpy().astype(np.int64)[match.indices.to_numpy()]
    pair = source.indices.to_numpy().astype(np.int64) * len(shapes.dictionary) + shape
    ordinal = table["ordinal"].to_numpy()
    # Records that have evidence several times count once.
    row = once(ordinal, pair)
    at, which = distinct(pair)
    firsts = first_of_each(which[row], ordinal[row], len(at), _READ)
    both = which * len(check.dictionary) + check.indices.to_numpy()
    of_check = np.sort(both[distinct(both)[0]])
    pairs, checks = np.divmod(of_check, len(check.dictionary))
    begin = np.flatnonzero(np.diff(pairs, prepend=-1)).tolist()
    names = np.array(check.dictionary.to_pylist(), object)[checks].tolist()
    codes = np.divmod(pair[at], len(shapes.dictionary))
    return pa.table(
        {
            "source": source.dictionary.take(pa.array(codes[0])),
            "shape": shapes.dictionary.take(pa.array(codes[1])),
            "records": np.bincount(which[row]),
            "checks": [" ".join(names[low:high]) for low, high in zip(begin, [*begin[1:], len(names)], strict=True)],
            **dict(zip(_FIRST, firsts.T, strict=True)),
        }
    )


def _evidence(table: pa.Table) -> pa.Table:
    check, match = (table[name].combine_chunks() for name in ("check", "match"))
    is_line = np.array([name.startswith("boilerplate/") and name not in NO_LINES for name in check.dictionary.to_pylist()], np.bool_)
    is_there = pc.greater(pc.utf8_length(match.dictionary), 0).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(is_line[check.indices.to_numpy()] & is_there[match.indices.to_numpy()])
    return table.select(["ordinal", *_WORDS]).take(pa.array(rows)).combine_chunks()


def readings(chosen: Sequence[Mapping[str, Any]], parts: Sequence[PartResult], starts: Sequence[int]) -> dict[int, dict[str, int]]:
    """Where the records of chosen lines lie, by ordinal: `part`, `row` and `offset`, as examples have them."""
    ordinals = np.array(sorted({ordinal for row in chosen for ordinal in row["first"]}), np.int64)
    if not len(ordinals):
        return {}
    offsets: pa.Array = taken(parts, starts, "signals", ("offset",), ordinals)["offset"]
    # Of parts that begin at one ordinal the last has records.
    at = np.searchsorted(starts, ordinals, "right") - 1
    index, first = np.array([part.index for part in parts])[at], np.asarray(starts)[at]
    rows = zip(ordinals.tolist(), index.tolist(), (ordinals - first).tolist(), offsets.to_pylist(), strict=True)
    return {ordinal: {"part": part, "row": row, "offset": offset} for ordinal, part, row, offset in rows}


def told(row: Mapping[str, Any], texts: Sequence[str]) -> StripLine:
    """A chosen line as results.json has it.

    Args:
        row: what was found.
        texts: the texts of its first records.
    """
    lines = [_line(text, row["shape"]) for text in texts]
    return StripLine(
        source=row["source"],
        line=lines[0][:LONGEST],
        pattern=pattern(lines, row["shape"]),
        records=row["records"],
        checks=row["checks"],
    )


def _line(text: str, shape: str) -> str:
    """The line of a text that is hardly more than the evidence, without the white space around it; the evidence if there is none."""
    lines = zip(text.split("\n"), _shape(text).split("\n"), strict=True)
    return min((line.strip() for line, alike in lines if shape in alike), key=len, default=shape)


def pattern(lines: Sequence[str], shape: str) -> str:
    """A regular expression for lines with the same evidence; numbers in them may differ.

    Where they are all one line, it takes that; where they differ, what they begin and end with; and where the evidence is less
    than half of a line, it takes the evidence alone, since the rest may be the story.

    Args:
        lines: without the white space around them.
        shape: the evidence, in which all numbers are 0.
    """
    shapes = [_shape(line) for line in lines]
    if any(2 * len(shape) < len(line) for line in shapes):
        return expression(shape[:LONGEST])
    if len(set(shapes)) == 1:
        return f"^{expression(shapes[0][:LONGEST])}" + ("" if len(shapes[0]) > LONGEST else "$")
    head = _common(shapes)
    tail = _common([line[len(head) :][::-1] for line in shapes])[::-1]
    if shape in head or shape in tail:
        return f"^{expression(head[:LONGEST])}.*{expression(tail[-LONGEST:])}$"
    return f"^.*{expression(shape[:LONGEST])}.*$"


def _shape(line: str) -> str:
    """A line with its numbers alike."""
    return _NUMBER.sub("0", line)


def _common(texts: Sequence[str]) -> str:
    """What all texts begin with."""
    first, last = min(texts), max(texts)
    length = next((i for i, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), min(len(first), len(last)))
    return first[:length]


def expression(text: str) -> str:
    """A text as a regular expression, in which numbers may differ."""
    return r"\d+".join("".join(map(_escaped, piece)) for piece in _NUMBER.split(text))


def _escaped(character: str) -> str:
    if character in _SPECIAL:
        return f"\\{character}"
    return character if character.isprintable() else f"\\u{ord(character):04x}" if character <= "\uffff" else f"\\U{ord(character):08x}"


def merged(lines: Sequence[StripLine]) -> list[StripLine]:
    """The same with one row a line, where different evidence in it was found: what takes out the whole line comes before a part of it."""
    found: dict[tuple[str, str], StripLine] = {}
    for line in lines:
        key = (line.source, _shape(line.line))
        known = found.get(key, line)
        better = max(known, line, key=lambda one: one.pattern.startswith("^"))
        update = {"records": max(known.records, line.records), "checks": sorted({*known.checks, *line.checks})}
        found[key] = better.model_copy(update=update)
    return sorted(found.values(), key=lambda line: (-line.records, line.source, line.line))

"""The examples of check files as tests: what stands in `[[…]]` must be found, exactly that, and nothing in a good example."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from corpusgate import packs
from corpusgate.checks import Check, ExampleCase, Expect, Suite
from corpusgate.corpora.manifest import frame_corpus
from corpusgate.records import FIELDS

#: The evidence between brackets; a bracket more at either end belongs to it, as in `[[[object Object]]]`.
_MARK = re.compile(r"\[\[(.+?)\]\](?!\])", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One example of one check.

    Attributes:
        name: such as `checks/encoding/mojibake.yaml::ENC002-bad-0`.
        check: the check.
        records: the records, marks included.
        damaged: whether the evidence must be found.
        expected_to_fail: whether it is a known miss.
    """

    name: str
    check: Check
    records: tuple[dict[str, str], ...]
    damaged: bool
    expected_to_fail: bool = False


def cases(folder: Path) -> Iterator[Case]:
    """All examples of the checks in a folder of families."""
    for check in packs.load_folder(folder):
        yield from cases_of(check, folder / f"{check.name}.yaml")


def cases_of(check: Check, path: Path) -> Iterator[Case]:
    """The examples of one check."""
    groups = (
        (check.examples.bad, "bad", True, False),
        (check.examples.good, "good", False, False),
        (check.examples.known_misses, "miss", True, True),
    )
    for examples, word, damaged, miss in groups:
        for i, example in enumerate(examples):
            yield Case(f"{path}::{check.id}-{word}-{i}", check, _records(check, example), damaged, miss)


def _records(check: Check, example: ExampleCase) -> tuple[dict[str, str], ...]:
    several = example if isinstance(example, list) else [example]
    field = "text" if "text" in check.fields else check.fields[0]
    return tuple({field: record} if isinstance(record, str) else record for record in several)


def run(case: Case) -> str:
    """Run an example: empty if all is as it says, else what differs."""
    from datetime import UTC, datetime

    from corpusgate.runners.collect import collect

    names = {name for record in case.records for name in record}
    unknown = names - set(FIELDS)
    if unknown:
        return f"unknown field {sorted(unknown)[0]!r} in the example"
    columns = sorted(names | set(case.check.fields) | {"text"})
    rows = [{name: _MARK.sub(r"\1", record[name]) if name in record else None for name in columns} for record in case.records]
    wanted = Counter(mark for record in case.records for text in record.values() for mark in _MARK.findall(text))
    frame = pd.DataFrame(rows, columns=columns)
    corpus = frame_corpus(frame, "example", {name: name for name in columns})
    loose = case.check.model_copy(update={"expect": Expect(max=case.check.expect.max)})
    findings, broken = collect(corpus, Suite(name="example", checks=(loose,)), datetime.now(UTC).date())
    found = Counter(match for match in findings if match)
    if not case.damaged:
        return "" if not broken else f"found {sorted(findings)!r} in a good example"
    if not broken:
        return f"expected {sorted(wanted)!r}, found {sorted(findings)!r}"
    return "" if found == wanted or not wanted else f"expected {sorted(wanted.elements())!r}, found {sorted(found.elements())!r}"

"""What a run measured, kept beside its results in slices.parquet, so that other bounds can be judged without the corpus.

A row is a slice: `kind` (corpus, source, language, month), `name`, `records`, `damaged`, and for each check how many of
the records break its `expect.max`. The file's own metadata says by which checks that was measured, and keeps the facts,
examples and groups of all of them: a suite of fewer checks would leave them out of results.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from corpusgate.checks import Suite
from corpusgate.errors import Problem
from corpusgate.replacing import replaced
from corpusgate.results import Example, Group, Page, Results, StripLine
from corpusgate.runners.show import Shown
from corpusgate.runners.totals import Totals
from corpusgate.slices import Slices

FILE = "slices.parquet"

_KEY, _SUITE, _FILES = b"corpusgate", b"corpusgate.suite", b"corpusgate.files"
_COLUMNS = ("kind", "name", "records", "damaged")


@dataclass(frozen=True)
class Stored:
    """The sums of a run and what they are of.

    Attributes:
        slices: the sums.
        suite: the suite it was last judged by.
        measured: what each check's counts depend on, by name: the checks that ran.
        idle: names of checks that could not run, with the fields they lack.
        damaging: names of the checks whose findings count as damage.
        broken: files that broke off.
        facts: numbers worth knowing, by check.
        findings: how many findings each check has.
        examples: some of them, by check.
        groups: the largest groups, by check.
        pages: whole records.
        strip: lines of furniture to strip.
        files: path of each file that was read, as it was named, by its name in the corpus; nothing for what was fetched.
    """

    slices: Slices
    suite: Suite
    measured: Mapping[str, Mapping[str, Any]]
    idle: Mapping[str, tuple[str, ...]]
    damaging: tuple[str, ...]
    broken: tuple[str, ...]
    facts: Mapping[str, Mapping[str, int]]
    findings: Mapping[str, int]
    examples: Mapping[str, list[Example]]
    groups: Mapping[str, list[Group]]
    pages: list[Page]
    strip: list[StripLine]
    files: Mapping[str, str]


def write(folder: Path, suite: Suite, totals: Totals, broken: Sequence[str], files: Mapping[str, str]) -> None:
    """Write slices.parquet.

    Args:
        folder: of the run.
        suite: the suite it was judged by.
        totals: the sums.
        broken: files that broke off.
        files: path of each file, by its name in the corpus.
    """
    slices = totals.slices
    kinds, names, sums = slices.rows()
    columns: dict[str, Any] = {"kind": kinds, "name": names}
    columns |= {name: sums[:, i] for i, name in enumerate(["records", "damaged", *slices.checks])}
    known = {
        "measured": {check.name: check.measured() for check in totals.checks},
        "idle": totals.idle,
        "damaging": [check.name for check in totals.checks if check.severity != "info"],
        "broken": broken,
        "facts": totals.facts,
        "findings": totals.findings,
        "examples": {name: [example.model_dump() for example in found] for name, found in sorted(totals.shown.examples.items())},
        "groups": {name: [group.model_dump() for group in found] for name, found in sorted(totals.shown.groups.items())},
        "pages": [page.model_dump() for page in totals.shown.pages],
        "strip": [line.model_dump() for line in totals.shown.strip],
    }
    metadata = {_KEY: json.dumps(known, ensure_ascii=False).encode(), _SUITE: _as_json(suite), _FILES: json.dumps(files).encode()}
    pq.write_table(pa.table(columns).replace_schema_metadata(metadata), folder / FILE, compression="zstd")


def keep_suite(folder: Path, suite: Suite) -> None:
    """Note by which suite a run was last judged."""
    path = folder / FILE
    table = pq.read_table(path)
    with replaced(path) as partial:
        pq.write_table(table.replace_schema_metadata({**table.schema.metadata, _SUITE: _as_json(suite)}), partial, compression="zstd")


def _as_json(suite: Suite) -> bytes:
    return suite.model_dump_json(by_alias=True).encode()


def load(folder: Path) -> Stored:
    """Read the slices.parquet of a run.

    Raises:
        Problem: it is not there, or something else.
    """
    path = folder / FILE
    try:
        table = pq.read_table(path)
        known = json.loads(table.schema.metadata[_KEY])
        checks = [name for name in table.column_names if name not in _COLUMNS]
        sums = np.stack([table[name].to_numpy() for name in ("records", "damaged", *checks)], axis=1)
        slices = Slices.empty(checks)
        for kind, name, row in zip(table["kind"].to_pylist(), table["name"].to_pylist(), sums, strict=True):
            if kind == "corpus":
                slices.corpus = row
            else:
                slices.by[kind][name] = row
        return Stored(
            slices,
            Suite.model_validate_json(table.schema.metadata[_SUITE]),
            known["measured"],
            {name: tuple(fields) for name, fields in known["idle"].items()},
            tuple(known["damaging"]),
            tuple(known["broken"]),
            known["facts"],
            known["findings"],
            {name: [Example(**example) for example in found] for name, found in known["examples"].items()},
            {name: [Group(**group) for group in found] for name, found in known["groups"].items()},
            [Page(**page) for page in known["pages"]],
            [StripLine(**line) for line in known["strip"]],
            json.loads(table.schema.metadata[_FILES]),
        )
    except FileNotFoundError:
        raise Problem(str(path), "is not there", "Name the folder of a run; runs of older versions must be run again") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise Problem(str(path), f"holds the suite of another version ({first['msg']})", "Run the check again") from None
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise Problem(str(path), f"cannot be read ({error})", "Run the check again") from None


def totals(stored: Stored, suite: Suite, results: Results, slices: Slices) -> Totals:
    """What a run measured of the checks of a suite.

    Args:
        stored: what was kept of it.
        suite: checks that it measured (`require`).
        results: its results, for what was read.
        slices: the sums, with damage counted as the suite has it.
    """
    return Totals(
        tuple(check for check in suite.checks if check.name in stored.measured),
        {name: fields for name, fields in stored.idle.items() if name in {check.name for check in suite.checks}},
        results.corpus.checked,
        results.corpus.quarantined,
        results.quarantine.reasons,
        slices,
        stored.facts,
        stored.findings,
        Shown(stored.examples, stored.groups, []),
        left_out=results.sample.of - results.sample.taken if results.sample is not None else 0,
    )


def require(stored: Stored, suite: Suite) -> None:
    """Make sure that a suite can be judged by what was measured.

    Raises:
        Problem: a check was not measured, or otherwise than the suite has it.
    """
    wrong = []
    for check in suite.checks:
        known = stored.measured.get(check.name)
        if known is None and check.name not in stored.idle:
            wrong.append(f"{check.name} (not measured)")
        elif known is not None and (changed := [key for key, value in check.measured().items() if known.get(key) != value]):
            wrong.append(f"{check.name} ({', '.join(changed)})")
    if wrong:
        raise Problem(
            f"suite '{suite.name}'",
            f"{len(wrong)} of its checks were measured otherwise in that run: {', '.join(wrong)}",
            "Run `corpusgate check` with this suite: what it measures has changed, not its bounds alone",
        )

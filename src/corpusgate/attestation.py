"""A check bound to the bytes it was made on: an in-toto statement with the digest of each file, and what the gate said of them.

A statement (in-toto Attestation Framework, Statement v1) names what it is about by SHA-256. Its predicate is of the framework's own
type for test results, v0.1; what is ours stands in it under `corpusgate`, which other readers pass over. Whoever signs it, with
cosign or otherwise, says that these bytes were checked, and with what outcome.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpusgate import results, stored
from corpusgate.corpora.addresses import Named
from corpusgate.corpora.manifest import list_files
from corpusgate.corpora.spans import PIECE
from corpusgate.errors import Problem
from corpusgate.kernels.digest import digests
from corpusgate.replacing import write_text
from corpusgate.results import Results, Verdict
from corpusgate.runners.inputs import total

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Files of a corpus beside those of an attestation, by name."""

    same: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    outcome: str

    @property
    def holds(self) -> bool:
        """Whether every byte is as it was, and nothing came or went."""
        return not (self.changed or self.missing or self.added)


def attest(folder: Path, corpus: Sequence[Named] = ()) -> dict[str, Any]:
    """The statement on a run.

    Args:
        folder: of the run.
        corpus: where the corpus lies now, if not where it was checked.

    Raises:
        Problem: the run came to no judgement, its files cannot be read, or are not those that were checked.
    """
    run, known = results.load(folder), stored.load(folder)
    if run.gate.exit_code == 2:
        raise Problem(str(folder), "came to no judgement, of which there is nothing to attest", "Run the check again")
    paths = {file.name: file.path for file in list_files(corpus)} if corpus else {name: Path(path) for name, path in known.files.items()}
    if not paths:
        raise Problem(str(folder), "is a run on a table in memory, which has no files", "Write the records into a file, and check that")
    if fetched := [name for name, path in known.files.items() if not path and not corpus]:
        raise Problem(
            str(folder), f"is a run on what was fetched for it, such as {fetched[0]}", "Name where it lies, as in  --corpus s3://..."
        )
    files, fingerprint = _digests(paths.items())
    if fingerprint != run.corpus.fingerprint:
        raise Problem(str(folder), "the files are not those that were checked", "Run the check again, and attest that run")
    whole = hashlib.sha256(known.suite.model_dump_json(by_alias=True).encode()).hexdigest()
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": sha256}} for name, sha256 in files.items()],
        "predicateType": PREDICATE,
        "predicate": {
            "result": "FAILED" if run.gate.exit_code else "WARNED" if _named(run, "warn") else "PASSED",
            "configuration": [{"name": f"suite {run.suite.name}", "digest": {"sha256": whole}}],
            "passedTests": _named(run, "clean", "tolerated", "info"),
            "warnedTests": _named(run, "warn", "unsure"),
            "failedTests": _named(run, "fail"),
            "corpusgate": _ours(run, (folder / "results.json" if folder.is_dir() else folder).read_bytes()),
        },
    }


def _named(run: Results, *states: str) -> list[str]:
    return [verdict.check for verdict in run.verdicts if verdict.status in states]


def _ours(run: Results, written: bytes) -> dict[str, Any]:
    return {
        "tool": run.tool.model_dump(),
        "checked": run.run.started,
        "corpus": run.corpus.model_dump(include={"name", "files", "bytes", "records", "checked", "quarantined", "fingerprint"}),
        "sample": run.sample.model_dump() if run.sample is not None else None,
        "suite": run.suite.model_dump(),
        "gate": run.gate.model_dump(),
        "verdicts": [_verdict(verdict) for verdict in run.verdicts],
        "waivers": [waiver.model_dump(include={"check", "scope", "value", "last_day", "state"}) for waiver in run.waivers],
        "baseline": run.baseline.model_dump() if run.baseline is not None else None,
        "results": {"schema_version": run.schema_version, "digest": {"sha256": hashlib.sha256(written).hexdigest()}},
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    kept = {"check", "id", "status", "severity", "records_checked", "records_with_findings", "findings", "waived", "excuse"}
    return verdict.model_dump(include=kept)


def _digests(files: Iterable[tuple[str, Path]]) -> tuple[dict[str, str], str]:
    """SHA-256 of each file by its name, and the fingerprint of all of them (`inputs.total`), in one reading."""
    found: dict[str, str] = {}

    def told(name: str, path: Path) -> tuple[str, int, list[str]]:
        whole = hashlib.sha256()
        try:
            size = path.stat().st_size
            pieces = [piece for _, piece in digests(path, 0, size, PIECE, whole.update)]
        except OSError as error:
            raise Problem(str(path), f"cannot be read ({error.strerror})", "Name the corpus where it lies now") from None
        found[name] = whole.hexdigest()
        return name, size, pieces

    return found, total(told(name, path) for name, path in files)


def save(statement: Mapping[str, Any], path: Path) -> None:
    """Write a statement: the same run on the same bytes gives the same file."""
    write_text(path, json.dumps(statement, ensure_ascii=False, indent=2) + "\n")


def verify(path: Path, corpus: Sequence[Named]) -> Comparison:
    """Hold a corpus against an attestation.

    Raises:
        Problem: the attestation cannot be read or is something else, or the corpus cannot be read.
    """
    subjects, outcome = _load(path)
    files, _ = _digests((file.name, file.path) for file in list_files(corpus))
    return Comparison(
        same=sum(files.get(name) == sha256 for name, sha256 in subjects.items()),
        changed=tuple(name for name, sha256 in subjects.items() if name in files and files[name] != sha256),
        missing=tuple(name for name in subjects if name not in files),
        added=tuple(name for name in files if name not in subjects),
        outcome=outcome,
    )


def _load(path: Path) -> tuple[dict[str, str], str]:
    """The digests by name, and the outcome."""
    try:
        statement = json.loads(path.read_bytes())
    except OSError as error:
        raise Problem(str(path), f"cannot be read ({error.strerror})", "Name what  corpusgate attest  wrote") from None
    except ValueError:
        raise Problem(str(path), "is not JSON", "Name what  corpusgate attest  wrote") from None
    try:
        if (statement["_type"], statement["predicateType"]) != (STATEMENT, PREDICATE):
            raise Problem(
                str(path), f"is a {statement['_type']} with a {statement['predicateType']}", "Name what  corpusgate attest  wrote"
            )
        subjects = {str(one["name"]): str(one["digest"]["sha256"]) for one in statement["subject"]}
        outcome = str(statement["predicate"]["result"])
    except (KeyError, TypeError):
        raise Problem(str(path), "is no statement on a check", "Name what  corpusgate attest  wrote") from None
    if not subjects or len(subjects) != len(statement["subject"]) or outcome not in ("PASSED", "WARNED", "FAILED"):
        raise Problem(str(path), "is no statement on a check: its subjects or its result are not right", "Attest the run again")
    return subjects, outcome

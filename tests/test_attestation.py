"""A check bound to its bytes: the statement, every way to swap a file, and what is no attestation."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from corpusgate import api
from corpusgate.attestation import PREDICATE, STATEMENT
from corpusgate.cli import main

SUITE = "name: s\nchecks: [encoding/replacement-character]\n"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def checked(folder: Path, broken: bool = False, size: int = 40) -> tuple[Path, Path, Path]:
    """A corpus of two files, its run, and its attestation."""
    corpus = folder / "corpus"
    corpus.mkdir()
    (folder / "s.suite.yaml").write_text(SUITE, encoding="utf-8")
    for name in ("a.jsonl", "b.jsonl"):
        text = "Caf\N{REPLACEMENT CHARACTER}" if broken else "A caf\N{LATIN SMALL LETTER E WITH ACUTE}"
        lines = [{"id": f"{name}{i}", "text": f"{text} opens {i}. " + "It is near the harbour. " * 40} for i in range(size)]
        (corpus / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    run = folder / "run"
    assert call("check", corpus, "--suite", folder / "s.suite.yaml", "--out", run).exit_code == (1 if broken else 0)
    done = call("attest", run)
    assert done.exit_code == 0, done.output
    assert "cosign sign-blob --bundle" in done.stdout
    return corpus, run, run / "attestation.json"


def test_the_statement_names_files_suite_and_verdicts(tmp_path: Path) -> None:
    # More than a piece of the fingerprint each.
    corpus, run, path = checked(tmp_path, size=1500)
    assert (corpus / "a.jsonl").stat().st_size > 1 << 20
    statement = json.loads(path.read_text("utf-8"))
    assert (statement["_type"], statement["predicateType"]) == (STATEMENT, PREDICATE)
    digests = [
        {"name": name, "digest": {"sha256": hashlib.sha256((corpus / name).read_bytes()).hexdigest()}} for name in ("a.jsonl", "b.jsonl")
    ]
    assert statement["subject"] == digests
    predicate = statement["predicate"]
    results = json.loads((run / "results.json").read_text("utf-8"))
    assert (predicate["result"], predicate["failedTests"]) == ("PASSED", [])
    ours = predicate["corpusgate"]
    assert (ours["tool"], ours["suite"], ours["gate"]) == (results["tool"], results["suite"], results["gate"])
    assert [one["check"] for one in ours["verdicts"]] == ["encoding/replacement-character", "corpus/unreadable"]
    assert ours["results"]["digest"]["sha256"] == hashlib.sha256((run / "results.json").read_bytes()).hexdigest()
    before = path.read_bytes()
    assert call("attest", run).exit_code == 0
    assert path.read_bytes() == before
    assert call("verify", path, corpus).exit_code == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("one byte", "changed: 'b.jsonl'"),
        ("one byte more", "changed: 'a.jsonl'"),
        ("swapped", "changed: 'a.jsonl'"),
        ("missing", "missing: 'b.jsonl'"),
        ("added", "added: 'c.jsonl'"),
        ("renamed", "missing: 'a.jsonl'"),
    ],
)
def test_every_change_is_noticed(tmp_path: Path, change: str, says: str) -> None:
    corpus, run, path = checked(tmp_path)
    a, b = corpus / "a.jsonl", corpus / "b.jsonl"
    match change:
        case "one byte":
            b.write_bytes(b.read_bytes().replace(b"harbour", b"Harbour", 1))
        case "one byte more":
            a.write_bytes(a.read_bytes() + b"\n")
        case "swapped":
            data = a.read_bytes()
            a.write_bytes(b.read_bytes())
            b.write_bytes(data)
        case "missing":
            b.unlink()
        case "added":
            (corpus / "c.jsonl").write_bytes(b.read_bytes())
        case _:
            a.rename(corpus / "d.jsonl")
    done = call("verify", path, corpus)
    assert (done.exit_code, says in done.stdout) == (1, True), done.stdout
    again = call("attest", run, *(["--corpus", corpus] if change in ("added", "renamed") else []), "--out", tmp_path / "x.json")
    assert again.exit_code == 2
    assert not (tmp_path / "x.json").exists()


def test_a_corpus_may_move(tmp_path: Path) -> None:
    corpus, run, path = checked(tmp_path)
    corpus.rename(tmp_path / "elsewhere")
    assert call("verify", path, tmp_path / "elsewhere").exit_code == 0
    assert call("attest", run).exit_code == 2
    assert call("attest", run, "--corpus", tmp_path / "elsewhere").exit_code == 0


def test_the_result_of_a_held_gate_is_attested_and_not_verified(tmp_path: Path) -> None:
    corpus, _, path = checked(tmp_path, broken=True)
    statement = json.loads(path.read_text("utf-8"))
    assert (statement["predicate"]["result"], statement["predicate"]["failedTests"]) == ("FAILED", ["encoding/replacement-character"])
    done = call("verify", path, corpus)
    assert (done.exit_code, "Its gate was held" in done.stdout) == (1, True)
    assert call("verify", path, corpus, "--any-result").exit_code == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"_type": "https://in-toto.io/Statement/v1", "predicateType": "x"}', '{"_type": 1, "predicateType": 2}']
)
def test_what_is_no_attestation_says_nothing(tmp_path: Path, text: str) -> None:
    corpus, _, _ = checked(tmp_path)
    (tmp_path / "no.json").write_text(text, encoding="utf-8")
    assert call("verify", tmp_path / "no.json", corpus).exit_code == 2
    assert call("verify", tmp_path / "nowhere.json", corpus).exit_code == 2


def test_statements_that_were_tampered_with_are_none(tmp_path: Path) -> None:
    corpus, _, path = checked(tmp_path)
    whole = json.loads(path.read_text("utf-8"))
    for broken in (
        {**whole, "subject": []},
        {**whole, "subject": [*whole["subject"], whole["subject"][0]]},
        {**whole, "predicate": {**whole["predicate"], "result": "GREAT"}},
    ):
        path.write_text(json.dumps(broken), encoding="utf-8")
        assert call("verify", path, corpus).exit_code == 2


def test_a_table_in_memory_and_a_run_without_judgement_have_nothing_to_attest(tmp_path: Path) -> None:
    api.check(pd.DataFrame([{"id": "1", "text": "It sails."}]), out=tmp_path / "frame")
    assert "has no files" in call("attest", tmp_path / "frame").stderr
    lines = [json.dumps({"id": str(i), "text": "It sails."}) for i in range(100)]
    (tmp_path / "c.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    call("check", tmp_path / "c.jsonl", "--sample", "20", "--out", tmp_path / "o")
    done = call("attest", tmp_path / "o")
    assert (done.exit_code, "no judgement" in done.stderr) == (2, True)

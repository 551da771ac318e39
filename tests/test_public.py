"""The public interface: what it has and no more, what its page says, and its types as a user's checker sees them."""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_origin

import pytest
from guides import DOCS, ROOT, blocks, run_python

import corpusgate
from corpusgate import api, public, suites

MODULES = ("corpusgate", "corpusgate.strategies", "corpusgate.spark")
SNAPSHOTS = Path(__file__).parent / "snapshots"


def surface(module: str, with_members: bool = True) -> list[str]:
    """The names of a module with their signatures, and with the fields and methods of its classes."""
    home = importlib.import_module(module)
    told = []
    for name in sorted(home.__all__):
        thing = getattr(home, name)
        if get_origin(thing) is not None:
            told.append(f"{module}.{name} = {thing}")
        elif not callable(thing):
            told.append(f"{module}.{name}: {type(thing).__name__}")
        elif inspect.isclass(thing):
            told.append(f"class {module}.{name}")
            if not with_members:
                continue
            fields = getattr(thing, "model_fields", None) or getattr(thing, "__dataclass_fields__", {})
            told += [f"    {field}: {_type(thing, field)}" for field in fields]
            if not fields:
                told.append(f"    __init__{_signature(vars(thing)['__init__'])}")
            mine = {key: value for key, value in vars(thing).items() if not key.startswith("_") and key not in fields}
            told += [
                f"    {key}{_signature(value)}" for key, value in sorted(mine.items()) if callable(value) or isinstance(value, property)
            ]
        else:
            told.append(f"{module}.{name}{_signature(thing)}")
    return told


def _type(thing: Any, field: str) -> str:
    return str(thing.__annotations__[field])


def _signature(thing: Any) -> str:
    if isinstance(thing, property):
        return ": property"
    # Hypothesis writes the annotations of what it made anew.
    told = re.sub(
        r"hypothesis\.strategies\.SearchStrategy\[ForwardRef\('([^']*)'\)\]", r"st.SearchStrategy[\1]", str(inspect.signature(thing))
    )
    return told.replace("'", "")


def same_surface(name: str, lines: list[str]) -> None:
    """Hold a surface against the snapshot of it."""
    snapshot, told = SNAPSHOTS / name, "\n".join(lines) + "\n"
    if os.environ.get("CORPUSGATE_UPDATE"):
        snapshot.write_text(told, encoding="utf-8")
    assert told == snapshot.read_text("utf-8"), "read the difference before you write it anew with CORPUSGATE_UPDATE=1"


def test_the_public_interface_grows_by_no_accident() -> None:
    same_surface("public.txt", [line for module in MODULES for line in surface(module)])


def test_every_public_name_is_told_of_on_the_page() -> None:
    page = (DOCS / "api.md").read_text("utf-8")
    untold = [
        name for module in MODULES for name in importlib.import_module(module).__all__ if f"{name}`" not in page and f"{name}(" not in page
    ]
    # What strategies are made of is told by their own documentation.
    assert set(untold) <= {"Corruptor", "Record", "LANGUAGES"}
    for module in MODULES:
        for name in importlib.import_module(module).__all__:
            thing = getattr(importlib.import_module(module), name)
            assert not callable(thing) or (thing.__doc__ or "").strip(), name


def test_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_python(DOCS / "api.md") >= 15
    assert (tmp_path / "run" / "results.json").exists()


@pytest.mark.parametrize("module", [corpusgate, public, suites])
def test_examples_in_the_code_run(module: Any) -> None:
    ran = doctest.testmod(module)
    assert (ran.failed, ran.attempted >= 1) == (0, True)


def test_what_users_call_is_what_the_rest_calls() -> None:
    """`check` hands everything on: each of its arguments is one of `api.check`, by name and default."""
    mine, theirs = inspect.signature(public.check).parameters, inspect.signature(api.check).parameters
    assert {name: one.default for name, one in mine.items()} == {name: theirs[name].default for name in mine}
    handed = api.check.__code__.co_varnames
    assert set(mine) <= set(handed)


def test_a_name_that_is_not_there_is_an_error_at_run_time_too() -> None:
    with pytest.raises(AttributeError, match="module 'corpusgate' has no attribute 'chekc'"):
        corpusgate.chekc  # type: ignore[attr-defined]  # noqa: B018
    assert set(corpusgate.__all__) <= set(dir(corpusgate))


PROGRAM = """
from collections.abc import Sequence
from pathlib import Path

import corpusgate
from corpusgate import Finding, Problem, Results, Suite, strategies


def judged(corpus: Path, suite: Suite) -> Results | None:
    try:
        return corpusgate.check(corpus, suite, out="run", fail_on="warn", jobs=2, sample="2%", progress=told)
    except Problem as problem:
        print(problem.where, problem.what, problem.mend)
        return None


def told(size: int, records: int) -> None: ...


def places(record: dict[str, str]) -> Sequence[tuple[str, int | None]]:
    found: list[Finding] = corpusgate.inspect(record)
    return [(one.check, one.start) for one in found]


def main() -> int:
    results = judged(Path("news.jsonl"), corpusgate.load_suite("my.suite.yaml"))
    shares: dict[str, float] = {one.check: one.rate for one in results.verdicts} if results is not None else {}
    print(shares, sorted(strategies.CORRUPTORS), strategies.records("en"))
    return results.gate.exit_code if results is not None else 2
"""

MISTAKES = {
    'corpusgate.check("a", fail_on="bogus")': "arg-type",
    'corpusgate.check("a").gate.opne': "attr-defined",
    'corpusgate.chekc("a")': "attr-defined",
    "corpusgate.inspect([])": "arg-type",
    'corpusgate.check("a", None, None, "fail")': "misc|call-arg",
    "strategies.recrods()": "attr-defined",
}


@pytest.mark.slow
def test_a_users_program_passes_a_strict_checker_and_its_mistakes_do_not(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    wrong = ["import corpusgate", "from corpusgate import strategies", *MISTAKES]
    (tmp_path / "wrong.py").write_text("\n".join(wrong) + "\n", encoding="utf-8")
    # No configuration of ours, and the package as it is installed: by its py.typed.
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\n", encoding="utf-8")
    environment = {**os.environ, "MYPYPATH": str(ROOT / "src")}
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        "mypy.ini",
        "--follow-imports=silent",
        "--no-error-summary",
        "program.py",
        "wrong.py",
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500)
    told = done.stdout.splitlines()
    assert not [line for line in told if line.startswith("program.py")], done.stdout
    for number, (line, kinds) in enumerate(MISTAKES.items(), 3):
        assert any(one.startswith(f"wrong.py:{number}:") and any(f"[{kind}]" in one for kind in kinds.split("|")) for one in told), (
            line,
            told,
        )


def test_the_readme_leads_there() -> None:
    assert "docs/api.md" in (ROOT / "README.md").read_text("utf-8")
    assert blocks(DOCS / "api.md", "python")

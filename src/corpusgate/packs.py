"""Where checks come from: the built-in pack, and folders of a user's own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from corpusgate import signals
from corpusgate.checks import Check
from corpusgate.errors import Problem, nearest
from corpusgate.records import FIELDS
from corpusgate.strict_yaml import read_yaml, validated

SUITE_ENDING = ".suite.yaml"


def pack_folder() -> Path:
    """The built-in checks: inside the installed package, or at the top of an editable checkout."""
    installed = Path(__file__).parent / "pack"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "checks"


def load_check(path: Path, name: str) -> Check:
    """Read one check file.

    Args:
        path: the file.
        name: its path name, such as `encoding/mojibake`.

    Raises:
        Problem: it cannot be read, a key is unknown, or the signal, a parameter or a field does not exist.
    """
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise Problem(str(path), "is not a check: a mapping is expected", "See `corpusgate explain` for the keys")
    if "name" in data:
        raise Problem(f"{path}: name", "unknown key 'name'", "A check's name is its path: rename the file instead")
    check = validated(Check, {**data, "name": name}, str(path))
    signal = signals.find(check.signal, str(path))
    signal.parameters(check.with_, str(path))
    signal.patterns_for(signal.parameters(check.with_, str(path)))
    for field in check.fields:
        if field not in FIELDS:
            raise Problem(f"{path}: fields", f"'{field}' is not a field of a record", nearest(field, FIELDS))
    return check


def load_folder(folder: Path) -> list[Check]:
    """All checks of a folder of families, sorted by name."""
    checks = []
    for path in sorted(folder.glob("*/*.yaml")):
        if not path.name.endswith(SUITE_ENDING):
            checks.append(load_check(path, path.relative_to(folder).with_suffix("").as_posix()))
    return checks


@lru_cache(maxsize=1)
def built_in() -> tuple[Check, ...]:
    """The built-in pack."""
    return tuple(load_folder(pack_folder()))


def unique(checks: Iterable[Check]) -> list[Check]:
    """The checks sorted by name, each once.

    Raises:
        Problem: two have the same id or the same name.
    """
    by_id: dict[str, Check] = {}
    by_name: dict[str, Check] = {}
    for check in checks:
        for table, key, what in ((by_id, check.id, "id"), (by_name, check.name, "name")):
            if key in table:
                raise Problem(
                    f"checks/{check.name}.yaml", f"the {what} '{key}' belongs to '{table[key].name}' too", f"Give it another {what}"
                )
            table[key] = check
    return [by_name[name] for name in sorted(by_name)]

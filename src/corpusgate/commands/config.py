"""`[tool.corpusgate]` in the nearest pyproject.toml that has it: what `check` and `gate` take where the command line says nothing.

Keys are the names of their options, and `corpus`. Paths are relative to that file. Tables further up are not mixed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from corpusgate.corpora.addresses import is_address
from corpusgate.errors import Problem, nearest

#: Commands that take it.
COMMANDS = ("check", "gate")

#: Options of one run that no file can sensibly say.
_OF_A_RUN = frozenset({"help", "folder", "no_cache", "profile", "resume", "today"})


def find(begin: Path) -> tuple[Path, dict[str, Any]] | None:
    """The nearest pyproject.toml, from a folder upwards, that has the table, and the table.

    Raises:
        Problem: one on the way is no TOML, or the table is none.
    """
    import tomllib

    for folder in (begin, *begin.parents):
        path = folder / "pyproject.toml"
        try:
            text = path.read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(str(path), f"cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})", "Check the file") from None
        # Most have no such table, and nobody else's mistakes are told.
        if "tool.corpusgate" not in text:
            continue
        try:
            table = tomllib.loads(text).get("tool", {}).get("corpusgate")
        except tomllib.TOMLDecodeError as error:
            raise Problem(str(path), f"is not TOML: {error}", "Mend it") from None
        if isinstance(table, dict):
            return path, table
    return None


def defaults(begin: Path, commands: Mapping[str, click.Command]) -> dict[str, dict[str, Any]]:
    """What the commands take instead of their own defaults, by their names and their options' names.

    Args:
        begin: the folder to begin to look in.
        commands: all commands by their names.

    Raises:
        Problem: a key or a value is not right.
    """
    found = find(begin)
    if found is None:
        return {}
    path, table = found
    options = {name: {_key(one): one for one in commands[name].params if one.name not in _OF_A_RUN} for name in COMMANDS}
    known = {key for mine in options.values() for key in mine}
    made: dict[str, dict[str, Any]] = {name: {} for name in COMMANDS}
    for key, value in table.items():
        where = f"{path}: tool.corpusgate.{key}"
        if key not in known:
            raise Problem(where, f"unknown key '{key}'", nearest(key, known))
        for name in COMMANDS:
            if (option := options[name].get(key)) is not None:
                made[name][str(option.name)] = _value(option, value, path.parent, where)
    return made


def _key(option: click.Parameter) -> str:
    """What an option is called in the table: as on the command line, without its dashes."""
    longest = max(option.opts, key=len)
    return longest.lstrip("-")


def _value(option: click.Parameter, value: Any, folder: Path, where: str) -> Any:
    is_list = getattr(option, "multiple", False) or option.nargs != 1
    if is_list and isinstance(value, str):
        value = [value]
    if isinstance(value, dict) or isinstance(value, list) != is_list:
        mend = "Write it as in  key = ['a', 'b']" if is_list else "Write it as in  key = 'a'"
        raise Problem(where, f"a {'list' if is_list else 'single value'} is expected", mend)
    each = [_single(option, one, folder, where) for one in (value if is_list else [value])]
    return each if is_list else each[0]


def _single(option: click.Parameter, value: Any, folder: Path, where: str) -> Any:
    if isinstance(option.type, click.Path):
        if not isinstance(value, str):
            raise Problem(where, f"a path is expected, not {value!r}", "Write it in quotes")
        return value if is_address(value) else str(folder / value)
    try:
        option.type.convert(value if isinstance(value, bool) else str(value), option, None)
    except click.BadParameter as error:
        raise Problem(where, error.message.rstrip("."), "Change the value") from None
    return value if isinstance(value, bool) else str(value)

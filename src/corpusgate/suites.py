"""From a suite file to the checks that will be run, with its overrides applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpusgate import packs, signals
from corpusgate.checks import Check, Override, Suite, SuiteFile
from corpusgate.errors import Problem, nearest
from corpusgate.strict_yaml import read_yaml, validated

DEFAULT = "news" + packs.SUITE_ENDING


def load_suite(path: str | Path | None = None) -> Suite:
    """Read a suite; without a path the built-in one for news.

    A suite's own checks lie in family folders beside it, and are known to it together with the built-in pack.

    Raises:
        Problem: the file, a check it names or an override is not right.

    >>> len(load_suite().checks) > 60
    True
    """
    file = Path(path) if path is not None else packs.pack_folder() / DEFAULT
    data = read_yaml(file)
    if not isinstance(data, dict):
        raise Problem(str(file), "is not a suite: a mapping is expected", "It needs at least  name:  and  checks:")
    suite = validated(SuiteFile, data, str(file))
    own = [] if file.parent.resolve() == packs.pack_folder().resolve() else packs.load_folder(file.parent)
    known = packs.unique([*packs.built_in(), *own])
    chosen = _chosen(suite.checks, known, str(file))
    words = [word for check in chosen for word in (check.name, check.id)]
    for name in suite.overrides:
        if name not in words:
            raise Problem(f"{file}: overrides.{name}", f"'{name}' is not a check of this suite", nearest(name, words))
    checks = tuple(_overridden(check, suite.overrides.get(check.name) or suite.overrides.get(check.id), str(file)) for check in chosen)
    return Suite(name=suite.name, checks=checks, fields=suite.fields, quarantine=suite.quarantine)


def _chosen(names: Sequence[str], known: Sequence[Check], where: str) -> list[Check]:
    chosen: dict[str, Check] = {}
    for name in names:
        found = [check for check in known if name in (check.family, check.name, check.id)]
        if not found:
            words = {check.name for check in known} | {check.family for check in known} | {check.id for check in known}
            raise Problem(f"{where}: checks", f"there is no check or family '{name}'", nearest(name, words))
        chosen |= {check.name: check for check in found}
    return [chosen[name] for name in sorted(chosen)]


def _overridden(check: Check, override: Override | None, where: str) -> Check:
    if override is None:
        return check
    update = {key: value for key in ("severity", "expect", "per", "warn", "with_") if (value := getattr(override, key)) is not None}
    if "with_" in update:
        update["with_"] = {**check.with_, **update["with_"]}
        signals.find(check.signal, where).parameters(update["with_"], f"{where}: overrides.{check.name}")
    if update.get("severity", "fail") != "fail":
        update.setdefault("warn", None)
    changed = check.model_dump(by_alias=True) | {{"with_": "with"}.get(key, key): value for key, value in update.items()}
    return validated(Check, changed, f"{where}: overrides.{check.name}")

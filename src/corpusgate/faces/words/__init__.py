"""What a report says in its own name: a catalogue for each language, and numbers and bounds in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import yaml

from corpusgate.errors import Problem, nearest
from corpusgate.faces.words.sentences import Said, Sentence, catalogue, translated
from corpusgate.results import Bound, Verdict

Direction = Literal["ltr", "rtl"]

_DATE = re.compile("[0-9]-[0-9]")

#: Letters of a check's name that says too little alone.
SHORT = 12


@dataclass(frozen=True)
class Words:
    """The catalogue of a language.

    Attributes:
        code: of the language, such as `ar`.
        direction: of its script.
        phrases: what is said, by key.
        checks: `name`, `summary`, `why` and `remedy` of built-in checks, by id, where they are translated.
        sentences: what runs say of findings, reasons and facts, where it is translated.
    """

    code: str
    direction: Direction
    phrases: Mapping[str, str]
    checks: Mapping[str, Mapping[str, str]]
    sentences: tuple[Sentence, ...] = ()

    def __call__(self, key: str, **values: Any) -> str:
        """A phrase with its values; of one, where `n` is 1 and the language says that otherwise.

        Raises:
            KeyError: there is no such phrase.
        """
        one = values.get("n", values.get("over")) == 1 and f"{key}.one" in self.phrases
        said = {name: f"{value:,}" if isinstance(value, int) else self._isolated(value) for name, value in values.items()}
        return self.phrases[f"{key}.one" if one else key].format(**said)

    def _isolated(self, value: Any) -> Any:
        """A value as it is; a date behind Arabic letters would be turned around at its hyphens, and is kept from that."""
        if self.direction == "rtl" and isinstance(value, str) and _DATE.search(value):
            return f"\N{LEFT-TO-RIGHT ISOLATE}{value}\N{POP DIRECTIONAL ISOLATE}"
        return value

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self.phrases

    def of(self, verdict: Verdict, part: Literal["name", "summary", "why", "remedy"]) -> str:
        """What a check says of itself, in this language where it was translated."""
        return self.checks.get(verdict.id, {}).get(part) or str(getattr(verdict, part))

    def label(self, verdict: Verdict) -> str:
        """The name of a check where it stands alone: a short one says too little without its family."""
        name, family = self.of(verdict, "name"), f"family_{verdict.family}"
        is_short = len(name) < SHORT and self.has(family) and verdict.id not in self.checks
        return f"{self(family)}: {name[:1].lower()}{name[1:]}" if is_short else name

    def is_own(self, verdict: Verdict, part: str) -> bool:
        """Whether that is in this language."""
        return self.code == "en" or part in self.checks.get(verdict.id, {})

    def sentence(self, text: str) -> tuple[Said, ...] | None:
        """What a run says, in this language; None where it was not translated, as in English."""
        return translated(text, self.sentences)

    def bound(self, bound: Bound) -> str:
        """A bound as a reader sees it."""
        parts = []
        more = "_max" if bound.max else ""
        if bound.mostly == 1:
            parts.append(self(f"allow_every{more}", max=bound.max))
        elif bound.mostly is not None:
            parts.append(self(f"allow_mostly{more}", max=bound.max, percent=f"{bound.mostly * 100:.6g}"))
        if bound.max_records is not None:
            parts.append(self("allow_records", n=bound.max_records))
        if not parts:
            return self("allow_any")
        return parts[0] if len(parts) == 1 else self("allow_and", one=parts[0], other=parts[1])


def known() -> list[str]:
    """The codes of all languages that a report can be in."""
    return sorted(name[:2] for file in _folder().iterdir() if len(name := file.name) == len("en.yaml") and name.endswith(".yaml"))


@lru_cache(maxsize=4)
def words(code: str = "en") -> Words:
    """The catalogue of a language.

    Raises:
        Problem: there is none.
    """
    if code not in known():
        raise Problem(f"language '{code}'", "the report does not speak it", nearest(code, known()))
    phrases = _read(f"{code}.yaml")
    checks, sentences = (_read(name) if (_folder() / name).is_file() else {} for name in (f"{code}.checks.yaml", f"{code}.sentences.yaml"))
    return Words(code, phrases["direction"], phrases, checks, catalogue(sentences))


def _folder() -> Any:
    return resources.files("corpusgate.faces") / "words"


def _read(name: str) -> Any:
    return yaml.load((_folder() / name).read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

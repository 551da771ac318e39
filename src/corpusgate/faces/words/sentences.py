"""What a run says in English, found in a catalogue and said in another language.

A run is told before anybody asks for a language: `results.json` has sentences with their values filled in. So a sentence is
known by what stands between its values, as the keys of a catalogue have it, and its values are put into the translation. A value
may be a sentence too, such as one reason of several: where the translation has it as `{name:said}`, it is looked up itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

#: What stands behind the name of a value that is a sentence too.
_SAID = "said"


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of a translated sentence: words of ours, or a value that stays as it is."""

    text: str
    is_value: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence and its translation.

    Attributes:
        literals: what stands before, between and behind the values.
        names: of the values between them, one less.
        translation: words, the value behind them if there is one, and whether it is looked up itself.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...]
    translation: tuple[tuple[str, str | None, bool], ...]

    @classmethod
    def of(cls, english: str, translation: str) -> Sentence:
        """From an entry of a catalogue, with its values as `{name}`."""
        parts = list(Formatter().parse(english))
        names = [name for _, name, *_ in parts if name is not None]
        literals = [literal for literal, *_ in parts] + ([""] if parts and parts[-1][1] is not None else [])
        said = tuple((literal, name, kind == _SAID) for literal, name, kind, _ in Formatter().parse(translation))
        return cls(tuple(literals), tuple(names), said)

    def values(self, text: str) -> dict[str, str] | None:
        """The values in a text, if it is this sentence; each ends where what follows it stands first."""
        first, *between = self.literals
        if not between:
            return {} if text == first else None
        last, end = between.pop(), len(text)
        if not text.startswith(first) or not text.endswith(last):
            return None
        at, end, found = len(first), end - len(last), []
        for literal in between:
            place = text.find(literal, at, end)
            if place <= at:
                return None
            found.append(text[at:place])
            at = place + len(literal)
        return dict(zip(self.names, [*found, text[at:end]], strict=True)) if at < end else None


def catalogue(pairs: Mapping[str, str]) -> tuple[Sentence, ...]:
    """The sentences of a catalogue, in its order: English, and how it is said."""
    return tuple(Sentence.of(english, translation) for english, translation in pairs.items())


def translated(text: str, sentences: Sequence[Sentence]) -> tuple[Said, ...] | None:
    """A text in another language; None where the catalogue does not have it."""
    for sentence in sentences:
        values = sentence.values(text)
        if values is not None:
            return tuple(_filled(sentence, values, sentences))
    return None


def _filled(sentence: Sentence, values: Mapping[str, str], sentences: Sequence[Sentence]) -> Iterator[Said]:
    for words, name, is_said in sentence.translation:
        if words:
            yield Said(words, False)
        if name is not None:
            yield from (translated(values[name], sentences) if is_said else None) or (Said(values[name], True),)

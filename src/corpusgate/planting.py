"""Known defects planted into the user's own records: seeded, so that the same ones are planted again.

A trial is a defect planted once: into one record, or into as many of one source as it takes, which then stand in a source of their
own. A record that cannot carry a defect (no headline to cut off) is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from corpusgate.checks import Check
from corpusgate.records import FIELDS
from corpusgate.signals.phrase_lists import all_phrases
from corpusgate.strategies import CORRUPTORS
from corpusgate.strategies.corruptors import Corruptor, into

#: Fields of a record that are text, without gaps.
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """A record to plant into, with its language as it was told, and its source."""

    record: Texts
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A defect planted: the check that must find it, the records before and after, and whose they are."""

    check: str
    language: str
    source: str
    before: tuple[Texts, ...]
    after: tuple[Texts, ...]


def subject(record: Mapping[str, str | None], language: str) -> Subject:
    """A record as it was read, made ready."""
    return Subject({field: record.get(field) or "" for field in FIELDS}, language, record.get("source") or "")


def phrase_languages(check: Check) -> set[str] | None:
    """The languages in which a check knows phrases; None where it does not go by phrases."""
    kinds = check.with_.get("kinds")
    if kinds is None:
        return None
    return {phrase.language for phrase in all_phrases() if phrase.kind in kinds}


def trials(check: Check, subjects: Sequence[Subject], most: int, seed: int) -> Iterator[Trial]:
    """Trials of one check, at most so many in each language.

    Args:
        check: one that has a corruptor.
        subjects: the records; each is used in one trial at most.
        most: trials in each language.
        seed: what is planted where is decided by it.
    """
    corruptor, spoken = CORRUPTORS[check.name], phrase_languages(check)
    random = Random(f"{seed} {check.name}")
    groups: dict[tuple[str, str], list[Subject]] = {}
    for one in random.sample(list(subjects), len(subjects)):
        groups.setdefault((one.language, one.source), []).append(one)
    done: dict[str, int] = {}
    # From each source in turn, so that a large one does not stand for all.
    turn = 0
    while any(groups.values()):
        for (language, source), waiting in groups.items():
            if done.get(language, 0) >= most or len(waiting) < corruptor.records or (spoken is not None and language not in spoken):
                waiting.clear()
                continue
            taken = [waiting.pop() for _ in range(corruptor.records)]
            trial = _plant(check, corruptor, taken, f"{turn}", random)
            turn += 1
            if trial is not None:
                done[language] = done.get(language, 0) + 1
                yield Trial(check.name, language, source, *trial)


def _plant(
    check: Check, corruptor: Corruptor, taken: Sequence[Subject], name: str, random: Random
) -> tuple[tuple[Texts, ...], tuple[Texts, ...]] | None:
    before = [dict(one.record) for one in taken]
    for i, record in enumerate(before):
        record["id"] = f"{check.id}-{name}-{i}"
        if corruptor.records > 1:
            record["source"] = f"trial-{name}.example"
    try:
        after = _in_its_language(check, before, taken[0].language, random) or corruptor.apply([dict(one) for one in before], random)
    except (ArithmeticError, LookupError, ValueError):
        # It takes a headline, a letter or a date that is not there.
        return None
    return (tuple(before), tuple(after)) if after != before else None


def _in_its_language(check: Check, before: Sequence[Texts], language: str, random: Random) -> list[Texts] | None:
    """A phrase that the check knows in the record's own language as a line of its text, where it goes by phrases alone."""
    if check.signal != "phrases":
        return None
    kinds = check.with_["kinds"]
    known = [phrase.text for phrase in all_phrases() if phrase.kind in kinds and phrase.language == language and not phrase.common]
    record = {**before[0], "text": into(before[0]["text"], random.choice(known), random)}
    return [record, *before[1:]]

"""A suite made ready to run: every signal once for each set of parameters, all patterns in one set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusgate import signals
from corpusgate.checks import Check, Suite
from corpusgate.kernels.patterns import Matches, PatternSet
from corpusgate.signals.across import AcrossSignal
from corpusgate.signals.base import Signal
from corpusgate.signals.tables import patterns_of


@dataclass(frozen=True)
class Probe:
    """One signal with its parameters, and the checks that read it, by their index in the suite.

    Attributes:
        signal: the signal.
        parameters: its keyword arguments.
        checks: indices of the checks.
        pattern_index: int64: own index of each pattern of the set, -1 for those of others.
    """

    signal: Signal
    parameters: Mapping[str, Any]
    checks: tuple[int, ...]
    pattern_index: np.ndarray[Any, np.dtype[np.int64]]


def own(matches: Matches, index: np.ndarray[Any, np.dtype[np.int64]]) -> Matches:
    """The matches whose patterns an index names, renumbered by it."""
    # Most signals have none of the patterns that matched in a block, which are few.
    if not len(index) or not (index[matches.present] >= 0).any():
        return NO_MATCHES
    mine = index.take(matches.pattern)
    rows = np.flatnonzero(mine >= 0)
    return Matches(mine.take(rows), *(column.take(rows) for column in (matches.segment, matches.start, matches.end, matches.line)))


@dataclass(frozen=True)
class Plan:
    """What to do with each block. Patterns are compiled when they are first asked for.

    Attributes:
        checks: the checks that can run on this corpus.
        idle: names of checks that cannot, with the fields they lack; with none where they need the whole corpus.
        names: names of the hash tables to fill.
        groups: each signal with its parameters, and the indices of the checks that read it.
    """

    checks: tuple[Check, ...]
    idle: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]
    groups: tuple[tuple[Signal, Mapping[str, Any], tuple[int, ...]], ...]

    @cached_property
    def allowed(self) -> NDArray[np.int32]:
        """How many hits of each check a record may have: int32 (checks,)."""
        return np.array([check.expect.max for check in self.checks], np.int32)

    @cached_property
    def patterns(self) -> PatternSet:
        """All patterns, compiled."""
        wanted = [pattern for signal, parameters, _ in self.groups if not signal.across for pattern in signal.patterns_for(parameters)]
        return PatternSet([*wanted, *(pattern for table in self.names for pattern in patterns_of(table))])

    @cached_property
    def probes(self) -> tuple[Probe, ...]:
        """Signals to scan with."""
        return tuple(Probe(*group, self._indexed(group[0].patterns_for(group[1]))) for group in self.groups if not group[0].across)

    @cached_property
    def _indices(self) -> dict[int, tuple[Sequence[Any], np.ndarray[Any, np.dtype[np.int64]]]]:
        return {}

    def _indexed(self, mine: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The index of some patterns: one array for all that ask for the same, whose matches are then chosen once."""
        # Thousands of patterns take long to be compared, and are the same object.
        if id(mine) not in self._indices:
            self._indices[id(mine)] = mine, _index(self.patterns, mine)
        return self._indices[id(mine)][1]

    @cached_property
    def across(self) -> tuple[Probe, ...]:
        """Signals to resolve over the whole corpus."""
        return tuple(Probe(signal, parameters, checks, NO_PATTERNS) for signal, parameters, checks in self.groups if signal.across)

    @cached_property
    def tables(self) -> Mapping[str, np.ndarray[Any, np.dtype[np.int64]]]:
        """Hash tables to fill, with the patterns each needs."""
        return {table: self._indexed(patterns_of(table)) for table in self.names}

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """Short fields in which signals across records find evidence."""
        fields = {probe.signal.field for probe in self.across if isinstance(probe.signal, AcrossSignal)}
        fields |= {"headline"} if "headlines" in self.names else set()
        return tuple(sorted(fields - {"text"}))

    def measuring(self) -> list[Any]:
        """All of the suite that a measured part depends on: no bound but `expect.max`, and nothing of signals across records."""
        rows: list[Any] = [[check.id, check.name, check.summary, check.fields, check.expect.max] for check in self.checks]
        for signal, parameters, checks in self.groups:
            for i in checks:
                rows[i] = rows[i][1:2] if signal.across else [*rows[i], signal.name, sorted(parameters.items())]
        return [rows, self.names, self.kept]


NO_PATTERNS = np.zeros(0, np.int64)
NO_MATCHES = Matches(*[NO_PATTERNS] * 5)


def make(suite: Suite, mapped: Sequence[str], is_sample: bool = False) -> Plan:
    """Make a suite ready for a corpus.

    Args:
        suite: the suite.
        mapped: fields that the corpus has.
        is_sample: whether only some of its records are looked at: what compares records could say nothing then.
    """
    idle = {check.name: lacking for check in suite.checks if (lacking := _lacking(check, mapped))}
    if is_sample:
        idle |= {check.name: () for check in suite.checks if check.name not in idle and signals.find(check.signal, check.name).across}
    checks = tuple(check for check in suite.checks if check.name not in idle)
    groups: dict[str, tuple[Signal, dict[str, Any], list[int]]] = {}
    for i, check in enumerate(checks):
        signal = signals.find(check.signal, check.name)
        parameters = signal.parameters(check.with_, check.name)
        groups.setdefault(f"{signal.name} {sorted(parameters.items())!r}", (signal, parameters, []))[2].append(i)
    tables = {table for signal, _, _ in groups.values() if isinstance(signal, AcrossSignal) for table in signal.tables}
    # The columns of signals.parquet are made whether or not a check asks for them.
    tables |= (
        {"records"}
        | ({"headlines", "ends"} if "headline" in mapped else set())
        | ({"stamps", "habits"} if "published" in mapped else set())
    )
    tables |= {"shingles", "lines"} if "text" in mapped else set()
    return Plan(
        checks, idle, tuple(sorted(tables)), tuple((signal, parameters, tuple(members)) for signal, parameters, members in groups.values())
    )


def _lacking(check: Check, mapped: Sequence[str]) -> tuple[str, ...]:
    signal = signals.find(check.signal, check.name)
    needs = (signal.field, *signal.needs) if isinstance(signal, AcrossSignal) else signal.needs
    if needs:
        return tuple(field for field in needs if field not in mapped)
    return () if any(field in mapped for field in check.fields) else tuple(check.fields)


def _index(patterns: PatternSet, mine: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    index = np.full(len(patterns.patterns) if mine else 0, -1, np.int64)
    for i, pattern in enumerate(mine):
        index[patterns.index[pattern]] = i
    return index

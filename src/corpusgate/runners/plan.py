"""A suite made ready to run: every signal once for each set of parameters, all patterns in one set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corpusgate import signals
from corpusgate.checks import Check, Suite
from corpusgate.kernels.patterns import Matches, PatternSet
from corpusgate.signals.across import AcrossSignal
from corpusgate.signals.base import Signal
from corpusgate.signals.tables import TABLE_PATTERNS


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

    def own(self, matches: Matches) -> Matches:
        """The matches of this signal's patterns, indexed as it listed them."""
        return own(matches, self.pattern_index)


def own(matches: Matches, index: np.ndarray[Any, np.dtype[np.int64]]) -> Matches:
    """The matches whose patterns an index names, renumbered by it."""
    if not len(index) or not len(matches):
        return matches.take(np.zeros(0, np.int64))
    mine = index[matches.pattern]
    rows = np.flatnonzero(mine >= 0)
    return replace(matches.take(rows), pattern=mine[rows])


@dataclass(frozen=True)
class Plan:
    """What to do with each block.

    Attributes:
        checks: the checks that can run on this corpus.
        idle: names of checks that cannot, with the fields they lack.
        probes: signals to scan with.
        across: signals to resolve over the whole corpus.
        tables: hash tables to fill, with the patterns each needs.
        patterns: all patterns, compiled.
    """

    checks: tuple[Check, ...]
    idle: Mapping[str, tuple[str, ...]]
    probes: tuple[Probe, ...]
    across: tuple[Probe, ...]
    tables: Mapping[str, np.ndarray[Any, np.dtype[np.int64]]]
    patterns: PatternSet


def make(suite: Suite, mapped: Sequence[str]) -> Plan:
    """Make a suite ready for a corpus.

    Args:
        suite: the suite.
        mapped: fields that the corpus has.
    """
    idle = {check.name: lacking for check in suite.checks if (lacking := _lacking(check, mapped))}
    checks = tuple(check for check in suite.checks if check.name not in idle)
    groups: dict[str, tuple[Signal, dict[str, Any], list[int]]] = {}
    for i, check in enumerate(checks):
        signal = signals.find(check.signal, check.name)
        parameters = signal.parameters(check.with_, check.name)
        groups.setdefault(f"{signal.name} {sorted(parameters.items())!r}", (signal, parameters, []))[2].append(i)
    tables = {table for signal, _, _ in groups.values() if isinstance(signal, AcrossSignal) for table in signal.tables}
    # The groups of duplicates in signals.parquet are made whether or not a check asks for them.
    tables |= {"records"} | ({"headlines"} if "headline" in mapped else set())
    wanted = [pattern for signal, parameters, _ in groups.values() if not signal.across for pattern in signal.patterns_for(parameters)]
    wanted += [pattern for table in sorted(tables) for pattern in TABLE_PATTERNS.get(table, ())]
    patterns = PatternSet(wanted)
    probes = [
        Probe(signal, parameters, tuple(members), _index(patterns, () if signal.across else signal.patterns_for(parameters)))
        for signal, parameters, members in groups.values()
    ]
    return Plan(
        checks,
        idle,
        tuple(probe for probe in probes if not probe.signal.across),
        tuple(probe for probe in probes if probe.signal.across),
        {table: _index(patterns, TABLE_PATTERNS.get(table, ())) for table in sorted(tables)},
        patterns,
    )


def _lacking(check: Check, mapped: Sequence[str]) -> tuple[str, ...]:
    signal = signals.find(check.signal, check.name)
    needs = (signal.field,) if isinstance(signal, AcrossSignal) else signal.needs
    if needs:
        return tuple(field for field in needs if field not in mapped)
    return () if any(field in mapped for field in check.fields) else tuple(check.fields)


def _index(patterns: PatternSet, mine: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    index = np.full(len(patterns.patterns) if mine else 0, -1, np.int64)
    for i, pattern in enumerate(mine):
        index[patterns.index[pattern]] = i
    return index

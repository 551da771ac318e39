"""What a run measured in all: sums and a bounded number of examples, which is what verdicts are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpusgate.checks import Check
from corpusgate.runners.show import Shown
from corpusgate.slices import Slices


@dataclass(frozen=True)
class Totals:
    """The sums.

    Attributes:
        checks: the checks that ran.
        idle: names of those that could not, with the fields they lack.
        checked: readable records.
        quarantined: pieces of input that could not be read.
        reasons: how many of them for each reason.
        slices: records and broken records of each slice.
        facts: numbers worth knowing, by check.
        findings: how many findings each check has.
        shown: examples, groups and whole records.
        waived: how many of the broken records are waived, in the same slices; None where nothing is.
        left_out: readable records that are not in the sample; 0 where all were checked.
        no_pages: what else lies in the input and is no record, by what it is.
    """

    checks: tuple[Check, ...]
    idle: Mapping[str, tuple[str, ...]]
    checked: int
    quarantined: int
    reasons: Mapping[str, int]
    slices: Slices
    facts: Mapping[str, Mapping[str, int]]
    findings: Mapping[str, int]
    shown: Shown
    waived: Slices | None = None
    left_out: int = 0
    no_pages: Mapping[str, int] = field(default_factory=dict)

    @property
    def pieces(self) -> int:
        """All that was read: records and pieces of input that are none."""
        return self.checked + self.left_out + self.quarantined

    @property
    def fraction(self) -> float:
        """Share of the readable records that were checked."""
        return self.checked / max(self.checked + self.left_out, 1)

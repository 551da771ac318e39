"""How the records of a corpus and their damage are spread over sources, languages and months, for results.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from corpusgate import bounds
from corpusgate.checks import Check, Suite
from corpusgate.results import Distributions, Share, SourceDamage
from corpusgate.slices import KINDS, Slices

#: Slices of a kind listed in results.json.
LISTED = 500

#: Signals whose findings are dates that cannot be.
IMPOSSIBLE = ("date_in_future", "date_sentinel")


def distributions(suite: Suite, slices: Slices) -> Distributions:
    """Records by source, language and month, and the damage of sources.

    Args:
        suite: the checks that judge.
        slices: the sums.
    """
    of = {name: 2 + i for i, name in enumerate(slices.checks)}
    checks = [check for check in suite.checks if check.name in of]
    # A date is of one kind or the other: seldom is a month of both.
    wrong = [of[check.name] for check in checks if check.signal in IMPOSSIBLE]

    def shares(kind: str, by_name: bool = False) -> list[Share]:
        every = [
            Share(
                name=name,
                records=int(sums[0]),
                damaged=int(sums[1]),
                impossible=max((int(sums[i]) for i in wrong), default=0) if by_name and name else 0,
            )
            for name, sums in slices.by[kind].items()
        ]
        largest = sorted(every, key=lambda share: (-share.records, share.name))[:LISTED]
        return sorted(largest, key=lambda share: share.name) if by_name else largest

    return Distributions(
        source=shares("source"),
        language=shares("language"),
        month=shares("month", by_name=True),
        totals={kind: len(slices.by[kind]) for kind in KINDS},
        damage=_damage(checks, of, slices),
    )


def _damage(checks: Sequence[Check], of: Mapping[str, int], slices: Slices) -> list[SourceDamage]:
    over = _over(checks, slices)
    found = []
    for name, sums in slices.by["source"].items():
        counts = {check.id: int(sums[of[check.name]]) for check in checks if sums[of[check.name]]}
        if counts:
            broken = [id_ for id_ in counts if name in over[id_]]
            found.append(SourceDamage(name=name, records=int(sums[0]), damaged=int(sums[1]), checks=counts, over=broken))
    return sorted(found, key=lambda one: (-one.damaged, -sum(one.checks.values()), one.name))[:LISTED]


def _over(checks: Sequence[Check], slices: Slices) -> dict[str, set[str]]:
    """By id of a check the sources that break a bound which its severity goes with."""
    limits = [(check, limit) for check in checks for limit in bounds.of_check(check) if limit.kind == "source"]
    rows = bounds.rows(slices, [limit for _, limit in limits])
    found: dict[str, set[str]] = {check.id: set() for check in checks}
    for check, limit in limits:
        if limit.level == check.severity:
            beyond = limit.beyond(bounds.values(limit, rows.broken(check.name), rows))
            found[check.id] |= {rows.names[row] for row in np.flatnonzero(beyond).tolist()}
    return found

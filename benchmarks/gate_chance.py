"""How often the gate errs, by drawing corpora whose true shares are known: `python benchmarks/gate_chance.py`.

Small slices: corpora of small sources that are all exactly at their bound, so that whatever is blamed is blamed by chance. The
gate's own code judges them; beside it stands what the interval of Wilson would have said.
"""

from __future__ import annotations

import argparse
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from corpusgate import bounds, chance
from corpusgate.bounds import Limit, Rows

#: Share of broken records of every source, which is what is allowed.
SHARES = (0.02, 0.05)
SOURCES = (5, 50, 500)
MOST = 49


def wilson_lower(broken: NDArray[np.int64], records: NDArray[np.int64], doubt: float) -> NDArray[np.float64]:
    """The lower end of Wilson's interval, one-sided."""
    z = NormalDist().inv_cdf(1 - doubt)
    share = broken / records
    middle = share + z * z / (2 * records)
    half = z * np.sqrt(share * (1 - share) / records + z * z / (4 * records * records))
    return np.where(broken > 0, (middle - half) / (1 + z * z / records), 0.0)


def small_slices(share: float, sources: int, corpora: int, random: np.random.Generator) -> dict[str, float]:
    """In what part of the corpora at least one source is blamed, by the rule that is followed."""
    blamed = {"gate": 0, "wilson": 0, "wilson, doubt shared": 0}
    limit = Limit("a/b", "fail", "source", "held", 1 - share, 50)
    for _ in range(corpora):
        records = random.integers(1, MOST + 1, sources)
        broken = random.binomial(records, share)
        held = bounds.values(limit, broken, Rows(np.full(sources, "source"), [""] * sources, records))
        blamed["gate"] += bool(np.any(held < limit.at))
        blamed["wilson"] += bool(np.any(wilson_lower(broken, records, chance.DOUBT) > share))
        blamed["wilson, doubt shared"] += bool(np.any(wilson_lower(broken, records, chance.DOUBT / sources) > share))
    return {rule: count / corpora for rule, count in blamed.items()}


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20)
    chosen = parser.parse_args()
    random = np.random.default_rng(chosen.seed)
    print("| true share = allowed | small sources | gate | Wilson | Wilson, doubt shared |\n|---|---|---|---|---|")
    for share in SHARES:
        for sources in SOURCES:
            rates = small_slices(share, sources, chosen.corpora, random)
            print(f"| {share:.0%} | {sources} | " + " | ".join(f"{100 * rate:.1f} %" for rate in rates.values()) + " |")


if __name__ == "__main__":
    main()

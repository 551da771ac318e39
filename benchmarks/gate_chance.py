"""How often the gate errs, by drawing corpora whose true shares are known: `python benchmarks/gate_chance.py`.

Small slices: corpora of small sources that are all exactly at their bound, so that whatever is blamed is blamed by chance. The
gate's own code judges them; beside it stands what the interval of Wilson would have said.

Samples: of corpora where every check and every source is exactly at its bound, how many samples hold the gate; and of corpora
that are sound but for one check, which is just beyond its bound, how many open it.
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

#: Checks and sources of the corpora that are sampled, and sizes of samples.
CHECKS, SAMPLED_SOURCES, SIZES = 30, 20, (500, 5000, 50_000)


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


def samples(share: float, size: int, corpora: int, random: np.random.Generator) -> tuple[float, float]:
    """In what part of the corpora a sample of some size holds a sound gate, and opens one that should be held."""
    limits = [Limit(f"a/{i}", "fail", kind, "held", 1 - share) for i in range(CHECKS) for kind in ("corpus", "source")]
    kinds = np.array(["corpus", *["source"] * SAMPLED_SOURCES])
    held = opened = 0
    for _ in range(corpora):
        each = random.multinomial(size, np.full(SAMPLED_SOURCES, 1 / SAMPLED_SOURCES))
        rows = Rows(kinds, [""] * len(kinds), np.array([size, *each]), fraction=0.01, bounds=CHECKS * len(kinds))
        over = False
        for limit in limits:
            if limit.kind == "corpus":
                broken = random.binomial(each, share)
            counts = np.array([broken.sum(), *broken])
            over |= bool(np.any(bounds.values(limit, counts, rows) < limit.at))
        held += over
        # The other checks are clean: the one that is beyond its bound must look as if it were within, by itself.
        opened += bool(bounds.certain(limits[0], np.array([random.binomial(size, share), *each]), rows)[0] >= limits[0].at)
    return held / corpora, opened / corpora


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
    print(f"\n{CHECKS} checks, {SAMPLED_SOURCES} sources:")
    print("| true share = allowed | sample | held without cause | opened without cause |\n|---|---|---|---|")
    for share in (0.001, *SHARES):
        for size in SIZES:
            held, opened = samples(share, size, chosen.corpora, random)
            print(f"| {share:.1%} | {size:,} | {100 * held:.1f} % | {100 * opened:.1f} % |")


if __name__ == "__main__":
    main()

"""States of checks as faces show them: their signs, and the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from corpusgate.results import Results, Verdict

#: States and their signs, so that colour never speaks alone; the gravest first.
SIGNS = {"error": "◌", "fail": "▲", "unsure": "◇", "warn": "●", "info": "ⓘ", "tolerated": "◆", "clean": "✓", "not_run": "◌"}
ORDER = tuple(SIGNS)

#: The answer by exit code.
ANSWERS = {0: "open", 1: "held", 2: "no judgement"}


def gravest(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The gravest first, and of one state those that strike the largest share."""
    return sorted(verdicts, key=lambda v: (ORDER.index(v.status), -v.rate, v.check))


def with_findings(results: Results) -> list[Verdict]:
    """The verdicts that found something or could not be judged, the gravest first."""
    return gravest(v for v in results.verdicts if v.status not in ("clean", "not_run"))


#: Kinds of what is no page that a line of text has room for.
_KINDS = 4


def no_pages(counts: Mapping[str, int]) -> str:
    """What a crawl keeps beside its pages, in a line: how much of it there is, and the commonest kinds."""
    total = sum(counts.values())
    common = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    kinds = [f"{count:,} {kind}" for kind, count in common[:_KINDS]]
    if rest := sum(count for _, count in common[_KINDS:]):
        kinds.append(f"{rest:,} others")
    return f"Left out: {total:,} {'entry that is no page' if total == 1 else 'entries that are no pages'} ({', '.join(kinds)})"

"""A verdict in numbers and words: what results.json says of a check, once its bounds are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpusgate import chance
from corpusgate.bounds import Limit, Rows
from corpusgate.checks import Check, Expect
from corpusgate.records import Severity
from corpusgate.results import Bound, Slice, Verdict
from corpusgate.runners.totals import Totals

#: Slices listed with each verdict, worst first.
SLICES = 20

#: The verdict on input that could not be read.
UNREADABLE = "corpus/unreadable"

#: A bound and the value of each slice, in the order of the slice table.
Valued = tuple[Limit, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Over:
    """A slice, or the corpus, over a bound: how many of its records count as broken."""

    kind: str
    name: str
    records: int
    broken: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and where the bounds are broken that its status comes from."""

    verdict: Verdict
    over: tuple[Over, ...] = ()


def named(over: Sequence[Over], most: int = 3) -> str:
    """Slices in words: the first of them, and how many more."""
    words = [f"{one.kind} {_short(one.name)}".rstrip() + f" ({one.broken:,} of {one.records:,})" for one in over[:most]]
    return ", ".join(words) + (f" and {len(over) - most:,} more" if len(over) > most else "")


def _short(name: str, limit: int = 48) -> str:
    return name if len(name) <= limit else name[: limit - 1] + "\N{HORIZONTAL ELLIPSIS}"


def verdict(check: Check, totals: Totals, rows: Rows, broken: Severity | Literal["unsure"] | None, values: Sequence[Valued]) -> Verdict:
    """What a check says that ran.

    Args:
        check: the check.
        totals: the sums.
        rows: the slices of these.
        broken: the level of the hardest bound that is broken, if one is; `unsure` where a sample does not tell.
        values: its bounds, with what each slice was judged by.
    """
    index = 2 + totals.slices.checks.index(check.name)
    records, found = int(totals.slices.corpus[0]), int(totals.slices.corpus[index])
    waived = int(totals.waived.corpus[index]) if totals.waived is not None else 0
    excepted = f", {waived:,} of them waived" if waived else ""
    slices = _slices(check, rows, values)
    interval, needed, sampled = _of_sample(check, totals, found - waived, broken == "unsure")
    return _verdict(
        check,
        status=broken or ("tolerated" if totals.findings[check.name] else "clean"),
        records_checked=records,
        records_with_findings=found,
        findings=totals.findings[check.name],
        rate=found / records,
        message=f"{found:,} of {records:,} records ({share(found, records)}){excepted}{sampled}; allowed: {_allowed(check, broken)}."
        + (f" Cannot tell: check at least {needed:,} records." if needed is not None else ""),
        facts=dict(totals.facts.get(check.name, {})),
        slices=slices[:SLICES],
        slices_total=len(slices),
        slices_over=sum(not one.held for one in slices),
        waived=waived,
        interval=interval,
        needed=needed,
        examples=totals.shown.examples.get(check.name, []),
        groups=totals.shown.groups.get(check.name, []),
    )


def _of_sample(check: Check, totals: Totals, broken: int, unsure: bool) -> tuple[tuple[float, float] | None, int | None, str]:
    """Where the share of all records lies, how many records would tell, and the former in words; nothing where all were checked."""
    if not totals.left_out:
        return None, None, ""
    # Two-sided, for readers.
    low = float(chance.lower(broken, totals.checked, chance.DOUBT / 2))
    high = float(chance.upper(broken, totals.checked, chance.DOUBT / 2))
    words = f", so {100 * low:.3g} to {100 * high:.3g} % of all"
    if not unsure:
        return (low, high), None, words
    everything = totals.checked + totals.left_out
    allowed = [1 - check.expect.mostly] if check.expect.mostly is not None else []
    allowed += [check.expect.max_records / everything] if check.expect.max_records is not None else []
    needed = max(chance.enough(broken / totals.checked, one, everything) for one in allowed)
    return (low, high), needed, words


def idle(check: Check, lacking: Sequence[str]) -> Verdict:
    """What is said of a check that lacks fields, or the rest of the corpus."""
    if not lacking:
        return _verdict(check, status="not_run", message="This check compares records over the whole corpus: a sample tells nothing of it.")
    return _verdict(check, status="not_run", message=f"This check needs {' and '.join(lacking)}; no column is mapped to it.")


def _verdict(check: Check, **said: object) -> Verdict:
    counts: dict[str, object] = {"records_checked": 0, "records_with_findings": 0, "findings": 0, "rate": 0.0}
    lists: dict[str, object] = {"facts": {}, "slices": [], "slices_total": 0, "slices_over": 0, "examples": []}
    known = {**counts, **lists, **said}
    return Verdict(
        check=check.name,
        id=check.id,
        name=_named(check.name.split("/", 1)[1]),
        family=check.family,
        summary=check.summary,
        why=check.why.strip(),
        remedy=check.remedy.strip(),
        severity=check.severity,
        bound=_bound(check.expect, check.expect.max),
        warn_bound=_bound(check.warn, check.expect.max) if check.warn is not None else None,
        bad=check.examples.shown("bad"),
        good=check.examples.shown("good"),
        examples_total=known["findings"],  # type: ignore[arg-type]
        **known,  # type: ignore[arg-type]
    )


def _bound(expect: Expect, most: int) -> Bound:
    return Bound(max=most, mostly=expect.mostly, max_records=expect.max_records, words=expect.model_copy(update={"max": most}).words())


def _allowed(check: Check, broken: str | None) -> str:
    if check.warn is not None and broken == "warn":
        return f"{_bound(check.warn, check.expect.max).words} without a warning"
    return check.expect.words()


def share(part: int, whole: int) -> str:
    """A share in words that never rounds something to nothing."""
    if not part:
        return "0 %"
    percent = 100 * part / whole
    return "< 0.1 %" if percent < 0.1 else f"{percent:.1f} %"


def _slices(check: Check, rows: Rows, values: Sequence[Valued]) -> list[Slice]:
    """The slices with findings: those over their bounds first, sources before others."""
    found, column = [], rows.checks[check.name]
    # The corpus itself is the first row.
    for row in (np.flatnonzero(rows.found[1:, column]) + 1).tolist():
        kind, records, broken = str(rows.kinds[row]), int(rows.records[row]), int(rows.found[row, column])
        mine = [(limit, float(value[row])) for limit, value in values if limit.kind == kind and not np.isnan(value[row])]
        over = [limit for limit, value in mine if not limit.holds(value)]
        held = all(limit.level != check.severity for limit in over)
        plausible = [1 - value for limit, value in mine if limit.measure == "held"]
        found.append(
            Slice(
                kind=kind,  # type: ignore[arg-type]
                name=rows.names[row],
                records=records,
                records_with_findings=broken,
                rate=broken / records,
                lower=round(min([broken / records, *plausible]), 6),
                held=held,
                warned=held and bool(over),
                waived=broken - int(rows.counts[row, column]),
            )
        )
    return sorted(found, key=lambda s: (s.kind != "source", s.held, not s.warned, -s.records_with_findings, s.name))


def unreadable(expect: Expect, totals: Totals, held: bool) -> Verdict:
    """What is said of input that could not be read."""
    pieces = totals.pieces
    allowed = f"at most {expect.max_records:,}" if expect.max_records is not None else f"{(expect.mostly or 0) * 100:.6g} % readable"
    return Verdict(
        check=UNREADABLE,
        id="COR001",
        name="Unreadable input",
        family="corpus",
        summary="Input could not be read and was quarantined.",
        why="A record that cannot be read is lost to every user of the corpus, and what is wrong with it nobody knows.",
        remedy="quarantine.jsonl names file, line and reason of each piece. Mend the writer that made them, or drop them on purpose.",
        status="fail" if not held else "tolerated" if totals.quarantined else "clean",
        severity="fail",
        records_checked=pieces,
        records_with_findings=totals.quarantined,
        findings=totals.quarantined,
        rate=totals.quarantined / pieces,
        bound=Bound(max=0, mostly=expect.mostly, max_records=expect.max_records, words=allowed),
        warn_bound=None,
        message=f"{totals.quarantined:,} of {pieces:,} pieces of input ({share(totals.quarantined, pieces)}); allowed: {allowed}.",
        facts=dict(totals.reasons),
        slices=[],
        slices_total=0,
        slices_over=0,
        examples=[],
        examples_total=0,
    )


#: Words of names of checks that are written in capitals.
_CAPITALS = {word.lower(): word for word in ("HTML", "NFC", "URL")}


def _named(name: str) -> str:
    first, *rest = (_CAPITALS.get(word, word) for word in name.split("-"))
    return " ".join([first[0].upper() + first[1:], *rest])

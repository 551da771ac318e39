"""Written dates: how many are read to the exact day, how many wrongly, and how fast; dates that contradict themselves."""

from __future__ import annotations

import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dateparser
import pyarrow as pa
from dateparser.search import search_dates
from gold import SEED, Figures, Row, findings, rows, share, suite_of
from plant_dates import KINDS, Kind, planted

from corpusgate.signals.date_columns import read_column
from corpusgate.signals.date_contradictions import contradictions
from corpusgate.signals.written_dates import read

WRITTEN = {"raw": str, "iso": str, "kind": str}
NATURAL = {"raw": str, "context": str, "defect": str}
LONG_LINE = "long or glued line"
ARABIC = "ar_in_text_"
MONTHS = {"gregorian-name": "January-type"}

#: Checks that say a date contradicts itself.
CONTRADICTIONS = ("dates/weekday-contradiction", "dates/months-contradict", "dates/impossible-day")


@dataclass(frozen=True)
class Written:
    """A date as it was written, the code of its language or nothing, the day it means, and its group."""

    raw: str
    language: str
    day: date
    group: str


#: How often each date stands in the column that is timed, with other days and minutes; how many rows are read at a time.
REPEATED = 20
AT_ONCE = 2000

#: The day that was read of each date, None for none.
Days = Mapping[Written, date | None]


def _group(row: Row) -> str:
    """The group of a row; empty where the string alone does not name a day."""
    language = row.get("lang") if row.get("lang") in ("en", "de") else "other"
    kind = row["kind"]
    if not row.get("self_contained", True):
        return ""
    if row.get("machine_format"):
        return "machine"
    if kind == "time_text":
        return f"time element/{language}"
    if kind == "visible_line":
        return f"short line/{language}" if row.get("clean") else LONG_LINE
    if kind.startswith(ARABIC):
        form = kind.removeprefix(ARABIC)
        return f"Arabic/{MONTHS.get(form, form)}"
    return {"library_test": "dateparser's own tests", "meta": "attribute", "time_attr": "attribute"}.get(kind, kind)


def _written(folder: Path, figures: Figures, limit: int) -> list[Written]:
    found, partial, broken = [], 0, 0
    for row in rows(folder, "dates.jsonl.gz", figures, limit, WRITTEN):
        try:
            day = date.fromisoformat(row["iso"])
        except ValueError:
            broken += 1
            continue
        group = _group(row)
        if group:
            found.append(Written(row["raw"], row["lang"] if isinstance(row.get("lang"), str) else "", day, group))
        else:
            partial += 1
    if broken:
        figures.note(f"dates.jsonl.gz: malformed and left out: {broken:,} rows")
    if partial:
        figures.note(f"dates.jsonl.gz: {partial:,} rows left out that need another date to be understood")
    return found


def _parsed(raw: str, languages: list[str] | None = None) -> date | None:
    try:
        moment = dateparser.parse(raw, languages=languages)
    except Exception:
        # A language that the peer does not know: without it. A string that it cannot stand: not read.
        return _parsed(raw) if languages else None
    return moment.date() if moment else None


def _searched(case: Written) -> date | None:
    """The gold day if the search finds it among others, else the first day found: the kindest reading of its answer."""
    try:
        found = [moment.date() for _, moment in search_dates(case.raw) or ()]
    except Exception:
        return None
    return case.day if case.day in found else found[0] if found else None


def dates(folder: Path, figures: Figures, limit: int, peer_rows: int) -> None:
    """Share read to the exact day and share read wrongly, by group, and dates a second; dateparser on some rows of each group."""
    figures.head("Written dates (ours with the page's language; without; ours on the peer's rows; dateparser plain, hinted, searching)")
    cases = _written(folder, figures, limit)
    if not cases:
        return
    figures.note(f"dateparser reads at most {peer_rows} rows of each group, seed {SEED}")
    column = _column(cases)
    day, alone = _timed(cases)
    per_second = _timed_column(column)
    without = {case: read(case.raw).day for case in cases}
    groups: dict[str, list[Written]] = defaultdict(list)
    for case in cases:
        groups[case.group].append(case)
    _parsed("no date of any language 1")
    spent = 0.0
    pooled: dict[str, dict[Written, date | None]] = defaultdict(dict)
    for group, members in sorted(groups.items()):
        some = random.Random(SEED).sample(members, peer_rows) if len(members) > peer_rows else members
        clock = time.process_time()
        theirs = {"dateparser": {case: _parsed(case.raw) for case in some}}
        spent += time.process_time() - clock
        theirs["dateparser_hinted"] = {case: _parsed(case.raw, [case.language] if case.language else None) for case in some}
        for name, days in theirs.items():
            pooled[name] |= days
        if "line" in group:
            theirs["dateparser_search"] = {case: _searched(case) for case in some}
        _score(figures, group, members, {"ours": day, "no_language": without}, some, {"same_rows": day, **theirs})
    _score(figures, "all", cases, {"ours": day, "no_language": without}, list(pooled["dateparser"]), {"same_rows": day, **pooled})
    figures.add("dates/per_second", len(column), per_second, dateparser=share(len(pooled["dateparser"]), spent))
    figures.add("dates/per_second/one_by_one", len({(case.raw, case.language) for case in cases}), alone)


def _timed(cases: Sequence[Written]) -> tuple[Days, float]:
    """The days read, and the distinct dates read in a second once the names of each language are loaded."""
    for language in {case.language for case in cases}:
        read("3 March 2003", language)
    distinct = dict.fromkeys((case.raw, case.language) for case in cases)
    clock = time.process_time()
    known = {pair: read(*pair).day for pair in distinct}
    per_second = share(len(distinct), time.process_time() - clock)
    return {case: known[case.raw, case.language] for case in cases}, per_second


def _column(cases: Sequence[Written]) -> list[tuple[str, str]]:
    """Each date as a corpus repeats it: with other days and other minutes, in an order of chance; with its language."""
    chance = random.Random(SEED)

    def another(case: Written) -> str:
        def changed(match: re.Match[str]) -> str:
            if len(match[0]) <= 2 and int(match[0]) == case.day.day:
                return str(chance.randrange(1, 29)).zfill(len(match[0]))
            before = match.string[match.start() - 1 : match.start()]
            return f"{chance.randrange(60):02}" if before == ":" and len(match[0]) == 2 else match[0]

        return re.sub(r"(?a:\d+)", changed, case.raw)

    column = [(another(case), case.language) for case in cases for _ in range(REPEATED)]
    chance.shuffle(column)
    return column


def _timed_column(column: Sequence[tuple[str, str]]) -> float:
    """Dates of a column read in a second, as the suite reads them: block by block, no shape known before."""
    read_column(pa.array(["3 March 2003"]), ["en"])
    spent = 0.0
    for i in range(0, len(column), AT_ONCE):
        values = pa.array([raw for raw, _ in column[i : i + AT_ONCE]])
        languages = [language for _, language in column[i : i + AT_ONCE]]
        clock = time.process_time()
        read_column(values, languages)
        spent += time.process_time() - clock
    return share(len(column), spent)


def _score(
    figures: Figures, group: str, cases: Sequence[Written], ours: dict[str, Days], some: Sequence[Written], beside: dict[str, Days]
) -> None:
    figures.values[f"dates/peer_rows/{group}"] = len(some)
    for figure, is_so in (("exact", _is_exact), ("wrong", _is_wrong)):
        values = {name: share(sum(is_so(case, days[case]) for case in cases), len(cases)) for name, days in ours.items()}
        values |= {name: share(sum(is_so(case, days[case]) for case in some), len(some)) for name, days in beside.items()}
        figures.add(f"dates/{figure}/{group}", len(cases), **values)


def _is_exact(case: Written, day: date | None) -> bool:
    return day == case.day


def _is_wrong(case: Written, day: date | None) -> bool:
    return day is not None and day != case.day


def _by_checks(texts: Sequence[tuple[str, str]]) -> list[bool]:
    """Whether a check says of a text, given with its language, that a date in it contradicts itself."""
    records = [{"id": str(i), "source": "gold", "language": language, "text": text} for i, (text, language) in enumerate(texts)]
    flagged = {row["ordinal"] for row in findings(records, suite_of(lambda check: check.name in CONTRADICTIONS))}
    return [i in flagged for i in range(len(texts))]


def _add(figures: Figures, name: str, texts: Sequence[tuple[str, str]]) -> None:
    """Share of texts that a check flags, and share in which the reader behind the checks sees a contradiction of any kind."""
    if not texts:
        figures.note(f"{name}: nothing to score")
        return
    located = sum(bool(contradictions(text, language)) for text, language in texts)
    figures.add(name, len(texts), share(sum(_by_checks(texts)), len(texts)), located=share(located, len(texts)))


def natural_defects(folder: Path, figures: Figures) -> None:
    """How many dates that news articles really got wrong are found, in what stands around them."""
    figures.head("Dates wrong in real articles (checks; the reader behind them, which also sees days that do not exist)")
    defects = rows(folder, "dates_natural_defects.jsonl", figures, 0, NATURAL)
    by_kind: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in defects:
        by_kind[row["defect"]].append((row["context"], row["lang"] if isinstance(row.get("lang"), str) else ""))
    for kind, texts in sorted(by_kind.items()):
        _add(figures, f"dates/natural/{kind}", texts)
    if defects:
        _add(figures, "dates/natural/all", [text for texts in by_kind.values() for text in texts])


def planted_defects(folder: Path, figures: Figures, limit: int) -> None:
    """Recall on contradictions planted in the gold's own dates, and alarms on the dates as they stand.

    Nothing is planted in long lines, where it is unclear which parts belong together.
    """
    figures.head("Contradictions planted in the gold's dates (checks; the reader behind them), and alarms on the dates as they stand")
    cases = _written(folder, figures, limit)
    if not cases:
        return
    short = [case for case in cases if case.group != LONG_LINE]
    for kind in KINDS:
        _add(figures, f"dates/planted/{kind}", list(_damaged(short, kind)))
    _add(figures, "dates/contradiction_alarms", [(case.raw, case.language) for case in cases])


def _damaged(cases: Sequence[Written], kind: Kind) -> Iterator[tuple[str, str]]:
    """Each distinct date that can be damaged in this way, damaged."""
    for raw, language, day in dict.fromkeys((case.raw, case.language, case.day) for case in cases):
        damaged = planted(raw, language, day, kind)
        if damaged is not None:
            yield damaged, language

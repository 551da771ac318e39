"""What the checks of a suite see in a corpus: `corpusgate calibrate`.

Known defects are planted into copies of the user's own records, and the suite is run over them. Each check is told by how many
of its own defects it found, by language and source, and how often it alarmed where nothing was planted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpusgate import api, chance, planting, run_tables, signals
from corpusgate.checks import Check, Suite
from corpusgate.corpora import samples
from corpusgate.corpora.addresses import Named
from corpusgate.corpora.manifest import frame_corpus
from corpusgate.corpora.model import Corpus
from corpusgate.corpora.reading import read
from corpusgate.errors import Problem
from corpusgate.planting import Trial
from corpusgate.records import FIELDS
from corpusgate.results import Calibrated, Calibration, Seen
from corpusgate.runners.local import run
from corpusgate.strategies import CORRUPTORS

Bools = NDArray[np.bool_]

#: Below this share even the upper end of the interval counts as having no eyes.
BLIND = 0.5

#: Sources told with each check, those of which most was missed first.
SOURCES = 5


def calibrate(
    corpus: Sequence[Named],
    suite: Path | None = None,
    records: int = 2000,
    trials: int = 30,
    seed: int = 0,
    clean: Path | None = None,
    today: date | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[Calibration, str]:
    """Plant, run and count.

    Args:
        corpus: what `check` takes.
        suite: the suite to calibrate.
        records: how many records to plant into, chosen by their ids.
        trials: how many defects of each kind to plant in each language.
        seed: another one plants others.
        clean: a file with the ids of records that are known to be clean, one a line: what alarms there is false.
        today: the day to judge by.
        say: told what is being done.

    Returns:
        What came of it, and the corpus's name.

    Raises:
        Problem: there is nothing to plant into, or the file of clean ids names no record.
    """
    chosen, opened = api.prepare(list(corpus), suite)
    day = today or datetime.now(UTC).date()
    marked = _ids(clean) if clean is not None else None
    rows = _rows(samples.settle(opened, records, seed)) if marked is None else _rows(opened, marked)
    if not rows:
        what = "none of the ids in it is in the corpus" if marked is not None else "no record was read"
        raise Problem(str(clean or opened.name), what, "Name ids as the id column has them, one a line" if marked else "Name a corpus")
    bare = chosen.model_copy(update={"fields": {}})
    say(f"{len(rows):,} records as they are")
    plain, languages, idle = _broken(rows, bare, tuple(opened.fields), day)
    # A record without a text carries hardly any defect, and has no language.
    full = ["text" not in opened.fields or bool((row["text"] or "").strip()) for row in rows]
    subjects = [planting.subject(row, language) for row, language in zip(rows, languages, strict=True)]
    planted: list[Trial] = []
    unplanted = {name: f"needs {' and '.join(lacking)}" for name, lacking in idle.items()}
    for check in chosen.checks:
        if check.name in idle:
            continue
        if check.name not in CORRUPTORS:
            unplanted[check.name] = "there is no corruptor for it"
            continue
        sound = [one for one, is_full, is_broken in zip(subjects, full, plain[check.name], strict=True) if is_full and not is_broken]
        made = list(planting.trials(check, sound, trials, seed))
        planted += made
        if not made and planting.phrase_languages(check) is None:
            unplanted[check.name] = "no record here can carry it"
    found = _found(planted, bare, tuple(opened.fields), day, say)
    spoken = [language for language, is_full in zip(languages, full, strict=True) if is_full]
    told = []
    for check in chosen.checks:
        mine = [(trial, is_found) for trial, is_found in zip(planted, found, strict=True) if trial.check == check.name]
        if check.name in unplanted:
            continue
        told.append(_told(check, [one for one in mine if one[1] is not None], plain[check.name], spoken))
    return Calibration(
        measures=chosen.measures, seed=seed, records=len(rows), marked=marked is not None, checks=told, unplanted=unplanted
    ), opened.name


def _ids(path: Path) -> set[str]:
    try:
        return {line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()}
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(
            str(path), f"cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})", "Name a text file with ids"
        ) from None


def _rows(corpus: Corpus, only: set[str] | None = None) -> list[dict[str, str | None]]:
    """Records under the names of `records.FIELDS`, of which gaps are None."""
    rows = []
    for part in corpus.parts:
        for block in read(corpus, part):
            columns = {field: block.columns[field].to_pylist() for field in FIELDS} if len(block) else {}
            for i in range(len(block)):
                if only is None or columns["id"][i] in only:
                    rows.append({field: columns[field][i] for field in FIELDS})
    return rows


def _broken(
    rows: Sequence[Mapping[str, str | None]], suite: Suite, fields: tuple[str, ...], day: date
) -> tuple[dict[str, Bools], list[str], dict[str, tuple[str, ...]]]:
    """For each check which records break it; their languages; and the checks that cannot run."""
    kept = [field for field in FIELDS if field in (*fields, "id", "source")]
    # As objects: pandas' own strings cannot hold the lone surrogates of a defect.
    frame = pd.DataFrame({field: [row.get(field) or None for row in rows] for field in kept}, dtype=object)
    with tempfile.TemporaryDirectory() as out:
        corpus = frame_corpus(frame, "calibration", {field: field for field in kept})
        with run(corpus, suite, Path(out), day) as outcome:
            checks = outcome.totals.checks
            table = run_tables.read(outcome.folder / "signals.parquet", ["language", *(check.name for check in checks)])
            broken = {check.name: table[check.name].to_numpy() > check.expect.max for check in checks}
            return broken, table["language"].to_pylist(), dict(outcome.totals.idle)


def _found(planted: Sequence[Trial], suite: Suite, fields: tuple[str, ...], day: date, say: Callable[[str], None]) -> list[bool | None]:
    """Whether each defect was found; None where the check alarmed before it was planted."""
    found: list[bool | None] = [None] * len(planted)
    across = {check.name for check in suite.checks if signals.find(check.signal, check.name).across}
    rounds: dict[str, list[int]] = {}
    for i, trial in enumerate(planted):
        rounds.setdefault(trial.check if trial.check in across else "", []).append(i)
    for name, members in sorted(rounds.items()):
        say(f"{len(members):,} defects of {name or 'single records'}")
        checks = tuple(check for check in suite.checks if (check.name == name if name else check.name not in across))
        judged = suite.model_copy(update={"checks": checks})
        alarmed = _any(planted, members, judged, fields, day, "before") if name else [False] * len(members)
        seen = _any(planted, members, judged, fields, day, "after")
        for i, before, after in zip(members, alarmed, seen, strict=True):
            found[i] = None if before else after
    return found


def _any(planted: Sequence[Trial], members: Sequence[int], suite: Suite, fields: tuple[str, ...], day: date, when: str) -> list[bool]:
    """For each trial whether one of its records breaks its check."""
    groups = [getattr(planted[i], when) for i in members]
    broken, _, _ = _broken([record for group in groups for record in group], suite, fields, day)
    ends = np.cumsum([len(group) for group in groups])
    return [
        bool(np.any(broken[planted[i].check][end - len(group) : end])) for i, group, end in zip(members, groups, ends.tolist(), strict=True)
    ]


def _told(check: Check, mine: Sequence[tuple[Trial, bool | None]], plain: Bools, languages: Sequence[str]) -> Calibrated:
    def seen(name: str, which: Callable[[Trial], bool]) -> Seen:
        hits = [bool(is_found) for trial, is_found in mine if which(trial)]
        low, high = chance.wilson(sum(hits), len(hits))
        return Seen(name=name, planted=len(hits), found=sum(hits), low=round(low, 4), high=round(high, 4))

    spoken = planting.phrase_languages(check)
    by_language = [seen(name, lambda trial, name=name: trial.language == name) for name in sorted({trial.language for trial, _ in mine})]  # type: ignore[misc]
    by_source = [seen(name, lambda trial, name=name: trial.source == name) for name in sorted({trial.source for trial, _ in mine})]  # type: ignore[misc]
    blind = [f"{one.name or 'unknown language'}: {one.found} of {one.planted} found" for one in by_language if one.high < BLIND]
    if spoken is not None:
        lacking = sorted(set(languages) - spoken)
        blind += [f"{name or 'unknown language'}: no phrases, {list(languages).count(name):,} records" for name in lacking]
    alarms = int(np.count_nonzero(plain))
    return Calibrated(
        check=check.name,
        id=check.id,
        planted=seen("", lambda _: True),
        by_language=by_language,
        by_source=sorted(by_source, key=lambda one: (one.high, -one.planted, one.name))[:SOURCES],
        untouched=len(plain),
        alarms=alarms,
        alarms_most=round(float(chance.upper(alarms, len(plain))), 6),
        blind=blind,
    )

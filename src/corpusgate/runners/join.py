"""Parts joined to a whole: signals across records resolved, parts finished, their shares put one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from corpusgate.runners import duplicates, examples, parquet_files, strip
from corpusgate.runners.clusters import Cluster, clusters
from corpusgate.runners.finish import Finished, batches, finish, output
from corpusgate.runners.groups import Gathered, merged
from corpusgate.runners.memory import release
from corpusgate.runners.pool import Pool
from corpusgate.runners.resolve import resolve
from corpusgate.runners.show import Shown, show
from corpusgate.runners.stages import Stages
from corpusgate.runners.stories import find as find_stories
from corpusgate.runners.strip import Wanted
from corpusgate.runners.work import PartResult, Work
from corpusgate.slices import Slices

#: Rows that may become examples held before they are sifted again.
_HELD = 4000


@dataclass(frozen=True)
class Joined:
    """What joining gave, beside signals.parquet and findings.parquet in the work folder."""

    slices: Slices
    facts: Mapping[str, Mapping[str, int]]
    findings: Mapping[str, int]
    shown: Shown


def join(
    work: Work,
    parts: Sequence[PartResult],
    pool: Pool,
    threads: int,
    stages: Stages,
    listed: bool,
    wanted: Wanted,
) -> Joined:
    """Resolve, finish and sum.

    Args:
        work: the run.
        parts: all parts in order.
        pool: who finishes them.
        threads: threads that resolving may use.
        stages: where to count the time.
        listed: whether to write the groups of copies as a table of their own.
        wanted: which lines of furniture to tell.
    """
    plan = work.plan
    starts, total = [], 0
    for part in parts:
        starts.append(total)
        total += part.measurement.records
    facts: dict[str, dict[str, int]] = {}
    copies: list[Cluster] = []
    # An empty corpus has no tables to ask.
    if total:
        stories = find_stories(work, parts, starts, pool, stages)
        with stages("resolve"):
            stories.save(work.folder)
            facts = resolve(plan, parts, starts, stories, work.folder, threads)
            copies = clusters(work, parts, starts, stories)
            if listed:
                duplicates.write(work.folder, parts, starts, stories, "headlines" in plan.names)
        del stories
    release()
    whole = Slices.empty([check.name for check in plan.checks])
    counted = dict.fromkeys((check.name for check in plan.checks), 0)
    found = batches(parts, starts)
    chosen: list[pa.Table] = []
    gathered = Gathered(None, {})
    furniture: dict[int, list[pa.Table]] = {}
    for finished in pool.run(finish, found):
        stages.merge(finished.seconds)
        whole.merge(finished.slices)
        for check, count in zip(plan.checks, finished.findings.tolist(), strict=True):
            counted[check.name] += count
        chosen = _sifted(chosen, finished)
        gathered = merged([gathered, finished.gathered])
        furniture[finished.number] = finished.furniture
    with stages("concatenate"):
        for name in ("signals", "findings"):
            shares = [output(work.folder, name, batch.number) for batch in found]
            if shares:
                parquet_files.concatenate(shares, work.folder / f"{name}.parquet")
    with stages("examples"):
        rows = examples.choose(pa.concat_tables(chosen)) if chosen else []
        lines = strip.choose([table for number in sorted(furniture) for table in furniture[number]], wanted)
        told = show(work, pool, parts, starts, rows, gathered, copies, lines)
    return Joined(whole, facts, counted, told)


def _sifted(chosen: list[pa.Table], finished: Finished) -> list[pa.Table]:
    if finished.chosen is not None:
        chosen = [*chosen, finished.chosen]
    if sum(map(len, chosen)) > _HELD:
        return [examples.best(pa.concat_tables(chosen).sort_by("ordinal"))]
    return chosen

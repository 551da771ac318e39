"""Parts joined to a whole: signals across records resolved, parts finished, their shares put one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpusgate.runners import duplicates, examples, parquet_files, strip
from corpusgate.runners.clusters import Cluster, clusters
from corpusgate.runners.finish import batches, output
from corpusgate.runners.memory import release
from corpusgate.runners.pool import Engine
from corpusgate.runners.resolve import resolve
from corpusgate.runners.show import Shown, show
from corpusgate.runners.stages import Stages
from corpusgate.runners.stories import find as find_stories
from corpusgate.runners.strip import Wanted
from corpusgate.runners.work import PartResult, Work
from corpusgate.slices import Slices


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
    pool: Engine,
    stages: Stages,
    listed: bool,
    wanted: Wanted,
    told: Callable[[Joined], None] = lambda _joined: None,
) -> Joined:
    """Resolve, finish and sum.

    Args:
        work: the run.
        parts: all parts in order.
        pool: who resolves and finishes them.
        stages: where to count the time.
        listed: whether to write the groups of copies as a table of their own.
        wanted: which lines of furniture to tell.
        told: called with the sums as soon as they are known, when nothing is shown yet.
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
            places = [work.corpus.place(work.corpus.parts[part.index]) for part in parts]
            facts = resolve(plan, parts, starts, stories, places, work.folder, pool.opened)
            copies = clusters(work, parts, starts, stories)
            if listed:
                duplicates.write(work.folder, parts, starts, stories, "headlines" in plan.names)
        del stories
    release()
    found = batches(parts, starts)
    summed = pool.finish(found)
    stages.merge(summed.seconds)
    counted = dict(zip((check.name for check in plan.checks), summed.findings.tolist(), strict=True))
    joined = Joined(summed.slices, facts, counted, Shown({}, {}, []))
    told(joined)
    with stages("concatenate"):
        for name in ("signals", "findings"):
            shares = [path for batch in found if (path := output(work.folder, name, batch.number)).exists()]
            if shares:
                parquet_files.gather(shares, work.folder / f"{name}.parquet", pool.largest)
    with stages("examples"):
        rows = examples.choose(summed.chosen) if summed.chosen is not None else []
        lines = strip.choose(summed.furniture, wanted)
        shown = show(work, pool, parts, starts, rows, summed.gathered, copies, lines)
    return replace(joined, shown=shown)

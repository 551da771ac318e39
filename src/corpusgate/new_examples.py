"""What a baseline does not know, shown first: new findings among the examples of the verdicts that they hold the gate by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpusgate import run_tables
from corpusgate.baselines import Baseline
from corpusgate.results import Example, Verdict

#: New findings shown with each verdict.
NEW = 5

_COLUMNS = ("record_id", "source", "field", "start", "end", "match", "message", "fingerprint")


def put_first(verdicts: Sequence[Verdict], folder: Path, baseline: Baseline, waived: frozenset[str]) -> list[Verdict]:
    """The verdicts with new findings before other examples, where some are new and the verdict is not excused.

    Those that were no examples so far have no surroundings: the corpus is not read again. The smallest fingerprints are taken, as
    for other examples.
    """
    wanted = [v.check for v in verdicts if v.new_findings and not v.excuse and (v.worse or v.status in ("fail", "warn"))]
    found = run_tables.findings(folder, wanted, _COLUMNS)
    return [_with_new(v, found, baseline, waived) if v.check in wanted else v for v in verdicts]


def _with_new(verdict: Verdict, found: pa.Table, baseline: Baseline, waived: frozenset[str]) -> Verdict:
    past = baseline.checks.get(verdict.check)
    known = pa.array(sorted(waived.union(past.fingerprints if past is not None else ())), pa.string())
    mine = found.filter(pc.equal(found["check"], verdict.check))
    mine = mine.filter(pc.invert(pc.is_in(mine["fingerprint"], known))).sort_by("fingerprint").slice(0, NEW)
    shown = {example.fingerprint: example for example in verdict.examples}
    new = [shown.get(row["fingerprint"]) or _bare(row) for row in mine.to_pylist()]
    first = [example.model_copy(update={"new": True}) for example in new]
    rest = [example for example in verdict.examples if example.fingerprint not in {example.fingerprint for example in new}]
    return verdict.model_copy(update={"examples": [*first, *rest][: max(len(verdict.examples), NEW)]})


def _bare(row: dict[str, object]) -> Example:
    return Example.model_validate({**{name: row[name] for name in _COLUMNS}, "url": "", "before": "", "after": ""})

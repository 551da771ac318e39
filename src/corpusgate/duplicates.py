"""`duplicates`: the groups of copies in a corpus, for people who want just that."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpusgate import suites
from corpusgate.api import prepare
from corpusgate.errors import Problem
from corpusgate.runners.duplicates import path_of
from corpusgate.runners.local import Options, run

By = Literal["text", "headline"]


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of copies in a corpus.

    Attributes:
        records: how many records were looked at.
        quarantined: how many pieces of input could not be read.
        table: a row a member, the largest group first and each in the order of its records: `group`, `ordinal`, `record_id`, `source`,
            `headline`, `repeats`, `reason`, `percent` and `again`, as `runners.duplicates.write` has them, and `records`, the size of
            the group.
    """

    records: int
    quarantined: int
    table: pa.Table

    def listed(self, most: int | None = None) -> list[dict[str, Any]]:
        """The groups as plain data, the largest first; without a number all of them."""
        groups: list[dict[str, Any]] = []
        for row in self.table.to_pylist():
            if not groups or groups[-1]["group"] != row["group"]:
                if most is not None and len(groups) == most:
                    break
                groups.append({"group": row["group"], "records": row["records"], "sources": 0, "pages_crawled_again": 0, "members": []})
            members = ("ordinal", "record_id", "source", "headline", "repeats", "reason", "percent", "again")
            groups[-1]["members"].append({name: row[name] for name in members})
        for group in groups:
            group["sources"] = len({member["source"] for member in group["members"]})
            group["pages_crawled_again"] = sum(member["again"] for member in group["members"])
        return groups

    @property
    def count(self) -> int:
        """How many groups there are."""
        return int(pc.count_distinct(self.table["group"]).as_py())

    @property
    def again(self) -> int:
        """How many records are of a page that was crawled before, and no reprints."""
        return int(pc.sum(self.table["again"]).as_py() or 0)


def duplicates(
    corpus: str | Path | Sequence[str | Path] | Any,
    by: By = "text",
    fields: Mapping[str, str] | None = None,
    jobs: int = 1,
    cache: str | Path | None = None,
) -> Groups:
    """Find the groups of copies in a corpus.

    Args:
        corpus: as for `check`.
        by: `text` for texts that are the same, near copies or contained ones; `headline` for headlines that are the same or nearly so
            over the same story, or without a text to tell.
        fields: which column holds which field.
        jobs: how many parts of the corpus are worked at side by side.
        cache: folder where measured parts are kept.

    Raises:
        Problem: the corpus cannot be read, has no such field or no record.
    """
    suite = suites.load_suite()
    suite = suite.model_copy(update={"checks": tuple(check for check in suite.checks if check.family == "headlines")})
    chosen, opened = prepare(corpus, suite, fields)
    if by not in opened.fields:
        raise Problem(opened.name, f"has no {by}", f"Say which column it is, as in a corpus.yaml:  fields: {{{by}: ...}}")
    options = Options(jobs, Path(cache) if cache is not None else None, duplicates=True)
    with tempfile.TemporaryDirectory() as folder, run(opened, chosen, Path(folder), datetime.now(UTC).date(), options) as outcome:
        totals = outcome.totals
        if not totals.checked:
            raise Problem(opened.name, "no record was read", "`corpusgate check` says why")
        table = pq.read_table(path_of(outcome.folder))
    table = table.filter(pc.equal(table["by"], by)).drop_columns(["by"])
    sizes = table.group_by("group").aggregate([("ordinal", "count")])
    at = pc.index_in(table["group"], sizes["group"])
    table = table.append_column("records", sizes["ordinal_count"].combine_chunks().take(at))
    ordered = table.sort_by([("records", "descending"), ("group", "ascending"), ("ordinal", "ascending")])
    return Groups(totals.checked, totals.quarantined, ordered)

"""Checks and suites: YAML files in a closed form, read strictly.

A *check* puts a bound on a registered signal; a *suite* names the checks, the user's columns and the
overrides. Unknown keys, signals, fields and phrase kinds are errors that name the nearest valid spelling.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from corpusgate.records import Severity

SliceKind = Literal["source", "language", "month"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Expect(_Part):
    """The bound over the whole corpus.

    Attributes:
        max: findings that one record may have and still hold the bound.
        mostly: share of records that must hold it.
        max_records: records that may break it, as a count; instead of `mostly` or together with it.
    """

    max: int = Field(default=0, ge=0)
    mostly: float | None = Field(default=None, ge=0, le=1)
    max_records: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _strictest_where_silent(self) -> Expect:
        if self.mostly is None and self.max_records is None:
            object.__setattr__(self, "mostly", 1.0)
        return self

    def words(self) -> str:
        """The bound as a reader sees it, such as `at least 99.9 % of records without one`."""
        each = "without one" if self.max == 0 else f"with at most {self.max}"
        parts = []
        if self.mostly is not None:
            parts.append("every record " + each if self.mostly == 1 else f"at least {self.mostly * 100:.6g} % of records {each}")
        if self.max_records is not None:
            parts.append(f"at most {self.max_records:,} records with more than {self.max}")
        return " and ".join(parts) or "any number"


class PerSlice(_Part):
    """The bound that every slice of a kind must hold.

    Attributes:
        mostly: share of a slice's records that must hold the check.
        max_records: records of a slice that may break it; instead of `mostly` or together with it.
        min_records: records from which on a slice is judged by its share or number as it is. A smaller one is over `mostly`
            only where its broken records are more than chance explains, and not bound by `max_records`.
    """

    mostly: float | None = Field(default=None, ge=0, le=1)
    max_records: int | None = Field(default=None, ge=0)
    min_records: int = Field(default=50, ge=1)

    @model_validator(mode="after")
    def _bounds_something(self) -> PerSlice:
        if self.mostly is None and self.max_records is None:
            raise ValueError("a bound on slices needs mostly or max_records")
        return self


class Warn(Expect):
    """Bounds beyond which a check that fails only further out already warns; findings that one record may have are as in `expect`."""

    per: dict[SliceKind, PerSlice] = {}

    @model_validator(mode="after")
    def _strictest_where_silent(self) -> Warn:
        if self.max:
            raise ValueError("findings that one record may have stand in expect.max alone")
        if self.mostly is None and self.max_records is None and not self.per:
            raise ValueError("a warning needs mostly, max_records or per")
        return self


#: One example record: a text alone, or fields by name; evidence stands in `[[…]]`.
ExampleRecord = str | dict[str, str]
#: An example: one record, or several where only a corpus shows the damage.
ExampleCase = ExampleRecord | list[ExampleRecord]


class Examples(_Part):
    """Documentation and test at once: what must be found, what must not, and what is known to be missed."""

    bad: list[ExampleCase] = Field(min_length=1)
    good: list[ExampleCase] = Field(min_length=1)
    known_misses: list[ExampleCase] = []

    def shown(self, kind: Literal["bad", "good"]) -> str:
        """The first example of a kind as one text: fields by name, records with an empty line between them, evidence in `[[…]]`."""
        case = (self.bad if kind == "bad" else self.good)[0]
        return "\n\n".join(
            record if isinstance(record, str) else "\n".join(f"{name}: {value}" for name, value in record.items())
            for record in (case if isinstance(case, list) else [case])
        )


def _as_path_name(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


class Check(_Part):
    """One check, as its YAML file has it; `name` is the file's path, such as `encoding/mojibake`."""

    id: str = Field(pattern=r"^[A-Z]{3}[0-9]{3}$")
    name: Annotated[str, BeforeValidator(_as_path_name)]
    summary: str = Field(min_length=10)
    why: str = Field(min_length=40)
    remedy: str = Field(min_length=20)
    signal: str
    with_: dict[str, Any] = Field(default={}, alias="with")
    fields: list[str] = Field(min_length=1)
    expect: Expect = Expect()
    per: dict[SliceKind, PerSlice] = {}
    warn: Warn | None = None
    severity: Severity = "fail"
    examples: Examples

    @model_validator(mode="after")
    def _warns_before_it_fails(self) -> Check:
        if self.warn is not None:
            if self.severity != "fail":
                raise ValueError(f"a check of severity {self.severity} has no other bound to warn at")
            if lax := _laxer(self.warn, self.expect, self.per):
                raise ValueError(f"warn.{lax} is never reached: the check fails before")
        return self

    @property
    def family(self) -> str:
        """First part of the name: the folder the file lies in."""
        return self.name.split("/", 1)[0]

    @property
    def hash(self) -> str:
        """16 hex digits over all that can change a verdict; examples and prose are left out."""
        judged = self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"summary", "why", "remedy", "examples"})
        return hashlib.sha256(json.dumps(judged, sort_keys=True).encode()).hexdigest()[:16]

    def measured(self) -> dict[str, Any]:
        """What the counts of this check depend on, by key; other bounds and prose can change without measuring again."""
        data = self.model_dump(mode="json", by_alias=True, include={"id", "signal", "with_", "fields"})
        return {**data, "expect.max": self.expect.max}


def _laxer(warn: Warn, expect: Expect, per: dict[SliceKind, PerSlice]) -> str:
    """The bound of a warning that allows as much as the one that fails, or more."""
    pairs: list[tuple[str, Expect | PerSlice, Expect | PerSlice | None]] = [("", warn, expect)]
    pairs += [(f"per.{kind}.", bound, per.get(kind)) for kind, bound in warn.per.items()]
    for place, soft, hard in pairs:
        if hard is not None and soft.mostly is not None and hard.mostly is not None and soft.mostly <= hard.mostly:
            return f"{place}mostly"
        if hard is not None and soft.max_records is not None and hard.max_records is not None and soft.max_records >= hard.max_records:
            return f"{place}max_records"
    return ""


class Override(_Part):
    """What a suite may change of a check without copying it."""

    severity: Severity | None = None
    expect: Expect | None = None
    per: dict[SliceKind, PerSlice] | None = None
    warn: Warn | None = None
    with_: dict[str, Any] | None = Field(default=None, alias="with")


class SuiteFile(_Part):
    """A `*.suite.yaml` as written."""

    name: str = Field(min_length=1)
    checks: list[str] = Field(min_length=1)
    fields: dict[str, str] = {}
    overrides: dict[str, Override] = {}
    quarantine: Expect = Expect(max_records=0)


class Suite(BaseModel):
    """A suite with its checks read and the overrides applied."""

    model_config = ConfigDict(frozen=True)

    name: str
    checks: tuple[Check, ...]
    fields: dict[str, str] = {}
    quarantine: Expect = Expect(max_records=0)

    @property
    def hash(self) -> str:
        """16 hex digits over the checks' hashes, the columns and the quarantine bound."""
        parts = [check.hash for check in self.checks] + [json.dumps(self.fields, sort_keys=True), self.quarantine.model_dump_json()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def measures(self) -> str:
        """16 hex digits over what the checks measure, which no bound changes."""
        return hashlib.sha256(json.dumps([check.measured() for check in self.checks], sort_keys=True).encode()).hexdigest()[:16]

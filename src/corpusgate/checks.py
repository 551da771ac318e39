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
        return " and ".join(parts)


class PerSlice(_Part):
    """The bound that every slice of a kind must hold, if it has `min_records` or more."""

    mostly: float = Field(ge=0, le=1)
    min_records: int = Field(default=50, ge=1)


#: One example record: a text alone, or fields by name; evidence stands in `[[…]]`.
ExampleRecord = str | dict[str, str]
#: An example: one record, or several where only a corpus shows the damage.
ExampleCase = ExampleRecord | list[ExampleRecord]


class Examples(_Part):
    """Documentation and test at once: what must be found, what must not, and what is known to be missed."""

    bad: list[ExampleCase] = Field(min_length=1)
    good: list[ExampleCase] = Field(min_length=1)
    known_misses: list[ExampleCase] = []


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
    severity: Severity = "fail"
    examples: Examples

    @property
    def family(self) -> str:
        """First part of the name: the folder the file lies in."""
        return self.name.split("/", 1)[0]

    @property
    def hash(self) -> str:
        """16 hex digits over all that can change a verdict; examples and prose are left out."""
        judged = self.model_dump(mode="json", by_alias=True, exclude={"summary", "why", "remedy", "examples"})
        return hashlib.sha256(json.dumps(judged, sort_keys=True).encode()).hexdigest()[:16]

    def measured(self) -> dict[str, Any]:
        """What the counts of this check depend on, by key; other bounds and prose can change without measuring again."""
        data = self.model_dump(mode="json", by_alias=True, include={"id", "signal", "with_", "fields"})
        return {**data, "expect.max": self.expect.max}


class Override(_Part):
    """What a suite may change of a check without copying it."""

    severity: Severity | None = None
    expect: Expect | None = None
    per: dict[SliceKind, PerSlice] | None = None
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

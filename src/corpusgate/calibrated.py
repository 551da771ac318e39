"""What results.json says of a calibration: which planted defects the checks found."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Seen(_Part):
    """How many planted defects were found among some records, and the interval (Wilson, 95 %) around that share."""

    name: str
    planted: int
    found: int
    low: float
    high: float


class Calibrated(_Part):
    """What one check sees in this corpus.

    `alarms` of `untouched` records broke it without a defect being planted: false alarms where the records are known to be clean
    (`Calibration.marked`), else what may be true damage as well; at most `alarms_most` of all are. `blind` names where it has no eyes.
    """

    check: str
    id: str
    planted: Seen
    by_language: list[Seen]
    by_source: list[Seen]
    untouched: int
    alarms: int
    alarms_most: float
    blind: list[str]


class Calibration(_Part):
    """Known defects planted into records of the corpus itself, and which of them the checks found."""

    measures: str
    seed: int
    records: int
    marked: bool
    checks: list[Calibrated]
    unplanted: dict[str, str]

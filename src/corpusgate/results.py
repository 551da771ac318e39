"""The schema of results.json: the contract between a run and everything that reads it.

Totals are exact. Examples are bounded. All but `run` is the same for the same corpus and suite,
whatever the number of cores. A change that a reader could notice raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from corpusgate.calibrated import Calibrated as Calibrated
from corpusgate.calibrated import Calibration as Calibration
from corpusgate.calibrated import Seen as Seen
from corpusgate.errors import Problem
from corpusgate.records import Severity
from corpusgate.shown import Example as Example
from corpusgate.shown import Group as Group
from corpusgate.shown import Member as Member
from corpusgate.shown import Page as Page
from corpusgate.shown import PageField as PageField
from corpusgate.shown import Passage as Passage
from corpusgate.shown import Place as Place
from corpusgate.shown import StripLine as StripLine

SCHEMA_VERSION = "1.8"

#: The state of a check, worst last: `not_run` where the corpus lacks the field it needs; `tolerated` has findings within
#: the bound; `unsure` cannot be told from a sample; `error` could not be judged.
Status = Literal["not_run", "clean", "tolerated", "info", "unsure", "warn", "fail", "error"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tool(_Part):
    """Which corpusgate made the file."""

    name: str
    version: str


class Run(_Part):
    """The only part that differs between two runs on the same input."""

    started: str
    seconds: float


class Corpus(_Part):
    """What was read. Always: records = checked + quarantined. `no_pages` is what else a crawl keeps, by what it is, and no record."""

    name: str
    files: int
    bytes: int
    records: int
    checked: int
    quarantined: int
    fingerprint: str
    fields: dict[str, str]
    no_pages: dict[str, int] = {}


class Sample(_Part):
    """Which records were looked at, where not all were: `taken` of `of` readable ones, by what was `asked` and a seed."""

    asked: str
    seed: int
    taken: int
    of: int


class SuiteInfo(_Part):
    """Which checks judged: the hash changes with any check, bound or parameter."""

    name: str
    checks: int
    hash: str


class Bound(_Part):
    """What a check allows, as numbers and in words."""

    max: int
    mostly: float | None
    max_records: int | None
    words: str


class Waiver(_Part):
    """An accepted exception and what became of it: `expired` ones count for nothing, `unused` ones meet no finding."""

    check: str
    scope: Literal["source", "record", "fingerprint"]
    value: str
    reason: str
    owner: str
    last_day: str
    state: Literal["used", "unused", "expired"]
    days_left: int | None
    records: int
    findings: int


class Accepted(_Part):
    """The baseline that a run was held against, and what of the findings it does not know."""

    corpus: str
    made: str
    tolerance: float
    ratchet: bool
    known: int
    new: int
    gone: int


class Slice(_Part):
    """One source, language or month as one check sees it.

    `lower` is the share of broken records that is certain: less than `rate` where the slice is too small to take its share at
    its word. `held` says that the bounds are held that the check's severity goes with, `warned` that only those to warn at are not.
    """

    kind: Literal["source", "language", "month"]
    name: str
    records: int
    records_with_findings: int
    rate: float
    lower: float = 0.0
    held: bool
    warned: bool = False
    waived: int = 0


class Verdict(_Part):
    """What one check says of the corpus. `warn_bound` is where one that fails further out already warns; slices are counted in all
    (`slices_total`, those with findings), and those over their bound (`slices_over`). `waived` of the records with findings do not
    count. Of a sample `interval` is where the share of all records lies, and `needed` how many records would tell, if these do not.
    `excuse` says why a status that would hold the gate does not, `worse` what a baseline adds to what holds it.
    """

    check: str
    id: str
    name: str
    family: str
    summary: str
    why: str
    remedy: str
    status: Status
    severity: Severity
    records_checked: int
    records_with_findings: int
    findings: int
    rate: float
    bound: Bound
    warn_bound: Bound | None = None
    message: str
    facts: dict[str, int]
    slices: list[Slice]
    slices_total: int
    slices_over: int = 0
    waived: int = 0
    new_findings: int | None = None
    interval: tuple[float, float] | None = None
    needed: int | None = None
    excuse: str = ""
    worse: str = ""
    examples: list[Example]
    examples_total: int
    bad: str = ""
    good: str = ""
    groups: list[Group] = []


class QuarantineExample(_Part):
    """One piece of input that could not be read."""

    file: str
    line: int
    reason: str
    sample: str


class Quarantine(_Part):
    """Input that could not be read: counted by reason, with a few examples."""

    reasons: dict[str, int]
    examples: list[QuarantineExample]


class Share(_Part):
    """How many records one source, language or month holds, and how many of them have a fail or warn finding.

    `impossible` counts those of a month that cannot be dated there: in the future, or a date that stands for none.
    """

    name: str
    records: int
    damaged: int
    impossible: int = 0


class SourceDamage(_Part):
    """A source by checks: id of the check, and records with findings; `over` names the checks whose bound the source breaks."""

    name: str
    records: int
    damaged: int
    checks: dict[str, int]
    over: list[str]


class Distributions(_Part):
    """Records by source, language and month: at most 500 each, largest first (months in their order), and how many there are.

    `damage` has the 500 sources with most damaged records, of those that have a finding at all.
    """

    source: list[Share]
    language: list[Share]
    month: list[Share]
    totals: dict[str, int] = {}
    damage: list[SourceDamage] = []


class Gate(_Part):
    """The answer: open or held, the exit code, and why, in words. `notes` is what changes nothing yet, such as a waiver that ended."""

    open: bool
    exit_code: Literal[0, 1, 2]
    reasons: list[str]
    notes: list[str] = []


class Results(_Part):
    """All that a report, a gate or a pipeline needs to know of a run."""

    schema_version: str
    tool: Tool
    run: Run
    corpus: Corpus
    sample: Sample | None = None
    suite: SuiteInfo
    verdicts: list[Verdict]
    quarantine: Quarantine
    distributions: Distributions
    waivers: list[Waiver] = []
    baseline: Accepted | None = None
    calibration: Calibration | None = None
    gate: Gate
    pages: list[Page] = []
    strip: list[StripLine] = []

    def to_json(self) -> str:
        """The file as text: keys in the schema's order, two spaces, a newline at the end."""
        return self.model_dump_json(indent=2) + "\n"


def load(path: Path) -> Results:
    """Read a results.json, or the results.json in a folder.

    Raises:
        Problem: it is missing, is no results.json, or has another schema version.
    """
    file = path / "results.json" if path.is_dir() else path
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Problem(str(file), f"cannot be read ({error.strerror})", "Name a results.json or the folder of a run") from None
    try:
        return Results.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Problem(f"{file}: {place}", first["msg"], f"This corpusgate reads schema {SCHEMA_VERSION}: run the check again") from None


CALIBRATION = "calibration.json"


def calibration(folder: Path, measures: str) -> Calibration | None:
    """The calibration that lies in the folder of a run, if it is of what the run measures (`Suite.measures`)."""
    try:
        found = Calibration.model_validate_json((folder / CALIBRATION).read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.measures == measures else None


def holding(results: Results) -> list[Verdict]:
    """The verdicts that the gate names among its reasons: those that hold it, or would if there were a judgement."""
    return [v for v in results.verdicts if any(reason.startswith(f"{v.id} {v.check}: ") for reason in results.gate.reasons)]


def forget(folder: Path) -> None:
    """Remove what an earlier run answered, so that a run that comes to no answer leaves none behind.

    Raises:
        Problem: it cannot be removed.
    """
    for name in ("results.json", "report.html"):
        try:
            (folder / name).unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise Problem(
                str(folder / name), f"cannot be written anew ({error.strerror})", "Choose another folder for the report"
            ) from None

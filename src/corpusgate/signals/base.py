"""What a signal is, and the table of all of them.

A signal finds places in the fields of records: `scan(view, **parameters) -> Hits`. The count of a record and the
spans that are shown both come from these hits, so they cannot disagree. Signals across records give hash columns
per block instead, and are resolved once over the whole corpus (`signals/across.py`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeVar, get_type_hints

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from corpusgate.errors import Problem, nearest
from corpusgate.kernels.haystack import Haystack
from corpusgate.kernels.lines import index_of
from corpusgate.kernels.patterns import Matches, Pattern
from corpusgate.kernels.survey import Survey

Ints = NDArray[np.int64]
Family = Literal["boilerplate", "headlines", "dates", "encoding"]

NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Hits:
    """Places that a signal found.

    Attributes:
        segment: int64 (n,): segment of the haystack, that is, record and field.
        start: int64 (n,): first byte in the haystack; -1 where the hit is the record as a whole.
        end: int64 (n,): byte after the last; -1 likewise.
        notes: what to say of each place beyond the check's summary; empty where there is nothing to add.
    """

    segment: Ints
    start: Ints
    end: Ints
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, matches: Matches) -> Hits:
        """Matches of patterns as they are."""
        return cls(matches.segment, matches.start, matches.end)

    @classmethod
    def nothing(cls) -> Hits:
        """No hits."""
        return cls(NONE, NONE, NONE)

    @classmethod
    def whole(cls, segments: Ints, notes: Sequence[str] = ()) -> Hits:
        """Hits without a place: one a segment."""
        nowhere = np.full(len(segments), -1, np.int64)
        return cls(segments, nowhere, nowhere, tuple(notes))

    @classmethod
    def fields(cls, haystack: Haystack, segments: Ints, notes: Sequence[str] = ()) -> Hits:
        """Hits on whole segments, from their first byte to their last."""
        return cls(segments, haystack.starts[segments], haystack.ends[segments], tuple(notes))

    def take(self, chosen: NDArray[np.bool_] | Ints) -> Hits:
        """Some of the hits, by mask or by index."""
        rows = index_of(chosen)
        notes = tuple(self.notes[i] for i in rows.tolist()) if self.notes else ()
        return Hits(self.segment.take(rows), self.start.take(rows), self.end.take(rows), notes)

    def __len__(self) -> int:
        return len(self.segment)


@dataclass(frozen=True)
class View:
    """What a signal sees: a block of records as columns and as a haystack, and where its own patterns matched.

    Attributes:
        columns: string arrays under the names of `records.FIELDS`.
        haystack: the searched fields of the same records.
        survey: what one pass over the haystack found.
        languages: language code of each record, empty where it cannot be told.
        today: the day of the run, for records without a crawl date.
        matches: places of this signal's own patterns, indexed as the signal listed them.
        cache: results that several signals share, by name.
    """

    columns: Mapping[str, pa.Array]
    haystack: Haystack
    survey: Survey
    languages: Sequence[str]
    today: date
    matches: Matches
    cache: dict[str, Any] = field(default_factory=dict)

    def own(self, matches: Matches) -> View:
        """The same for a signal whose patterns matched there."""
        return View(self.columns, self.haystack, self.survey, self.languages, self.today, matches, self.cache)

    def is_field(self, segments: Ints, name: str) -> NDArray[np.bool_]:
        """Which segments are of a field."""
        key = f"segments of {name}"
        if key not in self.cache:
            # Looked up, since a division for each of many lines takes ten times as long.
            own = np.zeros(len(self.haystack.fields), np.bool_)
            own[self.haystack.fields.index(name)] = True
            self.cache[key] = np.tile(own, self.haystack.records)
        return self.cache[key][segments]  # type: ignore[no-any-return]

    def record(self, segments: Ints) -> Ints:
        """The record of each segment."""
        return segments // len(self.haystack.fields)


Scan = Callable[..., Hits]
Patterns = Sequence[Pattern] | Callable[..., Sequence[Pattern]]


@dataclass(frozen=True)
class Signal:
    """A registered signal.

    Attributes:
        name: what check files call it.
        family: which family it belongs to.
        scan: the function; its keyword-only arguments are what `with:` may set.
        patterns: what to look for in the haystack before `scan` is called.
        across: the cross-record resolver that goes with it, by name; `scan` then finds nothing by itself.
        needs: fields without which it has nothing to say of a corpus.
    """

    name: str
    family: Family
    scan: Scan
    patterns: Patterns = ()
    across: bool = False
    needs: tuple[str, ...] = ()

    @property
    def doc(self) -> str:
        """What it finds, in one sentence."""
        return (self.scan.__doc__ or "").strip().split("\n", 1)[0]

    def parameters(self, given: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Check the `with:` of a check against the signal's keyword arguments.

        Raises:
            Problem: a parameter is unknown, missing or of the wrong type.
        """
        hints = get_type_hints(self.scan)
        known = {p.name: p for p in inspect.signature(self.scan).parameters.values() if p.kind is p.KEYWORD_ONLY}
        for key in given:
            if key not in known:
                mend = nearest(key, known) if known else f"The signal '{self.name}' takes no parameters"
                raise Problem(f"{where}: with.{key}", f"unknown parameter '{key}'", mend)
        values = {name: p.default for name, p in known.items() if p.default is not p.empty}
        for name in known:
            if name in given:
                try:
                    values[name] = TypeAdapter(hints[name]).validate_python(given[name], strict=True)
                except ValidationError as error:
                    raise Problem(f"{where}: with.{name}", error.errors()[0]["msg"].lower(), "Change the value") from None
            elif name not in values:
                raise Problem(f"{where}: with.{name}", f"the signal '{self.name}' needs this parameter", "Add it")
        return values

    def patterns_for(self, parameters: Mapping[str, Any]) -> Sequence[Pattern]:
        """The patterns it wants, for these parameters."""
        return self.patterns(**parameters) if callable(self.patterns) else self.patterns


REGISTRY: dict[str, Signal] = {}
Function = TypeVar("Function", bound=Scan)


def signal(family: Family, patterns: Patterns = (), *, across: bool = False, needs: Iterable[str] = ()) -> Callable[[Function], Function]:
    """Register a function as the signal of its own name."""

    def register(function: Function) -> Function:
        name = function.__name__
        if name in REGISTRY:
            raise ValueError(f"the signal '{name}' is registered twice")
        REGISTRY[name] = Signal(name, family, function, patterns, across, tuple(needs))
        return function

    return register


def find(name: str, where: str) -> Signal:
    """The signal of a name.

    Raises:
        Problem: there is none.
    """
    if name not in REGISTRY:
        raise Problem(f"{where}: signal", f"there is no signal '{name}'", nearest(name, REGISTRY))
    return REGISTRY[name]

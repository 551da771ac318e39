"""corpusgate inside people's own Great Expectations projects: expectations on texts, and runs judged there.

Importing this registers the expectations and imports Great Expectations, which takes seconds; nothing else in corpusgate imports it.
"""

from __future__ import annotations

from corpusgate.gx import metrics as _metrics  # registers the metrics
from corpusgate.gx.expectations import (
    ExpectColumnValuesToBeFreeOfBoilerplate,
    ExpectColumnValuesToBeSanePublicationDates,
    ExpectColumnValuesToHaveNoMarkup,
    ExpectColumnValuesToHaveNoMojibake,
    ExpectColumnValuesToHaveNoReplacementCharacters,
    ExpectHeadlineNotRepeatedInText,
    ExpectHeadlinesToBeUniqueWithinSource,
)
from corpusgate.gx.running import run_checkpoint, slice_table, validate

__all__ = [
    "ExpectColumnValuesToBeFreeOfBoilerplate",
    "ExpectColumnValuesToBeSanePublicationDates",
    "ExpectColumnValuesToHaveNoMarkup",
    "ExpectColumnValuesToHaveNoMojibake",
    "ExpectColumnValuesToHaveNoReplacementCharacters",
    "ExpectHeadlineNotRepeatedInText",
    "ExpectHeadlinesToBeUniqueWithinSource",
    "run_checkpoint",
    "slice_table",
    "validate",
]

assert _metrics

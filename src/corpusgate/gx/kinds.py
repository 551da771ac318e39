"""What each expectation looks for: its checks, the fields its columns stand for, and what it says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of expectation.

    Attributes:
        metric: name of its metric.
        checks: names of the built-in checks that a row must hold.
        fields: which field of a record each of its columns holds, in order; the last may be left out where there are three.
        says: what it expects of a value, as the end of a sentence.
        together: whether its checks compare records.
    """

    metric: str
    checks: tuple[str, ...]
    fields: tuple[str, ...]
    says: str
    together: bool = False


MOJIBAKE = Kind(
    "column_values.corpusgate_mojibake",
    ("encoding/mojibake", "encoding/wrong-code-page"),
    ("text",),
    "must have no text that was decoded with a wrong character set",
)
BOILERPLATE = Kind(
    "column_values.corpusgate_boilerplate",
    (
        "boilerplate/comment-form",
        "boilerplate/consent-notice",
        "boilerplate/double-footer",
        "boilerplate/link-list",
        "boilerplate/mostly-furniture",
        "boilerplate/navigation",
        "boilerplate/share-and-subscribe",
        "boilerplate/stray-lines",
        "boilerplate/terms-and-copyright",
        "boilerplate/ticker",
        "boilerplate/wall-page",
    ),
    ("text",),
    "must be free of the furniture of pages",
)
REPLACEMENT = Kind(
    "column_values.corpusgate_replacement_characters",
    ("encoding/replacement-character",),
    ("text",),
    "must have no replacement characters",
)
MARKUP = Kind(
    "column_values.corpusgate_markup",
    ("boilerplate/leftover-markup", "encoding/html-entities"),
    ("text",),
    "must have no markup and no entities left in them",
)
DATES = Kind(
    "column_values.corpusgate_dates",
    (
        "dates/in-the-future",
        "dates/missing",
        "dates/months-contradict",
        "dates/relative",
        "dates/sentinel",
        "dates/unreadable",
        "dates/weekday-contradiction",
    ),
    ("published",),
    "must be dates on which something can have been published",
)
UNIQUE = Kind(
    "multicolumn_values.corpusgate_unique_headlines",
    ("headlines/duplicate-in-source", "headlines/duplicate-without-text"),
    ("source", "headline", "text"),
    "(source, headline and, if given, text): no headline may stand on several records of its source over the same story",
    together=True,
)
REPEATED = Kind(
    "multicolumn_values.corpusgate_repeated_headlines",
    ("headlines/repeated-in-text",),
    ("headline", "text"),
    "(headline and text): no headline may stand again and again in its own text",
)

"""All signals by name: importing this package registers them."""

from corpusgate.signals import (
    boilerplate,
    dates,
    dates_across,
    dates_in_text,
    encoding,
    escapes,
    extraction,
    furniture,
    furniture_across,
    headlines,
    hidden,
    stories,
    titles,
    truncated,
)
from corpusgate.signals.base import REGISTRY, Hits, Signal, View, find, signal

__all__ = [
    "REGISTRY",
    "Hits",
    "Signal",
    "View",
    "boilerplate",
    "dates",
    "dates_across",
    "dates_in_text",
    "encoding",
    "escapes",
    "extraction",
    "find",
    "furniture",
    "furniture_across",
    "headlines",
    "hidden",
    "signal",
    "stories",
    "titles",
    "truncated",
]

"""corpusgate checks scraped corpora for damage, shows it in its place, and gates releases.

>>> import corpusgate
>>> [f.check for f in corpusgate.inspect({"title": "Caf\\u00c3\\u00a9 reopens", "text": "The caf\\u00c3\\u00a9 has reopened."})]
['encoding/mojibake', 'encoding/mojibake']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpusgate.api import check, inspect
    from corpusgate.checks import Suite
    from corpusgate.errors import Problem
    from corpusgate.records import Finding, Span
    from corpusgate.results import Results
    from corpusgate.suites import load_suite

__all__ = ["Finding", "Problem", "Results", "Span", "Suite", "check", "inspect", "load_suite"]

_HOMES = {
    "check": "api",
    "inspect": "api",
    "Suite": "checks",
    "Problem": "errors",
    "Finding": "records",
    "Span": "records",
    "Results": "results",
    "load_suite": "suites",
}


def __getattr__(name: str) -> Any:
    # Importing on first use keeps `corpusgate --help` and plain scripts quick.
    if name not in _HOMES:
        raise AttributeError(f"module 'corpusgate' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"corpusgate.{_HOMES[name]}"), name)

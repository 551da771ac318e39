"""corpusgate checks scraped corpora for damage, shows it in its place, and gates releases.

`check` and `inspect` do the work, `load_suite` reads a suite for them. `Results`, `Finding` and `Suite` are what they give and take,
`Problem` is what they raise. `corpusgate.strategies`, `corpusgate.gx` and `corpusgate.spark` are imported by themselves, since they need
other packages. All other modules are internal, and may change at any time.

>>> import corpusgate
>>> [f.check for f in corpusgate.inspect({"title": "Caf\\u00c3\\u00a9 reopens", "text": "The caf\\u00c3\\u00a9 has reopened."})]
['encoding/mojibake', 'encoding/mojibake']
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

__all__ = ["Finding", "Problem", "Results", "Suite", "check", "inspect", "load_suite"]

if not Path(__file__).exists():
    # Imported from an archive: the rest of the package is taken from where that is unpacked.
    from corpusgate.unpacked import folder

    __path__[:] = [folder(__file__)]

if TYPE_CHECKING:
    from corpusgate.api import inspect
    from corpusgate.checks import Suite
    from corpusgate.errors import Problem
    from corpusgate.public import check
    from corpusgate.records import Finding
    from corpusgate.results import Results
    from corpusgate.suites import load_suite
else:
    # Importing on first use keeps `corpusgate --help` and plain scripts quick. Types do not see it: a name that is not there is an error.
    _HOMES = {
        "check": "public",
        "inspect": "api",
        "Suite": "checks",
        "Problem": "errors",
        "Finding": "records",
        "Results": "results",
        "load_suite": "suites",
    }

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module 'corpusgate' has no attribute '{name}'")
        from importlib import import_module

        return getattr(import_module(f"corpusgate.{_HOMES[name]}"), name)

    def __dir__():
        return sorted([*globals(), *__all__])

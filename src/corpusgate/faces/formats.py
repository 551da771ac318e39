"""All faces by name: where each goes, and how it is made of results.json."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from corpusgate.results import Results


@dataclass(frozen=True, slots=True)
class Format:
    """A face.

    Attributes:
        module: the module that makes it, loaded when it is asked for.
        file: what its file is called in the folder of a run; empty where it is printed.
    """

    module: str
    file: str = ""

    def render(self, results: Results) -> str:
        """The face of a run."""
        made: Callable[[Results], str] = import_module(f"corpusgate.faces.{self.module}").render
        return made(results)


FORMATS = {
    "html": Format("html", "report.html"),
    "terminal": Format("terminal"),
    "concise": Format("concise"),
    "github": Format("github"),
    "markdown": Format("markdown", "summary.md"),
    "junit": Format("junit", "junit.xml"),
    "sarif": Format("sarif", "results.sarif"),
    "csv": Format("spreadsheet", "findings.csv"),
    "badge": Format("badge", "badge.json"),
}

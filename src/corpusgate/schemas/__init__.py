"""JSON schemas of the files that people and programs write and read: check, suite, corpus, results, waivers, baseline.

They are made from the models, so that they cannot say something else, and lie beside this file for editors and for
readers in other languages. `python -m corpusgate.schemas` writes them anew; a test holds them to the models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpusgate import signals
from corpusgate.baselines import Baseline
from corpusgate.checks import Check, SuiteFile
from corpusgate.corpora.manifest import Manifest
from corpusgate.records import FIELDS
from corpusgate.results import Results
from corpusgate.waivers import WaiverFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _check() -> dict[str, Any]:
    schema = Check.model_json_schema(by_alias=True)
    # A check's name is the path of its file, and an editor can offer the signals and fields there are.
    del schema["properties"]["name"]
    schema["required"].remove("name")
    schema["properties"]["signal"]["enum"] = sorted(signals.REGISTRY)
    schema["properties"]["fields"]["items"]["enum"] = list(FIELDS)
    return schema


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by name."""
    made = {
        "check": _check(),
        "suite": SuiteFile.model_json_schema(by_alias=True),
        "corpus": Manifest.model_json_schema(),
        "results": Results.model_json_schema(mode="serialization"),
        "waivers": WaiverFile.model_json_schema(),
        "baseline": Baseline.model_json_schema(),
    }
    return {name: {"$schema": _DIALECT, **schema, "title": f"corpusgate {name}"} for name, schema in made.items()}


def files() -> dict[Path, str]:
    """Where each schema lies, and what must stand there."""
    folder = Path(__file__).parent
    return {folder / f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas().items()}

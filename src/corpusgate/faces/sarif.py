"""results.sarif: findings in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS, 2020), for code scanning.

A record has no file and no line that a reviewer could open: its id is the logical location, and, as a relative address, the
artifact. Fingerprints are partial ones, so that a finding is the same one when the text around it moves.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from corpusgate.faces.evidence import plain, told
from corpusgate.faces.states import with_findings
from corpusgate.results import Example, Results, Verdict

#: Results of one run that GitHub takes.
LIMIT = 25_000

_LEVELS = {"error": "error", "fail": "error", "unsure": "warning", "warn": "warning", "info": "note", "tolerated": "note"}
_OF_SEVERITY = {"fail": "error", "warn": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(results: Results, limit: int = LIMIT) -> str:
    """The findings shown, one a result, the gravest first.

    Args:
        results: the run.
        limit: results at most; what is left out is counted in the properties of the run.
    """
    shown = [v for v in with_findings(results) if v.examples]
    index = {v.check: i for i, v in enumerate(results.verdicts)}
    found = [_result(v, e, index[v.check]) for v in shown for e in v.examples]
    run = {
        "tool": {
            "driver": {
                "name": results.tool.name,
                "version": results.tool.version,
                "rules": [_rule(v) for v in results.verdicts],
            }
        },
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"corpusgate/{quote(results.corpus.name, safe='')}"},
        "invocations": [{"executionSuccessful": results.gate.exit_code != 2, "exitCode": results.gate.exit_code}],
        "results": found[:limit],
        "properties": {"findings": sum(v.findings for v in results.verdicts), "shown": min(len(found), limit)},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _rule(v: Verdict) -> dict[str, Any]:
    return {
        "id": v.id,
        "name": "".join(part.capitalize() for part in v.check.replace("/", "-").split("-")),
        "shortDescription": {"text": v.summary},
        "fullDescription": {"text": v.why or v.summary},
        "help": {"text": v.remedy or v.summary},
        "defaultConfiguration": {"level": _OF_SEVERITY[v.severity]},
        "properties": {"tags": [v.family]},
    }


def _result(v: Verdict, e: Example, index: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": f"records/{quote(e.record_id, safe='')}"}}
    if e.start is not None and e.end is not None:
        # Offsets count from the field's first code point.
        place["region"] = {"charOffset": e.start, "charLength": e.end - e.start, "snippet": {"text": plain(e.match)}}
    result: dict[str, Any] = {
        "ruleId": v.id,
        "ruleIndex": index,
        "level": _LEVELS[v.status],
        "message": {"text": told(e, 1000) or v.summary},
        "locations": [
            {"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": f"{plain(e.record_id)}#{e.field}", "kind": "member"}]}
        ],
        "partialFingerprints": {"corpusgate/v1": e.fingerprint},
        "properties": {"source": plain(e.source), "field": e.field},
    }
    if e.waived:
        result["suppressions"] = [{"kind": "external"}]
    return result

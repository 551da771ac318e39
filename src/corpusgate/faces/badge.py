"""badge.json: the answer as an endpoint for shields (https://shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json

from corpusgate.faces.evidence import plain, short
from corpusgate.results import Results, holding


def render(results: Results) -> str:
    """Label, message and colour."""
    over = len(holding(results))
    message, colour = {
        0: ("open", "brightgreen"),
        1: (f"held by {over} {'check' if over == 1 else 'checks'}", "red"),
        2: ("no judgement", "orange"),
    }[results.gate.exit_code]
    label = short(plain(results.corpus.name), 40)
    return json.dumps({"schemaVersion": 1, "label": label, "message": message, "color": colour}, ensure_ascii=False) + "\n"

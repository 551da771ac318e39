"""A run without its evidence: no value of any record is left, and sources are numbered. Numbers and states stay."""

from __future__ import annotations

from corpusgate.results import Gate, Results, Verdict, holding


def without_evidence(results: Results) -> Results:
    """The same run for eyes that may not see the corpus. Names of languages and months stay, and so do those of files."""
    spread = results.distributions
    names = {share.name: f"source-{i + 1}" for i, share in enumerate(spread.source)}
    for damage in spread.damage:
        names.setdefault(damage.name, f"source-{len(names) + 1}")

    def hidden(v: Verdict) -> Verdict:
        slices = [s.model_copy(update={"name": names.get(s.name, "source")}) if s.kind == "source" else s for s in v.slices]
        return v.model_copy(update={"slices": slices, "examples": [], "groups": [], "worse": ""})

    held = {v.check for v in holding(results)}
    # A reason names the worst sources: what is said of a check here leaves them out.
    lost = [reason for reason in results.gate.reasons if not any(reason.startswith(f"{v.id} {v.check}: ") for v in results.verdicts)]
    reasons = lost + [f"{v.id} {v.check}: {v.message}" for v in results.verdicts if v.check in held]
    gate = Gate.model_validate({**results.gate.model_dump(), "reasons": reasons, "notes": []})
    return results.model_copy(
        update={
            "verdicts": [hidden(v) for v in results.verdicts],
            "pages": [],
            "strip": [],
            # They are for sources and records, and say why in words of their own.
            "waivers": [one.model_copy(update={"value": "", "reason": ""}) for one in results.waivers],
            # It names sources, and what it says is of the checks.
            "calibration": None,
            "gate": gate,
            "quarantine": results.quarantine.model_copy(update={"examples": []}),
            "distributions": spread.model_copy(
                update={
                    "source": [share.model_copy(update={"name": names[share.name]}) for share in spread.source],
                    "damage": [one.model_copy(update={"name": names[one.name]}) for one in spread.damage],
                }
            ),
        }
    )

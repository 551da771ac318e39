"""A calibration as lines of text: the checks that see least come first, and what they are blind to is said loudly."""

from __future__ import annotations

from corpusgate.faces.evidence import plain
from corpusgate.results import Calibration, Seen

#: Names listed with a check.
_NAMES = 8


def render(calibration: Calibration) -> str:
    """The calibration as a table and what follows from it."""
    clean = "marked as clean" if calibration.marked else "as they are, so that alarms may be true damage"
    lines = [f"{calibration.records:,} records, {clean}. Found: share of planted defects, with its 95 % interval.", ""]
    lines.append(f"{'check':<46}{'planted':>8}{'found':>19}{'alarms':>16}  by language")
    for one in sorted(calibration.checks, key=lambda one: (not one.blind, one.planted.high, one.check)):
        spoken = ", ".join(f"{plain(seen.name) or '?'} {seen.found}/{seen.planted}" for seen in one.by_language[:_NAMES])
        alarms = f"{one.alarms:,}, <= {100 * one.alarms_most:.2g} %"
        lines.append(f"{one.id + ' ' + one.check:<46}{one.planted.planted:>8,}{_share(one.planted):>19}{alarms:>16}  {spoken}".rstrip())
    blind = [one for one in calibration.checks if one.blind]
    if blind:
        lines += ["", "NO EYES HERE. These checks cannot see their own defect in this corpus; that they are clean says nothing:"]
        lines += [f"    {one.id} {one.check}: {plain('; '.join(one.blind))}" for one in blind]
    weak = [one for one in calibration.checks if not one.blind and one.planted.planted and one.planted.found < one.planted.planted]
    for one in weak:
        worst = [f"{plain(seen.name) or 'unknown'} {seen.found}/{seen.planted}" for seen in one.by_source if seen.found < seen.planted]
        lines.append(f"{one.id} misses some{': ' if worst else ''}{', '.join(worst)}.")
    if calibration.unplanted:
        lines.append(f"Not planted: {', '.join(f'{name} ({why})' for name, why in calibration.unplanted.items())}.")
    return "\n".join(lines) + "\n"


def _share(seen: Seen) -> str:
    if not seen.planted:
        return "-"
    return f"{100 * seen.found / seen.planted:.1f} % ({100 * seen.low:.0f}-{100 * seen.high:.0f})"

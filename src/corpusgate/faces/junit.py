"""junit.xml: a suite a family, a case a check. What holds the gate is a failure; what could not be judged is an error."""

from __future__ import annotations

from xml.etree import ElementTree

from corpusgate.faces.evidence import in_place, plain, where
from corpusgate.results import Results, Verdict, holding

#: Examples in the text of a failure.
EXAMPLES = 5


def render(results: Results) -> str:
    """The run as JUnit XML, in the dialect that Jenkins, GitLab and GitHub's actions read."""
    held = {v.check for v in holding(results)}
    root = ElementTree.Element("testsuites", name=f"corpusgate {plain(results.corpus.name)}")
    counts = [0, 0, 0, 0]
    for family in dict.fromkeys(v.family for v in results.verdicts):
        mine = [v for v in results.verdicts if v.family == family]
        suite = ElementTree.SubElement(root, "testsuite", name=family, timestamp=results.run.started[:19])
        own = [len(mine), 0, 0, 0]
        for v in mine:
            own[_kind(v, held)] += _kind(v, held) > 0
            _case(suite, v, held)
        _count(suite, own)
        counts = [total + one for total, one in zip(counts, own, strict=True)]
    _count(root, counts)
    root.set("time", f"{results.run.seconds:.2f}")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _kind(v: Verdict, held: set[str]) -> int:
    """0 passed, 1 failed, 2 not judged, 3 skipped."""
    if v.status in ("error", "unsure"):
        return 2
    return 3 if v.status == "not_run" else int(v.check in held)


def _count(element: ElementTree.Element, counts: list[int]) -> None:
    for name, count in zip(("tests", "failures", "errors", "skipped"), counts, strict=True):
        element.set(name, str(count))


def _case(suite: ElementTree.Element, v: Verdict, held: set[str]) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=f"corpusgate.{v.family}", name=f"{v.id} {v.check}", time="0")
    told = plain(v.message)
    match _kind(v, held):
        case 1 | 2 as kind:
            element = ElementTree.SubElement(case, "failure" if kind == 1 else "error", message=told, type=v.status)
            lines = [v.summary, *(f"{where(e)}: {in_place(e)}" for e in v.examples[:EXAMPLES]), f"Do next. {v.remedy}"]
            element.text = "\n".join(lines)
        case 3:
            ElementTree.SubElement(case, "skipped", message=told)
        case _ if v.records_with_findings:
            ElementTree.SubElement(case, "system-out").text = f"{v.status}: {told}"

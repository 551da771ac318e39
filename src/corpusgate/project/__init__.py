"""`corpusgate init`: a project with a check of its own, a corpus, a place for reports and a workflow, ready to run."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from corpusgate.errors import Problem

#: Where each template goes in the user's project.
LAYOUT = {
    "our-newsletter.yaml": "checks/house/our-newsletter.yaml",
    "my.suite.yaml": "checks/my.suite.yaml",
    "corpus.yaml": "corpora/example/corpus.yaml",
    "records.jsonl": "corpora/example/records.jsonl",
    "reports.gitignore": "reports/.gitignore",
    "workflow.yml": ".github/workflows/corpusgate.yml",
}

#: What to type next, relative to the project.
FIRST_RUN = "corpusgate check corpora/example"


def write_project(folder: Path) -> list[Path]:
    """Write a project into a folder, which may exist and hold other things.

    Args:
        folder: where it goes; made if it is not there.

    Returns:
        The files written, in the order of `LAYOUT`.

    Raises:
        Problem: one of the files exists already, in which case nothing is written, or the folder cannot be written to.
    """
    targets = {template: folder / target for template, target in LAYOUT.items()}
    for target in targets.values():
        if target.exists():
            raise Problem(str(target), "exists already", "Choose another folder, or move the file away")
    try:
        for template, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            content = (resources.files("corpusgate.project") / "files" / template).read_text("utf-8")
            target.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Problem(str(folder), f"cannot be written to ({error.strerror})", "Choose another folder") from None
    return list(targets.values())

"""pytest: the examples of check files as tests, and with `--corpus` every verdict on a corpus as a test.

    pytest checks                                 the examples in checks/<family>/<name>.yaml
    pytest --corpus corpora/example               and a test for each check of the suite
    pytest --corpus a.jsonl --suite my.suite.yaml

Heavy imports wait until they are needed, since pytest loads this for every project it runs in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from corpusgate.examples_test import Case
    from corpusgate.results import Results, Verdict

#: Examples shown with a verdict that fails.
SHOWN = 5

_CHECK_FILE = re.compile(r"^signal:.*^examples:", re.MULTILINE | re.DOTALL)
_RESULTS = pytest.StashKey["Results"]()
_NO_RESULTS = pytest.StashKey[str]()


class NotAsTheySay(AssertionError):
    """An example or a verdict that is not as it should be; its message is the whole report."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of this plugin."""
    group = parser.getgroup("corpusgate")
    group.addoption("--corpus", action="append", default=[], metavar="PATH", help="check this corpus: every verdict becomes a test")
    group.addoption("--suite", metavar="FILE", help="the suite for --corpus; default: the manifest's, else the built-in one for news")
    group.addoption(
        "--corpus-fail-on", choices=("fail", "warn"), default="fail", help="lowest status of a verdict that fails its test (default: fail)"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take check files in, which lie in `checks/<family>/<name>.yaml`."""
    if file_path.suffix == ".yaml" and file_path.parent.parent.name == "checks" and _CHECK_FILE.search(file_path.read_text("utf-8")):
        collector: pytest.Collector = CheckFile.from_parent(parent, path=file_path)
        return collector
    return None


class CheckFile(pytest.File):
    """One check file."""

    def collect(self) -> Iterable[pytest.Item]:
        """An item for each example."""
        from corpusgate import examples_test, packs
        from corpusgate.errors import Problem

        name = self.path.relative_to(self.path.parents[1]).with_suffix("").as_posix()
        try:
            check = packs.load_check(self.path, name)
        except Problem as problem:
            raise self.CollectError(str(problem)) from None
        for case in examples_test.cases_of(check, self.path):
            item: ExampleItem = ExampleItem.from_parent(self, name=case.name.rsplit("::", 1)[-1])
            item.case = case
            if case.expected_to_fail:
                item.add_marker(pytest.mark.xfail(strict=True, raises=NotAsTheySay, reason="known miss"))
            yield item


class _Reported(pytest.Item):
    """An item whose failures are told in words, without a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The message alone where it says everything."""
        from corpusgate.errors import Problem

        if isinstance(excinfo.value, (NotAsTheySay, Problem)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class ExampleItem(_Reported):
    """One example of one check."""

    case: Case

    def runtest(self) -> None:
        """Run the check on the example."""
        from corpusgate.examples_test import run

        if wrong := run(self.case):
            raise NotAsTheySay(f"{self.case.check.id} {self.case.check.name}: {wrong}")

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        return self.path, None, self.name


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add a test for each check of the suite, where a corpus is named."""
    if config.getoption("--corpus"):
        items += session.genitems(CorpusCollector.from_parent(session, name="corpus"))


class CorpusCollector(pytest.Collector):
    """The verdicts on one corpus. It is read when the first of them is asked for."""

    def collect(self) -> list[pytest.Item]:
        """An item for each check, and one for input that could not be read."""
        from corpusgate.errors import Problem

        try:
            names = list(_names(self.config))
        except Problem as problem:
            raise self.CollectError(str(problem)) from None
        return [VerdictItem.from_parent(self, name=name) for name in names]


def _names(config: pytest.Config) -> Iterator[str]:
    from corpusgate.api import prepare
    from corpusgate.wording import UNREADABLE

    suite, _ = prepare(config.getoption("--corpus"), config.getoption("--suite"))
    yield from (check.name for check in suite.checks)
    yield UNREADABLE


def results_of(config: pytest.Config) -> Results:
    """The results for `--corpus`, computed once a session."""
    if _RESULTS not in config.stash:
        from corpusgate.api import check

        config.stash[_RESULTS] = check(
            config.getoption("--corpus"), suite=config.getoption("--suite"), fail_on=config.getoption("--corpus-fail-on")
        )
    return config.stash[_RESULTS]


@pytest.fixture(scope="session")
def corpus_results(pytestconfig: pytest.Config) -> Results:
    """The results for `--corpus`, for tests of one's own; such tests are skipped where no corpus is named."""
    if not pytestconfig.getoption("--corpus"):
        pytest.skip("no --corpus is named")
    return results_of(pytestconfig)


class VerdictItem(_Reported):
    """The verdict of one check."""

    verdict: Verdict

    def setup(self) -> None:
        """Read the corpus, so that a corpus that cannot be judged is an error and no failure: once, not for each check."""
        from corpusgate.errors import Problem

        if _NO_RESULTS in self.config.stash:
            pytest.skip("the corpus could not be judged")
        try:
            results_of(self.config)
        except Problem as problem:
            self.config.stash[_NO_RESULTS] = str(problem)
        if _NO_RESULTS in self.config.stash:
            pytest.fail(self.config.stash[_NO_RESULTS], pytrace=False)
        self.verdict = next(v for v in results_of(self.config).verdicts if v.check == self.name)
        if self.verdict.status == "error":
            pytest.fail(self.verdict.message, pytrace=False)

    def runtest(self) -> None:
        """Fail with the evidence where the bound is broken."""
        if self.verdict.status == "not_run":
            pytest.skip(self.verdict.message)
        told = _told(self.verdict)
        failing = ("fail", "warn") if self.config.getoption("--corpus-fail-on") == "warn" else ("fail",)
        if self.verdict.status in failing:
            raise NotAsTheySay(told)
        if self.verdict.examples:
            self.add_report_section("call", "evidence", told)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """What the verdict is on."""
        return Path(self.config.getoption("--corpus")[0]), None, self.name


def _told(verdict: Verdict) -> str:
    from corpusgate.faces.evidence import in_place, plain, short, where

    lines = [f"{verdict.id} {verdict.check} ({verdict.status}): {verdict.summary}", plain(verdict.message)]
    lines += [
        f"  {s.kind} {plain(short(s.name))}: {s.records_with_findings:,} of {s.records:,} records"
        for s in verdict.slices[:3]
        if s.kind == "source"
    ]
    lines += [f"  {where(example)}: {in_place(example)}" for example in verdict.examples[:SHOWN]]
    if verdict.examples_total > SHOWN:
        lines.append(f"  and {verdict.examples_total - SHOWN:,} more")
    return "\n".join(lines)

"""What `corpusgate check` does around the API: progress, the report and what the terminal shows."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from corpusgate import api, dolma, gate, kernels, rejudge, reporting, splitting, stored, suites, waivers
from corpusgate import results as results_file
from corpusgate.checks import Suite
from corpusgate.corpora.addresses import Named
from corpusgate.corpora.manifest import name_of
from corpusgate.corpora.model import Corpus
from corpusgate.errors import Problem
from corpusgate.evaluation import Evaluate, evaluate
from corpusgate.faces import html
from corpusgate.faces.evidence import plain
from corpusgate.policy import Policy
from corpusgate.replacing import write_text
from corpusgate.reporting import Faces
from corpusgate.results import Calibration, Results, forget
from corpusgate.runners.local import Progress
from corpusgate.runners.pool import Started
from corpusgate.runners.stages import Stages
from corpusgate.runners.workers import Workers


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line can say about a run.

    Attributes:
        suite: a `*.suite.yaml`; without it the manifest's, else the built-in one for news.
        out: the output folder; without it `reports/<corpus>`.
        fail_on: lowest status that holds the gate.
        waivers: a waivers.yaml.
        baseline: the past that was accepted.
        tolerance: by how much of itself an accepted share may have grown.
        today: the day to judge by; without it today's, in UTC.
        write_clean: folder for records without a finding that fails.
        write_rejects: folder for the others, with reasons beside.
        write_dolma: folder for findings as attributes of Dolma.
        sample: how many records to look at, or which share of them.
        seed: another one chooses others.
        jobs: how many parts of the corpus are worked at side by side.
        engine: `local`, or `spark` for its executors instead.
        master: where Spark finds them; None leaves that to spark-submit, or takes this machine.
        cache: where measured parts are kept; None keeps none.
        resume: go on with a run that was killed.
        profile: print the time that stages took.
        formats: faces beside report.html and the table.
        lang: language of report.html.
        evidence: whether faces may show what stands in records.
    """

    suite: Path | None = None
    out: Path | None = None
    fail_on: str = "fail"
    waivers: Path | None = None
    baseline: Path | None = None
    tolerance: float | None = None
    today: date | None = None
    write_clean: Path | None = None
    write_rejects: Path | None = None
    write_dolma: Path | None = None
    sample: str | None = None
    seed: int = 0
    jobs: int = 1
    engine: str = "local"
    master: str | None = None
    cache: Path | None = None
    resume: bool = False
    profile: bool = False
    formats: tuple[str, ...] = ()
    lang: str = "en"
    evidence: bool = True


def check_and_write(
    paths: Sequence[Named], choices: Choices, workers: Workers | None = None, evaluator: Evaluate = evaluate
) -> tuple[Results, Path]:
    """Check a corpus, write everything into its folder, and print the table.

    Raises:
        Problem: there is nothing to judge, or no way to judge it.
    """
    name = name_of(paths)
    for old in (choices.out, Path("reports") / name if choices.out is None and name is not None else None):
        if old is not None:
            forget(old)
    into = (choices.write_clean, choices.write_rejects, choices.write_dolma)
    for mine, other in zip(into, (*into[1:], into[0]), strict=True):
        if mine is not None:
            splitting.ready(mine, other)
            if choices.sample is not None:
                raise Problem("--sample", "a sample splits nothing: what is not in it was not checked", "Check the whole corpus")
    # What is missing is said before the corpus is read.
    policy = Policy.of(choices.fail_on, choices.waivers, choices.baseline, choices.tolerance, choices.today)
    engine = _engine(choices)
    # What splits records reads all of them here.
    suite, corpus = api.prepare(list(paths), choices.suite, engine=engine if not any(into) else None)
    if choices.write_clean or choices.write_rejects:
        splitting.require_splittable(corpus)
    if choices.write_dolma:
        dolma.require_documents(corpus)
    folder = choices.out or Path("reports") / corpus.name
    for note in corpus.notes:
        print(plain(note), file=sys.stderr)
    if kernels.to_be_compiled():
        print(f"Compiling kernels, once: about {kernels.SECONDS} s.", file=sys.stderr)
    stages = Stages()
    with _bar(corpus.bytes) as advance:
        results = api.check(
            corpus,
            suite=suite,
            out=folder,
            policy=policy,
            sample=choices.sample,
            seed=choices.seed,
            today=choices.today,
            jobs=choices.jobs,
            progress=advance,
            cache=choices.cache,
            resume=choices.resume,
            stages=stages,
            reused=_say_reused,
            workers=workers,
            engine=engine,
            evaluator=evaluator,
        )
    kernels.were_compiled()
    with stages("report"):
        report = _show(results, folder, _faces(choices.formats, choices.lang, choices.evidence))
    if choices.write_clean or choices.write_rejects:
        with stages("split"):
            print(_split(corpus, suite, results, folder, choices))
    if choices.write_dolma and results.gate.exit_code != 2:
        with stages("dolma"):
            written = dolma.write(corpus, folder, [check.name for check in suite.checks], choices.write_dolma)
        print(f"Attributes of {written:,} documents: {choices.write_dolma}")
    if choices.profile:
        _print_profile(stages)
    return results, report


def _engine(choices: Choices) -> Started | None:
    """What does the work, if it is not this machine."""
    if choices.engine != "spark":
        return None
    # Spark is an extra.
    from corpusgate.spark.engine import started
    from corpusgate.spark.session import session

    return started(session(choices.master), choices.cache)


def _split(corpus: Corpus, suite: Suite, results: Results, folder: Path, choices: Choices) -> str:
    """Write clean records and rejects, and say how many there are."""
    if results.gate.exit_code == 2:
        return "Nothing is split, since there is no judgement."
    levels = gate.held_by(choices.fail_on)
    wanted = [check.name for check in suite.checks if check.severity in levels]
    known = stored.load(folder)
    excused = waivers.counted(folder, results.waivers, [check for check in suite.checks if check.name in known.measured], known.slices)
    waived = excused.fingerprints if excused is not None else frozenset[str]()
    done = splitting.split(corpus, folder, wanted, waived, choices.write_clean, choices.write_rejects)
    bad = f", {done.unreadable:,} of them input that could not be read" if done.unreadable else ""
    return f"Split: {done.clean:,} clean records, {done.rejects:,} rejects{bad}."


def judge_again_and_write(folder: Path, suite: Path | None, policy: Policy) -> Results:
    """Judge a run by another suite, write its results and report anew, and print the table.

    Raises:
        Problem: there is no run, or the suite asks for what it did not measure.
    """
    results = rejudge.judge_again(folder, suites.load_suite(suite) if suite else None, policy)
    _show(results, folder, _faces())
    return results


def _faces(formats: tuple[str, ...] = (), lang: str = "en", evidence: bool = True) -> Faces:
    width, colour = min(shutil.get_terminal_size((100, 24)).columns, 120), sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return Faces(formats, lang, evidence, width=width, colour=colour)


def keep_calibration(calibration: Calibration, folder: Path) -> list[str]:
    """Lay a calibration beside a run and into its report, and say where it is.

    Raises:
        Problem: the results of the run cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / results_file.CALIBRATION
    path.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8", newline="\n")
    if not (folder / "results.json").exists():
        return [f"Calibration: {path}"]
    known, run = stored.load(folder), results_file.load(folder)
    if known.suite.measures != calibration.measures:
        return [f"Calibration: {path}", "The run in this folder is of another suite: its report says nothing of it."]
    after = run.model_copy(update={"calibration": calibration})
    for name, text in (("results.json", after.to_json()), ("report.html", html.render(after))):
        write_text(folder / name, text)
    return [f"Calibration: {path}", f"Report: {folder / 'report.html'}"]


def _show(results: Results, folder: Path, faces: Faces) -> Path:
    """Write the report and what else was asked for, and print the table unless `concise` takes its place."""
    own = () if {"concise", "terminal"} & set(faces.formats) else ("terminal",)
    files = reporting.write(results, folder, replace(faces, formats=("html", *own, *faces.formats)))
    # Lines for a machine have no others among them.
    for path in files:
        print(f"Report: {plain(str(path))}", file=sys.stderr if "concise" in faces.formats else sys.stdout)
    return files[0]


def _say_reused(reused: int, parts: int) -> None:
    if reused:
        print(f"Measured before and unchanged: {reused:,} of {parts:,} parts.", file=sys.stderr)


def _print_profile(stages: Stages) -> None:
    print("Seconds of CPU by stage, of all processes:", file=sys.stderr)
    total = sum(stages.seconds.values())
    for name, seconds in sorted(stages.seconds.items(), key=lambda item: -item[1]):
        if seconds >= 0.005:
            print(f"  {seconds:9.2f}  {100 * seconds / total:5.1f} %  {name}", file=sys.stderr)
    print(f"  {total:9.2f}  100.0 %  in all", file=sys.stderr)


class _bar:  # noqa: N801 - used like a function
    """A progress bar with records, MB/s and time left on a terminal; nothing elsewhere, so that logs stay short."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = sys.stderr.isatty() and not os.environ.get("CI")

    def __enter__(self) -> Progress | None:
        if not self._shown:
            return None
        from rich import progress as bars
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn

        self._progress = bars.Progress(
            TextColumn("{task.fields[records]:,} records"), BarColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
            console=Console(file=sys.stderr), transient=True,
        )  # fmt: skip
        self._progress.start()
        task = self._progress.add_task("check", total=self._total, records=0)
        done = [0]

        def advance(consumed: int, records: int) -> None:
            done[0] += records
            self._progress.update(task, advance=consumed, records=done[0])

        return advance

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._progress.stop()

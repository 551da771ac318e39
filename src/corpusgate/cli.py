"""The command line. Heavy imports happen inside the commands, so that `--help` is quick."""

from __future__ import annotations

import atexit
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from corpusgate.commands import attesting, calibrating, comparing, config, duplicating, exporting, furniture, judging, options, reporting
from corpusgate.corpora.addresses import Named
from corpusgate.errors import Problem

OPEN, HELD, NO_JUDGEMENT = 0, 1, 2

#: What shells add to the number of a signal that ended a program.
SIGNALLED = 128


class _Terminated(KeyboardInterrupt):
    """The system asked for an end: work folders are removed on the way out, as after Ctrl-C."""


#: The verdict on input itself, which no check file describes: id, name, and what to say of it.
_UNREADABLE = (
    "COR001",
    "corpus/unreadable",
    "Input could not be read and was quarantined.\n\n"
    "Why. A record that cannot be read is lost to every user of the corpus, and what is wrong with it nobody knows.\n\n"
    "Do next. quarantine.jsonl names file, line and reason of each piece. Mend the writer that made them, or drop them on purpose.\n\n"
    "Bound. None may be unreadable; a suite may allow some, as in  quarantine: {max_records: 5}",
)


#: Seconds after which a signal that came at a bad moment is looked at again.
AGAIN = 0.05


def _raising(ended: type[KeyboardInterrupt]) -> Callable[[int, FrameType | None], None]:
    """A handler that raises, but not inside a callback of the compiler, which would swallow what is raised there."""

    def end(number: int, frame: FrameType | None) -> None:
        while frame is not None and not str(frame.f_globals.get("__name__")).startswith("llvmlite"):
            frame = frame.f_back
        if frame is None or not hasattr(signal, "setitimer"):
            raise ended
        signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, AGAIN)

    return end


@contextmanager
def _ending_well() -> Iterator[None]:
    handlers = {signal.SIGTERM: _raising(_Terminated)}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        handlers[signal.SIGINT] = _raising(KeyboardInterrupt)
    try:
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    except ValueError:
        # Only the main thread is told of signals.
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Group(click.Group):
    """Turns what users can mend into one paragraph and exit code 2; a crash is 2 as well, never 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _ending_well():
                return super().invoke(ctx)
        except Problem as problem:
            click.echo(f"corpusgate: {problem}", err=True)
            ctx.exit(NO_JUDGEMENT)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            ctx.exit(NO_JUDGEMENT)
        except KeyboardInterrupt as ended:
            click.echo("corpusgate: interrupted before it could judge.", err=True)
            ctx.exit(SIGNALLED + (signal.SIGTERM if isinstance(ended, _Terminated) else signal.SIGINT))
        except OSError as error:
            if os.environ.get("CORPUSGATE_DEBUG"):
                raise
            what = f"cannot be read or written ({error.strerror or error})"
            click.echo(
                f"corpusgate: {Problem(str(error.filename or 'input or output'), what, 'Check the path and its permissions')}", err=True
            )
            ctx.exit(NO_JUDGEMENT)
        except Exception as error:
            if os.environ.get("CORPUSGATE_DEBUG"):
                raise
            where = f"{type(error).__name__}: {error}"
            click.echo(
                f"corpusgate: a mistake of its own: {where}. Set CORPUSGATE_DEBUG=1 for the traceback and please report it.", err=True
            )
            ctx.exit(NO_JUDGEMENT)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="corpusgate")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Check scraped corpora for damage, show it in its place, and gate releases.

    Exit codes: 0 gate open, 1 gate held by findings, 2 no judgement (usage, configuration, unreadable corpus, nothing checked),
    130 interrupted. What is said in [tool.corpusgate] of the nearest pyproject.toml need not be said again.
    """
    if ctx.invoked_subcommand in config.COMMANDS:
        ctx.default_map = config.defaults(Path.cwd(), main.commands)


@main.command()
@click.argument("corpus", nargs=-1, required=True, type=options.CORPUS)
@click.option("--suite", type=click.Path(path_type=Path), help="A *.suite.yaml; default: the manifest's, else the built-in suite for news.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the report and the tables; default: reports/<corpus>.")
@options.policy
@click.option("--write-clean", type=options.PATH, help="A folder for records without a finding that fails, as they are.")
@click.option("--write-rejects", type=options.PATH, help="A folder for the others, with the reasons beside.")
@click.option("--write-dolma", type=options.PATH, help="A folder for findings as attributes of Dolma, beside its documents.")
@click.option("--sample", metavar="N|P%", help="Look at some records only, chosen by their ids.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another one chooses other records.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default="all cores", help="How much to do at once.")
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True, help="Where the work is done.")
@click.option("--master", metavar="URL", help="Where Spark finds its executors; default: what spark-submit says, else this machine.")
@click.option("--cache", type=click.Path(path_type=Path), help="Folder where measured parts are kept; default: one of the user's.")
@click.option("--no-cache", is_flag=True, help="Measure everything, and keep nothing.")
@click.option("--resume", is_flag=True, help="Go on with a run that was killed, as of its day.")
@options.faces(())
@click.option("--profile", is_flag=True, help="Print the seconds that each stage took.")
def check(corpus: tuple[Named, ...], cache: Path | None, no_cache: bool, **choices: Any) -> None:
    """Check CORPUS (a corpus.yaml, a file, a folder or a pattern; several are one corpus) and write a report.

    - reads JSON lines that are piped in, s3://BUCKET/NAME objects of a store, 'duckdb:FILE?query=SQL' the answer to a query.
    """
    if no_cache and (cache or choices["resume"]):
        raise click.UsageError(f"--no-cache leaves nothing for {'--cache' if cache else '--resume'}.")
    on_spark = choices["engine"] == "spark"
    if choices["master"] and not on_spark:
        raise click.UsageError("--master is where Spark finds its executors: add --engine spark.")
    if on_spark and choices["resume"] and not cache:
        raise click.UsageError("--resume with --engine spark needs --cache: a folder that all machines see.")
    from corpusgate.evaluator import Evaluator, started
    from corpusgate.runners.workers import start_ahead

    with start_ahead(() if on_spark else corpus, choices["jobs"]) as workers, started(choices["jobs"]) as evaluator:
        from corpusgate.runners.warm import collect_seldom, without_linear_algebra, without_pandas

        collect_seldom()
        without_linear_algebra()
        if isinstance(evaluator, Evaluator):
            without_pandas()
        from corpusgate.job import Choices, check_and_write

        choices["today"] = choices["today"] and choices["today"].date()
        # The user's own folder is one of this machine's.
        kept = None if no_cache else cache if cache or on_spark else _own_cache()
        chosen = Choices(cache=kept, **choices)
        results, _ = check_and_write(list(corpus), chosen, workers, evaluator)
    sys.exit(results.gate.exit_code)


def _own_cache() -> Path | None:
    """The user's own folder for measured parts, if it can be written to."""
    from corpusgate.kept import user_folder
    from corpusgate.runners.cache import Cache

    try:
        with Cache(user_folder()).used():
            return user_folder()
    except OSError as error:
        click.echo(f"No parts are kept: {user_folder()} cannot be written to ({error.strerror}).", err=True)
        return None


@main.command()
@click.argument("name")
@click.option("--suite", type=click.Path(path_type=Path), help="A *.suite.yaml, to explain its own checks and its bounds.")
def explain(name: str, suite: Path | None) -> None:
    """Explain a check, by its id (ENC002) or its name (encoding/mojibake)."""
    from corpusgate import packs, signals, suites
    from corpusgate.errors import nearest

    if name.upper() in _UNREADABLE[:2] or name in _UNREADABLE[:2]:
        click.echo("{} {} (fail)\n{}".format(*_UNREADABLE))
        return
    chosen = suites.load_suite(suite).checks if suite else packs.built_in()
    known = {key: check for check in chosen for key in (check.id, check.name)}
    found = known.get(name) or known.get(name.upper())
    if found is None:
        raise Problem(name, "there is no such check", nearest(name, [*known, *_UNREADABLE[:2]]))
    click.echo(
        f"{found.id} {found.name} ({found.severity})\n{found.summary}\n\nWhy. {found.why.strip()}\n\nDo next. {found.remedy.strip()}\n"
    )
    click.echo(f"Bound. {found.expect.words()}.")
    click.echo(f"Signal. {found.signal}: {signals.find(found.signal, name).doc}")
    click.echo(f"Fields. {', '.join(found.fields)}.")
    from corpusgate.faces.evidence import plain

    for title, cases in (("Found", found.examples.bad), ("Not found", found.examples.good)):
        click.echo(f"\n{title}:")
        for case in cases[:5]:
            click.echo(f"  {plain(str(case))[:200]}")


@main.command()
def checks() -> None:
    """List the built-in checks."""
    from corpusgate import packs

    for one in packs.built_in():
        click.echo(f"{one.id}  {one.severity:<4}  {one.name:<34}  {one.summary}")


@main.command()
@click.argument("name", type=click.Choice(["check", "suite", "corpus", "results", "waivers", "baseline"]))
def schema(name: str) -> None:
    """Print the JSON schema of a file that is written or read, for editors and programs."""
    from importlib import resources

    click.echo((resources.files("corpusgate.schemas") / f"{name}.schema.json").read_text("utf-8"), nl=False)


@main.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
def test(folders: tuple[Path, ...]) -> None:
    """Run the examples of check files: the built-in ones, or those in FOLDERS."""
    from corpusgate import examples_test, packs

    total, failures = 0, 0
    for folder in folders or (packs.pack_folder(),):
        if not folder.is_dir():
            raise Problem(str(folder), "there is no such folder", "Name a folder with <family>/<name>.yaml in it")
        for case in examples_test.cases(folder):
            total += 1
            wrong = examples_test.run(case)
            if (wrong == "") == case.expected_to_fail:
                failures += 1
                click.echo(f"{case.name}: {wrong or 'a known miss is found now: move it to bad'}")
    if not total:
        raise Problem(", ".join(map(str, folders)), "there is no check file here", "Checks lie in <family>/<name>.yaml")
    click.echo(f"{total} examples, {failures} not as they say.")
    sys.exit(HELD if failures else OPEN)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def init(folder: Path) -> None:
    """Write a project into FOLDER: checks, a corpus, reports and a workflow for GitHub Actions."""
    from corpusgate.project import FIRST_RUN, write_project

    for path in write_project(folder):
        click.echo(f"wrote {path}")
    click.echo(f"Run it: {FIRST_RUN}" if folder == Path() else f"Run it: cd {shlex.quote(str(folder))} && {FIRST_RUN}")


for subject in (judging, comparing, calibrating, attesting, reporting, duplicating, furniture, exporting):
    for command in subject.COMMANDS:
        main.add_command(command)


def program() -> None:
    """The command line as a program of its own. What it has loaded is not taken apart at the end, which takes a second."""
    try:
        main(prog_name="corpusgate")
    except SystemExit as ended:
        if not isinstance(ended.code, int):
            raise
        atexit._run_exitfuncs()
        # What a closed pipe lets nobody read is told as ever.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code)


if __name__ == "__main__":
    program()

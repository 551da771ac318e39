"""From what the user names to files: formats by endings, folders walked, what cannot be read kept in mind."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpusgate.corpora import datasets, spool
from corpusgate.corpora.addresses import QUERY, STDIN, Named, is_pattern
from corpusgate.corpora.model import Compression, Format, SourceFile
from corpusgate.errors import Problem

#: File endings that are read, without those of compression.
FORMATS: Mapping[str, Format] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet",
    ".arrow": "arrow", ".feather": "arrow", ".warc": "warc", ".wet": "warc", ".txt": "txt",
}  # fmt: skip
COMPRESSIONS: Mapping[str, Compression] = {".gz": "gz", ".bz2": "bz2", ".zst": "zst", ".xz": "xz"}

#: Formats whose files are not packed as a whole.
_OF_BLOCKS = ("parquet", "arrow")

#: Packed JSON holds a record a line, in Dolma, C4 and whoever does like them.
_PACKED: Mapping[str, Format] = {**FORMATS, ".json": "jsonl"}

#: Endings of databases, which are read by a query.
_DATABASES = (".db", ".sqlite", ".sqlite3", ".duckdb")

#: Endings of files that lie beside corpora and hold no records: leaving them out needs no word.
_BESIDE = frozenset({"", ".md", ".rst", ".yaml", ".yml", ".toml", ".cff", ".py", ".sh", ".sha256", ".md5", ".png", ".jpg", ".svg"})

#: What a run writes, and how its results begin.
_OUTPUTS = frozenset({"quarantine.jsonl", "signals.parquet", "findings.parquet", "slices.parquet"})
_RESULTS = b'"name": "corpusgate"'

ENDINGS = f"Known endings are {', '.join(FORMATS)}, text formats also with {', '.join(COMPRESSIONS)}"


@dataclass(frozen=True, slots=True)
class Found:
    """What lies somewhere: corpus files, those that cannot be read among them, and what was left out, with the reason."""

    files: tuple[SourceFile, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def found(named: Named) -> Found:
    """The corpus files that a path, a pattern or an address of the user's names.

    Raises:
        Problem: it is not there, cannot be had, or is a file of no known format.
    """
    path, left_out = (named, []) if isinstance(named, Path) else _fetched(named)
    if path.is_dir():
        walked = _walked(path)
        return Found(walked.files, (*walked.left_out, *((name, "format") for name in left_out)))
    if not os.path.lexists(path):
        if is_pattern(str(path)):
            return _matching(path)
        raise Problem(str(path), "there is no such file or folder", "Check the spelling; CORPUS is a corpus.yaml, a file or a folder")
    return Found((known(path, path.name),))


def _fetched(address: str) -> tuple[Path, list[str]]:
    """What lies at an address as a file or a folder here, and what was left there for want of a known format."""
    # Each is imported when it is asked for: most corpora are files.
    if address == STDIN:
        from corpusgate.corpora import piped

        return piped.fetch(), []
    if address.startswith(QUERY):
        from corpusgate.corpora import queries

        return queries.fetch(address), []
    from corpusgate.corpora import objects

    return objects.find(address, lambda name: told(Path(name)) is not None, lambda name: name in datasets.BESIDE)


def _matching(pattern: Path) -> Found:
    """The corpus files that a pattern matches, for shells that leave patterns alone and for `**`."""
    try:
        paths = sorted(Path(pattern.anchor or ".").glob(str(pattern.relative_to(pattern.anchor))))
    except ValueError as error:
        raise Problem(str(pattern), f"is no pattern ({error})", "Write one as in  'news/**/*.jsonl.gz'") from None
    files = [file for path in paths if not path.is_dir() and (file := source_file(path, path.name)) is not None]
    if not files:
        what = f"matches {len(paths)} files or folders, and none of a known format" if paths else "matches nothing"
        raise Problem(str(pattern), what, ENDINGS if paths else "Check the spelling; '**' stands for any folders")
    return Found(tuple(files), tuple((path.name, "format") for path in paths if not path.is_dir() and told(path) is None))


def known(path: Path, name: str) -> SourceFile:
    """A file that the user names.

    Raises:
        Problem: it is of no known format.
    """
    file = source_file(path, name)
    if file is None:
        raise Problem(str(path), "is of no known format", _mend(path))
    return file


def _mend(path: Path) -> str:
    if path.suffix.lower() == ".json":
        return f"Of a JSON array make a record a line: {_conversion(path)}"
    if path.suffix.lower() in _DATABASES:
        return f"Ask it for records: corpusgate check {shlex.quote(f'{QUERY}{path}?query=SELECT * FROM articles')}"
    return ENDINGS


def _conversion(path: Path) -> str:
    return f"jq -c '.[]' {shlex.quote(path.name)} > {shlex.quote(path.stem + '.jsonl')}"


def told(path: Path) -> tuple[Format, Compression] | None:
    """A file's format and compression by its endings; None where it is no corpus file."""
    compression = COMPRESSIONS.get(path.suffix.lower(), "")
    ending = path.with_suffix("").suffix if compression else path.suffix
    kind = (_PACKED if compression else FORMATS).get(ending.lower())
    is_odd = (compression and kind in _OF_BLOCKS) or (kind == "warc" and compression not in ("", "gz", "zst"))
    return None if kind is None or is_odd else (kind, compression)


def source_file(path: Path, name: str) -> SourceFile | None:
    """A file, or one that is lost where it cannot be read; None where it is no corpus file."""
    of = told(path)
    if of is None:
        return None
    try:
        size = path.stat().st_size
    except OSError as error:
        return _lost(path, name, f"cannot be read ({error.strerror})")
    if not path.is_file():
        return _lost(path, name, "cannot be read (it is no regular file)")
    if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        return _lost(path, name, "cannot be read (Permission denied)")
    origin, version = spool.origin(path)
    return SourceFile(path, name, *of, size, origin=origin, version=version)


def lost(file: SourceFile, reason: str) -> SourceFile:
    """A file, taken for one of which nothing can be read."""
    return _lost(file.path, file.name, reason)


def _lost(path: Path, name: str, reason: str) -> SourceFile:
    return SourceFile(path, name, "lost", "", 0, lost=reason)


def _walked(folder: Path) -> Found:
    files: list[SourceFile] = []
    left_out: list[tuple[str, str]] = []

    def unreadable(error: OSError) -> None:
        place = Path(error.filename)
        files.append(_lost(place, f"{_name(place, folder)}/", f"the folder cannot be read ({error.strerror})"))

    for place, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(place)
        is_run = _holds_a_run(here)
        if is_run and here != folder:
            folders.clear()
            left_out.append((f"{_name(here, folder)}/", "holds a run of corpusgate"))
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if datasets.is_dolma(folders):
            folders.remove(datasets.ATTRIBUTES)
            left_out.append((f"{_name(here / datasets.ATTRIBUTES, folder)}/", "holds what Dolma says of documents"))
        named = datasets.named_by_state(here, names)
        files += [_lost(here / name, _name(here / name, folder), datasets.GONE) for name in sorted(named or ()) if name not in names]
        left_out += [(f"{_name(here / name, folder)}/", "links to a folder") for name in folders if (here / name).is_symlink()]
        for name in sorted(names):
            if name.startswith(".") or (is_run and name in _OUTPUTS):
                continue
            file = source_file(here / name, _name(here / name, folder))
            if file is not None and file.format == "arrow" and named is not None and name not in named:
                left_out.append((file.name, "is of no dataset by the state.json beside it"))
            elif file is not None:
                files.append(file)
            elif (
                name not in datasets.BESIDE
                and Path(name).suffix.lower() not in _BESIDE
                and not (is_run and name in ("results.json", "report.html"))
            ):
                left_out.append((_name(here / name, folder), "format"))
    return Found(tuple(files), tuple(left_out))


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path != folder else folder.name


def _holds_a_run(folder: Path) -> bool:
    """Whether a run was written here: nobody wants its tables for records."""
    if (folder / "signals.parquet").exists() and (folder / "quarantine.jsonl").exists():
        return True
    try:
        with (folder / "results.json").open("rb") as file:
            return _RESULTS in file.read(200)
    except OSError:
        return False


def distinct(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files, each once; where two have one name, all are named from the folder that they have in common."""
    once = list({os.path.normpath(Path.cwd() / file.path): file for file in files}.values())
    if max(Counter(file.name for file in once).values(), default=0) > 1:
        paths = [Path(os.path.normpath(Path.cwd() / file.path)) for file in once]
        common = os.path.commonpath([path.parent for path in paths])
        names = [path.relative_to(common).as_posix() for path in paths]
        once = [replace(file, name=f"{name}/" if file.name.endswith("/") else name) for file, name in zip(once, names, strict=True)]
    return once


def notes(left_out: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What to say of files that were left out."""
    unknown = [name for name, reason in left_out if reason == "format"]
    if unknown:
        yield f"Not read, for want of a known format: {some(unknown)}. {ENDINGS}."
    arrays = [Path(name) for name in unknown if name.lower().endswith(".json")]
    if arrays:
        yield f"Of a JSON array make a record a line, as in  {_conversion(arrays[0])}"
    for reason in dict.fromkeys(reason for _, reason in left_out if reason != "format"):
        yield f"Not read, since it {reason}: {some([name for name, why in left_out if why == reason])}."


def some(names: Sequence[str], count: int = 5) -> str:
    """The first of some names, and how many more there are."""
    more = f" and {len(names) - count} more" if len(names) > count else ""
    return ", ".join(names[:count]) + more

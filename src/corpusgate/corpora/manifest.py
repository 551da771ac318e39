"""From what the user names to a corpus: a manifest, a file, a folder or a DataFrame, cut into parts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from corpusgate.corpora import cutting, finding, pages, parquet, replicas, sampling, spool, warc
from corpusgate.corpora.addresses import Named, is_address, is_pattern, short_name
from corpusgate.corpora.finding import COMPRESSIONS, FORMATS
from corpusgate.corpora.mapping import demand, is_told, map_fields, recognise, shape, untold
from corpusgate.corpora.model import Corpus, Part, SourceFile
from corpusgate.errors import Problem
from corpusgate.records import FIELDS
from corpusgate.strict_yaml import read_yaml, validated

#: Rows of a DataFrame that make one part.
ROWS_A_PART = 20_000

MANIFEST = "corpus.yaml"


class Manifest(BaseModel):
    """A corpus.yaml: where the records lie and which columns hold what."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(min_length=1)
    files: list[str] = Field(min_length=1)
    fields: dict[str, str] = {}
    suite: str | None = None
    description: str = ""
    licence: str = ""


def open_corpus(
    paths: Sequence[Named],
    fields: Mapping[str, str] | None = None,
    suite_name: str = "the suite",
    cut: Callable[[Corpus], Iterable[Part]] | None = None,
) -> tuple[Corpus, Manifest | None]:
    """Find the files of a corpus, settle the columns of each and cut it into parts.

    Args:
        paths: a manifest, files or folders. A folder with a corpus.yaml is that manifest.
        fields: the suite's mapping, which wins over the manifest's.
        suite_name: what error messages call the suite.
        cut: cuts it where objects of a store are to be read stretch by stretch; without it they are fetched whole.

    Raises:
        Problem: something named is missing or of no known format, there is nothing to read, or columns cannot be told.
    """
    manifest, path, files, notes = _listed(paths)
    files = files if cut is not None else replicas.complete(files)
    name, where, mapped = (
        (manifest.name, str(path), dict(manifest.fields)) if manifest is not None else (_name(paths[0]), _where(paths), {})
    )
    if fields:
        mapped |= fields
        where = suite_name
    settled = _settled(files, mapped, where)
    if all(file.format == "lost" for file in settled):
        raise Problem(
            (spool.origin(files[0].path)[0] or str(files[0].path)) if len(files) == 1 else where,
            settled[0].lost if len(files) == 1 else f"none of {len(files)} files can be read, the first since it {settled[0].lost}",
            _mend(settled[0].lost),
        )
    # Whoever asks for the bytes of a lost file gets none.
    kept = tuple(replace(file, path=Path(os.devnull)) if file.format == "lost" else file for file in settled)
    corpus = Corpus(name, kept, (), _union(settled) or dict(mapped), notes=(*notes, *_mappings(settled)))
    return replace(corpus, parts=tuple((cut or cutting.parts)(corpus))), manifest


def list_files(paths: Sequence[Named]) -> list[SourceFile]:
    """The files of a corpus, in its order, without a look into them.

    Raises:
        Problem: something named is missing or of no known format, or there is no file.
    """
    return replicas.complete(_listed(paths)[2])


def _listed(paths: Sequence[Named]) -> tuple[Manifest | None, Path, list[SourceFile], list[str]]:
    """The manifest if there is one, where it is, the files, and notes on what was left out."""
    if not paths:
        raise Problem("corpus", "nothing is named to be checked", "Name a corpus.yaml, a file or a folder")
    manifest, path = _manifest(paths)
    left_out: list[tuple[str, str]] = []
    if manifest is not None:
        files = finding.distinct(_named(manifest, path))
    else:
        files = []
        for found in map(finding.found, paths):
            files += found.files
            left_out += found.left_out
        files = sorted(finding.distinct(files), key=lambda file: file.name)
    notes = list(finding.notes(left_out))
    if not files:
        where = str(path) if manifest is not None else _where(paths)
        raise Problem(where, "there is no corpus file here", " ".join(notes).rstrip(".") or finding.ENDINGS)
    return manifest, path, files, notes


def name_of(paths: Sequence[Named]) -> str | None:
    """What a corpus is called, without opening it; None where nobody can tell."""
    try:
        manifest, _ = _manifest(paths)
        return manifest.name if manifest is not None else _name(paths[0])
    except (Problem, IndexError):
        return None


def frame_corpus(frame: Any, name: str, fields: Mapping[str, str] | None = None) -> Corpus:
    """A DataFrame, or an Arrow table, as a corpus.

    Raises:
        Problem: two columns have one name, or columns cannot be told.
    """
    columns = [str(column) for column in (frame.column_names if isinstance(frame, pa.Table) else frame.columns)]
    if twice := next((column for column in columns if columns.count(column) > 1), None):
        raise Problem(name, f"two columns are called '{twice}'", "Rename or drop one of them")
    if isinstance(frame, pa.Table):
        samples, size = [parquet.bare(frame.schema)], frame.nbytes
    else:
        frame = frame.set_axis(columns, axis="columns")
        samples = frame.head(100).to_dict("records") or [dict.fromkeys(columns)]
        size = int(frame.memory_usage(deep=True).sum())
    settled = map_fields(samples, fields or {}, name)
    starts = range(0, len(frame), ROWS_A_PART)
    parts = tuple(Part(i, (0,), begin, min(begin + ROWS_A_PART, len(frame))) for i, begin in enumerate(starts))
    return Corpus(name, (SourceFile(Path(name), name, "frame", "", size, settled),), parts, settled, frame)


def _manifest(paths: Sequence[Named]) -> tuple[Manifest | None, Path]:
    if not isinstance(paths[0], Path):
        return None, Path()
    path = paths[0] / MANIFEST if (paths[0] / MANIFEST).is_file() else paths[0]
    if len(paths) > 1 or path.suffix not in (".yaml", ".yml"):
        return None, path
    return validated(Manifest, read_yaml(path), str(path)), path


def _named(manifest: Manifest, path: Path) -> list[SourceFile]:
    files: list[SourceFile] = []
    for pattern in manifest.files:
        if is_address(pattern):
            files += finding.found(pattern).files
            continue
        whole = path.parent / pattern
        try:
            # A pattern may be absolute, which `glob` itself does not take.
            found = sorted(Path(whole.anchor).glob(str(whole.relative_to(whole.anchor)))) if is_pattern(pattern) else [whole]
        except ValueError as error:
            raise Problem(f"{path}: files", f"'{pattern}' is no pattern ({error})", "Write one as in  records/*.jsonl") from None
        found = [file for file in found if not (is_pattern(pattern) and file.is_dir())]
        if not found:
            raise Problem(f"{path}: files", f"nothing matches '{pattern}'", "Paths are relative to the manifest")
        for file in found:
            if not os.path.lexists(file) or file.is_dir():
                what = "is a folder, where a file is expected" if file.is_dir() else "is not there"
                mend = f"Name its files, as in  {pattern}/*.jsonl" if file.is_dir() else "Paths are relative to the manifest"
                raise Problem(f"{path}: files", f"'{pattern}' {what}", mend)
            files.append(finding.known(file, str(file.relative_to(path.parent)) if file.is_relative_to(path.parent) else file.name))
    return files


def _where(paths: Sequence[Named]) -> str:
    return ", ".join(map(str, paths))


def _name(path: Named) -> str:
    name = path.resolve().name if isinstance(path, Path) else short_name(path)
    if is_pattern(name) and isinstance(path, Path):
        name = next((parent.name for parent in path.resolve().parents if not is_pattern(str(parent))), "") or "corpus"
    while (ending := Path(name).suffix.lower()) and (ending in FORMATS or ending in COMPRESSIONS):
        name = name.removesuffix(Path(name).suffix)
    return name


def _settled(files: Sequence[SourceFile], mapped: Mapping[str, str], where: str) -> list[SourceFile]:
    """The files with the columns of each; those of which nothing can be told are lost.

    Raises:
        Problem: a mapped field is not known, or a mapped column is in no file.
    """
    shapes, settled = {}, list(files)
    far = [file for file in files if file.origin]
    replicas.together(far, [sampling.stretches(file, len(files)) for file in far])
    for i, file in enumerate(files):
        if file.format == "warc":
            warc.require(str(file.path))
        if file.format not in ("warc", "txt", "lost"):
            try:
                shapes[i] = shape(sampling.sample(file, len(files)), mapped)
            except (OSError, ValueError, pa.ArrowException) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                settled[i] = finding.lost(file, reason if type(error) is ValueError else f"cannot be read ({reason})")
    seen = [found for found in shapes.values() if found.names]
    demand(mapped, seen, where)
    for i, found in shapes.items():
        fields = recognise(found, mapped)
        if found.names and not is_told(fields):
            settled[i] = finding.lost(files[i], f"cannot be checked: {untold(found)}")
        else:
            settled[i] = replace(files[i], fields=fields)
    # A file of which no record was read so far is taken for one like the first that shows its columns.
    usual = next((settled[i].fields for i, found in shapes.items() if found.names and settled[i].fields), dict(mapped))
    for i, found in shapes.items():
        if not found.names:
            settled[i] = replace(files[i], fields=usual)
    own = {"txt": pages.FIELDS, "warc": warc.FIELDS}
    return [replace(file, fields=own.get(file.format, file.fields)) for file in settled]


def _mend(reason: str) -> str:
    if "no column is known" in reason:
        return "Map one in corpus.yaml or the suite, as in  fields: {text: my_column}"
    return "Check its permissions, or write it again" if "cannot be read" in reason else "Mend the file, or leave it out"


def _union(files: Sequence[SourceFile]) -> dict[str, str]:
    """Every field that a file has, with the names of its columns."""
    names = {field: dict.fromkeys(file.fields[field] for file in files if field in file.fields) for field in FIELDS}
    return {field: " or ".join(columns) for field, columns in names.items() if columns}


def _mappings(files: Sequence[SourceFile]) -> list[str]:
    """What to say of columns: once where all files have the same, else of each group of files that does."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for file in files:
        if file.fields:
            groups.setdefault(tuple(file.fields.items()), []).append(file.name)
    told = [(names, ", ".join(f"{field} = {column}" for field, column in fields)) for fields, names in groups.items()]
    if len(told) == 1:
        return [f"Columns: {told[0][1]}"]
    return [f"Columns of {finding.some(names, 3)}: {fields}" for names, fields in told]

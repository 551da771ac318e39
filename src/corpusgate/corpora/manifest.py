"""From what the user names to a corpus: a manifest, a file, a folder or a DataFrame, cut into parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from corpusgate.corpora import delimited, jsonl, pages, parquet
from corpusgate.corpora.columns import map_fields
from corpusgate.corpora.model import PART_BYTES, Compression, Corpus, Format, Part, SourceFile
from corpusgate.corpora.streams import BROKEN
from corpusgate.errors import Problem
from corpusgate.strict_yaml import read_yaml, validated

#: File endings that are read, without those of compression.
FORMATS: Mapping[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet", ".txt": "txt"}
COMPRESSIONS: Mapping[str, Compression] = {".gz": "gz", ".bz2": "bz2", ".zst": "zst", ".xz": "xz"}

#: Records looked at to tell the columns and their types.
SAMPLE = 1000

#: Text files read as one part.
PAGES_A_PART = 500

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


def source_file(path: Path, name: str) -> SourceFile | None:
    """Tell a file's format and compression by its endings; None where it is no corpus file."""
    compression = COMPRESSIONS.get(path.suffix.lower(), "")
    ending = path.with_suffix("").suffix if compression else path.suffix
    kind = FORMATS.get(ending.lower())
    if kind is None or (compression and kind == "parquet"):
        return None
    return SourceFile(path, name, kind, compression, path.stat().st_size)


def open_corpus(
    paths: Sequence[Path], fields: Mapping[str, str] | None = None, suite_name: str = "the suite"
) -> tuple[Corpus, Manifest | None]:
    """Find the files of a corpus, settle its columns and cut it into parts.

    Args:
        paths: a manifest, files or folders. A folder with a corpus.yaml is that manifest.
        fields: the suite's mapping, which wins over the manifest's.
        suite_name: what error messages call the suite.

    Raises:
        Problem: something named is missing or of no known format, there is nothing to read, or columns cannot be told.
    """
    manifest, manifest_path = None, None
    if len(paths) == 1:
        manifest_path = paths[0] / MANIFEST if (paths[0] / MANIFEST).is_file() else paths[0]
        if manifest_path.suffix in (".yaml", ".yml"):
            manifest = validated(Manifest, read_yaml(manifest_path), str(manifest_path))
    if manifest is not None and manifest_path is not None:
        files = _named(manifest, manifest_path)
        name, where, mapped = manifest.name, str(manifest_path), dict(manifest.fields)
    else:
        files = sorted({file.path: file for path in paths for file in _found(path)}.values(), key=lambda file: file.name)
        name, where, mapped = _name(paths[0]), ", ".join(map(str, paths)), {}
    if not files:
        raise Problem(
            where, "there is no corpus file here", f"Known endings are {', '.join(FORMATS)}, plain or with {', '.join(COMPRESSIONS)}"
        )
    if fields:
        mapped |= fields
        where = suite_name
    samples = _samples(files)
    settled = map_fields(samples, mapped, where) if samples else dict(mapped)
    if any(file.format == "txt" for file in files):
        settled |= pages.FIELDS
    corpus = Corpus(name, tuple(files), (), settled)
    return Corpus(name, corpus.files, tuple(_parts(corpus)), settled), manifest


def frame_corpus(frame: Any, name: str, fields: Mapping[str, str] | None = None) -> Corpus:
    """A DataFrame as a corpus."""
    samples = [{str(key): value for key, value in row.items()} for row in frame.head(100).to_dict("records")]
    samples = samples or [dict.fromkeys(map(str, frame.columns))]
    settled = map_fields(samples, fields or {}, name)
    rows = 20_000
    parts = tuple(Part(i, (0,), begin, min(begin + rows, len(frame))) for i, begin in enumerate(range(0, len(frame), rows)))
    file = SourceFile(Path(name), name, "frame", "", int(frame.memory_usage(deep=True).sum()))
    return Corpus(name, (file,), parts, settled, frame=frame)


def _named(manifest: Manifest, path: Path) -> list[SourceFile]:
    files = []
    for pattern in manifest.files:
        found = sorted(path.parent.glob(pattern)) if any(c in pattern for c in "*?[") else [path.parent / pattern]
        if not found:
            raise Problem(f"{path}: files", f"nothing matches '{pattern}'", "Paths are relative to the manifest")
        for file in found:
            if not file.is_file():
                raise Problem(f"{path}: files", f"'{pattern}' is not there", "Paths are relative to the manifest")
            files.append(_known(file, str(file.relative_to(path.parent)) if file.is_relative_to(path.parent) else file.name))
    return files


def _known(path: Path, name: str) -> SourceFile:
    try:
        file = source_file(path, name)
    except OSError as error:
        raise Problem(str(path), f"cannot be read ({error.strerror})", "Check the path and its permissions") from None
    if file is None:
        raise Problem(
            str(path), "is of no known format", f"Known endings are {', '.join(FORMATS)}, text formats also with {', '.join(COMPRESSIONS)}"
        )
    return file


def _found(path: Path) -> Iterable[SourceFile]:
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and not inner.name.startswith("."):
                file = source_file(inner, str(inner.relative_to(path)))
                if file is not None:
                    yield file
    elif path.exists():
        yield _known(path, path.name)
    else:
        raise Problem(str(path), "there is no such file or folder", "Check the spelling; CORPUS is a corpus.yaml, a file or a folder")


def _name(path: Path) -> str:
    name = path.resolve().name
    while (ending := Path(name).suffix.lower()) and (ending in FORMATS or ending in COMPRESSIONS):
        name = name.removesuffix(Path(name).suffix)
    return name


def _samples(files: Sequence[SourceFile]) -> list[dict[str, Any]]:
    """Records from the first file of each format, so that one sample speaks for all files like it."""
    samplers = {"jsonl": jsonl.sample, "csv": delimited.sample, "tsv": delimited.sample, "parquet": parquet.sample, "txt": pages.sample}
    samples: list[dict[str, Any]] = []
    seen = set()
    for file in files:
        if file.format in seen:
            continue
        try:
            found = samplers[file.format](file, SAMPLE)
        except BROKEN as error:
            if file.format == "parquet":
                raise Problem(str(file.path), f"is no Parquet file that can be read ({error})", "Write it again, or leave it out") from None
            continue
        if found:
            seen.add(file.format)
            samples += found
    return samples


def _parts(corpus: Corpus) -> Iterable[Part]:
    index = 0
    text_files = [i for i, file in enumerate(corpus.files) if file.format == "txt"]
    for i, file in enumerate(corpus.files):
        if file.format == "txt":
            continue
        for start, end, line in _cuts(file):
            yield Part(index, (i,), start, end, line)
            index += 1
    for begin in range(0, len(text_files), PAGES_A_PART):
        yield Part(index, tuple(text_files[begin : begin + PAGES_A_PART]))
        index += 1


def _cuts(file: SourceFile) -> Iterable[tuple[int, int | None, int]]:
    """Stretches of one file: first byte or row group, end, number of the first line or row."""
    if file.format == "parquet":
        row, start = 1, 0
        groups = parquet.row_groups(file)
        for i in range(len(groups)):
            if sum(groups[start : i + 1]) >= 20_000 or i == len(groups) - 1:
                yield start, i + 1, row
                row, start = row + sum(groups[start : i + 1]), i + 1
    elif file.format != "jsonl" or file.compression or file.size <= PART_BYTES:
        yield 0, None, 1
    else:
        start = 0
        line = first = 1
        position = 0
        with file.path.open("rb") as stream:
            while data := stream.read(PART_BYTES):
                cut = data.rfind(b"\n") + 1
                line += data.count(b"\n")
                position += len(data)
                # A line longer than a part leaves no cut, and joins the next part.
                if cut and position - len(data) + cut < file.size:
                    yield start, position - len(data) + cut, first
                    start, first = position - len(data) + cut, line
        yield start, None, first

"""Objects of a store, such as `s3://bucket/news/*.jsonl.gz`, read through Arrow's file systems.

S3, Google Cloud Storage, Azure and HDFS are what Arrow knows by their addresses. Who may read them is settled by the environment, as
their own tools do it; options of Arrow stand behind a question mark, as in `s3://bucket/news?region=eu-north-1`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import quote

import pyarrow as pa
import pyarrow.fs as pafs

from corpusgate.corpora import replicas, spool
from corpusgate.corpora.addresses import is_pattern
from corpusgate.corpora.model import SourceFile
from corpusgate.errors import Problem

#: Seconds for which Google's store is asked again where it does not answer, unless the address says otherwise: Arrow would go on for a
#: quarter of an hour, and cannot be interrupted meanwhile.
_PATIENCE = "retry_limit_seconds=30"

_WEB = ("http://", "https://", "ftp://")

_MEND = "Check the address, the credentials in the environment, the region and the network"


def find(address: str, is_wanted: Callable[[str], bool], is_small: Callable[[str], bool]) -> tuple[Path, list[str]]:
    """Find an object, those below a prefix, or those that match a pattern with `*` and `**`.

    Args:
        address: where they are.
        is_wanted: tells of a name whether it is one of a corpus; one that is named alone always is.
        is_small: tells of a name whether what lies beside a corpus under it says something of the corpus.

    Returns:
        A file, or a folder with files under their names below the prefix, which are replicas; and the names of those that were not wanted.

    Raises:
        Problem: there is no such object, or it cannot be had.
    """
    if address.startswith(_WEB):
        raise Problem(
            address, "is on the web, and in no store of objects", f"Download it, or pipe it: curl -s {address} | corpusgate check -"
        )
    place, mark, options = address.partition("?")
    steps = place.split("/")
    solid = next((i for i, step in enumerate(steps) if is_pattern(step)), len(steps))
    base, pattern = "/".join(steps[:solid]), "/".join(steps[solid:])
    try:
        system, root = _system(base + mark + options)
        found = system.get_file_info(root)
        if found.type == pafs.FileType.File and not pattern:
            path = spool.folder() / found.base_name
            _lay(address, found, path)
            return path, []
        if found.type == pafs.FileType.NotFound:
            raise Problem(address, "there is no such object", "Check the spelling; a prefix ends where a name between slashes ends")
        objects = [one for one in system.get_file_info(pafs.FileSelector(root, recursive=True)) if one.type == pafs.FileType.File]
    except (pa.ArrowException, OSError) as error:
        raise Problem(address, f"cannot be reached ({_told(error)})", _MEND) from None
    prefix = root.rstrip("/") + "/"
    chosen = {one.path.removeprefix(prefix): one for one in objects}
    chosen = {name: one for name, one in chosen.items() if not pattern or _matcher(pattern).fullmatch(name)}
    if not chosen:
        raise Problem(address, f"nothing matches '{pattern}'" if pattern else "there is no object here", "Check the spelling")
    chosen = {name: one for name, one in chosen.items() if not any(step.startswith(".") for step in name.split("/"))}
    folder = spool.folder()
    for name, one in chosen.items():
        # A store takes any name; a file must stay where it belongs.
        if ".." in PurePosixPath(name).parts:
            raise Problem(address, f"an object is called '{one.path}'", "Rename it: '..' would lead out of the folder")
        where = f"{base.rstrip('/')}/{quote(name)}{mark}{options}"
        if is_small(one.base_name):
            _copy(where, system, one.path, folder / name)
        elif is_wanted(one.base_name):
            _lay(where, one, folder / name)
    return folder, [name for name, one in chosen.items() if not is_wanted(one.base_name) and not is_small(one.base_name)]


def _lay(address: str, found: pafs.FileInfo, path: Path) -> None:
    replicas.lay(path, found.size or 0)
    spool.note(path, address, str(found.mtime_ns or ""))


def _copy(address: str, system: pafs.FileSystem, place: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        pafs.copy_files(place, str(path), source_filesystem=system, destination_filesystem=pafs.LocalFileSystem())
    except (pa.ArrowException, OSError) as error:
        raise Problem(address, f"cannot be fetched ({_told(error)})", _MEND) from None


def fetch(file: SourceFile, stretches: Sequence[tuple[int, int]], into: BinaryIO, at_once: int) -> None:
    """Fetch stretches of an object into the same places of a file.

    Args:
        file: the object, as it was found.
        stretches: first byte of each, and the one after its last.
        into: the file.
        at_once: bytes that are asked for at a time.

    Raises:
        Problem: it cannot be had, or is another one than was found.
    """
    try:
        system, place = _system(file.origin)
        now = system.get_file_info(place)
        if (now.size, str(now.mtime_ns or "")) != (file.size, file.version):
            what = "is gone since it was found" if now.type == pafs.FileType.NotFound else "was written anew since it was found"
            raise Problem(file.origin, what, "Check the corpus again when nobody writes to it")
        with system.open_input_file(place) as stream:
            for begin, end in stretches:
                for at in range(begin, end, at_once):
                    data = stream.read_at(min(at_once, end - at), at)
                    if len(data) < min(at_once, end - at):
                        raise Problem(file.origin, "ends before its end", "Check the corpus again when nobody writes to it")
                    into.seek(at)
                    into.write(data)
    except (pa.ArrowException, OSError) as error:
        raise Problem(file.origin, f"cannot be fetched ({_told(error)})", _MEND) from None


def _system(address: str) -> tuple[pafs.FileSystem, str]:
    """The store of an address, and the path in it."""
    if address.startswith(("gs://", "gcs://")) and "retry_limit_seconds=" not in address:
        address += f"{'&' if '?' in address else '?'}{_PATIENCE}"
    found: tuple[pafs.FileSystem, str] = pafs.FileSystem.from_uri(address)
    return found


def _matcher(pattern: str) -> re.Pattern[str]:
    """`**/` stands for any folders, `*` for anything within a name, `[ab]` for one of some characters."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\[[^\]]+\])", pattern)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(known.get(piece) or (piece if piece.startswith("[") else re.escape(piece)) for piece in pieces))


def _told(error: BaseException) -> str:
    return " ".join(str(error).split())[:300].rstrip(".")

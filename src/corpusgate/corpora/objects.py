"""Objects of a store, such as `s3://bucket/news/*.jsonl.gz`, fetched through Arrow's file systems.

S3, Google Cloud Storage, Azure and HDFS are what Arrow knows by their addresses. Who may read them is settled by the environment, as
their own tools do it; options of Arrow stand behind a question mark, as in `s3://bucket/news?region=eu-north-1`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import pyarrow as pa
import pyarrow.fs as pafs

from corpusgate.corpora import spool
from corpusgate.corpora.addresses import is_pattern
from corpusgate.errors import Problem
from corpusgate.replacing import replaced

#: Objects fetched at the same time: most of fetching is waiting.
_TOGETHER = 8

#: Seconds for which Google's store is asked again where it does not answer, unless the address says otherwise: Arrow would go on for a
#: quarter of an hour, and cannot be interrupted meanwhile.
_PATIENCE = "retry_limit_seconds=30"

_WEB = ("http://", "https://", "ftp://")

_MEND = "Check the address, the credentials in the environment, the region and the network"


def fetch(address: str, is_wanted: Callable[[str], bool]) -> tuple[Path, list[str]]:
    """Fetch an object, those below a prefix, or those that match a pattern with `*` and `**`.

    Args:
        address: where they are.
        is_wanted: tells of a name whether such an object is worth fetching; one that is named alone always is.

    Returns:
        The file, or a folder with the files under their names below the prefix; and the names of those that were not wanted.

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
            (file,) = _fetched(address, system, [found], str(PurePosixPath(root).parent), spool.folder())
            spool.note(file, address)
            return file, []
        if found.type == pafs.FileType.NotFound:
            raise Problem(address, "there is no such object", "Check the spelling; a prefix ends where a name between slashes ends")
        objects = [one for one in system.get_file_info(pafs.FileSelector(root, recursive=True)) if one.type == pafs.FileType.File]
    except (pa.ArrowException, OSError) as error:
        raise Problem(address, f"cannot be reached ({_told(error)})", _MEND) from None
    prefix = root.rstrip("/") + "/"
    chosen = [one for one in objects if not pattern or _matcher(pattern).fullmatch(one.path.removeprefix(prefix))]
    if not chosen:
        raise Problem(address, f"nothing matches '{pattern}'" if pattern else "there is no object here", "Check the spelling")
    chosen = [one for one in chosen if not any(step.startswith(".") for step in one.path.removeprefix(prefix).split("/"))]
    wanted = [one for one in chosen if is_wanted(one.base_name)]
    folder = spool.folder()
    for one, file in zip(wanted, _fetched(address, system, wanted, prefix, folder), strict=True):
        spool.note(file, f"{base.rstrip('/')}/{quote(one.path.removeprefix(prefix))}{mark}{options}")
    return folder, [one.path.removeprefix(prefix) for one in chosen if not is_wanted(one.base_name)]


def bring(address: str, path: Path) -> None:
    """Fetch an object into a file.

    Raises:
        Problem: it cannot be had.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        system, place = _system(address)
        with replaced(path) as partial:
            pafs.copy_files(place, str(partial), source_filesystem=system, destination_filesystem=pafs.LocalFileSystem())
    except (pa.ArrowException, OSError) as error:
        raise Problem(address, f"cannot be fetched ({_told(error)})", _MEND) from None


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


def _fetched(address: str, system: pafs.FileSystem, objects: Sequence[pafs.FileInfo], prefix: str, into: Path) -> list[Path]:
    """The objects as files below a folder."""
    spool.require_room(address, sum(one.size or 0 for one in objects))

    def get(one: pafs.FileInfo) -> Path:
        path: Path = into / one.path.removeprefix(prefix).lstrip("/")
        # A store takes any name; a file must stay where it belongs.
        if ".." in PurePosixPath(one.path).parts:
            raise Problem(address, f"an object is called '{one.path}'", "Rename it: '..' would lead out of the folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        pafs.copy_files(one.path, str(path), source_filesystem=system, destination_filesystem=pafs.LocalFileSystem())
        return path

    try:
        with ThreadPoolExecutor(_TOGETHER) as threads:
            return list(threads.map(get, objects))
    except (pa.ArrowException, OSError) as error:
        raise Problem(address, f"cannot be fetched ({_told(error)})", _MEND) from None


def _told(error: BaseException) -> str:
    return " ".join(str(error).split())[:300].rstrip(".")

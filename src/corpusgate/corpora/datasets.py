"""Folders that other tools write: which of their files hold records, and which columns hold what, so that nobody has to say so.

* Hugging Face datasets (`save_to_disk`): a `state.json` names the Arrow files; files of its cache may lie beside them.
* Dolma (https://github.com/allenai/dolma/blob/main/docs/data-format.md): `documents/`, and `attributes/` beside it.
* datatrove and FineWeb: what came from a crawl bears the name of its `dump`, and its `date` is the day of the crawl.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

#: Files of a Hugging Face dataset that hold no records.
BESIDE = frozenset({"state.json", "dataset_info.json", "dataset_dict.json"})

DOCUMENTS, ATTRIBUTES = "documents", "attributes"

#: What is wrong with a file that `state.json` names.
GONE = "is named by state.json, and is not there"

#: Objects that hold columns, in which well-known names are looked for too.
HOLDERS = ("metadata", "meta")

_STATE = "state.json"


def named_by_state(folder: Path, names: Collection[str]) -> frozenset[str] | None:
    """The files that a Hugging Face dataset consists of; None where the folder holds none, or its state cannot be read."""
    if _STATE not in names:
        return None
    try:
        state = json.loads((folder / _STATE).read_bytes())
        return frozenset(str(file["filename"]) for file in state["_data_files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def is_dolma(folders: Sequence[str]) -> bool:
    """Whether these are the folders of a Dolma dataset."""
    return DOCUMENTS in folders and ATTRIBUTES in folders


def columns_of_dialect(names: Collection[str], inner: Collection[str]) -> Mapping[str, str | None]:
    """Which columns hold which fields in a known kind of dataset, other than their names alone say; None for a field without any.

    Args:
        names: the columns of a file.
        inner: dotted paths of those inside `HOLDERS`.
    """
    known: dict[str, str | None] = {}
    if {"id", "text", "source", "added"} <= set(names):
        # `source` is the collection, not the site, which the url tells.
        has_url = any(path.endswith(".url") for path in inner)
        known = {"crawled": "added", **({"published": "created"} if "created" in names else {}), **({"source": None} if has_url else {})}
    for before in ("", *(f"{holder}." for holder in HOLDERS)):
        there = names if not before else inner
        if f"{before}dump" in there and f"{before}date" in there:
            known |= {"crawled": f"{before}date", "published": None}
    return known

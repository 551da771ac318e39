"""What users may name that is no path: `-` for what is piped in, a query, an object store. Light, since the command line asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

#: A path, or an address as it was written: a path would lose its double slashes.
Named = str | Path

STDIN, QUERY = "-", "duckdb:"

#: Schemes have two letters at least: one is a drive of Windows.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://")


def is_address(text: str) -> bool:
    """Whether something is an address, and no path."""
    return text == STDIN or text.startswith(QUERY) or _SCHEME.match(text) is not None


def named(text: str | Path) -> Named:
    """What a user wrote, as an address or a path."""
    return text if isinstance(text, str) and is_address(text) else Path(text)


def paths(those: Iterable[Named]) -> list[Path]:
    """The paths among them."""
    return [one for one in those if isinstance(one, Path)]


def is_pattern(text: str) -> bool:
    """Whether a name has wildcards."""
    return any(character in text for character in "*?[")


def short_name(address: str) -> str:
    """What a corpus that lies there is called: the end of the address, without what is behind a question mark."""
    if address == STDIN:
        return "stdin"
    place, _, _ = address.partition("?")
    steps = [step for step in place.removeprefix(QUERY).split("/") if step and not is_pattern(step)]
    return re.sub(r"[^\w.-]+", "-", steps[-1] if steps else "").strip("-.") or "query"

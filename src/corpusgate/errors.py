"""The one exception users meet: where it went wrong, what is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class Problem(Exception):
    """An error a user can mend. It ends the run with exit code 2 and is printed as one paragraph.

    Args:
        where: the file (and line) or option that is at fault.
        what: what is wrong with it, as a sentence without a full stop.
        mend: what to do about it, as a sentence without a full stop.
    """

    def __init__(self, where: str, what: str, mend: str) -> None:
        self.where, self.what, self.mend = where, what, mend
        # What a file or a column is called must not steer the terminal.
        super().__init__("".join(_visible(character) for character in f"{where}: {what}. {mend}."))

    def __reduce__(self) -> tuple[type[Problem], tuple[str, str, str]]:
        # Exceptions cross process borders by pickling, which would call __init__ with the message alone.
        return (Problem, (self.where, self.what, self.mend))


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode("ascii")


def nearest(word: str, known: Iterable[str]) -> str:
    """Name the nearest valid spelling, or list what is known: the tail of an error message."""
    choices = sorted(known)
    close = get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'"
    return "Known are: " + ", ".join(choices)
